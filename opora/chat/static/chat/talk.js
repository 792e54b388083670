// A talk on a page, the same for both sides: lines that are waiting to leave are kept by the browser with ids of their
// own, so that a reload, a lost network or a restart of the server neither loses nor doubles one. Lines are shown in
// the order of their numbers; news only say «look».

const WAITS_MS = [500, 1000, 2000, 4000, 8000];
const TIMEOUT_MS = 15000;
const LIVE_MS = 25000; // with live news a look now and then finds what nobody lived to tell
const POLL_MS = 3000;
const TYPING_EACH_MS = 4000;
const TYPING_SHOWN_MS = 6000;
const AGAIN = new Set(["too_fast", "too_many_talks"]); // refused for now: kept and sent later
const LATER_MS = 10000;
const BACKGROUND = { "X-Background": "1" }; // what a page asks by itself does not keep a session open

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Where the browser keeps words: a frame may be denied its store, then they live as long as the page.
export function store(name) {
  let here = null;
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(name)) ?? here;
      } catch {
        return here;
      }
    },
    write(value) {
      here = value;
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {
        // the copy in the page is all there is
      }
    },
  };
}

export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const clock = (at) => new Date(at).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// me, other: "citizen" and "employee"; parts: { lines, scroll, typing, said }; hooks: isLooking(), about(talk), give(text),
// more() — what to send beside the first line, save(file) — where a link to a file leads.
export function talk({ base, headers, me, other, box, parts, hooks }) {
  let waiting = box.read() ?? []; // [{ id, text }], and files of this page
  const files = new Map();
  let last = 0;
  let readByOther = 0;
  let markedRead = 0;
  let isLooking = false;
  let lookAgain = false;
  let isSending = false;
  let failures = 0;
  let wakeUp = () => {};
  let typedAt = 0;
  let typingTimer = 0;
  let isLive = false;
  let hasBegun = true;
  let isStopped = false;
  let lookTimer = 0;

  const ask = (path, options = {}) =>
    fetch(base + path, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
      headers: { Accept: "application/json", ...(options.isWork ? {} : BACKGROUND), ...headers(), ...(options.headers ?? {}) },
    });
  const tell = (path, data, isWork = false) =>
    ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data), isWork });

  const say = (text) => (parts.said.textContent = text);
  // Read, changed and written in one go: another tab of the same browser may have lines of its own there.
  const kept = () => box.read() ?? [];

  // lines

  function atEnd() {
    return parts.scroll.scrollHeight - parts.scroll.scrollTop - parts.scroll.clientHeight < 80;
  }

  function shown(line) {
    const row = element("li", { className: "chat-line" });
    Object.assign(row.dataset, { who: line.who, kind: line.kind ?? "said", id: line.id });
    if (line.number) row.dataset.number = line.number;
    if (line.kind === "note") row.append(element("b", { className: "small" }, `Заметка: ${line.name}`));
    else if (line.name) row.append(element("b", { className: "small" }, line.name));
    if (line.text) row.append(element("p", {}, line.text));
    for (const file of line.files ?? []) row.append(element("p", { className: "small" }, fileOf(file)));
    const foot = element("span", { className: "chat-mark small" });
    if (line.at) foot.append(element("time", { dateTime: line.at }, clock(line.at)), " ");
    foot.append(element("i", {}));
    row.append(foot);
    return row;
  }

  function fileOf(file) {
    if (!file.id) return file.name;
    const link = element("a", { href: `${base}files/${file.id}/`, download: file.name }, file.name);
    if (hooks.save) link.addEventListener("click", (event) => hooks.save(event, `files/${file.id}/`, file.name));
    return link;
  }

  function place(line) {
    const former = parts.lines.querySelector(`[data-id="${CSS.escape(line.id)}"]`);
    if (former?.dataset.number) return false;
    former?.remove();
    const after = [...parts.lines.children].findLast((row) => Number(row.dataset.number || Infinity) < line.number);
    if (after) after.after(shown(line));
    else parts.lines.prepend(shown(line));
    return true;
  }

  function showWaiting() {
    for (const item of waiting) {
      if (parts.lines.querySelector(`[data-id="${CSS.escape(item.id)}"]`)) continue;
      const names = (files.get(item.id) ?? []).map((file) => ({ name: file.name }));
      parts.lines.append(shown({ id: item.id, who: me, text: item.text, files: names }));
    }
  }

  function mark() {
    const mine = [...parts.lines.querySelectorAll(`[data-who="${me}"]`)];
    const newestRead = mine.findLast((row) => Number(row.dataset.number || Infinity) <= readByOther);
    for (const row of mine) {
      const words = !row.dataset.number ? "отправляется" : row === newestRead ? "прочитано" : "";
      row.querySelector("i").textContent = words;
    }
  }

  const unread = () =>
    [...parts.lines.children].filter((row) => Number(row.dataset.number) > markedRead && row.dataset.who !== me && row.dataset.kind === "said");

  // asking

  async function look() {
    if (isLooking) {
      lookAgain = true;
      return;
    }
    isLooking = true;
    try {
      do {
        lookAgain = false;
        const answer = await ask(`lines/?after=${last}`);
        if (answer.status === 404) {
          hooks.gone?.();
          return;
        }
        if (!answer.ok) throw new Error(`lines: ${answer.status}`);
        take(await answer.json());
      } while (lookAgain);
      failures = 0;
      if (!waiting.length) say("");
    } catch {
      trouble();
    } finally {
      isLooking = false;
      schedule();
    }
  }

  function take({ lines, reach, talk: about }) {
    const stays = atEnd();
    const typed = lines.some((line) => line.who === other);
    let came = 0;
    for (const line of lines) came += place(line) && line.who !== me && line.kind === "said";
    last = Math.max(last, reach);
    lookAgain ||= reach < about.last;
    readByOther = about.read;
    markedRead = Math.max(markedRead, about.mine);
    const there = new Set(lines.map((line) => line.id));
    if (waiting.some((item) => there.has(item.id))) drop((item) => there.has(item.id));
    if (typed) hideTyping();
    mark();
    if (lines.length && stays) toEnd();
    hooks.about(about, came, unread().length);
    glance();
  }

  function toEnd() {
    parts.scroll.scrollTop = parts.scroll.scrollHeight;
  }

  function glance() {
    if (!hooks.isLooking()) return;
    const news = unread();
    if (!news.length) return;
    const number = Math.max(...news.map((row) => Number(row.dataset.number)));
    markedRead = number;
    hooks.unread?.(0);
    tell("reading/", { number }).catch(() => (markedRead = 0));
  }

  function schedule() {
    clearTimeout(lookTimer);
    if (!isStopped && hasBegun) lookTimer = setTimeout(look, (isLive ? LIVE_MS : POLL_MS) * (0.9 + Math.random() * 0.2) * (document.hidden ? 3 : 1));
  }

  // sending

  function drop(test) {
    const gone = new Set(waiting.filter(test).map((item) => item.id));
    for (const id of gone) files.delete(id);
    waiting = waiting.filter((item) => !gone.has(item.id));
    box.write(kept().filter((item) => !gone.has(item.id)));
  }

  async function send(item) {
    const attached = files.get(item.id);
    const more = hooks.more?.() ?? {};
    if (!attached) return tell("lines/", { id: item.id, text: item.text, ...more }, true);
    const body = new FormData();
    for (const [name, value] of Object.entries({ id: item.id, text: item.text, ...more })) body.append(name, value);
    for (const file of attached) body.append("files", file);
    return ask("lines/", { method: "POST", body, signal: AbortSignal.timeout(4 * TIMEOUT_MS), isWork: true });
  }

  async function pump() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const item = waiting[0];
      let answer;
      try {
        answer = await send(item);
        if (answer.status >= 500 && answer.status !== 503) throw new Error(`send: ${answer.status}`);
      } catch {
        await wait();
        continue;
      }
      if (answer.ok) {
        failures = 0;
        hasBegun = true;
        drop((one) => one === item);
        say("");
        look();
        continue;
      }
      const refusal = await answer.json().catch(() => ({ code: "", message: "" }));
      if (answer.status === 503 && refusal.code !== "chat_shut") {
        await wait();
        continue;
      }
      say(refusal.message || "Не отправлено. Обновите страницу.");
      if (AGAIN.has(refusal.code)) {
        await pause(LATER_MS);
        continue;
      }
      parts.lines.querySelector(`[data-id="${CSS.escape(item.id)}"]:not([data-number])`)?.remove();
      drop((one) => one === item);
      hooks.give(item.text);
      hooks.refused?.(refusal.code);
    }
    isSending = false;
  }

  function trouble() {
    failures += 1;
    if (failures > 1 || waiting.length) say(waiting.length ? "Нет связи. Написанное уйдёт, когда она появится." : "Нет связи. Восстанавливаем.");
  }

  async function wait() {
    trouble();
    const ms = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] * (0.75 + Math.random() / 2);
    await Promise.race([pause(ms), new Promise((resolve) => (wakeUp = resolve))]);
  }

  // typing

  function hideTyping() {
    clearTimeout(typingTimer);
    parts.typing.hidden = true;
  }

  addEventListener("online", () => {
    wakeUp();
    look();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (hasBegun) look();
    glance();
  });
  addEventListener("focus", glance);

  return {
    begin(isThere) {
      hasBegun = isThere || waiting.length > 0;
      showWaiting();
      mark();
      if (isThere) look().then(toEnd);
      pump();
    },
    say(text, attached = []) {
      const item = { id: newId(), text };
      if (attached.length) files.set(item.id, attached);
      else box.write([...kept(), item]);
      waiting.push(item);
      showWaiting();
      mark();
      toEnd();
      pump();
      return item.id;
    },
    look,
    glance,
    unread: () => unread().length,
    typing() {
      if (!last || performance.now() - typedAt < TYPING_EACH_MS) return;
      typedAt = performance.now();
      tell("typing/", {}).catch(() => {});
    },
    hear(event, data) {
      if (event !== "chat.typing") {
        look();
        return;
      }
      if (data.by !== other) return;
      const stays = atEnd();
      parts.typing.hidden = false;
      clearTimeout(typingTimer);
      typingTimer = setTimeout(hideTyping, TYPING_SHOWN_MS);
      if (stays) toEnd();
    },
    live(now) {
      isLive = now;
      schedule();
    },
    ask,
    clear() {
      last = readByOther = markedRead = 0;
      hasBegun = false;
      parts.lines.replaceChildren();
      clearTimeout(lookTimer);
    },
    stop() {
      isStopped = true;
      clearTimeout(lookTimer);
      hideTyping();
    },
  };
}

// Enter sends, Shift+Enter begins a line, files leave as soon as they are chosen.
export function composer(form, conversation, draft) {
  const field = form.querySelector("textarea");
  const chosen = form.querySelector("input[type=file]");
  field.value = field.value || draft?.read() || "";
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
  };
  const leave = () => {
    const text = field.value.trim();
    if (!text) return;
    conversation().say(text);
    field.value = "";
    draft?.write("");
    fit();
    field.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  field.addEventListener("keydown", (event) => {
    if (event.code !== "Enter" || event.shiftKey || event.isComposing || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  field.addEventListener("input", () => {
    draft?.write(field.value);
    fit();
    if (field.value.trim()) conversation().typing();
  });
  chosen.addEventListener("change", () => {
    if (chosen.files.length) conversation().say("", [...chosen.files].slice(0, 5));
    chosen.value = "";
  });
  fit();
  return {
    give(text) {
      field.value = field.value ? `${text}\n${field.value}` : text;
      draft?.write(field.value);
      fit();
    },
    put(text) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      draft?.write(field.value);
      fit();
      field.focus();
    },
  };
}
