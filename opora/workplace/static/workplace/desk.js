// T takes the row of the queue on which the hands are; without one keys.js takes the first.
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyT" || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = event.target.closest?.("[data-queue] tr")?.querySelector("button");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  button.click();
}, true);
