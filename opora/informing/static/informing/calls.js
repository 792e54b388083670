// «Перезвонить» asks when: the fingers are in the field at once. Enter saves once, however long it is held.
const form = document.querySelector(".call-form");

form?.addEventListener("change", (event) => {
  if (event.target.value === "call_later") form.querySelector("[name=again_at]").focus();
});

form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => form && delete form.dataset.sent);
