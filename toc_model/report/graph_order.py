"""In which order the boxes and lines of a column stand: few crossings, and arrows within a column run downwards.

Each item of a column in turn moves to where it costs least ("sifting"); when none gains by moving, a part of a
column is shuffled and the items move again. What costs less is kept.
"""

import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from toc_model.report.graph_routes import Routes, Stop

type Matrix = NDArray[np.float64]
type Order = NDArray[np.intp]

FORBIDDEN = 1e4
COST_OF_PASSING_A_BOX = 1.0
COST_OF_PASSING_A_LINE = 0.5
SHUFFLES = 400
SEED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Items of a column, numbered as in `Routes.stops`, and what ties them to each other and to its neighbours."""

    left: Matrix
    right: Matrix
    within: tuple[tuple[int, int], ...]
    above: Matrix
    """What it costs that the item of the row stands above that of the column."""
    passing: NDArray[np.float64]
    """What it costs an arrow within the column to pass an item."""


@cache
def orders(routes: Routes) -> tuple[tuple[Stop, ...], ...]:
    """Stops of every column from top to bottom."""
    columns = [_column(routes, index) for index in range(len(routes.columns))]
    best = _searched(columns)
    return tuple(tuple(stops[item] for item in order) for stops, order in zip(routes.stops, best, strict=True))
