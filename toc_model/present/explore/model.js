import { makeBelieving } from "./believing.js";
import { makeLaws } from "./laws.js";
import { designOf, difference, meanOf, moveFigures } from "./statistics.js";
import { allocationOf, changesOf, keyOf } from "./state.js";

const KEPT_WORLDS = 12;

// What follows from a state (see state.js) in every draw. `printed` are the laws, `special` has the normal distribution.
export function makeModel(data, printed, special) {
  const believing = makeBelieving(data, special);
  const laws = makeLaws(data, printed, special);
  const { objective, delay } = data;
  const worlds = new Map();
  const designs = new Map();

  // Names of the entries that are in use.
  function entriesOf(state) {
    return data.entries.filter((one) => !one.rival || state.rivals.includes(one.rival)).map((one) => one.name);
  }

  // All of a state that no allocation moves: draws by entry, and nodes under the reference. The last few are kept.
  function world(state) {
    const key = keyOf(data, state);
    const found = worlds.get(key) ?? made(state);
    worlds.delete(key);
    worlds.set(key, found);
    if (worlds.size > KEPT_WORLDS) worlds.delete(worlds.keys().next().value);
    return found;
  }

  function made(state) {
    const draws = believing.parameters(state.worldview, state.date, entriesOf(state), state.beliefs);
    const changes = changesOf(data, state);
    const { anchor } = data.dates.find((date) => date.name === state.date);
    return { draws, changes, reference: laws.reference(laws.stacked(draws, changes), anchor, state.rivals) };
  }

  // Nodes under an allocation, which is given by lever; `known` are taken as they are given.
  function nodes(state, levers, known = {}) {
    return laws.under(world(state), levers, known);
  }

  function design(worldview) {
    if (!designs.has(worldview)) designs.set(worldview, designOf(believing.designData(worldview)));
    return designs.get(worldview);
  }

  const outcomeOf = (found) => found[objective.node][0];

  // Periods by which what is left of the value comes later than in the reference world.
  function laterOf(state, found) {
    return laws.later(found[delay.node][0], world(state).reference.nodes[delay.node][0], outcomeOf(found));
  }

  function sides(state) {
    return ["a", "b"].map((which) => nodes(state, allocationOf(data, state, which)));
  }

  // The outcome before, its paired change and that of what comes later, in every draw.
  function pair(state, a, b) {
    const before = outcomeOf(a);
    const later = delay ? difference(laterOf(state, b), laterOf(state, a)) : null;
    return { before, change: difference(outcomeOf(b), before), later };
  }

  function figured(found, own) {
    return { ...found, figures: moveFigures({ ...found, design: own, lowerIsBetter: objective.lowerIsBetter }) };
  }

  // The move from A to B: draws, and figures.
  function move(state) {
    return figured(pair(state, ...sides(state)), design(state.worldview));
  }

  // The same move under each worldview as it ships, with the state's date, rivals and changes of the story.
  function* moves(state) {
    for (const one of data.worldviews) {
      if (one.set === null) continue;
      const carrier = one.part === null ? one.name : one.set;
      const own = { ...state, worldview: carrier, beliefs: {} };
      const found = pair(own, ...sides(own));
      const rows = one.part === null ? null : rowsOf(carrier, one.part);
      yield { worldview: one.name, ...(rows ? some(carrier, found, rows) : figured(found, design(carrier))) };
    }
  }

  // Which draws of a mixture are those of a part.
  function rowsOf(worldview, part) {
    const { parts } = believing.sets[believing.worldviews[worldview].set];
    return Array.from({ length: data.draws }, (_, k) => k).filter((k) => parts[k] === part);
  }

  function some(worldview, found, rows) {
    const values = (all) => all && Float64Array.from(rows, (k) => all[k]);
    const labels = (all) => all && rows.map((k) => all[k]);
    const { rank, pool } = believing.designData(worldview);
    const own = designOf({ draws: rows.length, part: null, rank: labels(rank), pool: labels(pool) });
    return figured({ before: values(found.before), change: values(found.change), later: values(found.later) }, own);
  }

  // The mean change alone, which is what a search for its sign asks for; such worlds are not kept.
  function meanChange(state) {
    const own = made(state);
    const [a, b] = ["a", "b"].map((which) => outcomeOf(laws.under(own, allocationOf(data, state, which), {})));
    return meanOf(difference(b, a));
  }

  // The move to B with other values of one lever.
  function moveTo(state, levers) {
    return figured(pair(state, nodes(state, allocationOf(data, state, "a")), nodes(state, levers)), design(state.worldview));
  }

  const isCamp = (worldview) => believing.worldviews[worldview].kind === "camp";
  return { ...believing, isCamp, levelOf: special.normal_cdf, data, design, entriesOf, laws, meanChange, move, moves, moveTo, nodes, outcomeOf, sides, world };
}
