// Live news. One tab of the browser holds the line to the stream, the others hear from it; the docs are docs/live.md.
//
// <table data-live="org:12:queue:sp2 emp:34" hx-get="…" hx-trigger="news" hx-swap="outerHTML">
// A page hears every piece of news as the event «opora:news» on document, its detail is {channels, event, data}.

import { line } from "./line.js";
import { merge } from "./merge.js";
import { own, wanted } from "./wishes.js";

const EVERY_MS = 1000; // an element is not asked for anew oftener, unless it says data-live-every
const SPREAD_MS = 200; // desks that show the same list do not ask in the same instant
const POLL_MS = 15000;
const WORDS = {
  live: "Связь есть",
  wait: "Восстанавливаем связь",
  poll: "Обновляем раз в 15 секунд",
  over: "Сеанс закончился",
};

const sign = document.getElementById("live");
const byElement = new WeakMap();
const byId = new Map(); // an element that replaces itself is known by its id
let polling = 0;

function show(state) {
  // The first state of a page is a dot only; words come with a change, so nobody is told on every page that all is well.
  if (sign.title || state === "over") sign.lastElementChild.textContent = WORDS[state];
  sign.dataset.state = state;
  sign.title = WORDS[state];
  clearInterval(polling);
  if (state === "poll") polling = setInterval(everything, POLL_MS);
}

const stateOf = (element) => (element.id ? byId.get(element.id) : byElement.get(element));

function touch(element, item) {
  const state = stateOf(element) ?? { at: -Infinity, items: [], timer: 0 };
  if (element.id) byId.set(element.id, state);
  else byElement.set(element, state);
  if (item) state.items.push(item);
  if (state.timer) return;
  const every = Number(element.dataset.liveEvery) || EVERY_MS;
  const rest = Math.max(0, state.at + every - performance.now());
  state.timer = setTimeout(fire, rest + Math.random() * SPREAD_MS, element, state);
}

function fire(asked, state) {
  state.timer = 0;
  const element = asked.isConnected ? asked : document.getElementById(asked.id);
  if (!element) return;
  if (document.hidden) {
    state.isLate = true;
    return;
  }
  state.at = performance.now();
  const items = state.items.splice(0);
  element.dispatchEvent(new CustomEvent("news", { detail: { items } }));
  if (element.dataset.liveMerge) merge(element);
}

function concerns(element, item) {
  const only = element.dataset.liveOnly;
  if (only ? only !== item.event : item.event === "presence") return false;
  // Dozens a minute come in answered and closed when posts are back: nothing in a list of open work changes.
  const isOver = item.event === "appeal.registered" && item.data.closed_at;
  if ("liveOpen" in element.dataset && isOver && !own(element).includes(`emp:${item.data.owner}`)) return false;
  return own(element).some((channel) => item.channels.includes(channel));
}

function tell(item) {
  document.dispatchEvent(new CustomEvent("opora:news", { detail: item }));
  for (const element of document.querySelectorAll("[data-live]")) {
    if (!concerns(element, item)) continue;
    const row = "liveRow" in element.dataset && item.data.id && element.querySelector(`[data-row="${CSS.escape(item.data.id)}"]`);
    touch(row || element, item);
  }
}

function everything() {
  document.dispatchEvent(new CustomEvent("opora:resync"));
  for (const element of document.querySelectorAll("[data-live]")) if (own(element).length) touch(element);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-live], [data-row]")) {
    const state = stateOf(element);
    if (state?.isLate) {
      state.isLate = false;
      touch(element);
    }
  }
});

// What the page asks for by itself is not work of hers: it does not keep the session open, and its failure is no toast.
const isOwn = (event) => event.detail?.requestConfig?.headers?.["X-Background"] === "1";
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent?.type === "news") event.detail.headers["X-Background"] = "1";
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  window.addEventListener(name, (event) => isOwn(event) && event.stopImmediatePropagation(), true);
}

// Rows that have come or changed fade in: <tr data-row="id" data-version="3">.
const versions = (root) => new Map([...root.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.dataset.version ?? ""]));
const before = new WeakMap();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isOwn(event)) before.set(event.detail.xhr, [event.detail.target.id, versions(event.detail.target)]);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const [id, known] = before.get(event.detail.xhr) ?? [];
  const target = (id && document.getElementById(id)) || event.detail.target;
  if (!known || !target.querySelectorAll) return;
  for (const row of target.querySelectorAll("[data-row]")) {
    row.classList.toggle("fresh", known.get(row.dataset.row) !== (row.dataset.version ?? ""));
  }
});

if (sign) {
  const talk = line({ ...sign.dataset, tell, everything, show });
  const want = () => talk.want([`emp:${sign.dataset.place.split(".")[0]}`, ...wanted()]);
  want();
  document.addEventListener("htmx:afterSettle", want);
}
