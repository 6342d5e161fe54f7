// What the page calls allocations, entries and their values.
import { general, sized } from "./numbers.js";
import { allocationOf } from "./state.js";

// A name as people read it.
export function spaced(name) {
  return name.replaceAll("_", " ");
}

export function dateOf(data, state) {
  return data.dates.find((one) => one.name === state.date) ?? data.dates[0];
}

export function worldviewOf(data, state) {
  return data.worldviews.find((one) => one.name === state.worldview) ?? data.worldviews[0];
}

// The preset that an allocation is: the status quo, one that ships, or none ("").
export function presetOf(data, state, which) {
  if (state[which] === null) return data.statusQuo;
  if (typeof state[which] === "string") return state[which];
  const chosen = allocationOf(data, state, which);
  const same = (values) =>
    data.levers.every(({ name }) => values[name].every((x, k) => Math.abs(x - chosen[name][k]) < 1e-9));
  if (same(dateOf(data, state).statusQuo)) return data.statusQuo;
  return data.allocations.find((one) => same(one.values))?.name ?? "";
}

// What one of several linked variables is called beside the others: the last of its places.
export function linkedLabel({ places, label }) {
  return places.length ? spaced(places[places.length - 1]) : label;
}

// What a group of them is called: the places that they share.
export function groupLabel(lever, { places }) {
  return places.length > 1 ? spaced(places.slice(0, -1).join(", ")) : spaced(lever.name);
}

// The value of one variable of a lever in an allocation.
export function leverAt(data, state, which, variable) {
  const lever = data.levers.find((one) => one.variables.some(({ name }) => name === variable));
  const place = lever.variables.findIndex(({ name }) => name === variable);
  return allocationOf(data, state, which)[lever.name][place];
}

// A value of an entry in words: exactly, or with as many digits as people say.
export function amountOf(entry, x, exactly = false) {
  if (entry.isShare) return `${exactly ? general(100 * x) : shareText(x)} %`;
  const text = exactly ? general(x) : sized(Number(x.toPrecision(2)));
  if (entry.isDate) return `${text} years`;
  return entry.unit === "-" ? text : `${text} (${entry.unit})`;
}

// Two significant digits, or three where the first is a one, so that steps are of a few per cent.
export function sayable(x) {
  const rounded = x.toPrecision(3);
  return Number(/^-?0*\.?0*1/.test(rounded) ? rounded : x.toPrecision(2));
}

// Per cent with two significant digits, also near 100.
function shareText(x) {
  const nearest = 100 * Math.min(x, 1 - x);
  const digits = nearest <= 0 ? 0 : Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(nearest) + 1e-9)));
  return (100 * x).toFixed(nearest >= 10 ? 0 : digits);
}

// An interval of an entry in words, its unit said once.
export function spanText(entry, low, high, exactly = false) {
  const [from, to] = [amountOf(entry, low, exactly), amountOf(entry, high, exactly)];
  const unit = from.slice(from.indexOf(" "));
  return from.includes(" ") && to.endsWith(unit) ? `${from.slice(0, -unit.length)} to ${to}` : `${from} to ${to}`;
}

// A belief in words: an interval, or what is held to be certain.
export function beliefText(entry, belief, exactly = false) {
  return belief.length > 1
    ? spanText(entry, belief[0], belief[1], exactly)
    : `${amountOf(entry, belief[0], exactly)}, certain`;
}

// Calendar years of a date that is told in years from the date at which beliefs are held; empty for all else.
export function calendarText(data, state, entry, belief) {
  const { year } = dateOf(data, state);
  if (!entry.isDate || !year) return "";
  const years = belief.map((x) => (x < 1000 ? String(Math.floor(year + x)) : "after 3000"));
  return [...new Set(years)].join(" to ");
}
