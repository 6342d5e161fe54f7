// Beliefs on a line: the scale on which their family is a normal distribution, and sliders along it.
import { FAMILIES } from "./draws.js";
import { sayable } from "./naming.js";
import { FIRST_YEAR } from "./years.js";

// The scale of an entry; what has no family of its own has that which its range and what is known of it allow.
export function lineOf(entry, { family, belief, marks }) {
  if (FAMILIES[family]) return FAMILIES[family];
  const [lower, upper] = entry.range;
  const known = [...belief, ...marks.flatMap(({ interval }) => interval)];
  const inside = known.every((x) => (lower === null || x > lower) && (upper === null || x < upper));
  if (inside && lower === 0 && upper === 1) return FAMILIES.logit_normal;
  return inside && lower === 0 && upper === null ? FAMILIES.lognormal : FAMILIES.normal;
}

// A belief, [low, high] or [value], as the middle of its interval on the line and half its width there.
export function placeOf(line, belief) {
  const [low, high] = [belief[0], belief[belief.length - 1]].map(line.to);
  return { centre: (low + high) / 2, half: (high - low) / 2 };
}

// The belief at a place on the line, rounded as people say figures and kept inside the entry's range.
export function beliefAt(entry, line, { centre, half }) {
  const told = (y) => roundedIn(entry, line, line.from(y));
  const [low, high] = [told(centre - half), told(centre + half)];
  return half > 0 && low < high ? [low, high] : [told(centre)];
}

// As people say figures; of a share that is close to one, what is missing to it is rounded. What rounding or a family
// without bounds takes out of the range comes back to its end.
export function roundedIn(entry, line, x) {
  const [lower, upper] = entry.range;
  const isNearOne = lower === 0 && upper === 1 && x > 0.5;
  const found = isNearOne ? Number((1 - sayable(1 - x)).toPrecision(12)) : sayable(x);
  const most = Math.min(upper ?? Infinity, entry.isDate ? FIRST_YEAR - 1 : Infinity);
  const within = Math.min(Math.max(found, lower ?? -Infinity), most);
  return within > line.lower && within < line.upper ? within : x;
}

// From where to where a slider goes: all that is known of an entry and a good deal beyond it.
export function sliderEnds(entry, line, { belief, marks }) {
  const known = [...belief, ...marks.flatMap(({ interval }) => interval)];
  const places = known.map(line.to).filter(Number.isFinite);
  const low = Math.min(...places);
  const high = Math.max(...places);
  const more = high > low ? 0.15 * (high - low) : Math.max(0.5 * Math.abs(high), 1);
  const bounds = entry.range.map((x) => (x === null ? NaN : line.to(x)));
  return [
    Number.isFinite(bounds[0]) ? Math.max(low - more, bounds[0]) : low - more,
    Number.isFinite(bounds[1]) ? Math.min(high + more, bounds[1]) : high + more,
  ];
}

// Positions of a slider, whole numbers from 0 to `steps`, and back.
export function toSlider(ends, y, steps) {
  return Math.round(Math.min(Math.max((y - ends[0]) / (ends[1] - ends[0]), 0), 1) * steps);
}

export function fromSlider(ends, position, steps) {
  return ends[0] + ((ends[1] - ends[0]) * position) / steps;
}
