import { make } from "./dom.js";
import { drawGraph } from "./graph.js";
import { nodePanel } from "./node.js";
import { nodeLines } from "./nodewords.js";
import { allocationOf } from "./state.js";

// The graph, and the panel about what is open in it. `change` takes what the reader sets, as that of the page does;
// `belief`, if there is one, leads to the control of an entry. Gives back {element, update(model, state)}.
export function graphPart(data, change, belief) {
  const heading = make("h2", { id: "graph-heading", text: "How one thing leads to another" });
  const [drawn, panelled] = [make("div"), make("div")];
  const element = make("section", { id: "graph", "aria-labelledby": heading.id }, heading, drawn, panelled);
  const labels = Object.fromEntries(data.nodes.map(({ name, label }) => [name, label]));
  labels[data.objective.node] = data.objective.label;
  let latest = null;

  const pick = (name) => {
    if (latest === null) return;
    graph.showPicked(name);
    if (name === null) panel.hide();
    else panel.show(name);
  };
  const graph = drawGraph(drawn, data.graph, { onPick: pick, label: "The causal graph", labels });
  const panel = nodePanel(panelled, { data, hooks: {
    rivals: () => latest.state.rivals,
    values: (name) => valuesIn(data, latest, name),
    held: (name) => latest.state.holds[name] ?? null,
    hold: (name, value, finished) => change((now) => ({ ...now, holds: heldWith(now.holds, name, value) }), finished),
    isCut: (cause, effect) => latest.state.cuts.includes(`${cause}->${effect}`),
    cut: (cause, effect, is) => change((now) => ({ ...now, cuts: cutsWith(now.cuts, `${cause}->${effect}`, is) }), true),
    back: (name) => graph.focus(name),
    pick,
    belief,
  } });

  // Nodes under A and B are reckoned here, so that this is one of the things that can wait.
  function update(model, state) {
    const [a, b] = model.sides(state);
    const [from, to] = ["a", "b"].map((which) => allocationOf(data, state, which));
    latest = { state, a, b, from, to };
    graph.update(nodeLines(data, latest), { changes: model.world(state).changes, rivals: state.rivals });
    panel.refresh();
  }

  return { element, update };
}

function valuesIn(data, { a, b, from, to }, name) {
  if (a[name] && b[name]) return { before: a[name], after: b[name] };
  if (!from[name]) return null;
  const [before, after] = [from, to].map((levers) => Array.from(levers[name], (x) => Float64Array.of(x)));
  return { before, after };
}

function heldWith(holds, name, value) {
  const others = Object.fromEntries(Object.entries(holds).filter(([other]) => other !== name));
  return value === null ? others : { ...others, [name]: value };
}

function cutsWith(cuts, arrow, is) {
  const others = cuts.filter((one) => one !== arrow);
  return is ? [...others, arrow] : others;
}
