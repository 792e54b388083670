// Enter walks through the fields; from the last one the sheet is saved, once.
const form = document.querySelector(".survey-entry");
const fields = [...form.querySelectorAll(".survey-fields input")];

form.addEventListener("keydown", (event) => {
  if ((event.code !== "Enter" && event.code !== "NumpadEnter") || event.ctrlKey || event.metaKey) return;
  const place = fields.indexOf(event.target);
  if (place < 0) return;
  event.preventDefault();
  const next = fields[place + 1];
  if (next) {
    next.focus();
    next.select();
  } else {
    form.requestSubmit();
  }
});

form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => delete form.dataset.sent);

(form.querySelector("[aria-invalid]") ?? fields[0])?.focus();
