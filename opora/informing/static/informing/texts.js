// A field of the list goes to where the fingers were in the text; after its bar, where something must be written.
document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-insert]")?.dataset.insert;
  const text = document.querySelector("#text-form textarea");
  if (!field || !text) return;
  const at = text.selectionStart + field.length - (field.endsWith("|}") ? 1 : 0);
  text.setRangeText(field, text.selectionStart, text.selectionEnd, "end");
  text.focus();
  text.setSelectionRange(at, at);
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
