// The board on a wall. It asks for its numbers when the stream says that something has moved, when a number changes by
// itself (midnight, a promised call) and now and then; what cannot be asked for is said in words, the last numbers stay.

import { stream } from "../live/stream.js";

const LEAST_MS = 400; // between two questions
const REST_MS = 30_000; // a line that stands is believed for so long
const POLL_MS = 5000;
const AGAIN_MS = [1000, 2000, 5000];
const OVER_MS = 60_000;
const PATIENCE_MS = 8000;
const SPREAD_MS = 100; // walls that show the same do not ask in the same instant
const TURN_MS = 15_000;
const IDLE_MS = 4000;
const RELOAD_MS = 600_000;
const A_YEAR = 365 * 24 * 3600;
const NARROW = matchMedia("(max-width: 56rem), (orientation: portrait)");
const OVER = "Сеанс закончился. Войдите снова или сделайте для этого экрана свой адрес: «Показать на экране».";

const root = document.getElementById("board");
const part = (id) => document.getElementById(id);
const hours = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone });
const days = new Intl.DateTimeFormat("ru-RU", { day: "2-digit", month: "2-digit", timeZone: root.dataset.zone });

let line = "wait"; // what the stream says of itself
let ahead = 0; // the server's clock before ours, ms
let heardAt = Date.now();
let failures = 0;
let isRefused = false;
let isBusy = false;
let isStale = false; // something moved while a question was on its way
let lookedAt = -Infinity;
let timer = 0;

const now = () => Date.now() + ahead;

// --- asking ---

async function look() {
  if (isBusy) {
    isStale = true;
    return;
  }
  clearTimeout(timer);
  isBusy = true;
  isStale = false;
  lookedAt = performance.now();
  try {
    const answer = await fetch(root.dataset.figures, {
      headers: { "X-Background": "1" },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`${answer.status}`);
    const text = await answer.text();
    failures = 0;
    heardAt = Date.now();
    if (answer.status === 200) take(text);
    else refuse(text);
  } catch {
    failures += 1;
  }
  isBusy = false;
  show();
  plan();
}

function plan() {
  if (isStale) return soon();
  let wait = line === "live" ? REST_MS : POLL_MS;
  if (isRefused) wait = OVER_MS;
  else if (failures) wait = AGAIN_MS[Math.min(failures, AGAIN_MS.length) - 1];
  const changes = Number(part("figures")?.dataset.changes) - now() + SPREAD_MS;
  if (changes > 0 && !failures) wait = Math.min(wait, changes);
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

function soon() {
  if (isBusy) {
    isStale = true;
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(0, lookedAt + LEAST_MS - performance.now()) + Math.random() * SPREAD_MS);
}

// --- showing ---

// While an installation is being renewed some of its processes are old still: once in a while is enough.
function mayReload() {
  if (Date.now() - Number(sessionStorage.board ?? 0) < RELOAD_MS) return false;
  sessionStorage.board = Date.now();
  return true;
}

const shape = (figures) => [...figures.querySelectorAll("[data-k]")].map((piece) => piece.dataset.k).join(" ");

function take(text) {
  const page = document.createElement("template");
  page.innerHTML = text;
  const fresh = page.content.getElementById("figures");
  const old = part("figures");
  if (isRefused || (fresh.dataset.build !== old.dataset.build && mayReload())) {
    location.reload();
    return;
  }
  if (shape(fresh) === shape(old)) {
    for (const piece of fresh.querySelectorAll("[data-k]")) settle(old.querySelector(`[data-k="${CSS.escape(piece.dataset.k)}"]`), piece);
    Object.assign(old.dataset, fresh.dataset, { build: old.dataset.build });
  } else {
    fresh.dataset.build = old.dataset.build;
    old.replaceWith(fresh);
  }
  ahead = Number(fresh.dataset.now) - Date.now();
  part("day").textContent = fresh.dataset.day;
  turn(0);
}

function settle(old, fresh) {
  if (old.innerHTML === fresh.innerHTML) return;
  const had = [...old.children].map((cell) => cell.textContent.trim());
  old.className = fresh.className;
  old.replaceChildren(...fresh.childNodes);
  [...old.children].forEach((cell, at) => cell.classList.toggle("moved", had[at] !== cell.textContent.trim()));
}

function refuse(text) {
  const page = document.createElement("template");
  page.innerHTML = text;
  isRefused = true;
  part("figures").hidden = true;
  part("sentence").textContent = page.content.querySelector("[data-sentence]")?.textContent ?? OVER;
  part("sentence").hidden = false;
}

function moment(at) {
  const isToday = days.format(at) === days.format(now());
  return isToday ? hours.format(at) : `${days.format(at)} ${hours.format(at)}`;
}

function show() {
  let state = line === "over" ? "poll" : line;
  let words = { wait: "Соединяемся", live: "На связи", poll: "Обновляем раз в 5 секунд" }[state];
  if (isRefused) [state, words] = ["over", "Не показываем"];
  else if (failures) [state, words] = ["lost", `Нет связи с ${moment(heardAt + ahead)}, показано последнее`];
  const sign = part("sign");
  if (root.dataset.state !== state || sign.lastElementChild.textContent !== words) sign.lastElementChild.textContent = words;
  root.dataset.state = sign.dataset.state = state;
}

function tick() {
  const words = hours.format(now());
  if (part("clock").textContent !== words) part("clock").textContent = words;
}

// --- pages: a wall has no hand to scroll with ---

let first = 0;
let pages = 1;
let isPaused = false;

function turn(by) {
  const room = part("rows");
  const places = [...room.querySelectorAll("tbody")];
  for (const place of places) place.hidden = false;
  part("pages").hidden = part("pause").hidden = true;
  if (NARROW.matches || room.scrollHeight <= room.clientHeight) return;
  const most = room.clientHeight - room.querySelector("thead").offsetHeight;
  const found = [[]];
  let filled = 0;
  for (const place of places) {
    if (filled && filled + place.offsetHeight > most) {
      found.push([]);
      filled = 0;
    }
    filled += place.offsetHeight;
    found.at(-1).push(place);
  }
  pages = found.length;
  first = (first + by + pages) % pages;
  for (const place of places) place.hidden = !found[first].includes(place);
  part("pages").textContent = `${first + 1} из ${pages}`;
  part("pages").hidden = part("pause").hidden = pages < 2;
}

// --- keys ---

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

function otherLook() {
  const theme = document.documentElement.dataset.theme === "light" ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
  document.cookie = `board-look=${theme}; path=/board/; max-age=${A_YEAR}; samesite=strict`;
}

function pause() {
  if (part("pause").hidden) return;
  isPaused = !isPaused;
  part("pause").lastElementChild.textContent = isPaused ? "Листать" : "Не листать";
}

const ACTS = { KeyF: fullScreen, KeyD: otherLook, Space: pause, ArrowRight: () => turn(1), ArrowLeft: () => turn(-1) };
document.addEventListener("keydown", (event) => {
  const isOnTool = event.code === "Space" && event.target.closest("button, a");
  if (event.ctrlKey || event.altKey || event.metaKey || isOnTool || !ACTS[event.code]) return;
  event.preventDefault();
  ACTS[event.code]();
});
part("full").addEventListener("click", fullScreen);
part("look").addEventListener("click", otherLook);
part("pause").addEventListener("click", pause);

// --- a hand at the mouse brings the tools back, a screen must not fall asleep ---

let idle = 0;
function stir() {
  document.body.classList.remove("still");
  clearTimeout(idle);
  idle = setTimeout(() => document.body.classList.add("still"), IDLE_MS);
}
for (const name of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(name, stir);

function stayAwake() {
  if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
}
document.addEventListener("visibilitychange", () => {
  stayAwake();
  if (!document.hidden) soon();
});

let last = "";
const talk = stream({
  ...root.dataset,
  last: () => last,
  heard(kind, data, id) {
    if (id) last = id;
    if (kind === "state") {
      line = data;
      show();
    }
    if (kind !== "place") soon();
  },
});

ahead = Number(part("figures").dataset.now) - Date.now();
stir();
stayAwake();
turn(0);
tick();
plan();
setInterval(tick, 1000);
setInterval(() => isPaused || turn(1), TURN_MS);
addEventListener("resize", () => turn(0));
addEventListener("online", soon);
addEventListener("offline", soon);
talk.listen(root.dataset.channels.split(" "));
