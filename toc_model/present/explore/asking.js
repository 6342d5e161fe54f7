// What is asked of a model beside the move itself: a curve, steps, parts, and what would turn the sign.
import { movedValues } from "./linked.js";
import { difference, figures, quantile, shapley } from "./statistics.js";
import { allocationOf } from "./state.js";
import { quantileAt } from "./draws.js";

const POINTS = 21;
const FARTHEST = 2.3263478740408408; // of a standard normal variable, its 99 % quantile
const HALVINGS = 9;

// The move to B with one variable of a lever at values over its range, and at those of A and B, all else as in B:
// yields {x, figures}, x rising.
export function* curveOf(model, state, variableName) {
  const lever = model.data.levers.find((one) => one.variables.some(({ name }) => name === variableName));
  const place = lever.variables.findIndex(({ name }) => name === variableName);
  const levers = allocationOf(model.data, state, "b");
  const upper = lever.upper - lever.margin;
  const even = Array.from({ length: POINTS }, (_, k) => lever.lower + ((upper - lever.lower) * k) / (POINTS - 1));
  const own = ["a", "b"].map((which) => allocationOf(model.data, state, which)[lever.name][place]);
  for (const x of [...new Set([...even, ...own])].sort((one, other) => one - other)) {
    const values = movedValues(lever, levers[lever.name], place, x);
    yield { x, figures: model.moveTo(state, { ...levers, [lever.name]: values }).figures };
  }
}

// Parts of the outcome under A and B: [{label, before, after, change}], each the figures of draws.
export function partsOf(model, state) {
  const design = model.design(state.worldview);
  const [a, b] = model.sides(state);
  return model.data.objective.parts.map(({ label, node }) => {
    const [before, after] = [a[node][0], b[node][0]];
    const change = figures(difference(after, before), design);
    return { label, before: figures(before, design), after: figures(after, design), change };
  });
}

// The change split over stages, by Shapley values: yields how far it is, then [{label, before, after, part}].
export function* stepsOf(model, state) {
  const { stages } = model.data;
  const isHeld = ({ node }) => model.world(state).changes.some((one) => one.target === node && one.kind !== "cut");
  if (!stages.length || stages.some(isHeld)) {
    yield { done: true, steps: null };
    return;
  }
  const [a, b] = model.sides(state);
  const levers = allocationOf(model.data, state, "b");
  const found = new Map();
  const chosen = (players) => players.map((node) => stages.findIndex((one) => one.node === node)).sort().join();
  for (const set of subsetsOf(stages.map(({ node }) => node))) {
    const known = Object.fromEntries(stages.map(({ node }) => [node, set.includes(node) ? b[node] : a[node]]));
    found.set(chosen(set), model.outcomeOf(model.nodes(state, levers, known)));
    yield { done: false };
  }
  const split = shapley(stages.map(({ node }) => node), (players) => found.get(chosen([...players])));
  yield { done: true, steps: stages.map((stage, k) => stepOf(model, state, stage, a, b, split[k])) };
}

function subsetsOf(names) {
  return Array.from({ length: 2 ** names.length }, (_, k) => names.filter((_name, place) => k & (1 << place)));
}

function stepOf(model, state, { node, label, weights }, a, b, part) {
  const design = model.design(state.worldview);
  const [before, after] = [a, b].map((found) => figures(weighed(found[node], weights && found[weights]), design));
  return { node, label, before, after, part: figures(part, design) };
}

// One number a draw: places weighed by another node's.
function weighed(values, weights) {
  if (!weights) return values[0];
  const found = new Float64Array(values[0].length);
  values.forEach((own, place) => own.forEach((x, k) => { found[k] += x * weights[place][k]; }));
  return found;
}

// The value nearest to its median at which an entry, were it certain, would turn the sign of the mean change: returns
// {value, distance in standard deviations}, or null where none does within the middle 98 % of what is believed.
// Yields after each evaluation, so that a page can do something else meanwhile.
export function* turnOf(model, state, entry) {
  const at = valueAt(model, state, entry);
  const sign = (score) => Math.sign(model.meanChange({ ...state, beliefs: { ...state.beliefs, [entry]: [at(score)] } }));
  const now = Math.sign(model.meanChange(state));
  const turns = [];
  for (const side of [-1, 1]) turns.push(yield* nearestTurn(sign, now, side * FARTHEST));
  const found = turns.filter((score) => score !== null).sort((one, other) => Math.abs(one) - Math.abs(other));
  return found.length ? { value: at(found[0]), distance: Math.abs(found[0]) } : null;
}

// The value of an entry at a standard normal score: of one prior exactly, of a camp or a mixture as its draws have it,
// given that the effect is not nil.
function valueAt(model, { worldview, date, beliefs }, entry) {
  const found = model.distributions(worldview, date, entry, beliefs[entry]);
  if (found.length === 1 && !found[0].drawn && !model.isCamp(worldview)) return (score) => quantileAt(found[0], score);
  const draws = model.parameters(worldview, date, [entry], beliefs)[entry];
  const sorted = (found.some(({ nil }) => nil > 0) ? draws.filter((x) => x !== 0) : draws.slice()).sort();
  return (score) => quantile(sorted, model.levelOf(score));
}

// By bisection between the median and an end, where the sign is another one.
function* nearestTurn(sign, now, end) {
  yield;
  if (sign(end) === now) return null;
  yield;
  if (sign(0) !== now) return 0;
  let [near, far] = [0, end];
  for (let k = 0; k < HALVINGS; k++) {
    yield;
    const middle = (near + far) / 2;
    if (sign(middle) === now) near = middle;
    else far = middle;
  }
  return far;
}
