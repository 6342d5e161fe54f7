"""How people round probabilities: to a grid, and near 0 and 1 to whole per cents.

Nearly nobody who thinks in steps of ten calls 4 % zero. Where a coarse grid would say 0 or 1, the finer one is used.
"""

import numpy as np

from toc_model.distributions import Floats

GRIDS = (0.001, 0.01, 0.05, 0.1, 0.5)
"""Widths of the grids that people round probabilities to."""
FINE = 0.01
"""Grid of those who round more coarsely, where their own would say 0 or 1."""
CLOSE = 1e-6


def rounded(belief: Floats, grid: Floats) -> Floats:
    """What people who round to a grid say.

    Parameters
    ----------
    belief, grid : arrays of one shape
    """
    coarse = np.rint(belief / grid) * grid
    near_end = (grid > FINE) & ((coarse < CLOSE) | (coarse > 1 - CLOSE))
    return np.round(np.where(near_end, np.rint(belief / FINE) * FINE, coarse), 9)


def cells(stated: Floats) -> tuple[Floats, Floats, np.ndarray]:
    """Beliefs that are stated so, for each grid.

    Parameters
    ----------
    stated : array of shape (n,)

    Returns
    -------
    lower, upper : arrays of shape (n, grids)
        Edges of the cells; those of 0 and 1 are open (end at 0 and 1).
    possible : array of bool, shape (n, grids)
        Whether people who round to the grid can say so at all.
    """
    lower, upper = edges(stated, upto=False), edges(stated, upto=True)
    return lower, upper, on_some_place(stated) & (upper > lower + CLOSE * np.array(GRIDS))


def edges(stated: Floats, *, upto: bool) -> Floats:
    """For each answer and grid, up to where beliefs are stated as less than the answer (or no more, if ``upto``).

    Parameters
    ----------
    stated : array of shape (n,)
    upto : bool

    Returns
    -------
    array of shape (n, grids)
        Between 0 and 1.
    """
    grids, v = np.array(GRIDS), stated[:, None]
    low_end, high_end = np.where(grids > FINE, grids / 2, 0.0), np.where(grids > FINE, 1 - grids / 2, 1.0)
    fine, own = _next_edge(v, np.array(FINE), upto=upto), _next_edge(v, grids, upto=upto)
    inside = np.clip(own, low_end, high_end)
    in_low = v < low_end - CLOSE if upto else v <= low_end + CLOSE
    in_high = v >= high_end - CLOSE if upto else v > high_end + CLOSE
    near = np.where(in_low, np.minimum(fine, low_end), np.where(in_high, np.maximum(fine, high_end), inside))
    return np.clip(np.where(grids > FINE, near, own), 0.0, 1.0)


def _next_edge(v: Floats, grid: Floats, *, upto: bool) -> Floats:
    return (np.floor(v / grid + CLOSE) + 0.5) * grid if upto else (np.ceil(v / grid - CLOSE) - 0.5) * grid


def on_some_place(stated: Floats) -> np.ndarray:
    """Whether each answer is a place of each grid, or of whole per cents near the ends of a coarse one."""
    grids, v = np.array(GRIDS), stated[:, None]
    own, fine = (np.abs(v / width - np.rint(v / width)) < CLOSE for width in (grids, np.array(FINE)))
    at_end = (v < grids / 2 + CLOSE) | (v > 1 - grids / 2 - CLOSE)
    coarse = grids > FINE
    return np.asarray(np.where(coarse, (own & (v > CLOSE) & (v < 1 - CLOSE)) | (fine & at_end), own))
