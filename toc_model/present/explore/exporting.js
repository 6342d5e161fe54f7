// Commands and documents that give a page's figures once more.
import { general } from "./numbers.js";
import { sentence, told, whose } from "./sentence.js";
import { allocationOf, changesOf } from "./state.js";

const TOLD = 3; // beliefs that a sentence names
const FILES = { worldview: "worldview.toml", allocations: "allocations.toml" };

function dateIn(data, state) {
  return data.dates.find((date) => date.name === state.date);
}

function worldviewIn(data, state) {
  return data.worldviews.find((one) => one.name === state.worldview);
}

export function nameOfB(data, state) {
  return typeof state.b === "string" ? state.b : asked(data);
}

// What an allocation is called that is no preset: a name that no preset has.
function asked(data) {
  const taken = new Set([data.statusQuo, data.reference, ...data.allocations.map(({ name }) => name)]);
  let [name, number] = ["asked", 1];
  while (taken.has(name)) name = `asked_${++number}`;
  return name;
}

// In a sentence ----------------------------------------------------------------------------------------------------

// Whose beliefs they are, with what the reader changed.
export function phraseOf(data, state) {
  const { phrase } = worldviewIn(data, state);
  const changed = Object.entries(state.beliefs).map(([name, stated]) => {
    const entry = data.entries.find((one) => one.name === name);
    return `${entry.label} at ${stated.map((x) => general(x, 4)).join(" to ")}`;
  });
  if (!changed.length) return phrase;
  const shown = changed.length > TOLD ? `${changed.length} beliefs of the reader's own` : changed.join(", ");
  return `${phrase} (but with ${shown})`;
}

// What stands behind "Under".
export function underOf(data, state) {
  const { label } = dateIn(data, state);
  const rivals = data.rivals.filter((one) => state.rivals.includes(one.name)).map((one) => `the rival mechanism ${one.label}`);
  return whose(phraseOf(data, state), label, [...rivals, ...changesOf(data, state).map((one) => one.text)]);
}

// The sentence that may be quoted, as the command has it for the documents of this state.
export function sentenceOf(data, state, figures) {
  const [from, to] = ["a", "b"].map((which) => allocationOf(data, state, which));
  return sentence(data, {
    under: underOf(data, state),
    fromName: data.statusQuo,
    fromTold: told(data, from),
    toName: nameOfB(data, state),
    toTold: told(data, to),
    counted: `${data.draws.toLocaleString("en")} draws`,
    figures,
  });
}

// Commands ---------------------------------------------------------------------------------------------------------

// A word as shells take it.
function word(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\"'\"'")}'`;
}

// The command that gives the same figures; with files, from the documents that the page writes.
export function commandOf(data, state, { files = false } = {}) {
  const found = [data.prefix, "run"];
  const add = (option, value) => found.push(option, word(value));
  const document = files && worldviewDocument(data, state) !== null;
  if (document) add("--worldview", FILES.worldview);
  else if (state.worldview !== data.defaultWorldview || Object.keys(state.beliefs).length) add("--worldview", state.worldview);
  if (state.date && state.date !== data.defaultDate) add("--as-of", state.date);
  found.push("--draws", data.draws);
  if (data.seed !== 1) found.push("--seed", data.seed);
  if (data.folder) add("--priors", data.folder);
  state.rivals.forEach((name) => add("--rival", name));
  if (!document) Object.entries(state.beliefs).forEach(([name, stated]) => add("--set", `${name}=${stated.join("..")}`));
  changesOf(data, state).forEach(({ text }) => add("--override", text));
  if (files ? allocationDocument(data, state) !== null : state.a !== null) add("--allocations", FILES.allocations);
  else if (typeof state.b !== "string") add("--move", `${asked(data)}=${moveOf(data, state)}`);
  add("--to", nameOfB(data, state));
  return found.join(" ");
}

// How B differs from the status quo, as the option --move takes it.
function moveOf(data, state) {
  const [from, to] = [allocationOf(data, { ...state, a: null }, "a"), allocationOf(data, state, "b")];
  const moved = new Set();
  data.levers.forEach((lever) => lever.variables.forEach(({ group }, k) => {
    if (from[lever.name][k] !== to[lever.name][k]) moved.add(group);
  }));
  return data.levers.flatMap((lever) => lever.variables
    .map((variable, k) => [variable, to[lever.name][k]])
    .filter(([{ group }]) => moved.has(group))
    .map(([{ name }, x]) => `${name}:${amountText(lever, x)}`)).join() || firstVariable(data, to);
}

// A move that moves nothing names one variable all the same.
function firstVariable(data, levers) {
  const [lever] = data.levers;
  return `${lever.variables[0].name}:${amountText(lever, levers[lever.name][0])}`;
}

function amountText(lever, x) {
  return lever.unit === "fraction" ? `${Number((100 * x).toPrecision(12))}%` : String(x);
}

// Documents ---------------------------------------------------------------------------------------------------------

const quoted = (text) => JSON.stringify(text).replaceAll("\u007f", "\\u007F");

// A worldview's document with the reader's beliefs; null where there are none, or no document can be based on it.
export function worldviewDocument(data, state) {
  const changed = Object.entries(state.beliefs);
  if (!changed.length || !data.bases.includes(state.worldview)) return null;
  const { worldview, date } = state;
  const lines = [
    `description = ${quoted(`${worldview} with ${changed.length} of a reader's own beliefs, set on a page (model ${data.model}).`)}`,
    `based_on = ${quoted(worldview)}`,
    ...(date ? [`as_of = ${quoted(date)}`] : []),
    `phrase = ${quoted(phraseOf(data, state))}`,
  ];
  return [...lines, ...changed.flatMap(([name, stated]) => patchOf(data, name, stated)), ""].join("\n");
}

// A number that TOML reads as one with a fraction.
function tomlNumber(x) {
  const text = String(x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function patchOf(data, name, stated) {
  const [low, high] = stated.map(tomlNumber);
  const belief = high === undefined
    ? [`family = "constant"`, `value = ${low}`]
    : [`quantiles = { q05 = ${low}, q95 = ${high} }`];
  return ["", `[parameters.${quoted(name)}]`, ...belief, `reason = "Set by a reader of the page."`];
}

// A document of allocations with A as the status quo and B; null where the command needs none.
export function allocationDocument(data, state) {
  if (state.a === null && typeof state.b === "string") return null;
  const table = (name, which, description) => [
    `[${quoted(name)}]`,
    `description = ${quoted(description)}`,
    ...data.levers.flatMap((lever) => leverLines(lever, allocationOf(data, state, which)[lever.name])),
    "",
  ];
  const a = state.a === null ? [] : table(data.statusQuo, "a", "A, set by a reader of the page");
  const b = typeof state.b === "string" ? [] : table(asked(data), "b", "B, set by a reader of the page");
  return [...a, ...b].join("\n");
}

function leverLines(lever, values) {
  if (!lever.shape.length) return [`${lever.name} = ${tomlNumber(values[0])}`];
  return lever.variables.map(({ places }, k) => `${[lever.name, ...places].map(key).join(".")} = ${tomlNumber(values[k])}`);
}

const key = (name) => (/^[\w-]+$/.test(name) ? name : quoted(name));
