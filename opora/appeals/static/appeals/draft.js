// The draft of intake: kept in this tab at once, on the server each second, sent again until an answer comes.
// A later save wins, never an older one; two windows of one draft do not argue: one of them stops. A save whose answer
// was lost may have been kept: each attempt has a greater number, and the server knows this window by its name.
// A page that was being reloaded while its last save arrived may show what was before it: the tab knows better.

const EVERY_MS = 1000;
const RETRY_MS = 2000;
const CLOSED = "Сеанс закончился. Войдите в соседней вкладке: текст останется здесь.";

export function keep(form, token) {
  let step = Number(form().dataset.step); // the last save we know of
  let sent = step; // the last that was tried
  let dirty = false;
  let busy = false;
  let paused = false;
  let sending = false;
  const { draftUrl, address, keyName } = form().dataset;
  const windows = new BroadcastChannel(keyName);
  const own = sessionStorage.getItem(`${keyName}:window`) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
  sessionStorage.setItem(`${keyName}:window`, own);

  const state = (words, sign = "") => {
    const place = document.querySelector("[data-kept]");
    place.dataset.state = sign;
    place.querySelector("[data-kept-words]").textContent = words;
  };

  const entries = () => [...new FormData(form()).entries()].filter(([, value]) => typeof value === "string");
  const isEmpty = (list) => !list.some(([name, value]) => ["person", "nameless", "surname", "phone", "topic", "text", "answer", "why"].includes(name) && value);

  function touch() {
    if (sending || paused) return;
    const list = entries();
    if (isEmpty(list) && !step) return;
    dirty = true;
    sessionStorage.setItem(keyName, JSON.stringify({ step: sent + 1, list }));
    if (location.href !== new URL(address, location.href).href) history.replaceState(null, "", address);
  }

  const post = (list, number) => {
    const body = new FormData();
    for (const [name, value] of list) body.append(name, value);
    body.set("step", number);
    body.set("base", step);
    body.set("window", own);
    return fetch(draftUrl, { method: "POST", body, redirect: "manual", headers: { "X-Background": "1", "X-CSRFToken": token(), Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
  };

  async function save() {
    if (!dirty || busy || paused || sending) return;
    busy = true;
    dirty = false;
    const number = (sent += 1);
    try {
      const answer = await post(entries(), number);
      if (answer.status === 200) await kept(await answer.json());
      else if (answer.status === 409) elsewhere();
      else if (answer.status === 410) location.assign((await answer.json()).registered);
      else if (answer.type === "opaqueredirect" || [204, 401, 403].includes(answer.status)) lost(CLOSED);
      else lost();
    } catch {
      lost();
    } finally {
      busy = false;
    }
  }

  function kept({ step: saved, at, danger }) {
    step = saved;
    sent = Math.max(sent, saved);
    sessionStorage.setItem(`${keyName}:saved`, saved);
    const stored = JSON.parse(sessionStorage.getItem(keyName) ?? "{}");
    if (!dirty && stored.step <= saved) sessionStorage.removeItem(keyName);
    else if (stored.list) sessionStorage.setItem(keyName, JSON.stringify({ step: sent + 1, list: stored.list }));
    state(`сохранено ${at}`, "kept");
    alarm(danger);
  }

  function lost(words = "не сохранено, нет связи: текст в этом окне") {
    dirty = true;
    state(words, "lost");
  }

  function alarm(danger) {
    const place = document.querySelector("[data-alarm]");
    if (!danger) {
      place.hidden = true;
      return;
    }
    place.querySelector("[data-alarm-title]").textContent = danger.title;
    place.querySelector("[data-alarm-say]").textContent = danger.say;
    place.querySelector("[data-alarm-do]").textContent = danger.do;
    place.hidden = false;
  }

  function elsewhere() {
    paused = true;
    document.querySelector("[data-elsewhere]").hidden = false;
    state("здесь не сохраняем", "lost");
  }

  windows.addEventListener("message", ({ data }) => {
    if (data === "here" && !paused) windows.postMessage("taken");
    else if (data === "taken") elsewhere();
    else if (data === "mine") elsewhere();
  });

  // What this tab kept while the server was away goes there first; the page then comes back as it was.
  async function bringBack() {
    const saved = Number(sessionStorage.getItem(`${keyName}:saved`));
    sessionStorage.removeItem(`${keyName}:saved`);
    if (saved > step) {
      location.replace(address);
      return;
    }
    const stored = JSON.parse(sessionStorage.getItem(keyName) ?? "null");
    if (!stored || stored.step <= step) {
      sessionStorage.removeItem(keyName);
      return;
    }
    const answer = await post(stored.list, stored.step).catch(() => null);
    if (answer?.status === 200 || answer?.status === 409) {
      sessionStorage.removeItem(keyName);
      location.replace(address);
    } else if (!answer || answer.status >= 500) {
      setTimeout(bringBack, 1000); // a server that has just started may not answer yet
    }
  }

  async function submit(event) {
    if (event.target !== form()) return;
    event.preventDefault();
    if (sending || paused) return;
    sending = true;
    const body = new FormData(form(), event.submitter);
    for (const button of form().querySelectorAll("button[name=next]")) button.disabled = true;
    say("Сохраняем…");
    for (;;) {
      const answer = await fetch(form().action, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token() }, signal: AbortSignal.timeout(30000) }).catch(() => null);
      if (answer && answer.status < 500) return done(answer);
      // The same draft gives the same appeal, so asking again is safe even if the first answer was lost.
      say("Нет связи. Не закрывайте окно: сохраним, как только сервер ответит.");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async function done(answer) {
    const next = answer.headers.get("HX-Redirect");
    if (next) {
      sessionStorage.removeItem(keyName);
      location.assign(next);
      return;
    }
    sending = false;
    if (answer.status === 422) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      form().replaceWith(document.adoptNode(page.getElementById("intake")));
      window.htmx.process(form());
      document.querySelector("[data-summary]")?.focus();
    } else {
      for (const button of form().querySelectorAll("button[name=next]")) button.disabled = false;
      say(answer.headers.has("HX-Refresh") ? CLOSED : "Не получилось сохранить. Попробуйте ещё раз.");
    }
  }

  const say = (words) => (document.querySelector("[data-sending]").textContent = words);

  document.addEventListener("submit", submit);
  for (const name of ["input", "change"]) document.addEventListener(name, (event) => form().contains(event.target) && !event.target.matches("[type=search]") && touch());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-take-over]")) return;
    windows.postMessage("mine");
    location.replace(address);
  });
  document.addEventListener("visibilitychange", save);
  setInterval(save, EVERY_MS);
  windows.postMessage("here");
  bringBack();
  return { touch };
}
