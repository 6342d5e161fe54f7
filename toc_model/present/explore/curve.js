// A mean change along one lever, with the band of its Monte Carlo error and the places of A and B.
import { makeSvg, redrawn } from "./dom.js";
import { steadyEnds, ticksOf } from "./ticks.js";
import { axisAlong, drawing, pixelsOf, tickText } from "./charts.js";

const LEFT = 44;
const BOTTOM = 42;

// Draws {points: [{x, mean, error}], marks: [{label, x}], xMark, xLabel, yLabel, label} whenever it is told.
export function lineChart(holder, height = 250) {
  let ends = null;
  return redrawn(holder, (_, width, data) => {
    const { points } = data;
    const lows = points.map((one) => one.mean - 2 * one.error);
    const highs = points.map((one) => one.mean + 2 * one.error);
    ends = steadyEnds(Math.min(0, ...lows), Math.max(0, ...highs), ends, 0.02);
    // A lever may end a millionth before a round value.
    const along = [points[0].x, points[points.length - 1].x].map((x) => Number(x.toPrecision(4)));
    const toX = pixelsOf(along, LEFT, width - 14);
    const toY = pixelsOf([ends[1], ends[0]], 26, height - BOTTOM);
    holder.replaceChildren(
      drawing(
        width,
        height,
        data.label,
        upright(ends, toY, width),
        axisAlong(along, toX, { top: 26, bottom: height - BOTTOM, parts: width / 80, mark: data.xMark, lines: false }),
        makeSvg("text", {
          class: "unit",
          x: (LEFT + width - 14) / 2,
          y: height - 5,
          "text-anchor": "middle",
          text: data.xLabel,
        }),
        makeSvg("text", { class: "unit", x: 0, y: 11, text: data.yLabel }),
        band(points, toX, toY),
        makeSvg("path", { class: "curve", d: pathOf(points.map((one) => [toX(one.x), toY(one.mean)])) }),
        ...data.marks.flatMap((one) => markAt(one, points, toX, toY)),
      ),
    );
  });
}

function upright(ends, toY, width) {
  const { ticks, digits } = ticksOf(ends[0], ends[1], 5);
  return makeSvg(
    "g",
    { class: "axis" },
    ...ticks.flatMap((y) => [
      makeSvg("line", { class: y === 0 ? "zero" : "grid", x1: LEFT, x2: width - 14, y1: toY(y), y2: toY(y) }),
      makeSvg("text", { x: LEFT - 7, y: toY(y) + 4, "text-anchor": "end", text: tickText(y, digits, true) }),
    ]),
  );
}

function band(points, toX, toY) {
  const above = points.map((one) => [toX(one.x), toY(one.mean + 2 * one.error)]);
  const below = points.map((one) => [toX(one.x), toY(one.mean - 2 * one.error)]).reverse();
  return makeSvg("path", { class: "band", d: `${pathOf([...above, ...below])}Z` });
}

function pathOf(places) {
  return places.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

// A and B stand on the curve, which has points at their places.
function markAt({ label, x }, points, toX, toY) {
  const nearest = points.reduce((best, one) => (Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best));
  const y = toY(nearest.mean);
  return [
    makeSvg("circle", { class: "here", cx: toX(x), cy: y, r: 5 }),
    makeSvg("text", { class: "letter", x: toX(x), y: y - 11, "text-anchor": "middle", text: label }),
  ];
}
