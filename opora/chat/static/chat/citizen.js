// The chat of a citizen: on its own page and in the frame on another site. The key of the talk lives in this browser.

import { stream } from "../live/stream.js";
import { composer, store, talk } from "./talk.js";

const root = document.getElementById("chat");
const { slug, base, stream: address } = root.dataset;
const framed = "framed" in root.dataset;
const part = (name) => root.querySelector(`[data-${name}]`);
const kept = store(`opora-chat-${slug}`); // { key, begun }
const form = part("say");

const newKey = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

let own = kept.read() ?? { key: root.dataset.keyKept || newKey(), begun: Boolean(root.dataset.keyKept) };
kept.write(own);
root.querySelector("form[data-over]")?.remove();

let field = null;
let line = null;
let hearing = "";

const headers = () => ({ Authorization: `Talk ${own.key}` });
const conversation = talk({
  base,
  headers,
  me: "citizen",
  other: "employee",
  box: store(`opora-chat-out-${slug}`),
  parts: { lines: part("lines"), scroll: part("scroll"), typing: part("typing"), said: part("said") },
  hooks: {
    isLooking: () => !document.hidden && (!framed || root.clientHeight > 0),
    about,
    more: () => (own.begun ? {} : about_me()),
    give: (text) => field?.give(text),
    refused: (code) => code === "talk_closed" && over(),
    unread: tellFrame,
    gone: () => forgotten(),
    save,
  },
});

function about_me() {
  const value = (name) => form?.querySelector(`[name=${name}]`)?.value ?? "";
  return { name: value("name"), phone: value("phone") };
}

function about(now, came, unread) {
  if (!own.begun) {
    own = { ...own, begun: true };
    kept.write(own);
  }
  part("me")?.remove();
  const words = { waiting: now.ahead ? `Перед вами ждут: ${now.ahead}` : "Ищем свободного специалиста", taken: now.who ? `Отвечает ${now.who}` : "", closed: "Разговор закончен" };
  part("who").textContent = root.dataset.open || now.state !== "waiting" ? words[now.state] : "";
  if (now.state === "closed") over();
  else hear(now.id);
  tellFrame(unread);
}

function tellFrame(unread) {
  // A number and nothing else; only sites of this chat may frame this page at all.
  if (framed) parent.postMessage({ opora: "chat", unread }, "*");
}

function hear(id) {
  if (hearing === id || !address) return;
  hearing = id;
  let place = "";
  line ??= stream({
    ticket: "",
    address,
    renew: () => conversation.ask("ticket/", { method: "POST" }),
    last: () => place,
    heard(kind, data, number) {
      if (number) place = number;
      if (kind === "news") for (const item of data) conversation.hear(item.event, item.data);
      else if (kind === "resync") conversation.look();
      else if (kind === "state") conversation.live(data === "live");
    },
  });
  line.listen([`talk:${id}`]);
}

function over() {
  if (root.querySelector("[data-over]")) return;
  conversation.stop();
  form.hidden = true;
  form.after(root.querySelector("template[data-fresh-button]").content.cloneNode(true));
  root.querySelector("[data-fresh]").addEventListener("click", afresh);
}

function afresh() {
  own = { key: newKey(), begun: false };
  kept.write(own);
  location.reload();
}

function forgotten() {
  // The talk of this key is not there any more: the next line begins a new one.
  if (own.begun) {
    own = { key: newKey(), begun: false };
    kept.write(own);
    conversation.clear();
  }
}

async function save(event, path, name) {
  event.preventDefault();
  const answer = await conversation.ask(path).catch(() => null);
  if (!answer?.ok) {
    part("said").textContent = "Файл сейчас не открывается. Попробуйте через минуту.";
    return;
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

part("fold")?.addEventListener("click", () => parent.postMessage({ opora: "chat", fold: true }, "*"));
document.addEventListener("keydown", (event) => {
  if (framed && event.code === "Escape") parent.postMessage({ opora: "chat", fold: true }, "*");
});

part("lines").replaceChildren();
form.hidden = false;
field = composer(form, () => conversation, store(`opora-chat-draft-${slug}`));
conversation.begin(own.begun);
root.dataset.ready = "";
