import { FAMILIES } from "./draws.js";
import { sized, withMinus } from "./numbers.js";
import { FIRST_YEAR } from "./years.js";

// The state of a page: who does what, and what is believed; as plain data, and as the part of an address behind "#".
//
// {worldview, date, rivals: [name], a: null or {lever: [value]}, b: preset name or {lever: [value]},
//  beliefs: {entry: [value] or [5 % quantile, 95 % quantile]}, holds: {node: value}, cuts: ["cause->effect"],
//  denied: [claim], granted: [claim]}; `a` is null for the status quo of the date.

export function firstState(data) {
  return {
    worldview: data.worldview, date: data.date, rivals: [...data.rivalsOn], a: null, b: data.proposal,
    beliefs: {}, holds: {}, cuts: [], denied: [], granted: [],
  };
}

// Values of an allocation by lever.
export function allocationOf(data, state, which) {
  const found = state[which];
  if (found === null) return data.dates.find((date) => date.name === state.date).statusQuo;
  if (typeof found !== "string") return found;
  return data.allocations.find((one) => one.name === found).values;
}

// All changes of the story that a state makes, in the order in which a command makes them.
export function changesOf(data, state) {
  const claim = (name) => data.claims.find((one) => one.id === name);
  return [
    ...state.denied.flatMap((name) => claim(name).denial),
    ...state.granted.flatMap((name) => claim(name).ifRight),
    ...Object.entries(state.holds).map(([node, value]) => (
      { text: `do(${node})=${value}`, kind: "do", target: node, places: null, effect: "", value })),
    ...state.cuts.map((text) => {
      const [cause, effect] = text.split("->");
      return { text: `cut(${text})`, kind: "cut", target: cause, places: null, effect, value: null };
    }),
  ];
}

// What the world under the reference, and all that is kept for allocations, depend on.
export function keyOf(data, state) {
  const { worldview, date, rivals, beliefs } = state;
  return JSON.stringify([worldview, date, [...rivals].sort(), beliefs, changesOf(data, state).map((one) => one.text)]);
}

// What can be set --------------------------------------------------------------------------------------------------

// The same without beliefs, held nodes and cut arrows that the worldview, the date and the rivals leave no room for.
export function settled(data, state) {
  const kept = (pairs, test) => Object.fromEntries(Object.entries(pairs).filter(([name, value]) => test(name, value)));
  return {
    ...state,
    b: presetAs(data, state),
    beliefs: kept(state.beliefs, (name, stated) => canBelieve(data, state, name, stated)),
    holds: kept(state.holds, (name, value) => canHold(data, state, name, value)),
    cuts: state.cuts.filter((text) => canCut(data, state, text)),
  };
}

// B by its name, where it is what a preset is.
function presetAs(data, { b }) {
  if (typeof b === "string") return b;
  const same = ({ values }) => data.levers.every(({ name }) => values[name].every((x, k) => Math.abs(x - b[name][k]) < 1e-9));
  return data.allocations.find(same)?.name ?? b;
}

// The record of a node under rivals: that of a rival that gives its law, or as it is written down.
export function recordOf(data, { rivals }, node) {
  const found = data.nodes.filter((one) => one.name === node);
  return found.find((one) => rivals.includes(one.rival)) ?? found.find((one) => one.rival === "");
}

// Whether a belief is one that an entry can have: used, in its range, rising, and of a family that it has everywhere.
export function canBelieve(data, state, name, stated) {
  const entry = data.entries.find((one) => one.name === name);
  if (!entry || (entry.rival && !state.rivals.includes(entry.rival))) return false;
  const [lower, upper] = entry.range;
  if (stated.some((x) => (lower !== null && x < lower) || (upper !== null && x > upper))) return false;
  if (entry.isDate && stated.some((x) => x >= FIRST_YEAR)) return false;
  return stated.length === 1 || (stated[0] < stated[1] && canRange(data, state, entry, stated));
}

// Whether an entry can be between two values: under no member of the worldview it is certain, or drawn from elsewhere.
function canRange(data, state, entry, stated = []) {
  const { members } = data.worldviews.find((one) => one.name === state.worldview);
  return !entry.terms && members.every(({ tables }) => {
    const [family, , scale] = tables[state.date][entry.name] ?? data.tables[state.date][entry.name];
    if (family === "drawn" || scale === 0) return false;
    const { lower, upper } = FAMILIES[family];
    return stated.every((x) => lower < x && x < upper);
  });
}

export function canHold(data, state, name, value) {
  const node = recordOf(data, state, name);
  return Boolean(node?.canHold) && !holdTrouble(node, value);
}

// What is wrong with a number to hold a node at, in words; empty if nothing.
export function holdTrouble({ bounds: [lower, upper], isDate }, value) {
  if (!Number.isFinite(value)) return "Enter a number.";
  if (lower !== null && value < lower) return `At least ${withMinus(sized(lower))}.`;
  if (upper !== null && value > upper) return `At most ${withMinus(sized(upper))}.`;
  return isDate && value >= FIRST_YEAR ? "A number of years, not a year of the calendar." : "";
}

// Whether an arrow is there and can be cut: neither end only keeps accounts.
export function canCut(data, state, text) {
  const [cause, effect, ...more] = text.split("->");
  const [start, end] = [cause, effect].map((name) => recordOf(data, state, name));
  const isCause = start ? start.canHold : data.levers.some((one) => one.name === cause);
  return Boolean(!more.length && isCause && end?.canHold && end.parents.includes(cause));
}

// In an address ----------------------------------------------------------------------------------------------------

const SHORT = { w: "worldview", d: "date" };

// What differs from the first state, with the digest of the model; empty where nothing does.
export function hashOf(data, state) {
  const first = firstState(data);
  const found = new URLSearchParams();
  for (const [short, name] of Object.entries(SHORT)) if (state[name] !== first[name]) found.set(short, state[name]);
  if (state.rivals.join() !== first.rivals.join()) found.set("r", state.rivals.join());
  if (state.a !== null) found.set("a", textOfLevers(data, state.a));
  if (state.b !== first.b) found.set("b", typeof state.b === "string" ? `=${state.b}` : textOfLevers(data, state.b));
  for (const [entry, stated] of Object.entries(state.beliefs)) found.append("s", `${entry}=${stated.join("..")}`);
  for (const [node, value] of Object.entries(state.holds)) found.append("h", `${node}=${value}`);
  state.cuts.forEach((text) => found.append("c", text));
  if (state.denied.length) found.set("no", state.denied.join());
  if (state.granted.length) found.set("yes", state.granted.join());
  const text = found.toString();
  return text && `#m=${data.model}&${text}`;
}

// The state that an address tells, and what of it this page can't take, in words.
export function stateOfHash(data, hash) {
  const state = firstState(data);
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const troubles = [];
  const take = (key, read) => {
    for (const text of given.getAll(key)) if (!read(text)) troubles.push(`${key}=${text}`);
  };
  const names = (list, key) => new Set(list.map((one) => one[key]));
  const [worldviews, dates] = [data.worldviews.filter((one) => one.selectable), data.dates];
  const all = (text, known) => text === "" || text.split(",").every((name) => known.has(name));
  const put = (test, change) => { if (test) change(); return test; };
  const listOf = (text) => (text ? [...new Set(text.split(","))] : []);
  const claims = (key) => new Set(data.claims.filter((one) => one[key].length).map((one) => one.id));
  take("w", (text) => put(names(worldviews, "name").has(text), () => { state.worldview = text; }));
  take("d", (text) => put(names(dates, "name").has(text), () => { state.date = text; }));
  take("r", (text) => put(all(text, names(data.rivals, "name")), () => {
    state.rivals = compatible(data, listOf(text));
    const apart = listOf(text).filter((name) => !state.rivals.includes(name));
    if (apart.length) troubles.push(`r=${apart.join()}`);
  }));
  take("a", (text) => put(leversOfText(data, text), () => { state.a = leversOfText(data, text); }));
  take("b", (text) => readB(data, state, text, names(data.allocations, "name")));
  take("s", (text) => readBelief(data, state, text));
  take("h", (text) => readHold(data, state, text));
  take("c", (text) => put(canCut(data, state, text), () => { if (!state.cuts.includes(text)) state.cuts.push(text); }));
  take("no", (text) => put(all(text, claims("denial")), () => { state.denied = listOf(text); }));
  take("yes", (text) => put(all(text, claims("ifRight")), () => { state.granted = listOf(text); }));
  return { state, troubles, isOld: given.has("m") && given.get("m") !== data.model };
}

// Of rivals that can't be taken together, the first.
function compatible(data, rivals) {
  const apart = (name) => data.rivals.find((one) => one.name === name).conflicts;
  return rivals.reduce((kept, name) => (kept.some((one) => apart(one).includes(name)) ? kept : [...kept, name]), []);
}

function readB(data, state, text, presets) {
  const named = text.startsWith("=") && presets.has(text.slice(1));
  const found = named ? text.slice(1) : leversOfText(data, text);
  if (found) state.b = found;
  return Boolean(found);
}

// Numbers as `NAME=NUMBER`, or null.
function pairOf(text) {
  const at = text.lastIndexOf("=");
  return at < 1 ? null : [text.slice(0, at), text.slice(at + 1)];
}

const isNumber = (text) => /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text));

function readBelief(data, state, text) {
  const pair = pairOf(text);
  const entry = pair && data.entries.find((one) => one.name === pair[0]);
  const parts = pair ? pair[1].split("..") : [];
  if (!entry || parts.length > 2 || !parts.every(isNumber)) return false;
  const stated = parts.map(Number);
  if (!canBelieve(data, state, entry.name, stated)) return false;
  state.beliefs[entry.name] = stated;
  return true;
}

function readHold(data, state, text) {
  const pair = pairOf(text);
  if (!pair || !isNumber(pair[1]) || !canHold(data, state, pair[0], Number(pair[1]))) return false;
  state.holds[pair[0]] = Number(pair[1]);
  return true;
}

// Values by lever as a text: all variables in their order.
function textOfLevers(data, levers) {
  return data.levers.map((lever) => levers[lever.name].join("_")).join("~");
}

function leversOfText(data, text) {
  const parts = text.split("~").map((part) => part.split("_"));
  if (parts.length !== data.levers.length) return null;
  const found = {};
  for (const [place, lever] of data.levers.entries()) {
    const values = parts[place].map(Number);
    if (!parts[place].every(isNumber) || values.length !== lever.variables.length) return null;
    if (values.some((x) => x < lever.lower || x > lever.upper)) return null;
    found[lever.name] = values;
  }
  return sumsAreOne(data, found) ? found : null;
}

function sumsAreOne(data, levers) {
  return data.levers.filter((lever) => lever.sums).every((lever) => {
    const totals = {};
    lever.variables.forEach(({ group }, k) => { totals[group] = (totals[group] ?? 0) + levers[lever.name][k]; });
    return Object.values(totals).every((total) => Math.abs(total - 1) <= 1e-6);
  });
}
