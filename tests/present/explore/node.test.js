import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "../../../toc_model/present/explore/nodewords.js";

const node = (name, parents, more = {}) => ({ name, label: name, parents, rival: "", canHold: true, ...more });
const MEASURE = { factor: 100, unit: "per cent", mark: "%", digits: 1 };
const DATA = {
  objective: { node: "harvest", measure: MEASURE },
  levers: [
    { name: "fence", variables: [{ measure: { factor: 1, unit: "km", mark: "km", digits: 1 } }] },
    { name: "watch", variables: [{ measure: MEASURE }, { measure: MEASURE }] },
  ],
  entries: [
    { name: "gain[hill]", parameter: "gain", label: "gain on the hill" },
    { name: "gain[valley]", parameter: "gain", label: "gain in the valley" },
    { name: "gain_now", parameter: "gain_now", label: "gain now" },
  ],
  nodes: [
    node("spared", ["fence", "gain"]),
    node("sum", ["spared"], { canHold: false }),
    node("harvest", ["spared", "sum"]),
    node("spared", ["fence", "wolves"], { rival: "clever" }),
    node("wolves", ["gain_now"], { rival: "clever" }),
  ],
};
const draws = (...values) => [Float64Array.from(values)];

test("children are those whose law in force asks for it", () => {
  assert.deepEqual(words.nodeChildren(DATA, "spared", []), ["sum", "harvest"]);
  assert.deepEqual(words.nodeChildren(DATA, "wolves", []), []);
  assert.deepEqual(words.nodeChildren(DATA, "wolves", ["clever"]), ["spared"]);
});

test("a parent is a node, a lever, or a belief with all its entries", () => {
  const parent = (name, rivals = []) => words.nodeParent(DATA, name, rivals);
  assert.equal(parent("spared").kind, "node");
  assert.equal(parent("fence").kind, "lever");
  assert.deepEqual(parent("gain").entries.map(({ name }) => name), ["gain[hill]", "gain[valley]"]);
  assert.equal(parent("wolves").kind, "other");
  assert.equal(parent("wolves", ["clever"]).kind, "node");
});

test("figures have as many digits as it takes to tell them apart, and no more", () => {
  assert.equal(words.nodeArrow(0.31234, 0.28), "0.312 → 0.28");
  assert.equal(words.nodeArrow(0.31234, 0.31239), "0.3123 → 0.3124");
  assert.equal(words.nodeArrow(0.31234, 0.31234), "0.312");
  assert.equal(words.nodeArrow(-1, NaN), "\u22121 → undefined");
});

test("of several places the one that moves most is told", () => {
  const before = [...draws(1, 1), ...draws(5, 5)];
  const after = [...draws(1, 2), ...draws(9, 5)];
  assert.deepEqual(words.nodeLine(before, after), { before: 5, after: 7, text: "5 → 7 …" });
  assert.deepEqual(words.nodeLine(draws(1, NaN), draws(3, NaN)), { before: 1, after: 3, text: "1 → 3" });
  assert.equal(words.nodeLine(draws(NaN), draws(2)).text, "undefined → 2");
});

test("levers and the outcome that is valued are told in their own measure", () => {
  const sides = { a: { harvest: draws(0.1), spared: draws(1) }, b: { harvest: draws(0.1002), spared: draws(2) } };
  const lines = words.nodeLines(DATA, { ...sides, from: { fence: [3], watch: [0.5, 0.5] }, to: { fence: [3], watch: [0.25, 0.75] } });
  assert.equal(lines.harvest.text, "10.00 → 10.02 %");
  assert.equal(lines.spared.text, "1 → 2");
  assert.equal(lines.fence.text, "3.0 km");
  assert.equal(lines.watch.text, "50.0 → 25.0 % …");
});

test("mean and interval are of the draws in which a node is defined", () => {
  const values = Float64Array.from({ length: 102 }, (_, k) => (k < 101 ? k : NaN));
  const found = words.nodeSpread(values);
  assert.deepEqual([found.mean, found.q05, found.q95], [50, 5, 95]);
  assert.ok(Math.abs(found.absent - 1 / 102) < 1e-12);
  assert.equal(values[0], 0);
  assert.ok(Number.isNaN(words.nodeSpread(Float64Array.of(NaN)).mean));
});

test("bins have all draws between the ends, those at the ends among them", () => {
  assert.deepEqual(words.nodeBins(Float64Array.of(0, 0.4, 1, NaN), 0, 1, 2), [2 / 3, 1 / 3]);
  assert.deepEqual(words.nodeBins(Float64Array.of(-1, 0.4, 1, 3), 0, 1, 2), [1 / 4, 1 / 4]);
  assert.deepEqual(words.nodeBins(Float64Array.of(2, 2), 2, 2, 3), [0, 1, 0]);
  assert.deepEqual(words.nodeBins(Float64Array.of(NaN), 0, 1, 2), [0, 0]);
});

test("ends of a figure leave out one draw in a hundred, and what is not defined", () => {
  const values = Float64Array.from({ length: 101 }, (_, k) => k);
  assert.deepEqual(words.nodeExtent([values, Float64Array.of(NaN)]), [1, 99]);
  assert.ok(Number.isNaN(words.nodeExtent([Float64Array.of(NaN)])[0]));
});

test("a slider holds within bounds, or somewhat wider than draws, and has room for what is held", () => {
  assert.deepEqual(words.nodeHoldRange([0, 1], [0.2, 0.4]), { low: 0, high: 1, step: 0.01 });
  const open = words.nodeHoldRange([0, null], [2, 6]);
  assert.deepEqual([open.low, open.high >= 8 && open.high < 8.2], [0, true]);
  assert.ok(words.nodeHoldRange([null, null], [2, 6], 40).high >= 40);
  const point = words.nodeHoldRange([null, null], [0, 0]);
  assert.ok(point.low < 0 && point.high > 0 && point.step > 0);
});

test("whether and where a node moves is said by its draws, not its mean", () => {
  const moved = words.nodeMovedWords;
  assert.match(moved(draws(1, 2), draws(2, 1)), /changes from A to B\.$/);
  assert.match(moved(draws(NaN), draws(2)), /changes from A to B\.$/);
  assert.match(moved(draws(1, NaN), draws(1, NaN)), /the same under A and B in every draw/);
  assert.match(moved([...draws(1), ...draws(2)], [...draws(1), ...draws(3)]), /in 1 of 2 places/);
  assert.match(moved([...draws(0), ...draws(2)], [...draws(1), ...draws(3)]), /in all of 2 places/);
  assert.match(moved([...draws(1), ...draws(2)], [...draws(1), ...draws(2)]), /in every place and draw/);
});
