// One connection to the stream process: fetch instead of EventSource, so that the ticket goes in a header and no address
// ever holds it. Comes back by itself and says what it has got last.

const SILENCE_MS = 40000; // the server breathes every 15 s
const WAITS_MS = [300, 1000, 3000, 8000, 20000];
const FAILURES_TO_POLL = 2;
const OVER = Symbol("over");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function* messages(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const message = { id: "", event: "", data: "" };
      for (const text of part.split("\n")) {
        const at = text.indexOf(": ");
        if (at > 0) message[text.slice(0, at)] = text.slice(at + 2);
      }
      yield message;
    }
  }
}

export function stream({ ticket, address, renew, last, heard }) {
  let channels = null;
  let failures = 0;
  let state = "wait";
  let running = false;
  let control = new AbortController();
  let wakeUp = () => {};

  function say(next) {
    if (state === next) return;
    state = next;
    heard("state", next);
  }

  async function freshTicket() {
    const answer = await (typeof renew === "function"
      ? renew() // whoever has no session shows what else opens the way
      : fetch(renew, { headers: { "X-Background": "1", Accept: "application/json" }, redirect: "manual", cache: "no-store" }));
    if (answer.status >= 500) throw new Error("no ticket now");
    if (answer.status !== 200) throw OVER;
    ({ ticket } = await answer.json());
  }

  async function once() {
    control = new AbortController();
    const { signal } = control;
    let silence = setTimeout(() => control.abort(), SILENCE_MS);
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => control.abort(), SILENCE_MS);
    };
    try {
      const answer = await fetch(address, {
        method: "POST",
        credentials: "omit",
        cache: "no-store",
        headers: { Authorization: `Ticket ${ticket}`, "Content-Type": "application/json" },
        body: JSON.stringify({ channels, last: last() }),
        signal,
      });
      if (answer.status === 401) {
        await freshTicket();
        return 0;
      }
      if (!answer.ok) throw new Error(`stream: ${answer.status}`);
      for await (const message of messages(answer.body, alive)) {
        if (message.event === "ended") return await ended(JSON.parse(message.data).why);
        if (message.event === "hello") {
          failures = 0;
          say("live");
        }
        if (message.event === "news" || message.event === "resync") heard(message.event, JSON.parse(message.data), message.id);
        else if (message.id) heard("place", null, message.id);
      }
    } finally {
      clearTimeout(silence);
    }
    throw new Error("cut off");
  }

  async function ended(why) {
    if (why === "expired" || why === "session") await freshTicket();
    return why === "restart" ? Math.random() * 2000 : 0;
  }

  async function run() {
    running = true;
    if (!address) {
      say("poll");
      return;
    }
    for (;;) {
      const asked = channels;
      try {
        await pause(await once());
      } catch (fault) {
        if (fault === OVER) {
          say("over");
          return;
        }
        if (asked !== channels) continue; // cut off by ourselves, to ask for other channels
        failures += 1;
        say(failures > FAILURES_TO_POLL ? "poll" : "wait");
        const wait = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1];
        await Promise.race([pause(wait * (0.5 + Math.random())), new Promise((resolve) => (wakeUp = resolve))]);
      }
    }
  }

  addEventListener("online", () => wakeUp());

  return {
    state: () => state,
    listen(next) {
      if (channels && next.join(" ") === channels.join(" ")) return;
      channels = next;
      if (running) control.abort();
      else run();
    },
  };
}
