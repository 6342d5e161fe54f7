"""Which ranks of values the noise tells apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.statistics.information.estimates import REACH
from toc_model.statistics.information.gains import Gain

FIRST = 3
"""Ranks that a list of values is read for."""


def ranks_of(gains: Sequence[Gain]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the last rank that each may have, where 1 is the most valuable.

    What is not told apart from it at 90 %, by the same draws, may be before or after it.
    """
    apart, half = _differences(gains)
    above = apart > half
    return 1 + above.sum(axis=0), len(gains) - above.sum(axis=1)


def draws_for(gains: Sequence[Gain]) -> float:
    """Draws at which each of the first three would be told apart from all after it, if estimates were right.

    Infinite where two of them seem equal; no fewer than there are.
    """
    order = np.argsort([-gain.middle for gain in gains])
    apart, half = (table[order[:FIRST]][:, order] for table in _differences(gains))
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
    error = np.stack([gains[0].design.error(one[:, None] - unseen) for one in unseen.T])
    return (by_seen + by_unseen) / 2, REACH * error + abs(by_seen - by_unseen) / 2
