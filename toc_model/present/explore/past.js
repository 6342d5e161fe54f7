// What was set before: a step of the browser's history for each change, so that Back undoes it.
import { firstState, hashOf, stateOfHash } from "./state.js";

const REST = 350;
const RESTED = 1000;

// Whether a change goes on with the one before it: a slider that is held makes one step, however far it goes, and so do
// many strokes of a key on one.
function goingOn() {
  let last = { by: null, at: 0, held: false };
  const goesOn = (finished) => {
    const by = document.activeElement;
    const is = by === last.by && (last.held || (by?.type === "range" && Date.now() - last.at < RESTED));
    last = { by, at: Date.now(), held: !finished };
    return is;
  };
  const forget = () => {
    last = { by: null, at: 0, held: false };
  };
  return { goesOn, forget };
}

// Keeps the address in step with the state. Browsers refuse addresses that change many times a second, so that the
// address follows at the end of a step, or when it rests.
export function keepPast(data, restored) {
  if (location.protocol === "about:") return pastOfItsOwn(data, restored);
  const { goesOn, forget } = goingOn();
  let waiting = 0;
  const depth = () => window.history.state?.depth ?? 0;
  const write = (how, state, deep) => {
    clearTimeout(waiting);
    const hash = hashOf(data, state);
    window.history[how]({ depth: deep }, "", hash || location.pathname + location.search);
  };
  addEventListener("popstate", () => {
    clearTimeout(waiting);
    forget();
    restored(readState(data));
  });
  const changed = (state, finished) => {
    if (!goesOn(finished)) write("pushState", state, depth() + 1);
    else if (finished) write("replaceState", state, depth());
    else {
      clearTimeout(waiting);
      waiting = setTimeout(() => write("replaceState", state, depth()), REST);
    }
  };
  return { changed, undo: () => window.history.back(), canUndo: () => depth() > 0 };
}

// Within another page there is no address to keep: what was set before is kept here.
function pastOfItsOwn(data, restored) {
  const { goesOn, forget } = goingOn();
  const before = [];
  let now = firstState(data);
  const changed = (state, finished) => {
    if (!goesOn(finished)) before.push(now);
    now = state;
  };
  const undo = () => {
    forget();
    now = before.pop();
    restored({ state: now, troubles: [], isOld: false });
  };
  return { changed, undo, canUndo: () => before.length > 0 };
}

// What the address says: {state, troubles, isOld}, the first state where it says nothing.
export function readState(data) {
  return stateOfHash(data, location.hash);
}
