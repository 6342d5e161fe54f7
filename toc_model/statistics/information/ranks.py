"""Which ranks of values the noise tells apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.statistics.information.estimates import REACH
from toc_model.statistics.information.gains import Gain
from toc_model.statistics.standard_errors import Design

EQUAL = 1e-12
"""Square of a difference, beside the squares of both, from which on it is no rounding error."""
FIRST = 3
"""Ranks that a list of values is read for."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Which ranks the noise tells apart.

    Attributes
    ----------
    first, last : arrays of shape (gains,)
        The first and the last rank that each may have, where 1 is the most valuable. What is not told apart from it at
        90 %, by the same draws, may be before or after it.
    needed : float
        Draws at which each of the first three would be told apart from all after it, if estimates were right. Infinite
        where two of them seem equal; no fewer than there are.
    """

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    needed: float


def ranks_of(gains: Sequence[Gain]) -> Ranks:
    """Ranks of values by how much is gained."""
    apart, half = _differences(gains)
    above = apart > half
    return Ranks(1 + above.sum(axis=0), len(gains) - above.sum(axis=1), _draws_for(gains, apart, half))


def _draws_for(gains: Sequence[Gain], apart: Floats, half: Floats) -> float:
    order = np.argsort([-gain.middle for gain in gains])
    apart, half = (table[order[:FIRST]][:, order] for table in (apart, half))
    after = np.triu_indices(len(apart), 1, len(order))
    distance, error = np.maximum(apart[after], 0.0), half[after]
    with np.errstate(divide="ignore", invalid="ignore"):
        often = np.where(error > 0, (error / distance) ** 2, 1.0)
    return float(len(gains[0].unseen) * max(1.0, often.max(initial=1.0)))


def _differences(gains: Sequence[Gain]) -> tuple[Floats, Floats]:
    """By how much each is worth more than each other, and half of the 90 % interval of that; shapes (gains, gains)."""
    seen, unseen = np.array([gain.seen for gain in gains]), np.column_stack([gain.unseen for gain in gains])
    mean = gains[0].design.mean(unseen)
    by_seen, by_unseen = seen[:, None] - seen, mean[:, None] - mean
    error = _errors_between(unseen, gains[0].design)
    return (by_seen + by_unseen) / 2, REACH * error + abs(by_seen - by_unseen) / 2


def _errors_between(columns: Floats, design: Design) -> Floats:
    """Standard errors of the means of differences between columns, shape (columns, columns)."""
    columns = design.contributions(columns)
    if design.chain is not None:
        return np.stack([design.unweighted.error(one[:, None] - columns) for one in columns.T])
    products = np.sum([factor * (left.T @ left) for factor, left in design.left(columns)], axis=0)
    both = np.add.outer(np.diag(products), np.diag(products))
    squares = both - 2 * products
    return np.asarray(np.sqrt(np.where(squares > EQUAL * both, squares, 0.0)))
