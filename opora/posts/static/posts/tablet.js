// A post in a clinic: topic, answer, done. A record is sealed at once and waits here, unreadable, until the server has
// answered for it by its key; nothing about a person is left on the tablet in the clear.

import { keepShell } from "../opora/shell.js";
import { sealed } from "./envelope.js";

const page = document.body.dataset;
const main = document.getElementById("main");
const network = document.getElementById("network");
const said = document.getElementById("said");
const DAY = "opora.post.day";
const QUEUE = "opora.post.queue";
const PLACE = "opora.post.place";
const EVERY_MS = 20_000;
const BATCH = 20;
const SPREAD_MS = 15_000; // tablets of a region do not come back in one second
const results = new Map();
let isSending = false;
let mustSignIn = false;
let isOffline = !navigator.onLine;
let trouble = "";
let words = "";
let kind = "consultation";

const read = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const day = () => read(DAY, null);
const queue = () => read(QUEUE, []).filter((one) => one.employee === day()?.employee);
const others = () => read(QUEUE, []).filter((one) => one.employee !== day()?.employee);
const whole = () => read(QUEUE, []);
const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const of = (root, name) => root.querySelector(`[data-of="${name}"]`);
const copy = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

function say() {
  const waits = queue().length;
  const list = [];
  if (trouble) list.push(trouble);
  if (mustSignIn) list.push("Вход закончился. Войдите снова: записи на планшете целы.");
  else if (isOffline) list.push("Нет сети. Работайте дальше: записи уйдут сами.");
  if (waits) list.push(`Ждут отправки: ${waits}.`);
  else if (!isOffline && !mustSignIn && !trouble) list.push("Сеть есть, всё отправлено.");
  if (others().length) list.push(`Есть неотправленные записи другого сотрудника: ${others().length}. Пусть он войдёт.`);
  network.dataset.state = trouble ? "late" : mustSignIn || isOffline || waits ? "today" : "done";
  network.dataset.waits = String(waits);
  network.textContent = list.join(" ");
  if (mustSignIn) network.append(Object.assign(document.createElement("a"), { href: page.signIn, textContent: " Войти" }));
  said.replaceChildren(...[...results].slice(-5).reverse().map(([, one]) => shown(one)));
}

function shown({ title, state, words: told }) {
  const line = Object.assign(document.createElement("p"), { className: "post-record" });
  line.dataset.state = state;
  line.append(Object.assign(document.createElement("span"), { textContent: title }), Object.assign(document.createElement("b"), { textContent: told }));
  return line;
}

const root = (word) => word.slice(0, Math.max(3, word.length - 2));

function topics() {
  const told = day();
  const ofKind = told.topics.filter((topic) => topic.kinds.includes(kind));
  const looked = words.toLowerCase().split(/\s+/).filter(Boolean).map(root);
  if (looked.length) return ofKind.filter((topic) => looked.every((word) => topic.title.toLowerCase().includes(word))).slice(0, 20);
  const common = told.common.map((code) => ofKind.find((topic) => topic.code === code)).filter(Boolean);
  return [...new Set([...common, ...ofKind])].slice(0, 12);
}

function choose() {
  const told = day();
  if (!told) {
    const empty = document.createElement("p");
    empty.textContent = isOffline ? "Тем на планшете нет. Откройте страницу, когда появится сеть." : "Загружаем темы.";
    main.replaceChildren(empty);
    return say();
  }
  document.getElementById("who").textContent = told.name;
  const made = copy("choose");
  const place = made.querySelector("select");
  place.replaceChildren(...told.posts.map((post) => new Option(post.title, post.id)));
  place.value = read(PLACE, told.posts[0]?.id ?? "");
  if (!place.value && told.posts.length) place.selectedIndex = 0;
  place.addEventListener("change", () => localStorage.setItem(PLACE, JSON.stringify(Number(place.value))));
  part(made, "places").hidden = told.posts.length === 0;
  const draw = () => {
    const found = topics();
    part(made, "topics").replaceChildren(...found.map(tile));
    part(made, "none").hidden = found.length > 0;
  };
  for (const radio of made.querySelectorAll("[name=kind]")) {
    radio.checked = radio.value === kind;
    radio.addEventListener("change", () => { kind = radio.value; draw(); });
  }
  const find = made.querySelector("#find");
  find.value = words;
  find.addEventListener("input", () => { words = find.value; draw(); });
  draw();
  main.replaceChildren(made);
  say();
}

function tile(topic) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "topic", textContent: topic.title });
  button.addEventListener("click", () => tell(topic));
  return button;
}

function tell(topic) {
  const form = copy("tell");
  const isQuestion = kind === "consultation";
  of(form, "title").textContent = topic.title;
  of(form, "answer").textContent = isQuestion ? topic.answer ?? "" : "";
  part(form, "said").hidden = !isQuestion || Boolean(topic.answer);
  form.querySelector("[data-do=answered]").hidden = !isQuestion;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "back") choose();
    else if (act) keep(topic, form, act === "answered");
  });
  main.replaceChildren(form);
  of(form, "title").focus();
}

async function keep(topic, form, answered) {
  const typed = Object.fromEntries(new FormData(form));
  const error = of(form, "error");
  const fault = answered ? (!topic.answer && !typed.answer.trim() ? "Запишите, что вы ответили." : "") : typed.text.trim() ? "" : "Запишите, о чём говорит человек: так коллега не спросит его второй раз.";
  error.textContent = fault;
  error.hidden = !fault;
  if (fault) return;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const told = day();
  const key = crypto.randomUUID();
  const answer = typed.answer.trim() || topic.answer || "";
  const record = { ...typed, at: new Date().toISOString(), kind, topic: topic.code, answered, answer: answered ? answer : "", card: answered && !typed.answer.trim() ? topic.card ?? "" : "" };
  try {
    const envelope = await sealed(record, key, told.seal);
    localStorage.setItem(QUEUE, JSON.stringify([...whole(), { employee: told.employee, post: read(PLACE, told.posts[0]?.id ?? 0), title: topic.title, envelope }]));
  } catch {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    error.textContent = "Память планшета заполнена: запись не сохранена. Запишите её на бумаге.";
    error.hidden = false;
    return;
  }
  results.set(key, { title: topic.title, state: "waits", words: "ждёт отправки" });
  words = "";
  choose();
  send();
}

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

async function ask(url, options = {}) {
  const answer = await fetch(url, { redirect: "manual", cache: "no-store", credentials: "same-origin", ...options });
  mustSignIn = answer.type === "opaqueredirect";
  isOffline = false;
  return answer;
}

async function send() {
  if (isSending) return;
  isSending = true;
  trouble = "";
  try {
    for (let waits = queue(); waits.length; waits = queue()) {
      if (!token()) await ask(page.day);
      const batch = waits.filter((one) => one.post === waits[0].post).slice(0, BATCH);
      const body = JSON.stringify({ post: batch[0].post, now: new Date().toISOString(), records: batch.map((one) => one.envelope) });
      const answer = await ask(page.records, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
      if (answer.status === 422 || answer.status === 400) trouble = (await answer.json()).sentence;
      if (answer.status !== 200) break; // signed out, or a fault of ours: the records stay
      const told = (await answer.json()).records;
      const done = new Set(told.map((one) => one.key));
      for (const one of told) results.set(one.key, { title: batch.find((sent) => sent.envelope.key === one.key)?.title ?? "", state: one.state, words: one.number || `оформят: ${one.sentence}` });
      localStorage.setItem(QUEUE, JSON.stringify(whole().filter((one) => !done.has(one.envelope.key))));
    }
  } catch {
    isOffline = true;
  } finally {
    isSending = false;
    say();
  }
}

async function refresh() {
  const before = localStorage.getItem(DAY);
  try {
    const answer = await ask(page.day);
    if (answer.ok) localStorage.setItem(DAY, JSON.stringify(await answer.json()));
  } catch {
    isOffline = true;
  }
  const isNew = localStorage.getItem(DAY) !== before || !main.querySelector(".topics");
  if (isNew && !main.querySelector("form, #find:focus")) choose();
  else say();
}

async function round() {
  await send();
  await refresh();
}

addEventListener("online", () => setTimeout(round, Math.random() * Math.min(SPREAD_MS, queue().length * 1000)));
addEventListener("offline", () => { isOffline = true; say(); });
addEventListener("load", () => keepShell(page.worker).catch(() => {}));
document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
setInterval(round, EVERY_MS);
choose();
round();
