// Pages and the telephone in the browser. The telephone is a window of its own; here are its keys, and numbers to dial.

const place = document.getElementById("ringing");
const tabs = place && new BroadcastChannel(`opora-phone-${place.dataset.employee}`);
let phone = { call: "none", isMuted: false, isThere: false };

const isSeated = () => place.dataset.seated !== undefined || document.querySelector('[data-phone="open"]');

function show() {
  for (const button of document.querySelectorAll('[data-phone="answer"]')) button.hidden = phone.call !== "ringing";
  for (const button of document.querySelectorAll('[data-phone="mute"]')) {
    button.hidden = phone.call !== "talking";
    button.setAttribute("aria-pressed", String(phone.isMuted));
  }
}

function open() {
  window.open(place.dataset.phonePage, "opora-phone", "popup,width=380,height=620")?.focus();
}

function dial(link) {
  tabs.postMessage({ do: "expect" });
  const values = { number: decodeURIComponent(link.getAttribute("href").slice(4)), reference: link.dataset.reference ?? "" };
  window.htmx.ajax("POST", place.dataset.dialling, { source: document.body, target: "#phone-said", swap: "innerHTML", values });
}

const acts = { open, answer: () => tabs.postMessage({ do: "answer" }), mute: () => tabs.postMessage({ do: "mute" }) };

if (place) {
  tabs.addEventListener("message", ({ data }) => {
    if (data.kind !== "state") return;
    phone = data;
    show();
  });
  tabs.postMessage({ do: "tell" });
  let hadPlace = Boolean(document.querySelector('[data-phone="open"]'));
  document.addEventListener("htmx:afterSettle", (event) => {
    show();
    // She has just taken a place: her telephone opens by the same press. Where the browser forbids it, there is a button.
    const hasPlace = Boolean(document.querySelector('[data-phone="open"]'));
    if (hasPlace && !hadPlace && navigator.userActivation?.isActive) open();
    hadPlace = hasPlace;
    const call = event.detail.target === place && place.querySelector("[data-stands]");
    if (call) tabs.postMessage({ do: "held", is: call.dataset.stands === "held" });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phone]");
    if (button) return acts[button.dataset.phone]?.();
    const link = event.target.closest('a[href^="tel:"]');
    if (!link || !isSeated() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dial(link);
  });
  // The key answers while she is typing too: a call does not wait for the end of a sentence.
  document.addEventListener("keydown", (event) => {
    if (event.code !== "F2" || event.defaultPrevented || phone.call !== "ringing") return;
    event.preventDefault();
    acts.answer();
  });
}
