// Short news. The server sends HX-Trigger: {"toast": {"text", "state", "undo"?}}; nothing here asks «Вы уверены?».

const STAYS_MS = 6000;
const STAYS_WITH_UNDO_MS = 12000;
const corner = document.getElementById("toasts");

function leave(toast) {
  toast.remove();
  if (!corner.childElementCount) corner.hidePopover?.();
}

function settle(toast, ms) {
  let timer = setTimeout(leave, ms, toast);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, () => (timer = setTimeout(leave, ms, toast)));
}

export function toast({ text, state = "done", undo = "" }) {
  const template = document.getElementById(`toast-${state}`) ?? document.getElementById("toast-done");
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("p").textContent = text;
  const button = element.querySelector("[data-undo]");
  if (undo) {
    button.hidden = false;
    button.addEventListener("click", () => {
      window.htmx.ajax("POST", undo, { source: document.body, swap: "none" });
      leave(element);
    });
  }
  corner.append(element);
  // Shown again to stand above a dialog that has been opened since.
  corner.hidePopover?.();
  corner.showPopover?.();
  if (state !== "late") settle(element, undo ? STAYS_WITH_UNDO_MS : STAYS_MS);
}

document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("click", (event) => {
  const cross = event.target.closest("[data-close-toast]");
  if (cross) leave(cross.closest(".toast"));
});
document.addEventListener("htmx:sendError", () => toast({ text: "Нет связи с сервером. Текст на месте, попробуйте ещё раз.", state: "late" }));
document.addEventListener("htmx:timeout", () => toast({ text: "Сервер не ответил за полминуты. Попробуйте ещё раз.", state: "late" }));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (!xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) toast({ text: "Не получилось. Попробуйте ещё раз.", state: "late" });
});

if (corner?.childElementCount) {
  corner.showPopover?.();
  for (const element of corner.children) if (element.dataset.state !== "late") settle(element, STAYS_MS);
}
