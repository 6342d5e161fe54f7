"""Normal scores: a quantity by its ranks, on a scale without heavy tails."""

from collections.abc import Callable

import numpy as np
from scipy import special, stats

from toc_model.aliases import Floats


def normal_scores(column: Floats) -> Callable[[Floats], Floats]:
    """Standard normal quantiles of ranks, scaled to variance one; ties stay ties.

    Returns
    -------
    callable
        Gives the score of a value: between those of the nearest draws, and beyond all draws that of the last.
    """
    scores = special.ndtri((stats.rankdata(column) - 0.5) / len(column))
    values, first = np.unique(column, return_index=True)
    own = ((scores - scores.mean()) / scores.std())[first]
    return lambda places: np.interp(places, values, own)
