// A picture of the answer to pass on, drawn on a canvas.
import { bulkOf, quantileDots, stackedDots, fittingDots, steadyEnds, ticksOf } from "./ticks.js";
import { pixelsOf, sideOf, tickText } from "./charts.js";

const SIZE = [1200, 630];
const LEFT_EDGE = 56;
const SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const COLOURS = {
  ink: "#1d1f22",
  quiet: "#595f66",
  line: "#d9dce0",
  better: "#0a66a3",
  worse: "#b8460b",
  same: "#595f66",
  paper: "#ffffff",
};

// A PNG with the headline, the dots, the sentence, what it rests on and where it comes from.
export function cardOf({ title, headline, text, restsOn, footer, change, factor, unit, lowerIsBetter }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = SIZE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = COLOURS.paper;
  pen.fillRect(0, 0, ...SIZE);
  write(pen, title, { y: 50, size: 20, colour: COLOURS.quiet });
  const below = write(pen, headline, { y: 98, size: 36, most: 2, weight: "600 " });
  const end = write(pen, text, { y: below + 4, size: fittingText(pen, text, [21, 19, 17, 15], 6), most: 6 });
  drawDots(
    pen,
    change.map((x) => factor * x),
    lowerIsBetter,
    unit,
    end,
    520,
  );
  write(pen, restsOn, { y: 552, size: 14, colour: COLOURS.quiet, most: 3 });
  write(pen, footer, { y: 614, size: 14, colour: COLOURS.quiet });
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
}

// A text broken into lines; gives where the next one begins.
function write(pen, text, { y, size, colour = COLOURS.ink, most = 1, weight = "" }) {
  pen.fillStyle = colour;
  pen.textAlign = "left";
  const lines = brokenText(pen, text, size, most, weight);
  lines.forEach((one, k) => pen.fillText(one, LEFT_EDGE, y + k * size * 1.36));
  return y + lines.length * size * 1.36;
}

function brokenText(pen, text, size, most, weight = "") {
  pen.font = `${weight}${size}px ${SANS}`;
  return linesOf(text, (one) => pen.measureText(one).width <= SIZE[0] - 2 * LEFT_EDGE, most);
}

// The largest of some sizes at which a text has no more lines than there may be.
function fittingText(pen, text, sizes, most) {
  return sizes.find((size) => brokenText(pen, text, size, Infinity).length <= most) ?? sizes[sizes.length - 1];
}

// Words in as many lines as there may be; the last one ends in dots where the text goes on.
export function linesOf(text, fits, most) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer) || !line) {
      line = longer;
    } else if (lines.length === most - 1) {
      return [...lines, shortened(line, fits)];
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function shortened(line, fits) {
  let kept = line;
  while (kept && !fits(`${kept}\u2026`)) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}

function drawDots(pen, change, lowerIsBetter, unit, top, bottom) {
  const dots = quantileDots(change, 100);
  const ends = steadyEnds(...bulkOf(dots), null, 0.2);
  const inside = dots.map((dot) => Math.min(Math.max(dot, ends[0]), ends[1]));
  const toPixel = pixelsOf(ends, 70, 1130);
  const axis = bottom - 46;
  const { size, many } = fittingDots(inside, toPixel, axis - top - 22, 14, 3);
  pen.font = `15px ${SANS}`;
  pen.textAlign = "center";
  const { ticks, digits } = ticksOf(ends[0], ends[1], 9);
  for (const x of ticks) {
    line(pen, toPixel(x), x === 0 ? top : axis, toPixel(x), axis + 6, x === 0 ? COLOURS.ink : COLOURS.line);
    pen.fillStyle = COLOURS.quiet;
    pen.fillText(tickText(x, digits, true), toPixel(x), axis + 22);
  }
  line(pen, 56, axis, 1144, axis, COLOURS.ink);
  const beyond = dots.filter((dot) => dot < ends[0] || dot > ends[1]).length;
  pen.fillText(`${unit}${beyond ? `; ${beyond} of 100 dots lie beyond the edges` : ""}`, SIZE[0] / 2, axis + 43);
  nameSides(pen, toPixel(0), top + 12, lowerIsBetter);
  for (const { dot, x, level } of stackedDots(inside, toPixel, size, many))
    drawDot(pen, sideOf(dot, lowerIsBetter), x, axis - (level + 0.5) * size - 1, size * 0.42);
}

// On which side of zero is better.
function nameSides(pen, zero, y, lowerIsBetter) {
  pen.font = `600 15px ${SANS}`;
  for (const [side, isLeft] of [
    ["better", lowerIsBetter],
    ["worse", !lowerIsBetter],
  ]) {
    pen.fillStyle = COLOURS[side];
    pen.textAlign = isLeft ? "right" : "left";
    pen.fillText(isLeft ? `\u2190 ${side}` : `${side} \u2192`, zero + (isLeft ? -10 : 10), y);
  }
}

function line(pen, x1, y1, x2, y2, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

function drawDot(pen, side, x, y, r) {
  pen.beginPath();
  if (side === "better") pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (side === "worse")
    [
      [0, -r],
      [r, 0],
      [0, r],
      [-r, 0],
    ].forEach(([dx, dy], k) => pen[k ? "lineTo" : "moveTo"](x + dx, y + dy));
  else {
    pen.moveTo(x - r, y);
    pen.lineTo(x + r, y);
  }
  pen.closePath();
  pen.fillStyle = pen.strokeStyle = COLOURS[side];
  pen.lineWidth = 1.6;
  if (side === "better") pen.fill();
  else pen.stroke();
}
