// From the data of a chart (``Chart.spec``) and the colours of the theme to an option of ECharts. Touches no page.

// Sizes at a root type of 16 px; ``ink.scale`` grows them with the version for low vision.
const AXIS = 11, TEXT = 12, BAR = 18, LETTER = 7;
const DASHES = ["solid", [6, 4], [2, 3], [10, 4], [10, 3, 2, 3], [4, 2]];
const MARKS = ["circle", "rect", "triangle", "diamond", "arrow", "roundRect"];
const MARKED = 40; // a line of more points is drawn without marks
const grouped = new Intl.NumberFormat("ru-RU", { useGrouping: "min2", maximumFractionDigits: 2 });

// «12 345,6»: narrow spaces that do not break, as ``opora.shared.typography.thousands`` writes it.
export const number = (value) => grouped.format(value).replace(/\u00a0/g, "\u202f").replace("-", "−");

// Where names do not fit under the bars (a phone), the bars lie; short names (months, hours) may be left out.
export function shaped(spec, width, scale) {
  const letters = longest(spec.categories);
  const crowded = letters > 5 && letters * LETTER * scale * spec.categories.length > width - 50;
  return { ...spec, lying: spec.lying || (crowded && spec.kind !== "line") };
}

export function heightOf(spec, width, scale) {
  return legendHeight(spec, width, scale) + (spec.lying ? 8 + spec.categories.length * bandOf(spec, width, scale) : 230 + 20 * scale);
}

export function optionOf(spec, width, ink) {
  const small = AXIS * ink.scale, text = TEXT * ink.scale, top = legendHeight(spec, width, ink.scale);
  const room = namesWidth(spec, width, ink.scale);
  const names = {
    type: "category", data: spec.categories, inverse: spec.lying, axisTick: { show: false },
    axisLine: { lineStyle: { color: ink("quiet", "stroke") } },
    axisLabel: spec.lying
      ? { color: ink("text"), fontSize: text, width: room, overflow: "break", lineHeight: 15 * ink.scale, align: "left", margin: room + 8, interval: 0 }
      : { color: ink("quiet"), fontSize: small, hideOverlap: true },
  };
  const values = {
    type: "value", splitNumber: 4, splitLine: { show: !spec.lying && ink("rule") !== ink("text"), lineStyle: { color: ink("rule") } },
    axisLabel: { show: !spec.lying, color: ink("quiet"), fontSize: small, formatter: number },
  };
  return {
    animation: false,
    textStyle: { fontFamily: ink.font, fontSize: text },
    grid: spec.lying
      ? { left: room + 10, right: 10 + LETTER * ink.scale * longest(spec.series.flatMap(({ labels }) => labels)), top, bottom: 4, outerBoundsMode: "none" }
      : { left: 4, right: 12, top: top + 16 * ink.scale, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: spec.series.length > 1 ? legendOf(spec, ink, text) : undefined,
    tooltip: tooltipOf(spec, ink, text),
    xAxis: spec.lying ? values : names,
    yAxis: spec.lying ? names : values,
    series: [...spec.series.map((series) => seriesOf(spec, series, ink, width)), ...totals(spec, ink)],
  };
}

function legendOf(spec, ink, text) {
  const names = spec.series.map(({ name }) => name);
  return { left: 0, top: 0, padding: [2, 0], itemGap: 18, itemWidth: 22 * ink.scale, itemHeight: 12 * ink.scale, selectedMode: false, icon: spec.kind === "line" ? undefined : "rect", textStyle: { color: ink("text"), fontSize: text }, data: names };
}

function seriesOf(spec, series, ink, width) {
  const colour = ink(series.ink);
  const common = { name: series.name, data: series.values, cursor: series.links.some(Boolean) ? "pointer" : "default", emphasis: { disabled: true }, color: colour };
  if (spec.kind === "line") {
    return { ...common, type: "line", connectNulls: false, showSymbol: spec.categories.length <= MARKED, symbol: MARKS[series.pattern], symbolSize: 8, lineStyle: { width: 2, color: colour, type: DASHES[series.pattern] }, itemStyle: { color: colour } };
  }
  const stacked = spec.kind === "stack";
  const room = (width * 0.7) / spec.categories.length / spec.series.length;
  const fits = spec.lying || longest(series.labels) * LETTER * ink.scale <= room;
  return {
    ...common, type: "bar", stack: stacked ? "all" : undefined, barMaxWidth: stacked ? 44 : 48, barGap: "6%",
    itemStyle: { color: colour, decal: decalOf(series.pattern, ink("paper")), borderColor: ink("paper"), borderWidth: stacked ? 1 : 0 },
    label: { show: !stacked && fits, position: spec.lying ? "right" : "top", color: ink("text"), fontSize: AXIS * ink.scale, formatter: ({ dataIndex }) => series.labels[dataIndex] },
  };
}

// A pile that lies says its sum at its end: an empty part carries the words.
function totals(spec, ink) {
  if (spec.kind !== "stack" || !spec.lying) return [];
  const sums = spec.categories.map((_, place) => spec.series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0));
  return [{ type: "bar", stack: "all", silent: true, data: sums.map(() => 0), tooltip: { show: false }, label: { show: true, position: "right", color: ink("text"), fontSize: AXIS * ink.scale, formatter: ({ dataIndex }) => number(sums[dataIndex]) } }];
}

// Drawn on the canvas: the tooltip of HTML would write style attributes, which the policy of our pages forbids.
function tooltipOf(spec, ink, text) {
  return {
    trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0,
    axisPointer: { type: spec.kind === "line" ? "line" : "shadow", lineStyle: { color: ink("quiet", "stroke") }, shadowStyle: { color: ink("rule"), opacity: 0.35 }, animation: false },
    backgroundColor: ink("paper"), borderColor: ink("quiet", "stroke"), borderWidth: 1, padding: 8, textStyle: { color: ink("text"), fontSize: text, fontFamily: ink.font },
    formatter(points) {
      const place = points[0].dataIndex;
      const lines = spec.series.map(({ name, labels }) => `${name}: ${labels[place]}`);
      return [spec.categories[place], ...lines].join("\n");
    },
  };
}

function decalOf(pattern, colour) {
  const lines = { symbol: "rect", color: colour, dashArrayX: [1, 0], dashArrayY: [1.5, 5.5], rotation: 0 };
  return [
    { symbol: "none" },
    { ...lines, rotation: -Math.PI / 4 },
    { symbol: "rect", color: colour, symbolSize: 1, dashArrayX: [[2, 5], [0, 3.5, 2, 1.5]], dashArrayY: [2, 5] },
    lines,
    { ...lines, rotation: Math.PI / 4 },
    { ...lines, rotation: Math.PI / 2 },
  ][pattern];
}

const longest = (texts) => Math.max(...texts.map((text) => text.length));
const namesWidth = (spec, width, scale) => Math.min(width * 0.4, longest(spec.categories) * (LETTER + 2) * scale);

function legendHeight(spec, width, scale) {
  if (spec.series.length < 2) return 4;
  const long = spec.series.reduce((sum, { name }) => sum + name.length * LETTER * scale + 50, 0);
  return 26 * scale * Math.ceil(long / width) + 6;
}

function bandOf(spec, width, scale) {
  const room = namesWidth(spec, width, scale);
  const lines = Math.max(...spec.categories.map((name) => Math.ceil((name.length * LETTER * 1.06 * scale) / room)));
  return 10 + Math.max(15 * scale * lines, BAR * (spec.kind === "stack" ? 1 : spec.series.length));
}
