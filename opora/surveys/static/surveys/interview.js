// One answer of one: a digit or a tap goes on at once. Arrows only choose. Enter in a field saves; a form goes once.
const form = document.querySelector(".survey-form");

form?.addEventListener("click", (event) => {
  const answer = event.target.closest("input[type=radio]");
  // A key of the page clicks by script, a finger has a count; an arrow of the keyboard has neither.
  if (answer && (!event.isTrusted || event.detail > 0)) form.requestSubmit(form.querySelector("[data-save]"));
});

form?.querySelector(".survey-number, textarea")?.addEventListener("keydown", (event) => {
  if (event.code !== "Enter" && event.code !== "NumpadEnter") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

const later = document.querySelector("[data-later]");
later?.addEventListener("keydown", (event) => {
  if (event.code !== "Enter" && event.code !== "NumpadEnter") return;
  event.preventDefault();
  later.form.requestSubmit(later.form.querySelector("[data-later-save]"));
});

for (const each of document.querySelectorAll("form[data-once]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete each.dataset.sent);
}
