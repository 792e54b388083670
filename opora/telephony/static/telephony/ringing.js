// Who is calling: when a call appears and nothing is being typed, its button is ready for Enter.

const place = document.getElementById("ringing");
let shown = "";

const isFree = () => !document.activeElement || document.activeElement === document.body || document.activeElement.id === "main";

function ready() {
  const caller = place.querySelector("[data-call]");
  const call = caller?.dataset.call ?? "";
  if (call && call !== shown && isFree()) caller.querySelector("[data-open-intake]")?.focus({ preventScroll: true });
  shown = call;
}

if (place) {
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target === place && ready());
  // A page that was opened by Enter is not focused on anything: Enter still means the call.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isFree()) return;
    const button = place.querySelector("[data-ringing] [data-open-intake]");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
