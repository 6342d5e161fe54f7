import { sized, withMinus } from "./numbers.js";

// The name of the nearest box in the direction of an arrow key; boxes of a column share their x.
export function graphNeighbour(boxes, name, key) {
  const here = boxes.find((box) => box.name === name);
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  if (key === "Home") return boxes[0].name;
  if (key === "End") return boxes[boxes.length - 1].name;
  if (!sideways && key !== "ArrowUp" && key !== "ArrowDown") return null;
  const along = (box) => sign * (sideways ? box.x - here.x : box.y - here.y);
  const across = (box) => Math.abs(sideways ? box.y - here.y : box.x - here.x);
  const ahead = boxes.filter((box) => along(box) > 1 && (sideways || across(box) < 1));
  const cost = (box) => 1e4 * along(box) + across(box);
  return ahead.length ? ahead.reduce((best, box) => (cost(box) < cost(best) ? box : best)).name : null;
}

// Draws are paired, so that what a move does not reach is the same to the last bits.
export function graphMoves(value) {
  if (!value || Object.is(value.before, value.after)) return false;
  return !(Math.abs(value.after - value.before) <= 1e-9 * Math.max(Math.abs(value.before), Math.abs(value.after)));
}

// What the box says in its last line, and what those who hear it are told besides. Of several places ("…") one alone
// is told, and others may move the other way.
export function graphLine(value) {
  if (!value) return { shown: "", spoken: "" };
  if (!graphMoves(value)) return { shown: value.text, spoken: "does not change" };
  if (value.text.endsWith("…")) return { shown: value.text, spoken: "changes, here where it does most" };
  if (Number.isNaN(value.before + value.after)) return { shown: value.text, spoken: "is not always defined" };
  const rises = value.after > value.before;
  return { shown: `${value.text} ${rises ? "↑" : "↓"}`, spoken: rises ? "rises" : "falls" };
}

// Everything that stands in the way of a box's law, in words: changes of the story, as `changesOf` gives them for a
// state, and rivals.
export function graphTags(name, graph, { changes = [], rivals = [] }) {
  const held = changes.filter((one) => one.target === name && (one.kind === "do" || one.kind === "pin")).at(-1);
  const cut = changes.filter((one) => one.kind === "cut" && one.effect === name).length;
  const anew = graph.rivals.some((rival) => rival.anew.includes(name) && rivals.includes(rival.name));
  return [
    ...(held ? [graphHeldWords(held)] : []),
    ...(cut ? [cut === 1 ? "1 arrow cut" : `${cut} arrows cut`] : []),
    ...(anew ? ["rival law"] : []),
  ];
}

function graphHeldWords({ kind, places, value }) {
  if (places) return "held in part";
  return kind === "pin" ? "held as before" : `held at ${withMinus(sized(value))}`;
}

// Names before and behind a box, and the numbers of the lines that join them to it.
export function graphAround(graph, name) {
  const into = graph.arrows.filter((arrow) => arrow.effect === name);
  const from = graph.arrows.filter((arrow) => arrow.cause === name);
  return {
    causes: into.map((arrow) => arrow.cause),
    effects: from.map((arrow) => arrow.effect),
    lines: new Set([...into, ...from].flatMap((arrow) => arrow.lines)),
  };
}

// The numbers of the last pieces of line of cut arrows, which are theirs alone.
export function graphCuts(graph, changes) {
  const cut = new Set(changes.filter(({ kind }) => kind === "cut").map(({ target, effect }) => `${target}->${effect}`));
  return graph.arrows.filter(({ cause, effect }) => cut.has(`${cause}->${effect}`)).map(({ lines }) => lines.at(-1));
}

// Names of boxes that are held everywhere, so that no arrow moves them.
export function graphHeld(changes) {
  const held = changes.filter(({ kind, places }) => (kind === "do" || kind === "pin") && !places);
  return new Set(held.map(({ target }) => target));
}

// What switched rivals add that is not drawn, a sentence and the added nodes for each.
export function graphAdditions(graph, rivals, labelOf) {
  const words = (arrows) => arrows.map(([cause, effect]) => `${labelOf(cause)} → ${labelOf(effect)}`).join("; ");
  return graph.rivals.filter((rival) => rivals.includes(rival.name)).map((rival) => {
    const parts = [
      rival.anew.length ? `other laws of ${rival.anew.map(labelOf).join(", ")}` : "",
      rival.new.length ? `new arrows, not drawn: ${words(rival.new)}` : "",
      rival.gone.length ? `arrows that no longer hold: ${words(rival.gone)}` : "",
    ];
    return { name: rival.name, nodes: rival.nodes, text: `${parts.filter(Boolean).join("; ")}.` };
  });
}
