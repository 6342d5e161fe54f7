// What was set before: a step of the browser's history for each change, so that Back undoes it.
import { firstState, hashOf, stateOfHash } from "./state.js";

const REST = 350;
const RESTED = 1000;

// Keeps the address in step with the state. A slider that is held makes one step, however far it goes; browsers refuse
// addresses that change many times a second, so that the address follows at its end, or when it rests.
export function keepPast(data, restored) {
  if (location.protocol === "about:") return pastOfItsOwn(data, restored);
  let held = false;
  let waiting = 0;
  let last = { by: null, at: 0 };
  const depth = () => window.history.state?.depth ?? 0;
  const write = (how, state, deep) => {
    clearTimeout(waiting);
    const hash = hashOf(data, state);
    window.history[how]({ depth: deep }, "", hash || location.pathname + location.search);
  };
  addEventListener("popstate", () => {
    held = false;
    last = { by: null, at: 0 };
    restored(readState(data));
  });
  const changed = (state, finished) => {
    // Many strokes of a key on one control make one step, as one drag does.
    const by = document.activeElement;
    const goesOn = held || (by === last.by && by?.type === "range" && Date.now() - last.at < RESTED);
    last = { by, at: Date.now() };
    if (!goesOn) write("pushState", state, depth() + 1);
    else if (finished) write("replaceState", state, depth());
    else {
      clearTimeout(waiting);
      waiting = setTimeout(() => write("replaceState", state, depth()), REST);
    }
    held = !finished;
  };
  return { changed, undo: () => window.history.back(), canUndo: () => depth() > 0 };
}

// Within another page there is no address to keep: what was set before is kept here.
function pastOfItsOwn(data, restored) {
  let [held, now] = [false, firstState(data)];
  const before = [];
  const changed = (state, finished) => {
    if (!held) before.push(now);
    now = state;
    held = !finished;
  };
  const undo = () => {
    held = false;
    now = before.pop();
    restored({ state: now, troubles: [], isOld: false });
  };
  return { changed, undo, canUndo: () => before.length > 0 };
}

// What the address says: {state, troubles, isOld}, the first state where it says nothing.
export function readState(data) {
  return stateOfHash(data, location.hash);
}
