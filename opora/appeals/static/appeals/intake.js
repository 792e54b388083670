// Intake: fingers stay on the keyboard, and nothing typed is ever lost. What is kept and sent is in draft.js.
import { keep } from "./draft.js";

const form = () => document.getElementById("intake");
const at = (id) => document.getElementById(id);
const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");

// Pickers: a field with a list below; arrows walk, Enter takes, Esc puts the list away.
const picksOf = (field) => [...field.closest("[data-picker]").querySelectorAll("[data-pick]")];
const selected = (field) => picksOf(field).find((pick) => pick.ariaSelected === "true");

function select(field, pick) {
  for (const one of picksOf(field)) one.ariaSelected = String(one === pick);
  field.setAttribute("aria-expanded", String(picksOf(field).length > 0));
  if (pick?.id) field.setAttribute("aria-activedescendant", pick.id);
  pick?.scrollIntoView({ block: "nearest" });
}

function walk(field, step) {
  const picks = picksOf(field);
  const next = picks[(picks.indexOf(selected(field)) + step + picks.length) % picks.length];
  if (next) select(field, next);
}

function enter(field) {
  if (!field.value.trim()) {
    if (field.dataset.emptyPick === "nameless") document.querySelector("[data-nameless]").click();
    else if (field.id === "topic") at("text").focus();
    return;
  }
  // A list answers the words it was asked for: while it is on its way, Enter waits for it.
  if (field.dataset.fresh === field.value) take(field, selected(field));
  else field.dataset.waits = "1";
}

// The form asks, not the line of the list: a later list may take the line away before the answer comes.
function take(field, pick) {
  if (!pick) return;
  if (!pick.dataset.post) return takeClinic(field, pick);
  window.htmx.trigger(field, "htmx:abort");
  window.htmx.ajax("POST", pick.dataset.post, { source: form(), target: `#${pick.dataset.into}`, swap: "outerHTML", values: { pick: pick.dataset.pick, card: pick.dataset.card ?? "" } });
}

function takeClinic(field, pick) {
  field.value = pick.dataset.text;
  field.closest("[data-picker]").querySelector("[type=hidden]").value = pick.dataset.pick;
  field.closest("[data-picker]").querySelector(".picks").replaceChildren();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!form()?.contains(field) || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) return;
  const picker = typing(field) && field.closest("[data-picker]");
  if (picker && ["ArrowDown", "ArrowUp"].includes(event.code) && picksOf(field).length) {
    event.preventDefault();
    walk(field, event.code === "ArrowDown" ? 1 : -1);
  } else if (event.code === "Enter" && field.matches("input")) {
    event.preventDefault(); // only a button or Ctrl+Enter saves
    if (picker) enter(field);
  } else if (event.code === "Escape" && picker && picksOf(field).length) {
    event.preventDefault();
    event.stopImmediatePropagation();
    picker.querySelector(".picks").replaceChildren();
  } else if (field.closest("[data-common]")) {
    onCommon(event);
  }
}, true);

// On the common topics digits choose (keys.js), letters begin a search: no key in between.
function onCommon(event) {
  const chips = [...document.querySelectorAll(".common-topic")];
  if (["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"].includes(event.code)) {
    event.preventDefault();
    const step = ["ArrowDown", "ArrowRight"].includes(event.code) ? 1 : -1;
    chips[(chips.indexOf(document.activeElement) + step + chips.length) % chips.length].focus();
  } else if (event.key.length === 1 && !/\d|\s/.test(event.key)) {
    event.stopImmediatePropagation();
    at("topic").focus();
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const field = event.target;
  if (field.matches?.("#person, #topic")) field.dataset.asked = field.value;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const field = event.detail.requestConfig?.elt;
  if (!field?.matches?.("#person, #topic")) return;
  field.dataset.fresh = field.dataset.asked;
  const picks = picksOf(field);
  // The best is ready for Enter. Somebody new («со слов») never stands first by himself while there are others.
  select(field, picks[0]);
  if (field.dataset.waits) {
    delete field.dataset.waits;
    const sure = picks.filter((pick) => !pick.matches(".aside"));
    if (field.id === "topic" || sure.length === 1) take(field, picks[0]);
  }
});

document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (pick) take(pick.closest("[data-picker]").querySelector("input"), pick);
  if (event.target.closest("[data-add-reason]")) addReason();
});

// After a choice the hands are already where the next step begins.
document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.requestConfig?.elt?.id ?? "";
  const target = event.detail.target?.id;
  if (target === "who-step") (at("person") ?? (at("surname") && !at("surname").value ? at("surname") : null) ?? firstTopic())?.focus();
  if (target === "topic-step" && id !== "kind-step") at("text").focus();
  if (["who-step", "topic-step", "say"].includes(target)) drafts.touch();
  if (target === "ways" && document.activeElement === at("to")) document.querySelector("#ways .way")?.focus();
});

const firstTopic = () => document.querySelector(".common-topic") ?? at("topic");

function addReason() {
  const template = document.querySelector("[data-reason-template]");
  document.querySelector("[data-reasons]").append(template.content.cloneNode(true));
  [...document.querySelectorAll("[data-reason] select")].at(-1).focus();
}

// Clinics by a part of the name: a small list of its own, because rows come and go.
let clinicTimer = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!["reason_provider_name", "wait_provider_name"].includes(field.name)) return;
  field.closest("[data-picker]").querySelector("[type=hidden]").value = "";
  clearTimeout(clinicTimer);
  clinicTimer = setTimeout(findClinics, 150, field);
});

async function findClinics(field) {
  const asked = field.value;
  const body = new FormData();
  body.set("clinic_q", asked);
  body.set("draft", form().elements.draft.value);
  const answer = await fetch("/appeals/new/clinics/", { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token() } }).catch(() => null);
  if (!answer?.ok || field.value !== asked) return;
  field.closest("[data-picker]").querySelector(".picks").innerHTML = await answer.text();
  field.dataset.fresh = asked;
  select(field, picksOf(field)[0]);
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

document.addEventListener("change", (event) => {
  if (["phone", "enp"].includes(event.target.id) && at("who-step").contains(event.target)) {
    window.htmx.ajax("POST", "/appeals/new/say/", { source: form(), target: "#say", swap: "outerHTML" });
  }
  if (event.target.id === "channel") {
    document.querySelector("[data-summary-of=channel]").textContent = event.target.selectedOptions[0].text.toLowerCase();
  }
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.more") && event.target.open) event.target.querySelector("select, input:not([type=hidden])")?.focus({ preventScroll: true });
  if (event.target.id === "hand-over" && event.target.open) window.htmx.ajax("POST", "/appeals/new/ways/", { source: form(), target: "#ways", swap: "innerHTML" });
}, true);

const drafts = keep(form, token);
if (document.activeElement === document.body && !document.querySelector("[data-summary]")) (at("person") ?? firstTopic())?.focus();
