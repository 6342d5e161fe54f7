"""How people round probabilities: to a grid, and near 0 and 1 to 10, 5 or 1 per cent and powers of ten below.

Nobody who believes 0.3 % says 0, 0.2 or 0.3; people say 0.1, 0.5 or 1. So below its first place every grid goes on
with the same short `LADDER`, above its last one with the ladder's mirror image, and only what lies beyond either is
stated as 0 or 1. Of the rules that were tried on ESPAI's 2,627 answers about extinction this one describes them best.
"""

import numpy as np

from toc_model.aliases import Floats

GRIDS = (0.001, 0.01, 0.05, 0.1, 0.5)
"""Widths of the grids that people round probabilities to."""
LADDER = (*(10.0**-power for power in range(9, 1, -1)), 0.05, 0.1)
"""Small probabilities that are stated for want of a place on one's own grid."""
SPIKES = {"zero": 1.0, "half": 1.0, "one": 1.0, "belief": 20.0}
"""What an answer may be beside a rounded belief, the last: 0 and 1 on principle, 50 % for want of an opinion. With the
weights of the Dirichlet prior of their shares."""
STOCK = (0.0, 0.5, 1.0)
"""What the first three of `SPIKES` say."""
CLOSE = 1e-6
"""Share of a place that rounding errors may take it off."""


def places(grid: float) -> Floats:
    """All that people who round to a grid may say, in rising order.

    Parameters
    ----------
    grid : float
        One of `GRIDS`.
    """
    below = [place for place in LADDER if place < grid * (1 - CLOSE)]
    own = grid * np.arange(1, round(0.5 / grid) + 1)
    low = np.concatenate([[0.0], below, own])
    return np.round(np.concatenate([low, 1 - low[-2::-1]]), 12)


SAID = tuple(places(grid) for grid in GRIDS)
"""For each grid, what people who round to it may say; they say the nearest."""
BOUNDS = tuple((found[1:] + found[:-1]) / 2 for found in SAID)
"""For each grid, the beliefs between two neighbouring places."""


def rounded(belief: Floats, grid: np.ndarray) -> Floats:
    """What people who round to a grid say.

    Parameters
    ----------
    belief : array
        Probabilities.
    grid : array of int, of the same shape
        Which of `GRIDS` each of them rounds to.
    """
    each = [found[np.searchsorted(bounds, belief)] for found, bounds in zip(SAID, BOUNDS, strict=True)]
    return np.asarray(np.choose(grid, each))


def cells(stated: Floats) -> tuple[Floats, Floats]:
    """Beliefs that are stated so, for each grid.

    An answer that is no place of any grid stands for what rounds to its first significant figure, or to that of what
    it lacks to 1, on the finest grid.

    Parameters
    ----------
    stated : array of shape (n,)

    Returns
    -------
    lower, upper : arrays of shape (n, grids)
        Edges of the cells. They are equal where people who round to the grid can't say so; those of 0 and 1 are open
        (end at 0 and 1).
    """
    lower, upper = _edges(stated, upto=False), _edges(stated, upto=True)
    loose = (upper <= lower).all(axis=1)
    half = 0.5 * 10 ** np.floor(np.log10(np.where(loose, np.minimum(stated, 1 - stated), 1.0)))
    lower[loose, 0], upper[loose, 0] = (stated - half)[loose], (stated + half)[loose]
    return lower, upper


def _edges(stated: Floats, *, upto: bool) -> Floats:
    """For each answer and grid, up to where beliefs are stated as less than the answer (or no more, if ``upto``)."""
    margin = CLOSE * np.minimum(stated, 1 - stated)
    beyond = stated + margin if upto else stated - margin
    columns = []
    for found, bounds in zip(SAID, BOUNDS, strict=True):
        ends = np.concatenate([[0.0], bounds, [1.0]])
        columns.append(ends[np.searchsorted(found, beyond, side="right" if upto else "left")])
    return np.stack(columns, axis=-1)
