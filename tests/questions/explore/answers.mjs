// Answers of a page's model to states, for tests: node answers.mjs FOLDER < {data, laws, special, jobs} > [answers].
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { data, laws, special, jobs } = JSON.parse(readFileSync(0, "utf8"));
const load = (name) => import(new URL(name, folder));
const made = new Function(`${special}; return { special, laws: (${laws}) };`)();
const { makeModel } = await load("model.js");
const model = makeModel(data, made.laws, made.special);

// What a generator returns at its end.
function ended(steps) {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

const JOBS = {
  nodes: ({ state, which }, { allocationOf }) => {
    const found = model.nodes(state, allocationOf(data, state, which));
    return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, values.map((one) => [...one])]));
  },
  reference: ({ state }) => Object.fromEntries(
    Object.entries(model.world(state).reference.nodes).map(([name, values]) => [name, values.map((one) => [...one])])),
  draws: ({ state }) => Object.fromEntries(
    Object.entries(model.world(state).draws).map(([name, values]) => [name, [...values]])),
  move: ({ state }) => {
    const { before, change, later, figures } = model.move(state);
    return { before: [...before], change: [...change], later: later && [...later], figures };
  },
  moves: ({ state }) => [...model.moves(state)].map(({ worldview, figures, before }) => ({ worldview, figures, draws: before.length })),
  steps: ({ state }, { stepsOf }) => [...stepsOf(model, state)].at(-1).steps,
  parts: ({ state }, { partsOf }) => partsOf(model, state),
  curve: ({ state, variable }, { curveOf }) => [...curveOf(model, state, variable)],
  turn: ({ state, entry }, { turnOf }) => ended(turnOf(model, state, entry)),
  hash: ({ state }, { hashOf }) => hashOf(data, state),
  state: ({ hash }, { stateOfHash }) => stateOfHash(data, hash),
  first: (_, { firstState }) => firstState(data),
  exported: ({ state }, exporting) => ({
    command: exporting.commandOf(data, state),
    withFiles: exporting.commandOf(data, state, { files: true }),
    worldview: exporting.worldviewDocument(data, state),
    allocations: exporting.allocationDocument(data, state),
    sentence: exporting.sentenceOf(data, state, model.move(state).figures),
  }),
  speed: ({ states }) => {
    const times = states.map((state) => {
      const start = performance.now();
      model.move(state);
      return performance.now() - start;
    });
    return times;
  },
};

const modules = {};
for (const name of ["state.js", "asking.js", "exporting.js"]) Object.assign(modules, await load(name));
process.stdout.write(JSON.stringify(jobs.map((job) => JOBS[job.ask](job, modules))));
