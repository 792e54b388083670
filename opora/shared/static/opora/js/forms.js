// Small help while typing. The server understands every writing by itself; nothing here refuses or rewrites a paste.

const two = (text) => text.padStart(2, "0");

// «140385», «14.3.85» → «14.03.1985» when the field is left; anything else waits for the server.
function tidyDay(field) {
  const found = field.value.trim().match(/^(\d{2})(\d{2})(\d{2}|\d{4})$/) ?? field.value.trim().match(/^(\d{1,2})[.,/\- ](\d{1,2})[.,/\- ](\d{2}|\d{4})$/);
  if (!found) return;
  const [day, month] = [Number(found[1]), Number(found[2])];
  const today = new Date();
  let year = Number(found[3]);
  if (found[3].length === 2) {
    year += 2000;
    if (new Date(year, month - 1, day) > today) year -= 100;
  }
  const date = new Date(year, month - 1, day);
  if (date.getMonth() === month - 1 && date.getDate() === day) field.value = `${two(found[1])}.${two(found[2])}.${year}`;
}

function tidyPhone(field) {
  const digits = field.value.replace(/\D/g, "");
  const national = digits.length === 11 && /^[78]/.test(digits) ? digits.slice(1) : digits;
  if (national.length !== 10 || /[a-zа-я#*]/i.test(field.value)) return;
  field.value = `+7 ${national.slice(0, 3)} ${national.slice(3, 6)}-${national.slice(6, 8)}-${national.slice(8)}`;
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-date]")) tidyDay(field);
  if (field.matches("[data-phone]")) tidyPhone(field);
  if (field.matches(".native-date") && field.value) {
    const text = field.parentElement.querySelector("[data-date]");
    text.value = field.value.split("-").reverse().join(".");
    text.dispatchEvent(new Event("change", { bubbles: true }));
    text.focus();
  }
  if (field.matches("form[data-live] *")) field.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const calendar = event.target.closest("[data-calendar]");
  if (calendar) calendar.parentElement.querySelector(".native-date").showPicker();
  if (event.target.closest("[data-back]") && history.length > 1) {
    event.preventDefault();
    history.back();
  }
  if (event.target.closest("[data-print]")) window.print();
});

// A saved form comes back with its errors: say so at once.
document.addEventListener("htmx:afterSettle", (event) => event.detail.elt.querySelector?.("[data-summary]")?.focus());
document.querySelector("[data-summary]")?.focus();

// A form is sent once: a second click while the answer is on its way would write the same row again.
// The guard ends by itself, for an answer that is a file leaves the page where it was.
const AGAIN = 10_000; // ms
let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const target = event.submitter?.getAttribute("formtarget") ?? form.getAttribute("target");
  if (form.getAttribute("method")?.toLowerCase() !== "post" || target === "_blank") return;
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // Only after everybody has heard of it: what a script sends by itself, a script holds back.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    sent.add(form);
    setTimeout(() => sent.delete(form), AGAIN);
  });
}, true);
addEventListener("pageshow", () => (sent = new WeakSet()));

// Drafts live in this tab only and go with it.
const PREFIX = "draft:";
const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

function restore(root) {
  for (const field of root.querySelectorAll?.("[data-draft]") ?? []) {
    const draft = sessionStorage.getItem(PREFIX + field.dataset.draft);
    if (draft && !field.value) field.value = draft;
  }
}

document.addEventListener("input", (event) => {
  const name = event.target.dataset?.draft;
  if (name) sessionStorage.setItem(PREFIX + name, event.target.value);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) drafts().forEach((key) => sessionStorage.removeItem(key));
});
document.addEventListener("draft-saved", (event) => sessionStorage.removeItem(PREFIX + event.detail.value));
document.addEventListener("htmx:load", (event) => restore(event.detail.elt));
restore(document);
