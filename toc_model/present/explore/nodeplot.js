import { make, makeSvg, plainTable } from "./dom.js";
import { nodeBins, nodeExtent, nodeNumber, nodeSpread } from "./nodewords.js";

const PLOT = { width: 264, row: 66, words: 13, bars: 36, bins: 30, axis: 20 };

function plotBars(values, [low, high], base, which) {
  const shares = nodeBins(values, low, high, PLOT.bins);
  const most = Math.max(...shares);
  const width = PLOT.width / PLOT.bins;
  const heights = shares.map((share) => (most ? ((PLOT.bars * share) / most).toFixed(1) : 0));
  const bars = heights.map((height, place) => {
    const left = (place * width + 0.6).toFixed(1);
    return height > 0 ? `M${left} ${base}v${-height}h${(width - 1.2).toFixed(1)}v${height}z` : "";
  });
  return makeSvg("path", { class: `g-bars ${which}`, d: bars.join("") });
}

function plotRow(values, name, [low, high], index) {
  const top = index * PLOT.row;
  const base = top + PLOT.words + 7 + PLOT.bars;
  const { mean, q05, q95 } = nodeSpread(values);
  const share = (x) => (high > low ? Math.min(1, Math.max(0, (x - low) / (high - low))) : 0.5);
  const at = (x) => (PLOT.width * share(x)).toFixed(1);
  const which = index ? "g-after" : "g-before";
  const words = ` mean ${nodeNumber(mean)} (${nodeNumber(q05)} to ${nodeNumber(q95)})`;
  const shapes = [
    makeSvg("text", { class: "g-plot-words", y: top + PLOT.words },
      makeSvg("tspan", { class: "g-strong", text: name }), words),
    plotBars(values, [low, high], base, which),
    makeSvg("path", { class: "g-base", d: `M0 ${base}H${PLOT.width}` }),
  ];
  if (!Number.isFinite(mean)) return shapes;
  const diamond = { transform: `translate(${at(mean)} ${base + 5})`, d: "M0 -5L5 0L0 5L-5 0Z" };
  return [
    ...shapes,
    makeSvg("path", { class: `g-whisker ${which}`, d: `M${at(q05)} ${base + 5}H${at(q95)}` }),
    makeSvg("path", { class: `g-mean ${which}`, ...diamond }),
  ];
}

function plotAxis([low, high], unit, y) {
  const word = (x, anchor, text) =>
    makeSvg("text", { class: "g-plot-words g-soft", x, y, "text-anchor": anchor, text });
  if (!Number.isFinite(low)) return [word(0, "start", "undefined in every draw")];
  if (low === high) return [word(0, "start", `always ${nodeNumber(low)} ${unit}`)];
  const ends = [word(0, "start", nodeNumber(low)), word(PLOT.width, "end", nodeNumber(high))];
  return [...ends, word(PLOT.width / 2, "middle", unit)];
}

// Histograms of one place under A and B, one above the other, on one axis.
export function placePlot(before, after, place, unit) {
  const ends = nodeExtent([before, after]);
  const bottom = 2 * PLOT.row;
  const means = [before, after].map((values) => nodeNumber(nodeSpread(values).mean));
  const words = `histograms under A, mean ${means[0]}, and under B, mean ${means[1]} ${unit}`;
  const label = place ? `${place}: ${words}` : words;
  const frame = { viewBox: `-6 0 ${PLOT.width + 12} ${bottom + PLOT.axis}`, role: "img", "aria-label": label };
  const rows = [...plotRow(before, "A", ends, 0), ...plotRow(after, "B", ends, 1)];
  return make("figure", { class: "g-plot" },
    place ? make("figcaption", { text: place }) : null,
    makeSvg("svg", frame, ...rows, ...plotAxis(ends, unit, bottom + 14)));
}

// The figures behind them, of all places.
export function placesTable(record, places, { before, after }) {
  const row = (name, values) => {
    const { mean, q05, q95, absent } = nodeSpread(values);
    return [name, ...[mean, q05, q95].map(nodeNumber), absent ? `${nodeNumber(100 * absent)} %` : "0 %"];
  };
  const rows = places.flatMap((place, index) => [["A", before], ["B", after]].map(([name, sets]) =>
    row([place, name].filter(Boolean).join(", "), sets[index])));
  return plainTable(`${record.label}, in ${record.unit}`, ["under", "mean", "5 %", "95 %", "undefined"], rows);
}
