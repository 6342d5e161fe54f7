import assert from "node:assert/strict";
import { test } from "node:test";
import * as numbers from "../../../toc_model/present/explore/numbers.js";

const PER_CENT = {
  factor: 100,
  unit: "per cent",
  changeUnit: "percentage points",
  digits: 1,
  endDigits: 0,
  changeDigits: 2,
  changeEndDigits: 1,
  mark: "%",
};

test("halves go to the even digit, and only halves", () => {
  assert.deepEqual([0.5, 1.5, 2.5, -2.5].map((x) => numbers.fixed(x, 0)), ["0", "2", "2", "-2"]);
  assert.deepEqual([0.125, 0.375, 1.005].map((x) => numbers.fixed(x, 2)), ["0.12", "0.38", "1.00"]);
  assert.deepEqual([9.5, 25, 35].map((x) => numbers.general(x, 1)), ["1e+01", "2e+01", "4e+01"]);
});

test("what is no finite number is written as Python does", () => {
  const limits = [Infinity, -Infinity, NaN];
  assert.deepEqual(limits.map((x) => numbers.fixed(x, 2)), ["inf", "-inf", "nan"]);
  assert.deepEqual(limits.map((x) => numbers.fixedZ(x, 2)), ["inf", "-inf", "nan"]);
  assert.deepEqual(limits.map((x) => numbers.general(x)), ["inf", "-inf", "nan"]);
});

test("what rounds to zero has no sign", () => {
  assert.equal(numbers.fixed(-0.001, 2), "-0.00");
  assert.equal(numbers.value(PER_CENT, -0.0001), "0.0");
  assert.equal(numbers.signed(PER_CENT, -0.00001), "0.00");
  assert.equal(numbers.signed(PER_CENT, 0.01), "+1.00");
});

test("rows are told in the measure of their outcome", () => {
  const row = { mean: -0.0123, q05: -0.05, q95: 0.0004, mcse: 0.0012 };
  assert.equal(numbers.interval(PER_CENT, row, true), "-1.23 ±0.12 [-5.0, 0.0]");
  assert.equal(numbers.valueInterval(PER_CENT, { mean: 0.25, q05: 0.01, q95: 0.8 }), "25.0 [1, 80]");
  assert.equal(numbers.withUnit({ ...PER_CENT, mark: "" }, 0.5), "50.0 per cent");
  assert.equal(numbers.leverValue({ measure: PER_CENT }, 0.2), "20.0 %");
});

test("a real minus stands before figures, and not in names", () => {
  assert.equal(numbers.withMinus("-5 [-1.2, -.5] a-5"), "−5 [−1.2, −.5] a-5");
  assert.equal(numbers.unmarked(numbers.withMinus(`${numbers.named("plan_ -5")}: -5`)), "plan  -5: −5");
});

test("lists, counts and beginnings", () => {
  assert.deepEqual([[], ["a"], ["a", "b", "c"]].map(numbers.listed), ["", "a", "a, b and c"]);
  assert.deepEqual([1, 1000].map((many) => numbers.counted(many, "draw")), ["1 draw", "1,000 draws"]);
  assert.deepEqual(["", "ab", "éa"].map(numbers.begun), ["", "Ab", "Éa"]);
});
