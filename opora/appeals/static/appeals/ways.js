// A way that is chosen fills in its fields and gives its reason; the hands go on in «Почему», the reason may be typed over.

function put(field, value, title) {
  if (!field) return;
  const text = String(value);
  if (field.matches?.("select") && ![...field.options].some((option) => option.value === text)) field.append(new Option(title, text));
  field.value = text;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(way) {
  const { elements } = way.closest("form");
  for (const [name, value] of Object.entries(JSON.parse(way.dataset.fill))) put(elements[name], value, way.dataset.keyLabel);
  for (const other of way.closest("ol").querySelectorAll(".way[data-fill]")) other.ariaPressed = String(other === way);
  const { why } = elements;
  const isOffered = !why.value.trim() || why.value === why.dataset.offered;
  if (isOffered) why.dataset.offered = why.value = way.dataset.why;
  why.dispatchEvent(new Event("input", { bubbles: true }));
  why.focus();
  if (isOffered) why.select();
}

// Among the ways digits choose and arrows walk, whatever the same digit means elsewhere on the page.
document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.(".ways-offered");
  if (!group || event.ctrlKey || event.altKey || event.metaKey) return;
  const ways = [...group.querySelectorAll(".way[data-key]")];
  const digit = event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1];
  const chosen = digit && ways.find((way) => way.dataset.key === digit);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (!chosen && !step) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (chosen) chosen.click();
  else ways[(ways.indexOf(document.activeElement) + step + ways.length) % ways.length]?.focus();
}, true);

document.addEventListener("click", (event) => {
  const way = event.target.closest?.(".way");
  if (way?.dataset.fill) choose(way);
  else if (way?.getAttribute("href")?.startsWith("#")) {
    event.preventDefault();
    document.querySelector(way.getAttribute("href"))?.focus();
  }
});
