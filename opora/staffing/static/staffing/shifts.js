// Shifts are typed like a table: Enter and the arrows lead up and down, a block copied from a spreadsheet is laid over
// the cells from the one it is pasted into.

const form = document.querySelector("[data-shifts]");

const cells = () => [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);

function placeOf(input, rows) {
  const row = rows.findIndex((one) => one.includes(input));
  return [row, rows[row].indexOf(input)];
}

form?.addEventListener("keydown", (event) => {
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches("tbody input") || event.ctrlKey || event.metaKey) return;
  const rows = cells();
  const [row, column] = placeOf(event.target, rows);
  const next = rows[row + step]?.[column];
  event.preventDefault();
  next?.focus();
  next?.select();
});

form?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!event.target.matches("tbody input") || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const rows = cells();
  const [row, column] = placeOf(event.target, rows);
  text.trimEnd().split(/\r?\n/).forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const cell = rows[row + down]?.[column + right];
      if (cell) cell.value = value.trim();
    });
  });
});
