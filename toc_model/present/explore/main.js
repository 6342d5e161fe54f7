// The beginning: what the reader sets is reckoned and shown, the answer at once and all else as soon as there is time.
import { makeModel } from "./model.js";
import { makeKnown } from "./known.js";
import { curveOf, partsOf, stepsOf, turnOf } from "./asking.js";
import { firstState, hashOf, settled } from "./state.js";
import { sentenceOf } from "./exporting.js";
import { listed, withMinus } from "./numbers.js";
import { worldviewOf } from "./naming.js";
import { headlineText } from "./answer.js";
import { keepPast, readState } from "./past.js";
import { idleQueue } from "./queue.js";
import { pageOf } from "./page.js";
import { unpackedJson } from "./packing.js";

// Begin with the packed data and the laws of the page; `special` has the normal distribution.
export async function begin(text, laws, special) {
  start(await unpackedJson(text), laws, special);
}

function start(data, laws, special) {
  const model = makeModel(data, laws, special);
  const known = makeKnown(data, model);
  const read = readState(data);
  const queue = idleQueue();
  let state = isDefined(model, read.state) ? read.state : firstState(data);
  let shown = null;
  const past = keepPast(data, (restored) => {
    const isRefused = !isDefined(model, restored.state);
    if (!isRefused) state = restored.state;
    show();
    page.tell({ ...restored, isRefused });
  });
  const change = (next, finished) => {
    const wanted = settled(data, next(state));
    const isRefused = !isDefined(model, wanted);
    if (!isRefused) state = wanted;
    page.tell({ troubles: [], isOld: false, isRefused });
    past.changed(state, finished);
    show();
  };
  const root = document.getElementById("app");
  const history = { undo: past.undo, restart: () => change(() => firstState(data), true) };
  const page = pageOf(root, data, change, history, () => shown);

  const show = () => {
    shown = answerOf(data, model, state);
    page.answer.update(shown);
    page.bar.update(shown);
    page.worldviews.updateOwn(shown.figures);
    page.people.update(state);
    page.settings.update(state);
    page.claims.update(state);
    page.beliefs.update(state, (name) => known(state, name));
    page.canUndo(past.canUndo());
    page.canRestart(hashOf(data, state) !== "");
    page.busy(true);
    queue.restart(laterTasks(data, model, known, page, state, shown), () => page.busy(false));
  };
  for (const one of [root, document.getElementById("how")]) one.hidden = false;
  show();
  page.tell({ ...read, isRefused: state !== read.state });
  document.getElementById("static").remove();
}

// Whether the model has figures for a state: at some limits laws are not defined.
function isDefined(model, state) {
  return Number.isFinite(model.move(state).figures.change.mean);
}

// Figures and words of the move from A to B.
function answerOf(data, model, state) {
  const { figures, change } = model.move(state);
  const quote = sentenceOf(data, state, figures);
  return {
    state,
    figures,
    change,
    quote,
    text: withMinus(quote),
    headline: headlineText(data, figures),
    restsOn: restsOn(data, state),
    moves: [],
  };
}

// What the figures rest on: the worldview as it ships, and what the reader put in its place.
function restsOn(data, state) {
  const names = Object.keys(state.beliefs).map((name) => data.entries.find((one) => one.name === name).label);
  const added = data.entries.filter(({ rival }) => rival && state.rivals.includes(rival)).length;
  return [
    state.a === null ? "" : `In the sentence \u201c${data.statusQuo.replaceAll("_", " ")}\u201d stands for A.`,
    worldviewOf(data, state).restsOn[state.date],
    added ? `The rival mechanisms that are on add ${added} priors of their own.` : "",
    names.length ? `The reader's own ${names.length === 1 ? "is" : "are"} ${listed(names)}.` : "",
  ].filter(Boolean).join(" ");
}

// What follows the answer, a little at a time.
function* laterTasks(data, model, known, page, state, shown) {
  page.takeaway.update(state);
  page.answer.updateTable(shown);
  yield;
  page.outcome.update(partsOf(model, state));
  for (const found of model.moves(state)) {
    shown.moves.push(found);
    page.worldviews.updateOne(found);
    yield;
  }
  page.graph.update(model, state);
  yield;
  const points = [];
  for (const point of curveOf(model, state, page.curve.variable)) {
    points.push(point);
    yield;
  }
  page.curve.update(state, points);
  for (const { done, steps } of stepsOf(model, state)) {
    if (done) page.steps.update(steps);
    yield;
  }
  page.busy(false);
  const names = model
    .entriesOf(state)
    .filter((name) => known(state, name).belief.length > 1)
    .sort((one, other) => data.cruxes.includes(other) - data.cruxes.includes(one));
  const turns = [];
  for (const [done, name] of names.entries()) {
    const found = yield* turnOf(model, state, name);
    if (found)
      turns.push({ ...found, entry: data.entries.find((one) => one.name === name), now: known(state, name).belief });
    if (found || done % 10 === 0) page.turn.update(state, turns, { done, of: names.length });
  }
  page.turn.update(state, turns, { done: names.length, of: names.length });
}
