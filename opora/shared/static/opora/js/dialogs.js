// Dialogs: data-opens="id" opens one that is on the page; an htmx answer into #dialog opens by itself.
import { fillHelp } from "./keys.js";

function open(dialog) {
  if (dialog.open) return;
  const help = dialog.querySelector("[data-keys-help]");
  if (help) fillHelp(help);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(document.getElementById(opener.dataset.opens));
  else if (event.target.matches("dialog[open]") && event.target.id === "keys-help") event.target.close();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = document.getElementById("dialog");
  if (event.detail.target === dialog && dialog.childElementCount) open(dialog);
});

document.addEventListener("close-dialog", () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));
