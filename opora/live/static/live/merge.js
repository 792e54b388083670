// A list that is brought up to date in place: new rows fade in, changed ones are replaced, those that left go. What was
// scrolled to further down stays, and so does the row in which somebody stands.
//
// <tbody data-live="org:12" data-live-merge="address that answers with the first rows">, rows are <tr data-row="id">.

const rowsOf = (root) => [...root.querySelectorAll("[data-row]")];
const said = (row) => row.textContent.replace(/\s+/g, " ").trim();

function take(list, incoming) {
  const here = new Map(rowsOf(list).map((row) => [row.dataset.row, row]));
  const there = new Set(incoming.map((row) => row.dataset.row));
  const last = incoming.findLast((row) => here.has(row.dataset.row));
  const isHeld = (row) => row.contains(document.activeElement);
  for (const [id, row] of here) {
    if (!last && incoming.length) break; // all of them are new: what stands here may be further down
    if (!there.has(id) && !isHeld(row)) row.remove();
    if (id === last?.dataset.row) break;
  }
  let next = list.firstElementChild;
  for (const row of incoming) {
    const old = here.get(row.dataset.row);
    if (old && isHeld(old)) {
      next = old.nextElementSibling;
      continue;
    }
    const isNew = !old || said(old) !== said(row);
    const node = isNew ? row : old;
    if (old === next && old) next = next.nextElementSibling;
    if (isNew) {
      old?.remove();
      row.classList.add("fresh");
    }
    if (!node.isConnected || node.nextElementSibling !== next) list.insertBefore(node, next);
    if (isNew) window.htmx.process(node);
  }
}

export async function merge(list) {
  const answer = await fetch(list.dataset.liveMerge, { headers: { "HX-Request": "true", "X-Background": "1" }, redirect: "error" }).catch(() => null);
  if (answer?.status !== 200 || !list.isConnected) return;
  const page = document.createElement("template");
  page.innerHTML = await answer.text();
  take(list, rowsOf(page.content));
}
