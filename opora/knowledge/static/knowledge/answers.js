// A search left without opening a card is told to the editors: the words go without names and digits (the server cuts them).
const form = document.querySelector("form[data-asked]");
let opened = false;

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open]")) opened = true;
});

window.addEventListener("pagehide", () => {
  if (!form || opened || !document.querySelector("[data-open]")) return;
  const body = new FormData();
  body.set("q", form.dataset.asked);
  body.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  navigator.sendBeacon(form.dataset.leftUrl, body);
});
