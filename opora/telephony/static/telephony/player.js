// The player by keys: P plays and pauses, Z goes five seconds back; digits give points to the criterion that waits.

const BACK = 5;
const typing = (place) => place.closest("input:not([type=radio]), textarea, select, [contenteditable]");
const player = () => document.querySelector("[data-player] audio");

function play() {
  const audio = player();
  if (!audio) return document.querySelector("[data-listen]")?.click();
  if (audio.paused) audio.play().catch(() => {}); // a pause that came before the sound is no fault
  else audio.pause();
}

function back() {
  const audio = player();
  if (audio) audio.currentTime = Math.max(0, audio.currentTime - BACK);
}

const sheet = () => [...document.querySelectorAll("fieldset[data-criterion]")];
const isGiven = (criterion) => criterion.querySelector("input:checked");

function show(criterion) {
  for (const one of sheet()) one.toggleAttribute("data-now", one === criterion);
  criterion?.scrollIntoView({ block: "nearest" });
}

const waiting = () => sheet().find((one) => one.hasAttribute("data-now")) ?? sheet().find((one) => !isGiven(one));

function give(points) {
  const criterion = waiting();
  const chosen = criterion?.querySelector(`input[value="${points}"]`);
  if (!chosen) return false;
  chosen.checked = true;
  const all = sheet();
  const next = all.slice(all.indexOf(criterion) + 1).find((one) => !isGiven(one)) ?? all.find((one) => !isGiven(one));
  show(next ?? null);
  if (!next) document.querySelector("[data-save]")?.focus();
  return true;
}

function act(code) {
  if (code === "KeyP") play();
  else if (code === "KeyZ") back();
  else return false;
  return Boolean(document.querySelector("[data-player], [data-listen]"));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-play]")) play();
  if (event.target.closest("[data-back]")) back();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  const done = digit ? give(digit[1]) : act(event.code);
  if (done) event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  const criterion = event.target.closest("fieldset[data-criterion]");
  if (criterion) show(criterion);
});
show(sheet().find((one) => !isGiven(one)) ?? null);
