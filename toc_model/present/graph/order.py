"""In which order the boxes and lines of a column stand: few crossings, and arrows within a column run downwards.

Each item of a column in turn moves to where it costs least ("sifting"); when none gains by moving, a part of a
column is shuffled and the items move again. What costs no more is kept.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.present.graph.routes import Routes, Stop

type Order = NDArray[np.intp]

FORBIDDEN = 1e4
PASSING_A_BOX = 1.0
PASSING_A_LINE = 0.5
SHUFFLES = 200
SEED = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Items of a column, numbered as in `Routes.stops`, and what ties them to each other and to its neighbours."""

    left: Floats
    right: Floats
    within: tuple[tuple[int, int], ...]
    above: Floats
    """What it costs that the item of the row stands above that of the column."""
    passing: Floats
    """What it costs an arrow within the column to pass an item."""


@cache
def orders(routes: Routes) -> tuple[tuple[Stop, ...], ...]:
    """Stops of every column from top to bottom."""
    columns = [_column(routes, index) for index in range(len(routes.columns))]
    best = _searched(columns)
    return tuple(tuple(stops[item] for item in order) for stops, order in zip(routes.stops, best, strict=True))


def _column(routes: Routes, index: int) -> Column:
    stops = routes.stops[index]
    number = {name: item for item, (name, _) in enumerate(stops)}
    return Column(
        left=_linked(routes, index, index - 1),
        right=_linked(routes, index, index + 1),
        within=tuple((number[cause], number[effect]) for cause, effect in routes.within if routes.home[cause] == index),
        above=np.array([[FORBIDDEN * _is_forbidden(routes, upper, lower) for lower in stops] for upper in stops]),
        passing=np.array([PASSING_A_BOX if routes.is_box(stop) else PASSING_A_LINE for stop in stops]),
    )


def _linked(routes: Routes, here: int, there: int) -> Floats:
    if not 0 <= there < len(routes.columns):
        return np.zeros((len(routes.stops[here]), 0))
    pairs = product(routes.stops[here], routes.stops[there])
    links = np.array([(a, b) in routes.links or (b, a) in routes.links for a, b in pairs], dtype=float)
    return links.reshape(len(routes.stops[here]), -1)


def _is_forbidden(routes: Routes, upper: Stop, lower: Stop) -> bool:
    if not (routes.is_box(upper) and routes.is_box(lower)):
        return False
    return (lower[0], upper[0]) in routes.within or routes.stack(upper) > routes.stack(lower)


def _searched(columns: list[Column]) -> list[Order]:
    chance = np.random.default_rng(SEED)
    best = _settled(columns, [np.arange(column.passing.size) for column in columns], set(range(len(columns))))
    least = _cost(columns, best)
    for _ in range(SHUFFLES):
        index = int(chance.integers(len(columns)))
        tried = _settled(columns, _shuffled(best, index, chance), {index})
        if (cost := _cost(columns, tried)) <= least:
            best, least = tried, cost
    return best


def _shuffled(order: list[Order], index: int, chance: np.random.Generator) -> list[Order]:
    items = order[index].copy()
    first, last = sorted(chance.integers(items.size, size=2).tolist())
    items[first : last + 1] = chance.permutation(items[first : last + 1])
    return [*order[:index], items, *order[index + 1 :]]


def _settled(columns: list[Column], order: list[Order], moved: set[int]) -> list[Order]:
    order, stale = list(order), {near for index in moved for near in (index - 1, index, index + 1)}
    while stale := stale & set(range(len(columns))):
        index = min(stale)
        stale.remove(index)
        better = _sifted(columns[index], _costs_above(columns, order, index), order[index])
        if not np.array_equal(better, order[index]):
            order[index] = better
            stale |= {index - 1, index, index + 1}
    return order


def _costs_above(columns: list[Column], order: list[Order], index: int) -> Floats:
    column = columns[index]
    costs = column.above
    if column.left.size:
        costs = costs + _crossings(column.left[:, order[index - 1]])
    if column.right.size:
        costs = costs + _crossings(column.right[:, order[index + 1]])
    return costs


def _crossings(links: Floats) -> Floats:
    return links @ (np.cumsum(links, axis=1) - links).T


def _sifted(column: Column, above: Floats, order: Order) -> Order:
    for item in order.tolist():
        rest = order[order != item]
        costs = _costs_of_places(column, above, rest, item)
        best = int(np.argmin(costs))
        if costs[best] < costs[np.flatnonzero(order == item)[0]]:
            order = np.insert(rest, best, item)
    return order


def _costs_of_places(column: Column, above: Floats, rest: Order, item: int) -> Floats:
    over, under = np.cumsum(above[rest, item]), np.cumsum(above[item, rest][::-1])[::-1]
    costs: Floats = np.append(0.0, over) + np.append(under, 0.0)
    place = np.arange(rest.size + 1)
    position = np.zeros(rest.size + 1, dtype=int)
    position[rest] = place[:-1]
    passed = np.append(0.0, np.cumsum(column.passing[rest]))
    for cause, effect in column.within:
        if item == cause:
            costs += np.abs(passed[position[effect]] - passed)
        elif item == effect:
            costs += np.abs(passed - passed[position[cause] + 1])
        else:
            between = (position[cause] < place) & (place <= position[effect])
            costs += column.passing[item] * between
    return costs


def _cost(columns: list[Column], order: list[Order]) -> float:
    return sum(_cost_of_column(columns, order, index) for index in range(len(columns)))


def _cost_of_column(columns: list[Column], order: list[Order], index: int) -> float:
    column, items = columns[index], order[index]
    costs = column.above
    if column.right.size:
        costs = costs + _crossings(column.right[:, order[index + 1]])
    return float(np.triu(costs[np.ix_(items, items)], 1).sum()) + _cost_within(column, items)


def _cost_within(column: Column, items: Order) -> float:
    position = np.argsort(items)
    passed = np.append(0.0, np.cumsum(column.passing[items]))
    return float(sum(abs(passed[position[b]] - passed[position[a] + 1]) for a, b in column.within))
