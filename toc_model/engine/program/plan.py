"""In which order numbers are computed, and where each is kept meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toc_model.engine.program.graph import BOTH, CONSTANT, DRAW, INPUT, Graph
from toc_model.engine.program.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number is kept: a buffer of those of its kind.

    Attributes
    ----------
    varies : int
        What it varies over.
    is_test : bool
    buffer : int
    """

    varies: int
    is_test: bool
    buffer: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How a graph is computed.

    Attributes
    ----------
    targets : tuple of int
    orders : tuple of tuple of int
        Steps by what they vary over: neither, draws, allocations, both.
    places : dict of int to Place
        Of the numbers that vary, but those that go in.
    """

    targets: tuple[int, ...]
    orders: tuple[tuple[int, ...], ...]
    places: dict[int, Place]


def planned(graph: Graph, targets: Sequence[int]) -> Plan:
    """Plan the computation of some numbers.

    What does not vary over both is computed before, and kept as long as it is needed by what does, or is a target.
    """
    needed = [k for k in graph.needed(targets) if graph.steps[k].operation not in (CONSTANT, INPUT)]
    orders = tuple(tuple(k for k in needed if graph.steps[k].varies == varies) for varies in range(BOTH + 1))
    places: dict[int, Place] = {}
    buffers: dict[tuple[int, bool], int] = {}
    for varies in (DRAW, BOTH):
        later = (graph.steps[k].arguments for k in orders[BOTH]) if varies == DRAW else ()
        kept = set(targets).union(*later)
        _assign(graph, orders[varies], kept, places, buffers)
    return Plan(tuple(targets), orders, places)


def _assign(
    graph: Graph,
    order: Sequence[int],
    kept: Iterable[int],
    places: dict[int, Place],
    buffers: dict[tuple[int, bool], int],
) -> None:
    """Give each number a buffer; one that is needed no more is given away."""
    last: dict[int, int] = {}
    for k in order:
        for argument in graph.steps[k].arguments:
            last[argument] = k
    lasting = set(kept)
    free: dict[bool, list[int]] = {False: [], True: []}
    inside = set(order)
    for k in order:
        step = graph.steps[k]
        dying = [j for j in set(step.arguments) if j in inside and last[j] == k and j not in lasting]
        early = OPERATIONS[step.operation].in_place
        if early:
            _give(free, places, dying)
        is_test = _is_test(graph, k)
        if free[is_test]:
            places[k] = Place(step.varies, is_test, free[is_test].pop())
        else:
            _place(places, buffers, k, step.varies, is_test=is_test)
        if not early:
            _give(free, places, dying)


def _give(free: dict[bool, list[int]], places: dict[int, Place], dying: Iterable[int]) -> None:
    for j in sorted(dying):
        free[places[j].is_test].append(places[j].buffer)


def _place(
    places: dict[int, Place], buffers: dict[tuple[int, bool], int], k: int, varies: int, *, is_test: bool
) -> None:
    number = buffers.get((varies, is_test), 0)
    buffers[varies, is_test] = number + 1
    places[k] = Place(varies, is_test, number)


def _is_test(graph: Graph, k: int) -> bool:
    return OPERATIONS[graph.steps[k].operation].is_test
