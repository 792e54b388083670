// The context panel: beside the work on a wide screen (remembered), a sheet on a phone (closed at first).

const root = document.documentElement;
const isPhone = matchMedia("(max-width: 56rem)");

if (localStorage.getItem("panel") === "closed") root.dataset.panel = "closed";

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-toggle-panel]")) {
    if (root.dataset.sheet === "open" && !event.target.closest(".context")) delete root.dataset.sheet;
    return;
  }
  if (isPhone.matches) {
    if (root.dataset.sheet === "open") delete root.dataset.sheet;
    else root.dataset.sheet = "open";
    return;
  }
  const closed = root.dataset.panel !== "closed";
  if (closed) root.dataset.panel = "closed";
  else delete root.dataset.panel;
  localStorage.setItem("panel", closed ? "closed" : "open");
});
