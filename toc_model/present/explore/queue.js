// Work that can wait, done a little at a time while the browser has nothing else to do.

const ENOUGH = 8; // milliseconds that one piece of work may take

// What is left of it is dropped when there is new work.
export function idleQueue() {
  const soon = window.requestIdleCallback
    ? (act) => requestIdleCallback(act, { timeout: 300 })
    : (act) => setTimeout(() => act(null), 16);
  let current = null;
  const restart = (work, finished) => {
    current = work;
    const next = (deadline) => {
      if (current !== work) return;
      do {
        if (work.next().done) return finished();
      } while (deadline && !deadline.didTimeout && deadline.timeRemaining() > ENOUGH);
      soon(next);
    };
    soon(next);
  };
  return { restart };
}
