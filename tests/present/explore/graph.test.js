import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "../../../toc_model/present/explore/graphwords.js";

// Two columns and a half: a lever, two nodes of one chapter, and an outcome that both reach.
const GRAPH = {
  boxes: [
    { name: "fence", x: 0, y: 40 },
    { name: "guarded", x: 100, y: 0 },
    { name: "spared", x: 100, y: 100 },
    { name: "harvest", x: 200, y: 40 },
  ],
  arrows: [
    { cause: "fence", effect: "spared", lines: [0] },
    { cause: "guarded", effect: "spared", lines: [1] },
    { cause: "spared", effect: "harvest", lines: [2] },
    { cause: "fence", effect: "harvest", lines: [3, 4, 5] },
  ],
  rivals: [
    { name: "clever", nodes: [], anew: ["spared"], new: [["guarded", "harvest"]], gone: [["fence", "harvest"]] },
    { name: "wolves", nodes: [{ name: "wolf_packs" }], anew: [], new: [["wolf_packs", "spared"]], gone: [] },
  ],
};
const next = (name, key) => words.graphNeighbour(GRAPH.boxes, name, key);

test("arrow keys lead to the nearest box of the next column, and up and down in a column", () => {
  assert.equal(next("fence", "ArrowRight"), "guarded");
  assert.equal(next("guarded", "ArrowRight"), "harvest");
  assert.equal(next("harvest", "ArrowLeft"), "guarded");
  assert.equal(next("guarded", "ArrowDown"), "spared");
  assert.equal(next("spared", "ArrowUp"), "guarded");
  assert.equal(next("spared", "Home"), "fence");
  assert.equal(next("fence", "End"), "harvest");
});

test("arrow keys lead nowhere where nothing stands, and other keys nowhere at all", () => {
  for (const key of ["ArrowLeft", "ArrowUp", "ArrowDown", "x", "Tab"]) assert.equal(next("fence", key), null);
});

test("by arrow keys every box can be reached from the first", () => {
  const reached = new Set(["fence"]);
  for (const name of reached) {
    for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) if (next(name, key)) reached.add(next(name, key));
  }
  assert.equal(reached.size, GRAPH.boxes.length);
});

test("only a difference of more than the last bits moves a box", () => {
  assert.equal(words.graphMoves({ before: 0.3, after: 0.1 + 0.2 }), false);
  assert.equal(words.graphMoves({ before: 1e6, after: 1e6 + 0.01 }), true);
  assert.equal(words.graphMoves({ before: NaN, after: NaN }), false);
  assert.equal(words.graphMoves({ before: NaN, after: 1 }), true);
  assert.equal(words.graphMoves(undefined), false);
});

test("a box says which way it goes, but not for several places or where it is not defined", () => {
  const line = (before, after, text) => words.graphLine({ before, after, text });
  assert.deepEqual(line(1, 2, "1 → 2"), { shown: "1 → 2 ↑", spoken: "rises" });
  assert.deepEqual(line(2, 1, "2 → 1"), { shown: "2 → 1 ↓", spoken: "falls" });
  assert.deepEqual(line(2, 2, "2"), { shown: "2", spoken: "does not change" });
  assert.equal(line(2, 1, "2 → 1 …").shown, "2 → 1 …");
  assert.equal(line(NaN, 1, "undefined → 1").shown, "undefined → 1");
  assert.deepEqual(words.graphLine(undefined), { shown: "", spoken: "" });
});

const change = (kind, target, more = {}) => ({ kind, target, places: null, effect: "", value: null, ...more });

test("what is held, cut or of a rival is told in words, the last of several that hold", () => {
  const changes = [
    change("do", "spared", { value: -0.5 }),
    change("cut", "fence", { effect: "spared" }),
    change("cut", "guarded", { effect: "spared" }),
    change("scale", "guarded", { value: 2 }),
  ];
  const tags = (name, more = []) => words.graphTags(name, GRAPH, { changes: [...changes, ...more], rivals: ["clever"] });
  assert.deepEqual(tags("spared"), ["held at \u22120.5", "2 arrows cut", "rival law"]);
  assert.deepEqual(tags("guarded"), []);
  assert.deepEqual(tags("guarded", [change("pin", "guarded")]), ["held as before"]);
  assert.deepEqual(tags("guarded", [change("do", "guarded", { value: 1, places: [0] })]), ["held in part"]);
  assert.deepEqual(tags("spared", [change("do", "spared", { value: 2 })])[0], "held at 2");
  assert.deepEqual(words.graphTags("spared", GRAPH, { rivals: ["wolves"] }), []);
});

test("a box is idle only where all of it is held", () => {
  const held = words.graphHeld([change("do", "a"), change("pin", "b"), change("do", "c", { places: [1] }), change("cut", "d")]);
  assert.deepEqual([...held], ["a", "b"]);
});

test("of an arrow that is cut the last line is marked, which others do not share", () => {
  const cuts = [change("cut", "fence", { effect: "harvest" }), change("cut", "wolf_packs", { effect: "spared" })];
  assert.deepEqual(words.graphCuts(GRAPH, cuts), [5]);
});

test("around a box are its causes, its effects and all lines between", () => {
  const around = words.graphAround(GRAPH, "spared");
  assert.deepEqual(around.causes, ["fence", "guarded"]);
  assert.deepEqual(around.effects, ["harvest"]);
  assert.deepEqual([...around.lines], [0, 1, 2]);
  assert.deepEqual([...words.graphAround(GRAPH, "wolf_packs").lines], []);
});

test("what a rival adds is told only while it is on", () => {
  const labelOf = (name) => name.replace("_", " ");
  const [clever, wolves] = words.graphAdditions(GRAPH, ["wolves", "clever"], labelOf);
  assert.equal(
    clever.text,
    "other laws of spared; new arrows, not drawn: guarded → harvest; arrows that no longer hold: fence → harvest.");
  assert.equal(wolves.text, "new arrows, not drawn: wolf packs → spared.");
  assert.deepEqual(wolves.nodes.map(({ name }) => name), ["wolf_packs"]);
  assert.deepEqual(words.graphAdditions(GRAPH, [], labelOf), []);
});
