// A table of figures as one stop of Tab: arrows walk over its cells, Home and End along the row, Enter opens the number.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const tables = [...document.querySelectorAll("[data-figures]")];
const cellsOf = (row) => [...row.cells].filter((cell) => cell.matches("td")).map((cell) => cell.querySelector(":scope > :is(a, span)"));
const rowsOf = (table) => [...table.tBodies[0].rows].map(cellsOf);

for (const table of tables) {
  const all = rowsOf(table).flat().filter(Boolean);
  for (const cell of all) cell.tabIndex = -1;
  const first = all.find((cell) => cell.matches("a")) ?? all[0];
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", (event) => walk(table, event));
  table.addEventListener("focusin", (event) => {
    if (!all.includes(event.target)) return;
    for (const cell of all) cell.tabIndex = -1;
    event.target.tabIndex = 0;
  });
}

function walk(table, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rows = rowsOf(table);
  const at = rows.findIndex((row) => row.includes(event.target));
  if (at < 0) return;
  const place = rows[at].indexOf(event.target);
  const next = event.key in STEPS ? beside(rows, at, place, STEPS[event.key]) : { Home: rows[at].find(Boolean), End: rows[at].findLast(Boolean) }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  next?.focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// The nearest cell that way which holds something; heads of groups hold nothing. null — the edge.
function beside(rows, at, place, [down, right]) {
  for (let row = at + down, column = place + right; rows[row]?.[column] !== undefined; row += down, column += right) {
    if (rows[row][column]) return rows[row][column];
  }
  return null;
}

for (const button of document.querySelectorAll("[data-to-figures]")) {
  button.addEventListener("click", () => document.querySelector("[data-figures] [tabindex='0']")?.focus());
}
