// A courier's day on her phone. What she records is kept on the phone under its own key until the server has answered;
// names and phones go as soon as a visit is recorded, the whole day when it is over.

import { clear, isDrawn, listen, picture } from "./signature.js";
import * as kept from "./kept.js";
import { keepShell } from "../opora/shell.js";

const page = document.body.dataset;
const list = document.getElementById("list");
const network = document.getElementById("network");
const EVERY_MS = 20_000;
const NAMES = { delivered: "Вручено", not_home: "Никого нет", put_off: "Перенести", declined: "Отказался", wrong_address: "Адрес неверный" };
let isSending = false;
let hasAsked = false; // whether the day was asked for since the page was opened
let mustSignIn = false;
let isOffline = !navigator.onLine;
let trouble = "";

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const put = (root, name, text) => {
  const place = root.querySelector(`[data-of="${name}"]`);
  if (place) place.textContent = text ?? "";
  return place;
};

function say() {
  const waits = kept.queue().length;
  const others = kept.othersQueue().length;
  const words = [];
  if (trouble) words.push(trouble);
  if (mustSignIn) words.push("Вход закончился. Войдите снова: записи на телефоне целы.");
  else if (isOffline) words.push("Нет сети. Работайте дальше: записи уйдут сами.");
  if (waits) words.push(`Ждут отправки: ${waits}.`);
  else if (!isOffline && !mustSignIn && !trouble && !others) words.push("Сеть есть, всё отправлено.");
  if (others) words.push(`На телефоне неотправленные записи другого курьера: ${others}. Пусть он войдёт.`);
  network.dataset.state = trouble ? "late" : mustSignIn || isOffline || waits ? "today" : "done";
  network.dataset.waits = String(waits);
  network.textContent = words.join(" ");
  if (mustSignIn) {
    const link = document.createElement("a");
    link.href = page.signIn;
    link.textContent = " Войти";
    network.append(link);
  }
}

function result(visit) {
  const own = kept.done()[visit.id];
  if (own) return own;
  return visit.state === "planned" ? null : { state: "accepted", words: visit.words, sentence: "" };
}

function card(visit) {
  const made = document.getElementById("visit").content.firstElementChild.cloneNode(true);
  const done = result(visit);
  put(made, "at", visit.at);
  put(made, "name", visit.name ?? visit.number);
  put(made, "address", visit.address);
  put(made, "windows", visit.windows ? `дома ${visit.windows}` : "");
  made.dataset.visit = visit.id;
  if (done) {
    made.dataset.done = "";
    if (done.words !== NAMES.delivered) made.dataset.other = "";
    if (done.state === "waits") made.dataset.waits = "";
    if (done.state === "kept" || done.state === "refused") made.dataset.trouble = "";
    put(made, "result", [done.words, done.state === "waits" ? "ждёт отправки" : done.sentence].filter(Boolean).join(": "));
  }
  const isOver = done && done.state !== "refused";
  const button = made.querySelector("button");
  if (isOver) button.disabled = true;
  else button.addEventListener("click", () => open(visit.id));
  return made;
}

function showList() {
  const route = kept.route();
  document.getElementById("day").textContent = route ? `${route.day.split("-").reverse().join(".")}, ${route.name}` : "";
  if (!route) {
    const words = document.createElement("p");
    words.textContent = isOffline ? "Маршрута на телефоне нет. Откройте страницу, когда появится сеть." : "Загружаем маршрут.";
    list.replaceChildren(words);
  } else if (!route.visits.length) {
    const words = document.createElement("p");
    words.textContent = "На сегодня визитов нет.";
    list.replaceChildren(words);
  } else {
    list.replaceChildren(...route.visits.map(card));
  }
  say();
}

function open(id) {
  const visit = kept.route()?.visits.find((one) => one.id === id);
  if (!visit) return showList();
  const door = document.getElementById("door").content.firstElementChild.cloneNode(true);
  for (const name of ["name", "address", "note"]) put(door, name, visit[name]);
  put(door, "windows", visit.windows ? `Дома ${visit.windows}` : "");
  const phone = door.querySelector('[data-of="phone"]');
  if (visit.phone) phone.href = `tel:${visit.phone}`;
  else phone.remove();
  const papers = door.querySelector('[data-of="documents"]');
  papers.replaceChildren(...(visit.documents ?? []).map((name) => Object.assign(document.createElement("li"), { textContent: name })));
  list.replaceChildren(door);
  const canvas = door.querySelector("canvas");
  listen(canvas);
  let outcome = "";
  const show = (name) => {
    for (const one of ["choose", "hand", "other"]) part(door, one).hidden = one !== name;
    if (name !== "choose") part(door, name).scrollIntoView({ block: "nearest" });
  };
  door.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!act) return;
    if (act === "back") showList();
    else if (act === "cancel") show("choose");
    else if (act === "clear") clear(canvas);
    else if (act === "hand") show("hand");
    else {
      outcome = act;
      put(door, "title", NAMES[act]);
      part(door, "until").hidden = act !== "put_off";
      show("other");
    }
  });
  part(door, "hand").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const code = form.elements.code.value.trim();
    if (!isDrawn(canvas) && !/^\d{4}$/.test(code)) {
      const error = put(door, "error", "Попросите расписаться пальцем или введите четыре цифры кода.");
      error.hidden = false;
      return;
    }
    keep(visit, "delivered", { signature: isDrawn(canvas) ? picture(canvas) : "", code, taken_by: form.elements.taken_by.value });
  });
  part(door, "other").addEventListener("submit", (event) => {
    event.preventDefault();
    keep(visit, outcome, { note: event.target.elements.note.value, until: event.target.elements.until.value });
  });
  door.querySelector("h2").focus();
}

function keep(visit, outcome, told) {
  const record = { key: crypto.randomUUID(), visit: visit.id, outcome, at: new Date().toISOString(), ...told };
  try {
    kept.add(record);
  } catch {
    trouble = "Память телефона заполнена: запись не сохранена. Запишите итог на бумаге.";
    return say();
  }
  kept.note(visit.id, { state: "waits", words: NAMES[outcome], sentence: "" });
  kept.forgetPerson(visit.id);
  showList();
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
  try {
    for (let record = kept.queue()[0]; record; record = kept.queue()[0]) {
      if (!token()) await ask(page.route);
      const body = JSON.stringify({ ...record, now: new Date().toISOString() });
      const answer = await ask(page.records, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
      if (answer.status === 412) await changeHands(record.courier, (await answer.json()).sentence);
      if (answer.status !== 200 && answer.status !== 409) break; // signed out, another's, or a fault of ours: it stays
      const said = await answer.json();
      kept.note(record.visit, { state: said.state, words: NAMES[record.outcome], sentence: said.state === "accepted" ? "" : said.sentence });
      kept.drop(record.key);
    }
  } catch {
    isOffline = true;
  } finally {
    isSending = false;
    if (!list.querySelector(".door")) showList();
    else say();
  }
}

// Somebody else has signed in: the phone becomes hers, and says that records of another wait.
async function changeHands(former, sentence) {
  await refresh();
  trouble = kept.route()?.courier === former ? sentence : "";
}

async function refresh() {
  try {
    const answer = await ask(page.route);
    if (answer.ok) kept.take(await answer.json());
  } catch {
    isOffline = true;
  }
  if (!list.querySelector(".door")) showList();
}

// Whose phone it is now is asked before the first record goes: the page may have been kept from another's day.
async function round() {
  kept.forgetOld();
  const isFirst = !hasAsked && !isOffline;
  if (isFirst) {
    hasAsked = true;
    await refresh();
  }
  await send();
  if (!isFirst) await refresh();
}

addEventListener("online", round);
addEventListener("offline", () => { isOffline = true; say(); });
addEventListener("load", () => keepShell(page.worker).catch(() => {}));
document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
setInterval(round, EVERY_MS);
kept.forgetOld();
showList();
round();
