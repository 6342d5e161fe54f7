import assert from "node:assert/strict";
import { test } from "node:test";
import * as state from "../../../toc_model/present/explore/state.js";
import { yearsFrom } from "../../../toc_model/present/explore/years.js";

const node = (name, parents, more = {}) => ({
  name, parents, rival: "", canHold: true, bounds: [null, null], isDate: false, ...more });
const lever = (name) => ({ name, lower: 0, upper: 9, sums: false, variables: [{ name, group: "" }] });
const dated = { name: "arrival", rival: "", range: [0, null], isDate: true, terms: false };
const DATA = {
  model: "m", worldview: "base", date: "now", rivalsOn: [], proposal: "plan",
  worldviews: [{ name: "base", selectable: true, members: [{ tables: { now: {} } }] }],
  dates: [{ name: "now" }],
  tables: { now: { arrival: ["lognormal", 2, 0.5, 0], toil: ["lognormal", 2, 0.5, 0] } },
  rivals: [
    { name: "clever", conflicts: ["sly"] },
    { name: "sly", conflicts: ["clever"] },
    { name: "slow", conflicts: [] },
  ],
  allocations: [{ name: "plan", values: { fence: [1] } }],
  levers: [lever("fence")],
  entries: [dated, { ...dated, name: "toil", isDate: false }],
  claims: [],
  nodes: [
    node("spared", ["fence", "gain"], { bounds: [0, 1] }),
    node("sum", ["spared"], { canHold: false }),
    node("harvest", ["spared", "sum"]),
    node("comes", ["harvest"], { isDate: true, bounds: [0, null] }),
    node("spared", ["fence", "wolves"], { rival: "clever" }),
    node("wolves", ["gain_now"], { rival: "clever" }),
  ],
};
const under = (...rivals) => ({ ...state.firstState(DATA), rivals });
const read = (hash) => state.stateOfHash(DATA, hash);

test("the record is that of the rival that is on", () => {
  assert.equal(state.recordOf(DATA, under(), "spared").rival, "");
  assert.equal(state.recordOf(DATA, under("clever"), "spared").rival, "clever");
  assert.equal(state.recordOf(DATA, under("clever"), "harvest").rival, "");
  assert.equal(state.recordOf(DATA, under(), "wolves"), undefined);
  assert.equal(state.recordOf(DATA, under(), "none"), undefined);
});

test("an arrow can be cut unless an end keeps accounts, is a belief, or is not there", () => {
  const can = (text, ...rivals) => state.canCut(DATA, under(...rivals), text);
  assert.equal(can("fence->spared"), true);
  assert.equal(can("spared->harvest"), true);
  assert.equal(can("wolves->spared", "clever"), true);
  const never = ["spared->sum", "sum->harvest", "gain->spared", "fence->harvest", "wolves->spared"];
  for (const text of [...never, "fence", "", "->", "fence->spared->x"]) assert.equal(can(text), false, text);
});

test("what can't be held at is said", () => {
  const trouble = (x, name = "spared") => state.holdTrouble(state.recordOf(DATA, under(), name), x);
  assert.equal(trouble(0.5), "");
  assert.equal(trouble(0), "");
  assert.equal(trouble(1.5), "At most 1.");
  assert.equal(trouble(-2), "At least 0.");
  for (const x of [NaN, Infinity]) assert.equal(trouble(x), "Enter a number.");
  assert.equal(trouble(-7, "harvest"), "");
  assert.equal(trouble(2030, "harvest"), "");
  assert.equal(trouble(2030, "comes"), "A number of years, not a year of the calendar.");
  assert.equal(trouble(999, "comes"), "");
});

test("a year of the calendar is no number of years", () => {
  const can = (name, ...stated) => state.canBelieve(DATA, under(), name, stated);
  assert.deepEqual([can("arrival", 2030), can("arrival", 5, 2030), can("arrival", 1000)], [false, false, false]);
  assert.deepEqual([can("arrival", 999), can("arrival", 5, 20), can("toil", 2030)], [true, true, true]);
  assert.equal(state.canHold(DATA, under(), "comes", 2030), false);
  assert.equal(state.canHold(DATA, under(), "comes", 7.6), true);
  assert.deepEqual(read("#s=arrival=2030&h=comes=2030").troubles, ["s=arrival=2030", "h=comes=2030"]);
});

test("years that are typed for a date are counted from it, a whole one to its middle", () => {
  const late = { label: "late 2022", year: 2022.9 };
  const from = (...typed) => yearsFrom(dated, late, typed);
  assert.deepEqual(from(2030), { years: [7.6], allowed: "" });
  assert.deepEqual(from(2030.25, 2041), { years: [7.35, 18.6], allowed: "" });
  assert.deepEqual(from(3, 20), { years: [3, 20], allowed: "" });
  assert.equal(from(3, 2040).allowed, "years of the calendar in both fields, or in none");
  assert.equal(from(2022).allowed, "a year after late 2022");
  assert.equal(from(2022, 2040).allowed, "a year after late 2022");
  assert.equal(from(2023).allowed, "");
  assert.equal(from(5000).allowed, "a year before 3022");
  assert.equal(from(NaN, 2030).allowed, "");
  assert.deepEqual(yearsFrom({ isDate: false }, late, [2030]), { years: [2030], allowed: "" });
  assert.equal(yearsFrom(dated, { label: "", year: null }, [2030]).allowed, "a number of years below 1000");
});

test("rivals that exclude each other are told, and the first of them is taken", () => {
  assert.deepEqual(read("#r=clever,slow,sly").state.rivals, ["clever", "slow"]);
  assert.deepEqual(read("#r=clever,slow,sly").troubles, ["r=sly"]);
  assert.deepEqual(read("#r=clever,slow").troubles, []);
});
