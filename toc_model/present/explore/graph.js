import { folded, make, makeSvg, say } from "./dom.js";
import { graphAdditions, graphAround, graphCuts, graphHeld, graphLine, graphMoves } from "./graphwords.js";
import { graphNeighbour, graphTags } from "./graphwords.js";

const GRAPH_STEP = 13;
const GRAPH_ROUNDING = { lever: 15, node: 9, outcome: 0, objective: 0 };
const GRAPH_HINT = "Arrow keys lead from box to box, Enter opens one, Escape closes it. The list beneath has them all.";

// Bands, lines and boxes ---------------------------------------------------------------------------------------------

function graphColourOf(graph, chapter) {
  const band = graph.bands.find((one) => one.chapter === chapter && one.number);
  return band ? `g-c${band.colour}` : "g-c-lever";
}

function graphTitle(band) {
  return band.number ? `${band.number} ${band.chapter.replaceAll("_", " ")}` : "levers";
}

// Heads can't take the colour of their line in every browser, so that there is one for each.
function graphMarkers(graph) {
  const colours = new Set(["g-c-lever", ...graph.bands.map((band) => graphColourOf(graph, band.chapter))]);
  const size = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8 };
  const how = { ...size, markerUnits: "userSpaceOnUse", orient: "auto" };
  const heads = [...colours].map((colour) => makeSvg("marker", { id: `g-head-${colour}`, class: colour, ...how },
    makeSvg("path", { class: "g-head", d: "M0 0.8L8 4L0 7.2Z" })));
  const tile = { width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const hatch = makeSvg("pattern", { id: "g-hatch", ...tile },
    makeSvg("rect", { class: "g-hatch-ground", width: 7, height: 7 }),
    makeSvg("rect", { class: "g-hatch-line", width: 2, height: 7 }));
  return makeSvg("defs", {}, ...heads, hatch);
}

function graphGround(graph, { chapter, number, x, y, width, height }) {
  const colour = graphColourOf(graph, chapter);
  return number ? makeSvg("rect", { class: `g-band ${colour}`, x, y, width, height, rx: 8 }) : null;
}

function graphHeading(graph, band, fits) {
  const x = band.x + (band.number ? 10 : 14);
  const lines = band.heading.map((text, index) =>
    makeSvg("text", { class: "g-heading", x, y: band.y + 38 + GRAPH_STEP * index, text }));
  fits.push(...lines.map((text) => ({ text, room: band.width - 18 })));
  const behind = band.number ? "" : " g-on-paper";
  return makeSvg("g", { class: `${graphColourOf(graph, band.chapter)} g-halo${behind}`, "aria-hidden": "true" },
    makeSvg("text", { class: "g-chapter", x, y: band.y + 21, text: graphTitle(band).toUpperCase() }), ...lines);
}

function graphLineShape(graph, line, colour, label, fits) {
  const kind = `g-line ${colour}${line.within ? " g-within" : ""}`;
  const head = line.effect ? { "marker-end": `url(#g-head-${colour})` } : {};
  const path = makeSvg("path", { d: line.d, ...head });
  if (!line.name) return makeSvg("g", { class: kind }, path);
  const behind = line.behind ? graphColourOf(graph, line.behind) : "g-on-paper";
  const at = { x: line.name[0], y: line.name[1] + 4 };
  const words = makeSvg("tspan", { class: colour, text: label });
  const name = makeSvg("text", { class: `g-name g-halo ${behind}`, ...at }, words);
  fits.push({ text: name, room: graph.box[0] - 12 });
  return makeSvg("g", { class: kind }, path, name);
}

// Stands on a line shortly before its head.
function graphCross({ d }) {
  const [fromX, fromY, x, y] = d.split(/[MC ]+/).slice(-4).map(Number);
  const far = Math.max(Math.abs(x - fromX), Math.abs(y - fromY)) || 1;
  const at = [x - (13 * (x - fromX)) / far, y - (13 * (y - fromY)) / far];
  const stroke = "M-5 -5L5 5M-5 5L5 -5";
  return makeSvg("g", { class: "g-cross", transform: `translate(${at.map((z) => z.toFixed(1)).join(" ")})` },
    makeSvg("path", { class: "g-cross-halo", d: stroke }), makeSvg("path", { d: stroke }));
}

function graphBox(graph, box, label, fits) {
  const [width, height] = graph.box;
  const rx = GRAPH_ROUNDING[box.kind];
  const frame = (more) =>
    ({ x: -width / 2 - more, y: -height / 2 - more, width: width + 2 * more, height: height + 2 * more });
  const first = box.lines.length > 1 ? -11 : -4;
  const words = box.lines.map((text, index) =>
    makeSvg("text", { class: "g-words", y: first + GRAPH_STEP * index, text }));
  const value = makeSvg("text", { class: "g-value", y: box.lines.length > 1 ? 18 : 15 });
  fits.push(...[...words, value].map((text) => ({ text, room: width - 8 })));
  const tag = makeSvg("text", { y: -height / 2 + 2 });
  const ground = makeSvg("rect", { y: -height / 2 - 9, height: 15, rx: 4 });
  const kind = { class: `g-node g-${box.kind} ${graphColourOf(graph, box.chapter)}`, role: "button", tabindex: -1 };
  const place = { "data-name": box.name, transform: `translate(${box.x} ${box.y})` };
  const element = makeSvg("g", { ...kind, ...place },
    makeSvg("rect", { class: "g-ring", ...frame(5), rx: rx && rx + 4 }),
    makeSvg("rect", { class: "g-box", ...frame(0), rx }),
    ...words.flatMap((word) => [word, " "]), value, " ", makeSvg("g", { class: "g-tag" }, ground, tag));
  return { element, value, tag, ground, label };
}

function graphWriteBox({ element, value, tag, ground, label }, found, tags) {
  const { shown, spoken } = graphLine(found);
  say(value, shown);
  const words = tags.join(", ");
  say(tag, words);
  const width = 7 * words.length + 10;
  ground.setAttribute("width", width);
  ground.setAttribute("x", -width / 2);
  const name = [[label, shown, words].filter(Boolean).join(" "), spoken].filter(Boolean).join(", ");
  if (element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
  element.classList.toggle("g-moves", graphMoves(found));
  element.classList.toggle("g-held", tags.some((one) => one.startsWith("held")));
  element.classList.toggle("g-tagged", tags.length > 0);
}

// Words that are wider than their room, in whatever font there is, are set closer; all are measured before one is set.
function graphFit(fits) {
  for (const { text } of fits) text.removeAttribute("textLength");
  const widths = fits.map(({ text }) => text.getComputedTextLength());
  fits.forEach(({ text, room }, index) => {
    if (widths[index] <= room) return;
    text.setAttribute("textLength", room);
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  });
}

// Legend and list ----------------------------------------------------------------------------------------------------

function graphSwatch(kind, ...shapes) {
  const size = { class: "g-swatch", viewBox: "0 0 40 18", width: 40, height: 18, "aria-hidden": "true" };
  return makeSvg("svg", size, makeSvg("g", { class: `${kind} g-c-plain` }, ...shapes));
}

function graphLegend(graph) {
  const kinds = new Set(graph.boxes.map((box) => box.kind));
  const frame = { class: "g-box", x: 2, y: 2, width: 36, height: 14 };
  const box = (kind, rx) => graphSwatch(`g-node ${kind}`, makeSvg("rect", { ...frame, rx }));
  const ring = (kind) => graphSwatch(`g-node ${kind}`,
    makeSvg("rect", { class: "g-ring", x: 2, y: 2, width: 36, height: 14, rx: 6 }));
  const cross = graphCross({ d: "M0 9C10 9 14 9 33 9" });
  const cut = graphSwatch("g-line g-cut", makeSvg("path", { d: "M2 9L38 9" }), cross);
  const entries = [
    [kinds.has("lever"), box("g-lever", 7), "lever"],
    [true, box("", 4), "stays as it is"],
    [true, box("g-moves", 4), "changes from A to B (before → after; … in one of several places)"],
    [kinds.has("outcome"), box("g-outcome", 0), "outcome"],
    [kinds.has("objective"), box("g-objective", 0), "the outcome that is valued"],
    [true, box("g-held", 4), "held"],
    [true, cut, "arrow cut"],
    [true, ring("g-cause"), "a cause of what is open"],
    [true, ring("g-effect"), "an effect of it"],
  ];
  const shown = entries.filter(([is]) => is);
  return make("ul", { class: "g-legend" }, ...shown.map(([, picture, words]) => make("li", {}, picture, " ", words)));
}

function graphItem(name, label, onPick) {
  const value = make("span", { class: "g-item-value" });
  const how = { type: "button", class: "g-item", "data-name": name };
  const button = make("button", { ...how, text: label, onClick: () => onPick(name) });
  return { element: make("li", {}, button, value), button, value };
}

function graphList(graph, labelOf, onPick) {
  const items = new Map(graph.boxes.map(({ name }) => [name, graphItem(name, labelOf(name), onPick)]));
  const chapters = graph.bands.map((band) => make("div", {},
    make("p", { class: "g-list-heading" }, make("strong", { text: `${graphTitle(band)}: ` }), band.title),
    make("ul", { class: "g-items" }, ...graph.boxes.filter((box) => box.chapter === band.chapter)
      .map((box) => items.get(box.name).element))));
  return { items, element: folded("The same as a list, by chapter", make("div", { class: "g-list" }, ...chapters)) };
}

function graphRivals(graph, names, labelOf, onPick) {
  return graphAdditions(graph, names, labelOf).map(({ name, nodes, text }) => {
    const buttons = nodes.map((node) => graphItem(node.name, labelOf(node.name), onPick).button);
    const added = buttons.length ? [" Not drawn, but part of the model: ", ...buttons] : [];
    return make("li", {}, make("strong", { text: `Rival mechanism ${name.replaceAll("_", " ")}: ` }), text, ...added);
  });
}

// The whole ----------------------------------------------------------------------------------------------------------

function graphDrawing(graph, labelOf, label, fits) {
  const chapters = new Map(graph.boxes.map((box) => [box.name, box.chapter]));
  const colour = (name) => graphColourOf(graph, chapters.get(name));
  const lines = graph.lines.map((line) => graphLineShape(graph, line, colour(line.cause), labelOf(line.cause), fits));
  const nodes = new Map(graph.boxes.map((box) => [box.name, graphBox(graph, box, labelOf(box.name), fits)]));
  const crosses = makeSvg("g", { "aria-hidden": "true" });
  const size = { class: "g-drawing", viewBox: `0 0 ${graph.width} ${graph.height}` };
  const element = makeSvg("svg", { ...size, role: "group", "aria-label": label },
    graphMarkers(graph),
    ...graph.bands.map((band) => graphGround(graph, band)),
    makeSvg("g", { "aria-hidden": "true" }, ...lines),
    ...graph.bands.map((band) => graphHeading(graph, band, fits)),
    crosses,
    ...[...nodes.values()].map((node) => node.element));
  element.style.setProperty("--g-width", graph.width);
  return { element, lines, nodes, crosses };
}

// One box at a time is a stop of the tab key; arrow keys lead to the others.
function graphKeys(graph, nodes, onPick) {
  let stop = graph.boxes[0].name;
  const moveStop = (name) => {
    nodes.get(stop).element.setAttribute("tabindex", -1);
    stop = name;
    nodes.get(stop).element.setAttribute("tabindex", 0);
  };
  const focus = (name) => {
    const { element } = nodes.get(name);
    moveStop(name);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const pressed = (event, name) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = graphNeighbour(graph.boxes, name, event.key);
    const picks = { Enter: name, " ": name, Escape: null };
    if (!(event.key in picks) && next === null && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (event.key in picks) onPick(picks[event.key]);
    else if (next !== null) focus(next);
  };
  for (const [name, { element }] of nodes) {
    element.addEventListener("click", () => onPick(name));
    element.addEventListener("keydown", (event) => pressed(event, name));
  }
  moveStop(stop);
  return { moveStop, focus };
}

function graphMark(element, is) {
  if (is) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
}

// Draw `graph`, which Python made, into a container. `label` is the accessible name of the drawing, `labels` are what
// nodes are called, by name; `onPick` is called with a name when somebody opens a box, or with null. Gives back
// update({name: {before, after, text}}, {changes, rivals}), with changes as `changesOf` gives them,
// showPicked(name or null) and focus(name).
export function drawGraph(container, graph, { onPick, label = "The causal graph", labels = {} }) {
  const labelOf = (name) => labels[name] || name.replaceAll("_", " ");
  const fits = [];
  const { element, lines, nodes, crosses } = graphDrawing(graph, labelOf, label, fits);
  const keys = graphKeys(graph, nodes, onPick);
  const list = graphList(graph, labelOf, onPick);
  const rivals = make("ul", { class: "g-rivals" });
  const region = { class: "g-scroll", tabindex: 0, role: "region", "aria-label": `${label}, scrolls sideways` };
  const scroll = make("div", region, element);
  container.append(make("p", { class: "g-hint", text: GRAPH_HINT }), scroll, graphLegend(graph), rivals, list.element);
  new ResizeObserver(() => graphFit(fits)).observe(scroll);
  let shownRivals = "";

  function update(values, { changes = [], rivals: names = [] } = {}) {
    const changed = [];
    for (const [name, node] of nodes) {
      const tags = graphTags(name, graph, { changes, rivals: names });
      const old = node.value.textContent;
      graphWriteBox(node, values[name], tags);
      if (node.value.textContent !== old) changed.push(node.value);
      say(list.items.get(name).value, [graphLine(values[name]).shown, ...tags].filter(Boolean).join(", "));
    }
    graphFit(fits.filter(({ text }) => changed.includes(text)));
    const cuts = graphCuts(graph, changes);
    const held = graphHeld(changes);
    lines.forEach((line, index) => {
      const { cause, effect } = graph.lines[index];
      line.classList.toggle("g-still", cause in values && !graphMoves(values[cause]));
      line.classList.toggle("g-idle", held.has(effect));
      line.classList.toggle("g-cut", cuts.includes(index));
    });
    crosses.replaceChildren(...cuts.map((index) => graphCross(graph.lines[index])));
    if (names.join() === shownRivals) return;
    shownRivals = names.join();
    rivals.replaceChildren(...graphRivals(graph, names, labelOf, onPick));
  }

  function showPicked(name) {
    const around = graphAround(graph, name);
    element.classList.toggle("g-picking", nodes.has(name));
    if (nodes.has(name)) keys.moveStop(name);
    for (const [other, node] of nodes) {
      node.element.classList.toggle("g-picked", other === name);
      node.element.classList.toggle("g-cause", around.causes.includes(other));
      node.element.classList.toggle("g-effect", around.effects.includes(other));
      graphMark(node.element, other === name);
    }
    lines.forEach((line, index) => line.classList.toggle("g-lit", around.lines.has(index)));
    for (const button of container.querySelectorAll(".g-item")) graphMark(button, button.dataset.name === name);
  }

  // To a box, or to the item of what is not drawn.
  function focus(name) {
    if (nodes.has(name)) keys.focus(name);
    else [...container.querySelectorAll(".g-item")].find((button) => button.dataset.name === name)?.focus();
  }

  return { update, showPicked, focus };
}
