// Charts of a page: the server's drawing becomes a living one when it comes near, the table folds behind a button.
// Without this script the drawing and the table stay as they are.

import { heightOf, optionOf, shaped } from "./chart-option.js";

const LIBRARY = "../../vendor/echarts/echarts.common.min.js";
const live = new Map(); // figure → its chart
const near = new IntersectionObserver((entries) => entries.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => draw(target)), { rootMargin: "400px" });
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target.closest(".chart"))));

function begin(root) {
  for (const figure of root.querySelectorAll("[data-chart]:not([data-begun])")) {
    figure.dataset.begun = "";
    foldTable(figure);
    near.observe(figure);
  }
}

function foldTable(figure) {
  const button = figure.querySelector("[data-chart-table]");
  const table = figure.querySelector(".chart-table");
  const show = (open) => {
    table.classList.toggle("hush", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  show(false);
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
}

async function draw(figure) {
  near.unobserve(figure);
  if (live.has(figure)) return;
  await import(LIBRARY);
  const place = document.createElement("div");
  place.className = "chart-live";
  figure.querySelector(".chart-drawing").append(place);
  const spec = JSON.parse(figure.dataset.chart);
  const width = place.clientWidth;
  const ink = inksOf(figure);
  const shape = shaped(spec, width, ink.scale);
  place.style.height = `${heightOf(shape, width, ink.scale)}px`; // by the object model: the policy forbids the attribute
  const chart = globalThis.echarts.init(place, null, { renderer: "canvas" });
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const link = spec.series[seriesIndex]?.links[dataIndex];
    if (link) window.location.assign(link);
  });
  live.set(figure, { chart, spec, place, width });
  chart.setOption(optionOf(shape, width, ink));
  sizes.observe(place);
  figure.dataset.drawn = "";
}

function fit(figure) {
  const drawn = live.get(figure);
  if (!drawn || !figure.isConnected || drawn.place.clientWidth === drawn.width || !drawn.place.clientWidth) return;
  drawn.width = drawn.place.clientWidth;
  redraw(figure, drawn);
}

function redraw(figure, { chart, spec, place, width }) {
  const ink = inksOf(figure);
  const shape = shaped(spec, width, ink.scale);
  place.style.height = `${heightOf(shape, width, ink.scale)}px`;
  chart.resize();
  chart.setOption(optionOf(shape, width, ink), { notMerge: true });
}

// Colours are asked of the style sheet by name: a theme changes tokens and nothing here.
function inksOf(figure) {
  const probe = document.createElement("i");
  probe.hidden = true;
  figure.append(probe);
  const seen = {};
  const ink = (name, part = "fill") => {
    const key = `${part}-${name}`;
    if (!(key in seen)) {
      probe.className = key;
      seen[key] = getComputedStyle(probe)[part];
    }
    return seen[key];
  };
  ink.scale = Math.min(1.75, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
  ink.font = getComputedStyle(figure).fontFamily;
  for (const name of ["1", "2", "3", "4", "5", "6", "former", "paper", "text", "quiet", "rule"]) ink(name);
  ink("quiet", "stroke");
  probe.remove();
  return ink;
}

function forget() {
  for (const [figure, { chart }] of live) {
    if (figure.isConnected) continue;
    chart.dispose();
    live.delete(figure);
  }
}

const repaint = () => live.forEach((drawn, figure) => redraw(figure, drawn));
new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-colours", "data-size"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
document.addEventListener("htmx:afterSettle", () => { forget(); begin(document); });
begin(document);
