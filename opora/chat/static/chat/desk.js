// The desk of the chat: talks stand side by side, each by itself; news of all of them come by the line of the page.
// Keys: Alt N — the next of the queue, Alt J and Alt K — the next and the former talk, Alt / — a ready answer.

import { composer, store, talk } from "./talk.js";

const desk = document.getElementById("desk");
const panes = new Map(); // id of a talk → { root, conversation, field }
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
let isLive = document.getElementById("live")?.dataset.state === "live";

function ago(at) {
  const minutes = Math.floor((Date.now() - new Date(at)) / 60000);
  return minutes < 2 ? "на связи" : minutes < 60 ? `был ${minutes} мин назад` : `был в ${new Date(at).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" })}`;
}

function open(root) {
  const id = root.dataset.talk;
  const part = (name) => root.querySelector(`[data-${name}]`);
  const form = part("say");
  const mark = part("unread");
  const me = desk.dataset.me;
  const showUnread = (number) => {
    mark.hidden = !number;
    mark.textContent = number || "";
    root.toggleAttribute("data-has-news", number > 0);
    document.title = document.title.replace(/^\(\d+\) /, "");
    const all = [...document.querySelectorAll("[data-has-news]")].length;
    if (all) document.title = `(${all}) ${document.title}`;
  };
  const conversation = talk({
    base: root.dataset.base,
    headers: () => ({ "X-CSRFToken": token() }),
    me: "employee",
    other: "citizen",
    box: store(`opora-desk-out-${me}-${id}`),
    parts: { lines: part("lines"), scroll: part("scroll"), typing: part("typing"), said: part("said") },
    hooks: {
      isLooking: () => !document.hidden && root.contains(document.activeElement),
      about(now, came, unread) {
        part("presence").textContent = now.state === "taken" ? ago(now.seen_at) : "";
        showUnread(unread);
        if (now.state !== "taken") over(now.state === "closed" ? "Разговор закончен." : "Разговор передан.");
      },
      give: (text) => field.give(text),
      refused: (code) => ["talk_closed", "not_yours"].includes(code) && over("Разговор уже не у вас."),
      unread: () => showUnread(0),
      gone: () => over("Разговор уже не у вас."),
    },
  });
  const draft = store(`opora-desk-draft-${me}-${id}`);
  const field = composer(form, () => conversation, draft);

  function over(words) {
    if (root.dataset.over) return;
    root.dataset.over = "1";
    conversation.stop();
    form.hidden = true;
    root.querySelector(".chat-acts").hidden = true;
    part("said").textContent = words;
    if (!root.querySelector("[data-lines]").children.length) close(id);
  }

  root.addEventListener("focusin", () => {
    for (const other of panes.values()) other.root.toggleAttribute("data-current", other.root === root);
    conversation.glance();
  });
  answers(root, field, conversation);
  panes.set(id, { root, conversation, field });
  conversation.live(isLive);
  conversation.begin(true);
}

function close(id) {
  panes.get(id)?.root.remove();
  panes.delete(id);
}

// ready answers

function answers(root, field, conversation) {
  const sheet = root.querySelector("[data-cards-list]");
  const query = sheet.querySelector("input");
  const list = sheet.querySelector("ul");
  let asked = 0;

  async function find() {
    const mine = ++asked;
    const answer = await fetch(`${desk.dataset.cards}?q=${encodeURIComponent(query.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const { cards } = await answer.json();
    list.replaceChildren(
      ...cards.map((card) => {
        const button = Object.assign(document.createElement("button"), { type: "button" });
        const about = Object.assign(document.createElement("span"), { className: "small", textContent: card.body });
        button.append(Object.assign(document.createElement("b"), { textContent: card.question }), about);
        button.addEventListener("click", () => choose(card));
        const row = document.createElement("li");
        row.append(button);
        return row;
      }),
    );
    if (!cards.length) list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: "Готового ответа нет. Напишите своими словами." }));
  }

  function choose(card) {
    hide();
    field.put(card.body);
    conversation.ask("card/", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(card) }).catch(() => {});
  }

  function show() {
    sheet.hidden = false;
    const said = [...root.querySelectorAll('[data-lines] [data-who="citizen"] > p:not(.small)')].slice(-3);
    query.value = said.map((line) => line.textContent).join(" ").slice(0, 200);
    query.select();
    query.focus();
    find();
  }

  function hide() {
    sheet.hidden = true;
    root.querySelector("textarea").focus();
  }

  let timer = 0;
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 150);
  });
  sheet.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.code === "ArrowDown") (buttons[at + 1] ?? buttons[0])?.focus();
    else if (event.code === "ArrowUp") (buttons[at - 1] ?? query).focus();
    else if (event.code === "Escape") hide();
    else if (event.code === "Enter" && document.activeElement === query) buttons[0]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.querySelector("[data-cards-open]").addEventListener("click", () => (sheet.hidden ? show() : hide()));
}

// the desk as a whole

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { "X-Background": "1" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const pane of page.querySelectorAll("[data-talk]")) {
    if (panes.has(pane.dataset.talk)) continue;
    const here = document.importNode(pane, true);
    desk.querySelector("[data-panes]").append(here);
    open(here);
  }
  desk.querySelector("[data-none]").hidden = desk.querySelectorAll("[data-talk]").length > 0;
}

function step(by) {
  const all = [...desk.querySelectorAll("[data-talk]:not([data-over])")];
  if (!all.length) return;
  const at = all.findIndex((root) => root.contains(document.activeElement));
  const next = all[(at + by + all.length) % all.length] ?? all[0];
  next.querySelector("textarea").focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyN: () => desk.querySelector("[data-next]")?.click(),
  Slash: () => (document.activeElement.closest("[data-talk]") ?? desk.querySelector("[data-talk]"))?.querySelector("[data-cards-open]").click(),
};

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const pane = document.activeElement.closest?.("[data-talk]");
  const act = KEYS[event.code] ?? (pane?.querySelector(`[data-act="${event.code}"]`) && (() => pane.querySelector(`[data-act="${event.code}"]`).click()));
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("opora:news", ({ detail: { event, data } }) => {
  if (event === "chat.given") {
    panes.get(data.id)?.conversation.look();
    refresh();
  } else if (event.startsWith("chat.") && event !== "chat.queue") panes.get(data.id)?.conversation.hear(event, data);
});
document.addEventListener("opora:resync", () => {
  for (const { conversation } of panes.values()) conversation.look();
  refresh();
});
const sign = document.getElementById("live");
if (sign) {
  new MutationObserver(() => {
    isLive = sign.dataset.state === "live";
    for (const { conversation } of panes.values()) conversation.live(isLive);
  }).observe(sign, { attributes: true, attributeFilter: ["data-state"] });
}

for (const root of desk.querySelectorAll("[data-talk]")) open(root);
const asked = document.getElementById(location.hash.slice(1));
(asked ?? desk.querySelector("[data-talk]"))?.querySelector("textarea")?.focus();

// How long they wait, while the page stands.
setInterval(() => {
  for (const mark of desk.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(mark.dateTime)) / 1000));
    const minutes = Math.floor(seconds / 60);
    mark.textContent = minutes < 60 ? `${minutes}:${String(seconds % 60).padStart(2, "0")}` : `${Math.floor(minutes / 60)} ч ${minutes % 60} мин`;
    mark.toggleAttribute("data-long", seconds >= 120);
  }
}, 1000);
desk.dataset.ready = "";
