// The interval of a belief over its slider, and the medians of worldviews, each with its name.
import { make, makeSvg, redrawn } from "./dom.js";
import { placedLabels } from "./ticks.js";
import { drawing, pixelsOf } from "./charts.js";
import { amountOf } from "./naming.js";

const THUMB = 8;
const ROW = 14;
const LETTER = 6.6;
const NEAR = 6;

// Drawn anew by `update({line, ends, belief, marks})`.
export function beliefMarks(entry) {
  const element = make("div", { class: "marks" });
  const update = redrawn(element, (holder, width, { line, ends, belief, marks }) => {
    const toPixel = pixelsOf(ends, THUMB, width - THUMB);
    const along = (x) => toPixel(Math.min(Math.max(line.to(x), ends[0]), ends[1]));
    const labels = sharedMarks(marks, along).map(({ label, x }) => ({ label, x, size: LETTER * label.length }));
    const places = placedLabels(labels, width, 8);
    const height = (Math.max(-1, ...places.map(({ row }) => row)) + 1) * ROW + 14;
    const base = height - 4;
    const top = (row) => base - 8 - (row + 1) * ROW;
    holder.replaceChildren(
      drawing(
        width,
        height,
        medianText(entry, marks),
        ...labels.map(({ x }, k) =>
          makeSvg("line", { class: "stem", x1: x, x2: x, y1: top(places[k].row) + 3, y2: base }),
        ),
        ...labels.map(({ label }, k) =>
          makeSvg("text", { class: "mark", x: places[k].left, y: top(places[k].row) + ROW - 3, text: label }),
        ),
        makeSvg("line", {
          class: "believed",
          x1: along(belief[0]),
          x2: along(belief[belief.length - 1]) + 0.01,
          y1: base,
          y2: base,
        }),
      ),
    );
  });
  return { element, update };
}

// Worldviews whose medians lie on each other share a mark, at the middle of them.
function sharedMarks(marks, along) {
  const places = marks
    .map(({ label, interval }) => ({ label, x: along(interval[1]) }))
    .sort((one, other) => one.x - other.x);
  const groups = [];
  for (const one of places) {
    const last = groups[groups.length - 1];
    if (last && one.x - last[last.length - 1].x < NEAR) last.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => ({
    x: (group[0].x + group[group.length - 1].x) / 2,
    label: groupName(
      marks.map(({ label }) => label).filter((label) => group.some((one) => one.label === label)),
      marks.length,
    ),
  }));
}

function groupName(labels, all) {
  if (labels.length === all && all > 1) return "all worldviews";
  return labels.length > 3 ? `${labels[0]} and ${labels.length - 1} others` : labels.join(", ");
}

// All medians in words.
export function medianText(entry, marks) {
  return marks.length
    ? `Medians of worldviews: ${marks.map(({ label, interval }) => `${label} ${amountOf(entry, interval[1])}`).join("; ")}.`
    : "";
}
