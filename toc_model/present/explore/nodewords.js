import { general, sized, value, withMinus } from "./numbers.js";
import { meanOf, quantile } from "./statistics.js";
import { graphMoves } from "./graphwords.js";
import { recordOf } from "./state.js";

// Names of the nodes that ask for a name, under these rivals.
export function nodeChildren(data, name, rivals) {
  const names = [...new Set(data.nodes.map((node) => node.name))];
  return names.filter((child) => recordOf(data, { rivals }, child)?.parents.includes(name));
}

// What a parent is: "node", "lever", or "belief" with the entries that it has.
export function nodeParent(data, name, rivals) {
  if (data.nodes.some((node) => node.name === name)) {
    const record = recordOf(data, { rivals }, name);
    return record ? { kind: "node", name, label: record.label } : { kind: "other", name, label: nodeWords(name) };
  }
  if (data.levers.some((lever) => lever.name === name)) return { kind: "lever", name, label: nodeWords(name) };
  const entries = data.entries.filter((entry) => entry.parameter === name);
  return { kind: entries.length ? "belief" : "other", name, label: nodeWords(name), entries };
}

export function nodeWords(name) {
  return name.replaceAll("_", " ").replaceAll(";", ", ");
}

export function nodeNumber(x) {
  return Number.isFinite(x) ? withMinus(sized(x)) : "undefined";
}

// Two figures with as many digits as it takes to tell them apart, six at most.
export function nodeArrow(before, after) {
  let texts = [nodeNumber(before), nodeNumber(after)];
  if (!graphMoves({ before, after })) return texts[0];
  for (let digits = 4; digits <= 6 && texts[0] === texts[1]; digits += 1) {
    texts = [before, after].map((x) => withMinus(general(x, digits)));
  }
  return texts[0] === texts[1] ? texts[0] : texts.join(" → ");
}

// Mean and 90 % interval of the draws in which a node is defined, and the share of those in which it is not.
export function nodeSpread(values) {
  const sorted = values.filter(Number.isFinite).sort();
  const absent = 1 - sorted.length / values.length;
  if (!sorted.length) return { mean: NaN, q05: NaN, q95: NaN, absent };
  const ends = [0.05, 0.95].map((level) => quantile(sorted, level));
  return { mean: meanOf(sorted), q05: ends[0], q95: ends[1], absent };
}

function nodeMean(values) {
  const mean = meanOf(values);
  if (Number.isFinite(mean)) return mean;
  const found = values.filter(Number.isFinite);
  return found.length ? meanOf(found) : NaN;
}

// The row that moves most.
function nodeMost(rows) {
  const moved = (row) => Math.abs(row.after - row.before) || 0;
  return rows.reduce((best, row) => (moved(row) > moved(best) ? row : best));
}

// What a box of the graph says, from the draws at each place: of several places, the one that moves most is told.
export function nodeLine(before, after) {
  const rows = before.map((draws, place) => ({ before: nodeMean(draws), after: nodeMean(after[place]) }));
  const most = nodeMost(rows);
  return { ...most, text: nodeArrow(most.before, most.after) + (rows.length > 1 ? " …" : "") };
}

// Two figures in a measure, with as many digits as it takes to tell them apart, three more at most.
function nodeMeasured(measure, { before, after }) {
  const texts = (digits) => [before, after].map((x) => withMinus(value(measure, x, digits)));
  const extra = graphMoves({ before, after }) ? [0, 1, 2, 3] : [0];
  const found = extra.map((more) => texts(measure.digits + more)).find(([x, y]) => x !== y) ?? texts(measure.digits);
  const unit = measure.mark || measure.unit;
  const told = found[0] === found[1] ? found[0] : found.join(" → ");
  return unit.length < 4 ? `${told} ${unit}` : told;
}

// The same of a lever, from its values, in its own measure.
export function nodeLeverLine(lever, before, after) {
  const rows = lever.variables.map(({ measure }, place) => ({ measure, before: before[place], after: after[place] }));
  const { measure, ...most } = nodeMost(rows);
  return { ...most, text: nodeMeasured(measure, most) + (rows.length > 1 ? " …" : "") };
}

// What all boxes say: `a` and `b` are nodes by name, `from` and `to` the values of the levers, as the model has them.
export function nodeLines(data, { a, b, from, to }) {
  const lines = Object.fromEntries(Object.keys(a).map((name) => [name, nodeLine(a[name], b[name])]));
  const { node, measure } = data.objective;
  lines[node].text = nodeMeasured(measure, lines[node]);
  for (const lever of data.levers) lines[lever.name] = nodeLeverLine(lever, from[lever.name], to[lever.name]);
  return lines;
}

// Where figures of several sets of draws lie, but for one draw in a hundred at each end.
export function nodeExtent(sets) {
  const ends = sets.map((values) => {
    const sorted = values.filter(Number.isFinite).sort();
    return sorted.length ? [quantile(sorted, 0.01), quantile(sorted, 0.99)] : [NaN, NaN];
  });
  const finite = ends.filter(([low]) => Number.isFinite(low));
  if (!finite.length) return [NaN, NaN];
  return [Math.min(...finite.map(([low]) => low)), Math.max(...finite.map(([, high]) => high))];
}

// Shares of draws in bins of one width; those that lie outside are in none.
export function nodeBins(values, low, high, many) {
  const counts = new Array(many).fill(0);
  let all = 0;
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    all += 1;
    if (x < low || x > high) continue;
    const place = high > low ? Math.floor((many * (x - low)) / (high - low)) : many >> 1;
    counts[Math.min(many - 1, place)] += 1;
  }
  return counts.map((count) => (all ? count / all : 0));
}

// Ends and step of a slider that holds a node: its bounds, or somewhat more than where its draws lie, if it has none.
export function nodeHoldRange([lower, upper], [low, high], held = null) {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const ends = [lower ?? low - span / 2, upper ?? high + span / 2];
  const from = Math.min(ends[0], held ?? ends[0]);
  const to = Math.max(ends[1], held ?? ends[1]);
  const power = 10 ** Math.floor(Math.log10((to - from) / 100));
  const start = lower === from ? from : Math.floor(from / power) * power;
  return { low: start, high: upper === to ? to : Math.ceil(to / power) * power, step: power };
}

// In how many places a node moves, in words.
export function nodeMovedWords(before, after) {
  const moved = before.filter((draws, place) => {
    const other = after[place];
    return draws.some((x, index) => graphMoves({ before: x, after: other[index] }));
  }).length;
  if (before.length === 1) return moved ? "It changes from A to B." : "It is the same under A and B in every draw.";
  if (!moved) return "It is the same under A and B in every place and draw.";
  return `It changes from A to B in ${moved === before.length ? "all" : moved} of ${before.length} places.`;
}
