"""Normal scores: a quantity by its ranks, on a scale without heavy tails."""

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats

ASIDE = 1e-3
"""Share of all weight that the draws hold, at the most, that are too light to say where a fit may bend."""

LEAST = 2.0**-53
"""Rank of the lightest draw at an end, as a share."""


def telling(weights: Floats) -> NDArray[np.bool_]:
    """The heaviest draws that hold nearly all weight, and those as heavy as the last of them; shape (draws,)."""
    ordered = np.sort(weights)
    least = ordered[np.searchsorted(np.cumsum(ordered), ASIDE * ordered.sum(), side="right")]
    return np.asarray(weights >= least)


def normal_scores(column: Floats, weights: Floats | None = None) -> Callable[[Floats], Floats]:
    """Standard normal quantiles of ranks, scaled to variance one; ties stay ties.

    Parameters
    ----------
    column : array of shape (draws,)
    weights : array of shape (draws,), optional
        A draw has then the middle of the ranks that it would have if it were there so often. Beyond the draws that are
        `telling` a score is that of the last of them.

    Returns
    -------
    callable
        Gives the score of a value: between those of the nearest draws, and beyond all draws that of the last.
    """
    if weights is not None:
        return _weighed_scores(column, weights)
    scores = special.ndtri((scipy.stats.rankdata(column) - 0.5) / len(column))
    values, first = np.unique(column, return_index=True)
    own = ((scores - scores.mean()) / scores.std())[first]
    return lambda places: np.interp(places, values, own)


def _weighed_scores(column: Floats, weights: Floats) -> Callable[[Floats], Floats]:
    counted = weights > 0
    values, place = np.unique(column[counted], return_inverse=True)
    mass = np.bincount(place, weights[counted]) / weights.sum()
    scores = special.ndtri(np.clip(np.cumsum(mass) - mass / 2, LEAST, 1 - LEAST))
    away = scores - mass @ scores
    own, kept = away / np.sqrt(mass @ away**2), np.unique(place[telling(weights)[counted]])
    return lambda places: np.interp(places, values[kept], own[kept])
