// A small layer of drawings: axes, dots, intervals and lines, at the width that there is, so that text keeps its size.
import { make, makeSvg, redrawn } from "./dom.js";
import { bulkOf, fittingDots, quantileDots, stackedDots, steadyEnds, ticksOf } from "./ticks.js";

const TEXT = 12;

// A number on an axis, with a real minus.
export function tickText(x, digits, withSign = false) {
  const text = Math.abs(x).toFixed(digits);
  if (Number(text) === 0) return "0";
  return x < 0 ? `\u2212${text}` : `${withSign ? "+" : ""}${text}`;
}

// A linear map from data to pixels.
export function pixelsOf([low, high], left, right) {
  return (x) => left + ((x - low) / (high - low)) * (right - left);
}

// A drawing with its size in pixels; what it shows is said by its label, or by its surroundings if it has none.
export function drawing(width, height, label, ...children) {
  const told = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return makeSvg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, ...told }, ...children);
}

// A horizontal axis with light lines up through the drawing.
export function axisAlong(ends, toPixel, { top, bottom, parts, withSign = false, mark = "", lines = true }) {
  const { ticks, digits } = ticksOf(ends[0], ends[1], parts);
  return makeSvg(
    "g",
    { class: "axis" },
    ...ticks.flatMap((x) => [
      lines
        ? makeSvg("line", { class: x === 0 ? "zero" : "grid", x1: toPixel(x), x2: toPixel(x), y1: top, y2: bottom })
        : null,
      makeSvg("text", {
        x: toPixel(x),
        y: bottom + TEXT + 4,
        "text-anchor": "middle",
        text: tickText(x, digits, withSign) + mark,
      }),
    ]),
  );
}

// The mark of one draw: a full circle for the better, an open diamond for the worse, a dash where nothing changes.
export function dotShape(kind, x, y, size) {
  const r = size * 0.42;
  if (kind === "better") return makeSvg("circle", { class: "dot better", cx: x, cy: y, r });
  if (kind === "worse")
    return makeSvg("path", { class: "dot worse", d: `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z` });
  return makeSvg("path", { class: "dot same", d: `M${x - r} ${y}H${x + r}` });
}

// Whether a change is for the better; zero is neither.
export function sideOf(change, lowerIsBetter) {
  if (change === 0) return "same";
  return change < 0 === lowerIsBetter ? "better" : "worse";
}

// A strip of dots, each an equal part of the draws of a change, for the better and the worse.
export function dotStrip(holder, { count = 100, height = 190, small = false } = {}) {
  let ends = null;
  const paint = (_, width, { draws, factor, lowerIsBetter, label }) => {
    const dots = quantileDots(draws, count).map((x) => factor * x);
    ends = steadyEnds(...bulkOf(dots), ends, 0.2);
    const toPixel = pixelsOf(ends, small ? 4 : 16, width - (small ? 4 : 16));
    const bottom = height - (small ? 3 : 40);
    const top = small ? 2 : 24;
    const inside = dots.map((dot) => Math.min(Math.max(dot, ends[0]), ends[1]));
    const { size, many } = fittingDots(inside, toPixel, bottom - top - 2, small ? 5 : 10, small ? 2 : 3);
    const shapes = stackedDots(inside, toPixel, size, many).map(({ dot, x, level }) =>
      dotShape(sideOf(dot, lowerIsBetter), x, bottom - (level + 0.5) * size - 1, size),
    );
    const base = makeSvg("line", { class: "base", x1: 0, x2: width, y1: bottom, y2: bottom });
    const zero = makeSvg("line", {
      class: "zero",
      x1: toPixel(0),
      x2: toPixel(0),
      y1: small ? 0 : top - 20,
      y2: bottom,
    });
    const frame = small
      ? [zero]
      : [
          axisAlong(ends, toPixel, { top, bottom, parts: width / 70, withSign: true }),
          zero,
          ...sideNames(toPixel(0), width, lowerIsBetter),
          ...beyondNames(dots, ends, width, height - 4),
        ];
    holder.replaceChildren(drawing(width, height, label, ...frame, base, ...shapes));
  };
  return redrawn(holder, paint);
}

// How many dots at the edges lie beyond them, and how far the last one does.
function beyondNames(dots, ends, width, y) {
  const { digits } = ticksOf(ends[0], ends[1], 5);
  const [below, above] = [dots.filter((dot) => dot < ends[0]).length, dots.filter((dot) => dot > ends[1]).length];
  const text = (many, last) => `${many} beyond, to ${tickText(last, digits, true)}`;
  return [
    below ? makeSvg("text", { x: 2, y, text: `\u2190 ${text(below, dots[0])}` }) : null,
    above
      ? makeSvg("text", { x: width - 2, y, "text-anchor": "end", text: `${text(above, dots[dots.length - 1])} \u2192` })
      : null,
  ];
}

// Which side of zero is better, in words at the top of a drawing; left out where there is no room.
function sideNames(zero, width, lowerIsBetter) {
  const [left, right] = lowerIsBetter ? ["better", "worse"] : ["worse", "better"];
  return [
    zero > 60
      ? makeSvg("text", { class: `side ${left}`, x: zero - 8, y: 13, "text-anchor": "end", text: `\u2190 ${left}` })
      : null,
    width - zero > 60 ? makeSvg("text", { class: `side ${right}`, x: zero + 8, y: 13, text: `${right} \u2192` }) : null,
  ];
}

// What the shapes of dots mean.
export function dotKey(holder, counts) {
  const item = (kind, text) =>
    make("span", { class: "key" }, drawing(12, 12, "", dotShape(kind, 6, 6, 12)), make("span", { text }));
  holder.replaceChildren(
    ...Object.entries(counts)
      .filter(([, text]) => text)
      .map(([kind, text]) => item(kind, text)),
  );
}

// A mean with its interval, at a height of a drawing.
export function intervalShape(toPixel, y, { mean, low, high }, kind) {
  const shown = makeSvg("g", { class: `interval ${kind}` });
  if (low !== undefined) shown.append(makeSvg("line", { x1: toPixel(low), x2: toPixel(high), y1: y, y2: y }));
  const x = toPixel(mean);
  if (kind === "before") shown.append(makeSvg("circle", { class: "open", cx: x, cy: y, r: 4.5 }));
  else if (kind === "worse")
    shown.append(makeSvg("path", { d: `M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z` }));
  else shown.append(makeSvg("circle", { cx: x, cy: y, r: 5 }));
  return shown;
}
