// Beliefs on a line: the scale on which their family is a normal distribution, and sliders along it.
import { sayable } from "./naming.js";

const LINES = {
  normal: { to: (x) => x, from: (y) => y },
  lognormal: { to: (x) => Math.log(x), from: (y) => Math.exp(y) },
  lognormal_above_1: { to: (x) => Math.log(x - 1), from: (y) => 1 + Math.exp(y) },
  logit_normal: { to: (x) => Math.log(x / (1 - x)), from: (y) => 1 / (1 + Math.exp(-y)) },
};

// The scale of an entry; a family without one of its own has that which its range allows.
export function lineOf(entry) {
  if (LINES[entry.family]) return LINES[entry.family];
  const [lower, upper] = entry.range;
  const known = entry.marks.flatMap((mark) => [mark.q05, mark.q95]).filter((x) => typeof x === "number");
  const inside = (x) => (lower === null || x > lower) && (upper === null || x < upper);
  if (lower === 0 && upper === 1 && known.every(inside)) return LINES.logit_normal;
  return lower === 0 && upper === null && known.every(inside) ? LINES.lognormal : LINES.normal;
}

// A belief, [low, high] or [value], as the middle of its interval on the line and half its width there.
export function placeOf(line, belief) {
  const [low, high] = belief.length > 1 ? belief.map(line.to) : [line.to(belief[0]), line.to(belief[0])];
  return { centre: (low + high) / 2, half: (high - low) / 2 };
}

// The belief at a place on the line, rounded as people say figures and kept inside the entry's range.
export function beliefAt(entry, line, { centre, half }) {
  const told = (y) => roundedIn(entry, line.from(y));
  const low = told(centre - half);
  const high = told(centre + half);
  return half > 0 && low < high ? [low, high] : [told(centre)];
}

// As people say figures; of a share that is close to one, what is missing to it is rounded.
export function roundedIn(entry, x) {
  const isNearOne = entry.range[0] === 0 && entry.range[1] === 1 && x > 0.5;
  return insideRange(entry, isNearOne ? Number((1 - sayable(1 - x)).toPrecision(12)) : sayable(x), x);
}

function insideRange(entry, found, exact) {
  const [lower, upper] = entry.range;
  const open = entry.family !== "constant";
  const below = lower !== null && (open ? found <= lower : found < lower);
  const above = upper !== null && (open ? found >= upper : found > upper);
  return below || above ? exact : found;
}

// From where to where a slider goes: all that is known of an entry and a good deal beyond it.
export function sliderEnds(entry, line, current) {
  const known = entry.marks.flatMap((mark) => [mark.q05, mark.q95]).concat(current);
  const places = known.filter((x) => typeof x === "number").map(line.to).filter(Number.isFinite);
  const low = Math.min(...places);
  const high = Math.max(...places);
  const more = Math.max(0.15 * (high - low), 0.02 * Math.abs(high), high > low ? 0 : 1);
  return withinRange(entry, line, [low - more, high + more]);
}

// The line of a family that knows no bounds may still have to end at those of the entry.
function withinRange(entry, line, ends) {
  const bounds = entry.range.map((x) => (x === null ? NaN : line.to(x)));
  return [Number.isFinite(bounds[0]) ? Math.max(ends[0], bounds[0]) : ends[0], Number.isFinite(bounds[1]) ? Math.min(ends[1], bounds[1]) : ends[1]];
}

// Positions of a slider, whole numbers from 0 to `steps`, and back.
export function toSlider(ends, y, steps) {
  return Math.round(Math.min(Math.max((y - ends[0]) / (ends[1] - ends[0]), 0), 1) * steps);
}

export function fromSlider(ends, position, steps) {
  return ends[0] + ((ends[1] - ends[0]) * position) / steps;
}
