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
const NUMBERS = "opora.post.numbers";
const EVERY_MS = 20_000;
const DAY_MS = 300_000;
const LATER_MS = 240_000; // what is new is asked for after the records of all have gone
const NUMBERS_MS = 300_000; // the longest time between two questions for numbers
const NUMBERS_KEPT_MS = 7 * 86_400_000;
const MOST_ASKED = 100;
const BUSY_S = 5;
const BATCH = 20;
const SPREAD_MS = 40_000; // tablets of a region do not come back in one second; one with a record or two hardly waits
const FEW = 2; // records that are tried again at every round
const CHANCE_S = 2; // tablets that are told the same second do not come in the same instant
const LATER = "принято, номер появится";
const results = new Map();
let isSending = false;
let hasAsked = false; // whether the day was asked for since the page was opened
let mustSignIn = false;
let isOffline = !navigator.onLine;
let isBack = false; // the network has come back, and what waits goes at its moment
let trouble = "";
let busyUntil = 0;
let spreadUntil = 0; // a share of SPREAD_MS by chance, after which what waits goes
let dayAt = 0;
let askedAt = 0;
let askEvery = EVERY_MS;
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
const owners = () => [...new Set(others().map((one) => one.name).filter(Boolean))].join(", ");
const whole = () => read(QUEUE, []);
const expected = () => read(NUMBERS, []).filter((one) => one.employee === day()?.employee).slice(-MOST_ASKED);
const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const of = (root, name) => root.querySelector(`[data-of="${name}"]`);
const copy = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

function say() {
  const waits = queue().length;
  const list = [];
  if (trouble) list.push(trouble);
  if (mustSignIn) list.push("Вход закончился. Войдите снова: записи на планшете целы.");
  else if (isOffline && isBack) list.push("Сеть есть. Работайте дальше: записи уйдут сами в течение минуты.");
  else if (isOffline) list.push("Нет сети. Работайте дальше: записи уйдут сами.");
  else if (waits && Date.now() < busyUntil) list.push("Сейчас записи шлют многие посты. Работайте дальше: ваши уйдут сами.");
  if (waits) list.push(`Ждут отправки: ${waits}.`);
  else if (!isOffline && !mustSignIn && !trouble && !others().length) list.push("Сеть есть, всё отправлено.");
  if (expected().length) list.push(`Номера ещё появятся: ${expected().length}.`);
  if (others().length) list.push(`Есть неотправленные записи другого сотрудника${owners() ? ` (${owners()})` : ""}: ${others().length}. Они уйдут, когда он войдёт.`);
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
    localStorage.setItem(QUEUE, JSON.stringify([...whole(), { employee: told.employee, name: told.name, post: read(PLACE, told.posts[0]?.id ?? 0), title: topic.title, envelope }]));
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

// Sends records, with the keys of those whose numbers are still to come. True when the server has answered for them.
async function talk(batch) {
  const asks = expected().map((one) => one.key);
  if (!token()) await ask(page.day);
  const employee = batch[0]?.employee ?? day().employee;
  const body = JSON.stringify({ employee, post: batch[0]?.post ?? 0, now: new Date().toISOString(), records: batch.map((one) => one.envelope), asks });
  const answer = await ask(page.records, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
  if (answer.status === 429 || answer.status >= 500) leaveAlone(Number(answer.headers.get("Retry-After")) || BUSY_S);
  if (answer.status === 409 || answer.status === 422 || answer.status === 400) trouble = (await answer.json()).sentence;
  if (answer.status === 409) await changeHands(employee);
  if (answer.status !== 200) return false; // signed out, busy, another's, or a fault of ours: the records stay
  note(batch, (await answer.json()).records);
  return true;
}

// Somebody else has signed in: the tablet becomes hers, and says whose records wait.
async function changeHands(former) {
  dayAt = 0;
  await refresh();
  if (day()?.employee !== former) trouble = "";
}

function leaveAlone(seconds) {
  const pause = (seconds + CHANCE_S * Math.random()) * 1000;
  busyUntil = Date.now() + pause;
  setTimeout(round, pause + 50);
}

function note(batch, told) {
  const former = new Map(expected().map((one) => [one.key, one.title]));
  const sent = new Map(batch.map((one) => [one.envelope.key, one.title]));
  const settled = new Set();
  askedAt = Date.now();
  askEvery = Math.min(askEvery * 2, NUMBERS_MS);
  for (const one of told) {
    const waits = one.state === "waiting";
    const words = waits ? LATER : one.number || `оформят: ${one.sentence}`;
    results.set(one.key, { title: sent.get(one.key) ?? former.get(one.key) ?? "", state: one.state, words });
    if (!waits) settled.add(one.key);
    askEvery = EVERY_MS;
  }
  const later = told.filter((one) => one.state === "waiting" && !former.has(one.key)).map((one) => ({ key: one.key, title: sent.get(one.key), employee: day()?.employee, at: Date.now() }));
  // The queue last: what is not written down as received is sent again, and that does no harm.
  const still = [...read(NUMBERS, []), ...later].filter((one) => !settled.has(one.key) && Date.now() - one.at < NUMBERS_KEPT_MS);
  localStorage.setItem(NUMBERS, JSON.stringify(still.slice(-3 * MOST_ASKED)));
  localStorage.setItem(QUEUE, JSON.stringify(whole().filter((one) => !told.some((had) => had.key === one.envelope.key))));
}

async function send() {
  if (isSending || Date.now() < busyUntil) return;
  isSending = true;
  trouble = "";
  try {
    for (let waits = queue(); waits.length; waits = queue()) {
      if (!(await talk(waits.filter((one) => one.post === waits[0].post).slice(0, BATCH)))) break;
    }
    if (!queue().length && expected().length && Date.now() - askedAt >= askEvery) await talk([]);
  } catch {
    isOffline = true;
    if (queue().length > FEW) spreadUntil = Date.now() + Math.random() * SPREAD_MS;
  } finally {
    isSending = false;
    say();
  }
}

async function refresh() {
  if (!isOffline && !mustSignIn && Date.now() - dayAt < DAY_MS) return;
  const before = localStorage.getItem(DAY);
  try {
    const answer = await ask(page.day);
    if (answer.ok) {
      localStorage.setItem(DAY, JSON.stringify(await answer.json()));
      dayAt = Date.now();
    }
  } catch {
    isOffline = true;
  }
  const isNew = localStorage.getItem(DAY) !== before || !main.querySelector(".topics");
  if (isNew && !main.querySelector("form, #find:focus")) choose();
  else say();
}

// Whose tablet it is now is asked before the first record goes: the page may have been kept from another's day.
async function round() {
  if (Date.now() < spreadUntil) return say();
  isBack = false;
  if (!hasAsked && !isOffline) {
    hasAsked = true;
    await refresh();
  }
  await send();
  await refresh();
}

addEventListener("online", () => {
  if (day()) dayAt = Date.now() - DAY_MS + Math.random() * LATER_MS; // records first, what is new after them
  spreadUntil = Date.now() + Math.random() * Math.min(SPREAD_MS, queue().length * 2000);
  setTimeout(round, spreadUntil - Date.now() + 50);
  isBack = true;
  say();
});
addEventListener("offline", () => { isOffline = true; isBack = false; say(); });
for (const one of expected()) results.set(one.key, { title: one.title, state: "waiting", words: LATER });
addEventListener("load", () => keepShell(page.worker).catch(() => {}));
document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
setInterval(round, EVERY_MS);
choose();
round();
