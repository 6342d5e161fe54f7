// The interval of a belief over its slider, and the medians of worldviews, each with its name.
import { make, makeSvg, redrawn } from "./dom.js";
import { placedLabels } from "./ticks.js";
import { drawing, pixelsOf } from "./charts.js";
import { amountOf } from "./naming.js";

const THUMB = 8;
const ROW = 14;
const LETTER = 6.6;

// Drawn anew by `update({line, ends, belief, marks})`.
export function beliefMarks(entry) {
  const element = make("div", { class: "marks" });
  const update = redrawn(element, (holder, width, { line, ends, belief, marks }) => {
    const toPixel = pixelsOf(ends, THUMB, width - THUMB);
    const along = (x) => toPixel(Math.min(Math.max(line.to(x), ends[0]), ends[1]));
    const labels = sharedMedians(marks).map(({ label, median }) => ({ label, x: along(median), size: LETTER * label.length }));
    const places = placedLabels(labels, width, 8);
    const height = (Math.max(-1, ...places.map(({ row }) => row)) + 1) * ROW + 14;
    const base = height - 4;
    const top = (row) => base - 8 - (row + 1) * ROW;
    holder.replaceChildren(drawing(width, height, medianText(entry, marks),
      ...labels.map(({ x }, k) => makeSvg("line", { class: "stem", x1: x, x2: x, y1: top(places[k].row) + 3, y2: base })),
      ...labels.map(({ label }, k) => makeSvg("text", { class: "mark", x: places[k].left, y: top(places[k].row) + ROW - 3, text: label })),
      makeSvg("line", { class: "believed", x1: along(belief[0]), x2: along(belief[belief.length - 1]) + 0.01, y1: base, y2: base })));
  });
  return { element, update };
}

// Worldviews of one median share a mark; where all have the same, none is needed.
function sharedMedians(marks) {
  const found = new Map();
  for (const { label, interval } of marks) {
    const shown = interval[1].toPrecision(2);
    found.set(shown, { median: interval[1], label: found.has(shown) ? `${found.get(shown).label}, ${label}` : label });
  }
  return found.size === 1 ? [...found.values()].map(({ median }) => ({ median, label: "all worldviews" })) : [...found.values()];
}

function medianText(entry, marks) {
  return marks.length ? `Medians: ${marks.map(({ label, interval }) => `${label} ${amountOf(entry, interval[1])}`).join("; ")}` : "";
}
