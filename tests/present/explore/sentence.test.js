import assert from "node:assert/strict";
import { test } from "node:test";
import * as sentences from "../../../toc_model/present/explore/sentence.js";

const MEASURE = { factor: 1, unit: "tonnes", changeUnit: "tonnes", digits: 2, changeDigits: 2, mark: "t" };
const DATA = {
  describe: "{fence} are fenced, {watch.hill} watch on the hill",
  objective: { label: "harvest", measure: MEASURE },
  delay: { period: "day" },
  levers: [
    { name: "fence", unit: "km", variables: [{ name: "fence" }] },
    { name: "watch", unit: "fraction", variables: [{ name: "watch.hill" }, { name: "watch.valley" }] },
  ],
};
const PARTS = {
  under: sentences.whose("the almanac", "spring", []),
  fromName: "status_quo",
  fromTold: "3 km are fenced",
  toName: "plan",
  toTold: "6 km are fenced",
  counted: "1,000 draws",
};
const found = (figures) => sentences.sentence(DATA, { ...PARTS, figures });

test("an allocation is told by the template, or by all its variables", () => {
  const levers = { fence: [3.5], watch: [0.125, 0.875] };
  assert.equal(sentences.told(DATA, levers), "3.5 km are fenced, 12.5% watch on the hill");
  const wanted = "fence 3.5, watch.hill 0.125, watch.valley 0.875";
  assert.equal(sentences.told({ ...DATA, describe: "" }, levers), wanted);
});

test("a rise is told with its cost of delay", () => {
  const figures = {
    before: { mean: 20 },
    change: { mean: 2.5, mcse: 0.1 },
    relative: { mean: 0.125 },
    shareBetter: 0.9,
    breakEven: { verdict: "cost", cost: 0.02, mcse: 0.001 },
  };
  assert.equal(
    found(figures),
    "Under the almanac as of spring, moving from “status quo” (3 km are fenced) to “plan” (6 km are fenced) raises " +
      "mean harvest from 20.00 t by 2.50 ±0.10 tonnes, 12.5 % of it; it is better in 90 % of draws, and pays while a " +
      "day of delay costs less than 2.0 ±0.1 % of what there is to lose.",
  );
});

test("what can't be told from zero is not told as a fall", () => {
  const text = found({ before: { mean: 20 }, change: { mean: -0.1, mcse: 0.1 }, relative: {}, breakEven: null });
  assert.ok(text.endsWith("mean harvest, 20.00 t, where it is, as far as 1,000 draws can tell: -0.10 ±0.10 tonnes."));
});

test("names are marked for pages, and nothing in them is hidden", () => {
  const figures = { before: { mean: 20 }, change: { mean: 0, mcse: 0 } };
  const marked = sentences.markedSentence(DATA, { ...PARTS, toName: "a\u202eb", figures });
  assert.ok(marked.includes("“\u2068status quo\u2069” (3 km"));
  assert.ok(marked.includes("“\u2068a\\u202eb\u2069”"));
  assert.equal(sentences.whose("x", "", ["a=1", "b=-2"]), "x with \u2068a=1; b=-2\u2069");
});
