"""How far down the page boxes and lines stand: their order is given, and lines shall be as straight as it allows.

This is a linear program: the weighted sum of the differences of height along all lines is least, given that
neighbours in a column keep their distance.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from toc_model.aliases import Floats
from toc_model.present.graph.order import orders
from toc_model.present.graph.routes import Link, Routes, Stop

type Distance = tuple[Stop, Stop, float]

BOX_HEIGHT = 0.54
GAP_BETWEEN_BOXES = 0.2
GAP_AT_LINES = 0.155
EDGE_OF_LINE = 0.12
WEIGHTS = (1.5, 3.0, 6.0)
"""Of a line between two boxes, between a box and a column that it passes, and between two such columns."""


def heights(routes: Routes, room: Mapping[str, float]) -> tuple[dict[Stop, float], float]:
    """Heights of the middles of all stops, and the depth that they need, in inches.

    Parameters
    ----------
    routes : Routes
    room : mapping of str to float
        For each node, what the heading of its chapter needs above the first of its boxes.
    """
    from scipy.optimize import linprog

    columns = orders(routes)
    stops = [stop for column in columns for stop in column]
    distances = [distance for column in columns for distance in _distances(routes, column, room)]
    depth = max(_depth(routes, column, room) for column in columns)
    lines = [*routes.links, *(((a, routes.home[a]), (b, routes.home[b])) for a, b in routes.within)]
    edges = [_edge(routes, stop) for stop in stops]
    solution = linprog(
        [0.0] * len(stops) + [_weight(routes, line) for line in lines],
        A_ub=np.vstack([_order_rows(stops, distances, lines), _difference_rows(stops, lines)]),
        b_ub=[-distance for *_, distance in distances] + [0.0] * (2 * len(lines)),
        bounds=[(edge, depth - edge) for edge in edges] + [(0, None)] * len(lines),
    )
    return dict(zip(stops, np.round(solution["x"], 4).tolist(), strict=False)), depth


def _distances(routes: Routes, column: Sequence[Stop], room: Mapping[str, float]) -> list[Distance]:
    first = {routes.stack(stop): stop for stop in reversed(column) if routes.is_box(stop)}
    found = []
    for upper, lower in pairwise(column):
        both = routes.is_box(upper) and routes.is_box(lower)
        opens = routes.is_box(lower) and routes.stack(lower) > 0 and lower == first[routes.stack(lower)]
        gap = (GAP_BETWEEN_BOXES if both else GAP_AT_LINES) + (room[lower[0]] if opens else 0.0)
        found.append((upper, lower, _half(routes, upper) + gap + _half(routes, lower)))
    return found


def _depth(routes: Routes, column: Sequence[Stop], room: Mapping[str, float]) -> float:
    between = sum(distance for *_, distance in _distances(routes, column, room))
    return _edge(routes, column[0]) + between + _edge(routes, column[-1])


def _half(routes: Routes, stop: Stop) -> float:
    return BOX_HEIGHT / 2 if routes.is_box(stop) else 0.0


def _edge(routes: Routes, stop: Stop) -> float:
    return BOX_HEIGHT / 2 if routes.is_box(stop) else EDGE_OF_LINE


def _weight(routes: Routes, line: Link) -> float:
    return WEIGHTS[sum(not routes.is_box(stop) for stop in line)]


def _order_rows(stops: Sequence[Stop], distances: Sequence[Distance], lines: Sequence[Link]) -> Floats:
    number = {stop: index for index, stop in enumerate(stops)}
    rows = np.zeros((len(distances), len(stops) + len(lines)))
    for row, (upper, lower, _) in zip(rows, distances, strict=True):
        row[number[upper]], row[number[lower]] = 1, -1
    return rows


def _difference_rows(stops: Sequence[Stop], lines: Sequence[Link]) -> Floats:
    number = {stop: index for index, stop in enumerate(stops)}
    ends = np.zeros((len(lines), len(stops)))
    for row, (start, end) in zip(ends, lines, strict=True):
        row[number[start]], row[number[end]] = 1, -1
    return np.block([[ends, -np.eye(len(lines))], [-ends, -np.eye(len(lines))]])
