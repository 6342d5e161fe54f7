"""Tasks that don't depend on each other: done one after another, in threads, or by workers."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from contextvars import copy_context

from toc_model.aliases import Progress
from toc_model.work.crew import hired
from toc_model.work.identity import fingerprint
from toc_model.work.pieces import kept_here
from toc_model.work.stopping import ending


def each[S, T, R](
    do: Callable[[S, T], R],
    shared: S,
    tasks: Sequence[T],
    *,
    threads: int = 0,
    progress: Progress | None = None,
) -> list[R]:
    """Do tasks that don't depend on each other, wherever it is done, with the same outcome to the last bit.

    Those that were finished before are taken from what was kept; those that are finished now are kept, if anything is.

    Parameters
    ----------
    do : callable
        Takes what all tasks share, and one of them. A function of a module, so that workers find it.
    shared
        What all tasks need; sent to each worker once.
    tasks : sequence
    threads : int
        Do them here, so many at a time, whatever workers there are: for what can't be sent. None by default.
    progress : callable, optional
        Called with the number of tasks done and the number of all.

    Returns
    -------
    list
        Outcomes in the order of the tasks.
    """
    names = _names(do, shared, tasks)
    pieces = kept_here() if names else None
    found: dict[int, R] = {}
    for place, name in enumerate(names):
        if pieces and (piece := pieces.get(name)):
            found[place] = piece[0]
    left = {place: task for place, task in enumerate(tasks) if place not in found}
    if progress and found and left:
        progress(len(found), len(tasks))
    for place, outcome in _done(do, shared, left, threads):
        found[place] = outcome
        if pieces:
            pieces.put(names[place], outcome)
        if progress:
            progress(len(found), len(tasks))
    return [found[place] for place in range(len(tasks))]


def left[S, T, R](do: Callable[[S, T], R], shared: S, tasks: Sequence[T]) -> list[T]:
    """Tasks of which nothing is kept, for what must be made ready before `each` does them."""
    pieces, names = kept_here(), _names(do, shared, tasks)
    if not pieces or not names:
        return [*tasks]
    return [task for task, name in zip(tasks, names, strict=True) if name not in pieces]


def _names[S, T, R](do: Callable[[S, T], R], shared: S, tasks: Sequence[T]) -> list[str]:
    """By what the pieces of tasks are found; none where nothing is kept, or what they are made of has no digest."""
    if not kept_here():
        return []
    with suppress(TypeError, ValueError, RecursionError):
        common = fingerprint(do, shared)
        return [fingerprint(common, task) for task in tasks]
    return []


def _done[S, T, R](do: Callable[[S, T], R], shared: S, tasks: Mapping[int, T], threads: int) -> Iterator[tuple[int, R]]:
    crew = hired()
    if threads > 1:
        yield from _in_threads(do, shared, tasks, threads)
    elif crew and not threads and len(tasks) > 1:
        yield from crew.done(do, shared, tasks)
    else:
        yield from ((place, do(shared, task)) for place, task in tasks.items())


def _in_threads[S, T, R](
    do: Callable[[S, T], R], shared: S, tasks: Mapping[int, T], threads: int
) -> Iterator[tuple[int, R]]:
    ended = threading.Event()
    with ThreadPoolExecutor(threads) as pool:
        waiting = {
            pool.submit(copy_context().run, _in_thread, ended, do, shared, task): place for place, task in tasks.items()
        }
        try:
            for finished in as_completed(waiting):
                yield waiting[finished], finished.result()
        finally:
            ended.set()
            for one in waiting:
                one.cancel()


def _in_thread[S, T, R](ended: threading.Event, do: Callable[[S, T], R], shared: S, task: T) -> R:
    with ending(ended):
        return do(shared, task)
