// Work that can wait, done a little at a time while the browser has nothing else to do.

// What is left of it is dropped when there is new work.
export function idleQueue() {
  const soon = window.requestIdleCallback ? (act) => requestIdleCallback(act, { timeout: 300 }) : (act) => setTimeout(act, 16);
  let current = null;
  const restart = (work, finished) => {
    current = work;
    const next = () => {
      if (current !== work) return;
      if (work.next().done) finished();
      else soon(next);
    };
    soon(next);
  };
  return { restart };
}
