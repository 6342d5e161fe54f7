"""A program run by NumPy: tile by tile, into buffers that are used again."""

import itertools
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from toc_model.aliases import Floats, Progress
from toc_model.engine.program.graph import ALLOCATION, BOTH, CONSTANT, DRAW, INPUT, Graph, Input
from toc_model.engine.program.operations import OPERATIONS, TIMES, without_effect
from toc_model.engine.program.plan import Plan
from toc_model.work.processors import processors

TILE = 2**15
"""Numbers that an operation is applied to at a time: with all buffers they fit into a cache of the processor."""

MANY = 200_000
"""Points from which threads pay."""
AT_ONCE = 16
"""Pieces of allocations that one thread computes under the same draws."""

type Lookup = Callable[[Input], Floats]
"""Gives what goes in: a number, or an array along draws, along allocations besides the reference, or along both."""
type Bound = list[tuple[Callable[..., Any], tuple[Any, ...]]]
"""Functions, each with the arrays that it takes."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where a number's values go.

    Attributes
    ----------
    number : int
        Of the graph.
    into : array
        Along draws, allocations besides the reference, both in this order, or none: the dimensions that the number has,
        or more.
    """

    number: int
    into: Floats


def tiles(draws: int, others: int, tile: int) -> Iterator[tuple[slice, list[slice]]]:
    """Pieces of draws, each with pieces of allocations, the longer of both cut last."""
    many = min(draws, tile) if draws >= others else max(1, tile // min(others, tile))
    for first in range(0, draws, many):
        piece = slice(first, min(first + many, draws))
        few = max(1, tile // many)
        yield piece, [slice(k, min(k + few, others)) for k in range(0, others, few)]


def run(
    graph: Graph,
    plan: Plan,
    lookup: Lookup,
    stores: Sequence[Store],
    draws: int,
    others: int,
    *,
    tile: int = TILE,
    progress: Progress | None = None,
    threads: int | None = None,
) -> None:
    """Compute numbers and store them.

    Parameters
    ----------
    graph : Graph
    plan : Plan
        Of all that is stored.
    lookup : callable
    stores : sequence of Store
    draws, others : int
        How many draws, and allocations besides the reference.
    tile : int
        Numbers that are computed at a time; results don't depend on it.
    progress : callable, optional
        Called with the number of pieces done and the number of all.
    threads : int, optional
        How many compute at the same time; by default one for each processor where there is enough to compute. Results
        don't depend on it.
    """
    pieces = [(piece, part) for piece, parts in tiles(draws, others, tile) for part in _chunks(parts)]
    many = threads or (processors() if draws * max(others, 1) >= MANY else 1)
    shares = [pieces[k::many] for k in range(min(many, len(pieces)))]
    machines = [Machine(graph, plan, lookup, along_draws=draws >= others) for _ in shares]
    for store in stores:
        if not graph.steps[store.number].varies & DRAW:
            store.into[...] = machines[0].values[store.number]
    done, ended = itertools.count(1), threading.Event()

    def work(machine: Machine, share: Sequence[tuple[slice, Sequence[slice]]]) -> None:
        with np.errstate(all="ignore"):
            for piece, parts in share:
                if ended.is_set():
                    return
                _compute(machine, stores, piece, parts)
                if progress:
                    progress(next(done), len(pieces))

    if len(shares) == 1:
        work(machines[0], shares[0])
        return
    with ThreadPoolExecutor(len(shares)) as pool:
        waiting = [pool.submit(work, *one) for one in zip(machines, shares, strict=True)]
        try:
            for finished in as_completed(waiting):
                finished.result()
        finally:
            ended.set()


def _chunks(parts: Sequence[slice]) -> Iterator[Sequence[slice]]:
    """Pieces of allocations in groups, so that a few draws under many allocations can be shared out too."""
    for first in range(0, max(len(parts), 1), AT_ONCE):
        yield parts[first : first + AT_ONCE]


def _compute(machine: "Machine", stores: Sequence[Store], piece: slice, parts: Sequence[slice]) -> None:
    """Compute some draws under some allocations."""
    machine.begin(piece)
    steps = machine.graph.steps
    for store in stores:
        if steps[store.number].varies == DRAW:
            drawn = machine.drawn(store.number)
            store.into[piece] = drawn if store.into.ndim == 1 else drawn[:, None]
    by_both = [store for store in stores if steps[store.number].varies == BOTH]
    for part in parts if by_both else ():
        machine.compute(piece, part)
        for store in by_both:
            store.into[piece, part] = machine.computed(store.number)


@dataclass(slots=True)
class Shape:
    """Steps for tiles of one size, with their arrays."""

    size: tuple[int, int]
    views: dict[int, Any] = field(default_factory=dict)
    early: Bound = field(default_factory=list)
    late: Bound = field(default_factory=list)
    effects: list[tuple[int, Any]] = field(default_factory=list)
    """Of the late steps, those with an effect that varies over draws alone."""

    def look(self) -> None:
        """Take the product alone where no effect is 0, which it is for all allocations or none."""
        for place, effect in self.effects:
            self.late[place] = (np.multiply if effect.all() else without_effect, self.late[place][1])


class Machine:
    """Buffers, and the steps of tiles of each size."""

    def __init__(self, graph: Graph, plan: Plan, lookup: Lookup, *, along_draws: bool) -> None:
        self.graph, self.plan, self.along_draws = graph, plan, along_draws
        self.values: dict[int, Any] = {}
        self.shapes: dict[tuple[int, int], Shape] = {}
        self.memory: dict[tuple[int, bool, int], Any] = {}
        self.now = Shape((0, 0))
        steps = graph.steps
        every = graph.needed(plan.targets)
        self.undrawn = [k for k in every if not steps[k].varies & DRAW or steps[k].operation == INPUT]
        self.set(lookup, self.undrawn)
        inputs = [k for k in every if steps[k].operation == INPUT]
        self.drawn_inputs = [k for k in inputs if steps[k].varies == DRAW]
        used = {j for k in plan.orders[BOTH] for j in steps[k].arguments}.union(plan.targets)
        self.sliced = [k for k in used if k in self.values and steps[k].varies & ALLOCATION]

    def set(self, lookup: Lookup, numbers: Sequence[int]) -> None:
        """Take what goes in, and compute what does not vary over draws, of some numbers in order."""
        for k in numbers:
            step = self.graph.steps[k]
            if step.operation == CONSTANT:
                self.values[k] = np.asarray(step.value)
            elif step.given is not None:
                self.values[k] = np.asarray(lookup(step.given))
            else:
                with np.errstate(all="ignore"):
                    found = OPERATIONS[step.operation].plain(*(self.values[j] for j in step.arguments))
                self.values[k] = np.asarray(found)

    def begin(self, piece: slice) -> None:
        """Compute what varies over draws alone, for some of them."""
        self.now = self._shape(piece.stop - piece.start, 0)
        for k in self.drawn_inputs:
            view = self.now.views[k]
            view[...] = self.values[k][piece].reshape(view.shape)
        _do(self.now.early)

    def compute(self, piece: slice, part: slice) -> None:
        """Compute the rest, for some allocations."""
        size = piece.stop - piece.start, part.stop - part.start
        if self.now is not self.shapes.get(size):
            self.now = self._shape(*size)
            self.now.look()
        for k in self.sliced:
            view, values = self.now.views[k], self.values[k]
            if values.ndim == 2:
                view[...] = values[piece, part].T if self.along_draws else values[piece, part]
            else:
                view[...] = values[part].reshape(view.shape)
        _do(self.now.late)

    def drawn(self, k: int) -> Any:
        """A number's values in the present tile, along draws."""
        return self.now.views[k].reshape(-1)

    def computed(self, k: int) -> Any:
        """A number's values in the present tile, along draws and allocations."""
        return self.now.views[k].T if self.along_draws else self.now.views[k]

    def _shape(self, draws: int, others: int) -> Shape:
        if (draws, others) not in self.shapes:
            self.shapes[draws, others] = self._bound(draws, others)
        return self.shapes[draws, others]

    def _bound(self, draws: int, others: int) -> Shape:
        """Bind the steps of a tile of one size to arrays."""
        found = Shape((draws, others))
        if others:
            found.views.update(self._shape(draws, 0).views)
            self._bind_late(found, draws, others)
            return found
        for k in self.drawn_inputs:
            found.views[k] = self._view(("in", k), DRAW, draws, others)
        for k in self.plan.orders[DRAW]:
            found.views[k] = self._kept(k, draws, others)
            found.early.append(self._step(k, found))
        return found

    def _bind_late(self, found: Shape, draws: int, others: int) -> None:
        """Bind what varies over allocations too."""
        steps = self.graph.steps
        for k in self.sliced:
            is_test = self.values[k].dtype == bool
            found.views[k] = self._view(("in", k), steps[k].varies, draws, others, is_test=is_test)
        for k in self.plan.orders[BOTH]:
            found.views[k] = self._kept(k, draws, others)
            found.late.append(self._step(k, found))
            if steps[k].operation == TIMES and steps[steps[k].arguments[0]].varies == DRAW:
                found.effects.append((len(found.late) - 1, found.views[steps[k].arguments[0]]))

    def _step(self, k: int, shape: Shape) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        step = self.graph.steps[k]
        arguments = [shape.views[j] if j in shape.views else self.values[j] for j in step.arguments]
        return OPERATIONS[step.operation].run, (*arguments, shape.views[k])

    def _kept(self, k: int, draws: int, others: int) -> Any:
        place = self.plan.places[k]
        return self._view((place.is_test, place.buffer), place.varies, draws, others, is_test=place.is_test)

    def _view(self, key: Any, varies: int, draws: int, others: int, *, is_test: bool = False) -> Any:
        """Part of a buffer, in the shape that operations of a tile need."""
        along = self.along_draws
        shapes = {
            DRAW: (1, draws) if along else (draws, 1),
            ALLOCATION: (others, 1) if along else (1, others),
            BOTH: (others, draws) if along else (draws, others),
        }
        size = math.prod(shapes[varies])
        name = (varies, *key)
        if name not in self.memory or self.memory[name].size < size:
            self.memory[name] = np.empty(size, bool if is_test else float)
        return self.memory[name][:size].reshape(shapes[varies])


def _do(bound: Bound) -> None:
    for function, arrays in bound:
        function(*arrays)
