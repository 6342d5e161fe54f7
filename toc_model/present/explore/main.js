// The beginning: what the reader sets is reckoned and shown, the answer at once and all else as soon as there is time.
import { makeModel } from "./model.js";
import { hashOf, leversOf, startState } from "./state.js";
import { markedSentence, told, whose } from "./sentence.js";
import { counted, unmarked, withMinus } from "./numbers.js";
import { difference, figures, quantile } from "./statistics.js";
import { allocationName, dateOf, worldviewOf } from "./naming.js";
import { headlineText } from "./answer.js";
import { departures } from "./settings.js";
import { keepPast, readState } from "./past.js";
import { pageOf } from "./page.js";

const POINTS = 21;

// Begin with the data and the laws of the page.
export function start(data, laws) {
  const model = makeModel(data, laws);
  let state = readState(data);
  let shown = null;
  const change = (next, finished) => {
    state = next(state);
    past.changed(state, finished);
    show();
  };
  const past = keepPast(data, (restored) => {
    state = restored;
    show();
  });
  const history = { undo: past.undo, restart: () => change(() => startState(data), true) };
  const root = document.getElementById("app");
  document.getElementById("static")?.remove();
  root.hidden = false;
  const page = pageOf(root, data, change, history, () => shown);
  const later = idleQueue();

  const show = () => {
    shown = answerOf(data, model, state);
    page.answer.update(shown);
    page.bar.update(shown);
    page.worldviews.updateOwn(shown.figures);
    page.people.update(state);
    page.settings.update(state);
    page.claims.update(state);
    page.canUndo(past.canUndo());
    page.canRestart(hashOf(data, state) !== hashOf(data, startState(data)));
    const believed = remembered((name) => believedAt(shown.world, state, name));
    page.beliefs.update(state, believed);
    later.restart(laterTasks(data, model, page, state, shown, believed));
  };
  show();
}

// Figures and words of the move from A to B.
function answerOf(data, model, state) {
  const { world, figures, draws: change } = model.move(state);
  const [from, to] = ["a", "b"].map((which) => told(data, leversOf(data, state, which)));
  const worldview = worldviewOf(data, state);
  const changes = departures(data, { ...state, a: null, b: startState(data).b, worldview: startState(data).worldview, date: startState(data).date });
  const text = unmarked(withMinus(markedSentence(data, {
    under: whose(worldview.phrase, dateOf(data, state)?.label ?? "", changes.map((one) => one.text)),
    fromName: allocationName(data, state, "a"), fromTold: from, toName: allocationName(data, state, "b"), toTold: to,
    counted: counted(change.length, "draw"), figures,
  })));
  return { state, world, figures, change, text, headline: headlineText(data, figures), restsOn: worldview.restsOn[state.date] ?? "" };
}

// What is believed about an entry: what was set, or the middle 90 % of its draws.
function believedAt(world, state, name) {
  if (state.beliefs[name]) return state.beliefs[name];
  const sorted = Float64Array.from(world.parameters(name)).sort();
  const [low, high] = [quantile(sorted, 0.05), quantile(sorted, 0.95)];
  return high - low > 1e-12 * Math.abs(high) ? [low, high] : [low];
}

// What follows the answer, one piece after another.
function laterTasks(data, model, page, state, shown, believed) {
  const entries = new Map(data.entries.map((entry) => [entry.name, entry]));
  return [
    () => page.outcome.update(partsOf(data, shown.world)),
    () => page.worldviews.updateAll(model.moves(state)),
    () => page.takeaway.update(state),
    () => page.steps.update(model.steps(state)),
    () => page.curve.update(state, model.curve(state, page.curve.variable, POINTS)),
    ...data.cruxes.map((name) => () => page.turn.update(state, entries.get(name), believed(name), model.turn(state, name))),
    () => { document.documentElement.dataset.settled = hashOf(data, state); },
  ];
}

function partsOf(data, world) {
  return data.objective.parts.map(({ label, node }) => {
    const [before, after] = ["a", "b"].map((which) => world.node(node, which)[0]);
    return { label, before: figures(before, world.design), after: figures(after, world.design), change: figures(difference(after, before), world.design) };
  });
}

// A function whose answers are kept.
function remembered(find) {
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, find(name));
    return known.get(name);
  };
}

// Tasks one by one while the browser has nothing else to do; what is left of them is dropped when new ones come.
function idleQueue() {
  const soon = window.requestIdleCallback ? (act) => requestIdleCallback(act, { timeout: 300 }) : (act) => setTimeout(act, 16);
  let round = 0;
  const restart = (tasks) => {
    round += 1;
    const own = round;
    delete document.documentElement.dataset.settled;
    const next = (k) => {
      if (own !== round || k >= tasks.length) return;
      tasks[k]();
      soon(() => next(k + 1));
    };
    soon(() => next(0));
  };
  return { restart };
}
