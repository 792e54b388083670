// The line to the stream, shared by the tabs of a browser: who holds the lock talks to the server, the rest listen to it.
// Without locks (a page not opened by https or on this machine) each tab has a line of its own.

import { stream } from "./stream.js";

const SETTLE_MS = 60; // tabs answer at once; a page asks for all its channels in one go
const MOST = 60;

export function line({ ticket, address, renew, place, tell, everything, show }) {
  const tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const wishes = new Map([[tab, []]]);
  const tabs = new BroadcastChannel(`opora-live-${place}`);
  let leads = false;
  let timer = 0;
  let last = "";

  const pass = (message) => {
    receive(message);
    tabs.postMessage(message);
  };

  const talk = stream({
    ticket,
    address,
    renew,
    last: () => last,
    heard: (kind, data, id) => pass({ kind, data, id }),
  });

  function receive({ kind, data, id }) {
    if (id) last = id;
    if (kind === "news") data.forEach(tell);
    else if (kind === "resync") everything();
    else if (kind === "state") show(data);
  }

  function settle() {
    clearTimeout(timer);
    if (leads) timer = setTimeout(() => talk.listen([...new Set([...wishes.values()].flat())].slice(-MOST)), SETTLE_MS);
  }

  tabs.addEventListener("message", ({ data: message }) => {
    if (message.kind === "who") tabs.postMessage({ kind: "want", tab, channels: wishes.get(tab) });
    else if (message.kind === "want") {
      wishes.set(message.tab, message.channels);
      settle();
      if (leads) tabs.postMessage({ kind: "state", data: talk.state() });
    } else if (message.kind === "gone") {
      wishes.delete(message.tab);
    } else receive(message);
  });

  function lead() {
    leads = true;
    tabs.postMessage({ kind: "who" });
    settle();
    return new Promise(() => {}); // until the page is closed
  }

  addEventListener("pagehide", () => tabs.postMessage({ kind: "gone", tab }));
  addEventListener("pageshow", (event) => event.persisted && everything());
  if (navigator.locks) navigator.locks.request(`opora-live-${place}`, lead);
  else lead();

  return {
    want(channels) {
      if (wishes.get(tab).join(" ") === channels.join(" ") && wishes.get(tab).length) return;
      wishes.set(tab, channels);
      tabs.postMessage({ kind: "want", tab, channels });
      settle();
    },
  };
}
