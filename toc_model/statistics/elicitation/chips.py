"""Chips that somebody put into bins (the roulette method), as points of a cdf."""

from typing import Any

import numpy as np

from toc_model.errors import InputError
from toc_model.statistics.elicitation.judgements import Judgements, judged


def chips(
    edges: Any, counts: Any, lower: float | None = None, upper: float | None = None, where: str = "chips"
) -> Judgements:
    """Turn chips in bins into judgements: of at most each inner edge, the share of chips below it.

    An edge with all chips on one side is left out, as in SHELF: that nothing lies beyond is for the support to say.

    Parameters
    ----------
    edges : array of shape (n + 1,)
        Of the bins, rising.
    counts : array of shape (n,)
        Whole numbers of chips.
    lower, upper : float, optional
        Bounds of the support; the outer edges where they are left out, infinite where there is none.
    where : str
        What the chips are about, for messages.

    Raises
    ------
    InputError
        If bins and counts do not go together, edges do not rise, a count is no number of chips, all chips lie in one
        bin, or a bin with chips is not in the support.

    References
    ----------
    Oakley, J. E. and O'Hagan, A. (2019). SHELF: the Sheffield Elicitation Framework (version 4), roulette method.
    """
    ends, held = np.asarray(edges, float), np.asarray(counts, float)
    if ends.ndim != 1 or held.shape != (len(ends) - 1,) or not held.size:
        raise InputError(f"{where}: found {held.size} counts for {ends.size} edges; allowed: one fewer than edges")
    if not (np.isfinite(ends).all() and (np.diff(ends) > 0).all()):
        raise InputError(f"{where}: found edges {', '.join(f'{end:g}' for end in ends)}; allowed: numbers that rise")
    if not (np.isfinite(held).all() and (held >= 0).all() and (held == np.round(held)).all()):
        raise InputError(f"{where}: found counts {', '.join(f'{one:g}' for one in held)}; allowed: 0, 1, 2, ...")
    filled = np.flatnonzero(held)
    if len(filled) < 2:
        raise InputError(f"{where}: found chips in {len(filled)} bin{'s' * (len(filled) != 1)}; allowed: at least two")
    low, high = (ends[0] if lower is None else lower), (ends[-1] if upper is None else upper)
    if ends[filled[0]] < low or ends[filled[-1] + 1] > high:
        raise InputError(
            f"{where}: found chips from {ends[filled[0]]:g} to {ends[filled[-1] + 1]:g}; "
            f"allowed: from {low:g} to {high:g}, the support"
        )
    below = np.cumsum(held)[:-1] / held.sum()
    inner = (below > 0) & (below < 1)
    return judged(ends[1:-1][inner], below[inner], low, high, where)
