// Keys by physical place (event.code), so the Russian layout changes nothing.
// Any element says its key: data-key="N" · "G J" · "/" · "1" · "Esc" · "["; its label is data-key-label, aria-label or text.

const CODES = { "/": "Slash", "[": "BracketLeft", "]": "BracketRight", "?": "Shift+Slash", Esc: "Escape", Enter: "Enter", ".": "Period", ",": "Comma" };
const SEQUENCE_MS = 1500;
let pending = "";
let pendingUntil = 0;

const codeOf = (cap) => CODES[cap] ?? (/^[A-Z]$/.test(cap) ? `Key${cap}` : /^\d$/.test(cap) ? `Digit${cap}` : cap);
const wanted = (name) => name.split(" ").map(codeOf).join(" ");

function pressed(event) {
  const code = event.code.replace("Numpad", "Digit");
  // On many Russian boards «?» is Shift+7 and «/» is Shift+\: the sign itself counts too.
  if (event.key === "?") return "Shift+Slash";
  if (event.key === "/") return "Slash";
  return event.shiftKey ? `Shift+${code}` : code;
}

const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
// A modal dialog has the keys for itself.
const scope = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;

// A key of the page itself comes before the same key of the rail: «N» on a list adds to that list.
function find(sequence) {
  const found = [...scope().querySelectorAll("[data-key]")].filter((element) => wanted(element.dataset.key) === sequence && (isSeen(element) || element.dataset.keyHidden !== undefined));
  return found.find((element) => !element.closest(".rail")) ?? found[0];
}

function begins(sequence) {
  return [...scope().querySelectorAll("[data-key]")].some((element) => wanted(element.dataset.key).startsWith(`${sequence} `));
}

function act(element) {
  if (element.matches("input, textarea, select") && !element.matches("[type=checkbox], [type=radio]")) {
    element.focus();
    element.select?.();
  } else if (element.matches("form")) {
    element.requestSubmit();
  } else {
    element.click();
  }
}

function rows() {
  return [...scope().querySelectorAll("[data-rows] [data-open]")].filter(isSeen);
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const row = document.activeElement.closest?.("[data-rows] tr, [data-rows] li");
  const at = all.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function stepBack(event) {
  if (document.querySelector("dialog[open], .menu:popover-open")) return; // the browser closes these itself
  const field = isTyping(event.target);
  if (field) {
    event.preventDefault(); // the browser would empty a search field
    field.blur();
    document.getElementById("main")?.focus({ preventScroll: true });
    return;
  }
  const sheet = document.documentElement.dataset.sheet === "open" && document.querySelector("[data-toggle-panel]");
  (sheet || find("Escape"))?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form") ?? scope().querySelector("form[data-main]");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]") ?? undefined);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.code === "Escape") return stepBack(event);
  if (isTyping(event.target)) return;

  const code = pressed(event);
  const sequence = pending && performance.now() < pendingUntil ? `${pending} ${code}` : code;
  const element = find(sequence) ?? (pending ? find(code) : null);
  pending = "";
  if (element) {
    event.preventDefault();
    act(element);
  } else if (begins(code)) {
    pending = code;
    pendingUntil = performance.now() + SEQUENCE_MS;
  } else if ((code === "KeyJ" && move(1)) || (code === "KeyK" && move(-1))) {
    event.preventDefault();
  }
});

// The help dialog is written from the page itself, so it cannot lie about its keys.
function labelOf(element) {
  const said = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  if (said) return said;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .count, [aria-hidden=true]").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function line(element) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  label.textContent = labelOf(element);
  const caps = document.createElement("span");
  caps.className = "row";
  for (const cap of element.dataset.key.split(" ")) {
    const kbd = document.createElement("kbd");
    kbd.textContent = cap;
    caps.append(kbd);
  }
  item.append(label, caps);
  return item;
}

export function fillHelp(help) {
  help.querySelectorAll("[data-generated]").forEach((section) => section.remove());
  const groups = Map.groupBy(
    [...document.querySelectorAll("[data-key]")].filter((element) => !element.closest("dialog") && isSeen(element)),
    (element) => element.dataset.keyGroup ?? "На этой странице",
  );
  const sections = [...groups].map(([title, elements]) => {
    const section = document.createElement("section");
    section.dataset.generated = "";
    const head = document.createElement("h3");
    head.textContent = title;
    const list = document.createElement("ul");
    list.className = "keys-list";
    list.append(...elements.map(line));
    section.append(head, list);
    return section;
  });
  help.prepend(...sections.reverse());
}
