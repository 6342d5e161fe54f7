import assert from "node:assert/strict";
import { test } from "node:test";
import * as statistics from "../../../toc_model/present/explore/statistics.js";

const draws = (...values) => Float64Array.from(values);
const near = (found, wanted) => assert.ok(Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted), `${found}, ${wanted}`);

test("a mean of independent draws is off by its standard error", () => {
  const design = statistics.designOf({ draws: 4, part: null, rank: null, pool: null });
  const found = statistics.figures(draws(4, 1, 3, 2), design);
  assert.deepEqual([found.mean, found.q05, found.q95], [2.5, 1.15, 3.8499999999999996]);
  near(found.mcse, Math.sqrt(5 / 3 / 4));
});

test("what differs between parts of a mixture is no chance", () => {
  const design = statistics.designOf({ draws: 8, part: [0, 0, 0, 0, 1, 1, 1, 1] });
  assert.equal(design.error(draws(1, 1, 1, 1, 5, 5, 5, 5)), 0);
  near(design.error(draws(0, 2, 0, 2, 5, 5, 5, 5)), Math.sqrt(4 / 8 / 6));
});

test("what follows the rank in a camp is no chance, and a draw that is picked twice counts once", () => {
  const rank = [3, 0, 1, 2, 5, 4];
  const line = Float64Array.from(rank, (place) => 2 * place + 1);
  assert.equal(statistics.designOf({ draws: 6, rank, pool: [0, 0, 1, 2, 3, 4] }).error(line), 0);
  const bent = draws(4, 0, 0, 0, 0, 0);
  const apart = statistics.designOf({ draws: 6, rank, pool: [0, 1, 2, 3, 4, 5] }).error(bent);
  near(apart, statistics.designOf({ draws: 6, rank }).error(bent));
  assert.ok(statistics.designOf({ draws: 6, rank, pool: [0, 1, 2, 0, 3, 0] }).error(bent) < apart);
});

test("figures leave their draws as they are", () => {
  const x = draws(3, 1, 2);
  statistics.figures(x, statistics.designOf({ draws: 3 }));
  assert.deepEqual(x, draws(3, 1, 2));
});

test("a quantile of one draw is that draw", () => {
  assert.deepEqual([0, 0.3, 1].map((level) => statistics.quantile(draws(7), level)), [7, 7, 7]);
});

test("what differs by rounding alone does not differ", () => {
  assert.deepEqual(statistics.difference(draws(0.1 + 0.2, 1), draws(0.3, 3)), draws(0, -2));
});

test("a move that changes nothing has no cost and no sign", () => {
  const [before, change] = [draws(1, 2, 3, 4), new Float64Array(4)];
  const design = statistics.designOf({ draws: 4 });
  const found = statistics.moveFigures({ before, change, later: change, design, lowerIsBetter: true });
  assert.equal(found.shareBetter, 0);
  assert.equal(statistics.direction(found.change), 0);
  assert.deepEqual(found.relative, { mean: 0, mcse: 0 });
  assert.deepEqual(found.breakEven, { verdict: "none", cost: null, mcse: null });
  assert.deepEqual(found.after, found.before);
});

test("players share what they add together, and too many are refused", () => {
  const asked = [];
  const game = (set) => asked.push(set.join("")) && draws(set.includes("a") ? 2 : 0, set.length === 2 ? 4 : 0);
  assert.deepEqual(statistics.shapley(["a", "b"], game), [draws(2, 2), draws(0, 2)]);
  assert.deepEqual(asked, ["", "a", "b", "ab"]);
  assert.throws(() => statistics.shapley(Array(13).fill("a"), game), /found 13 players; allowed: 1 to 12/);
  assert.throws(() => statistics.shapley([], game), RangeError);
});
