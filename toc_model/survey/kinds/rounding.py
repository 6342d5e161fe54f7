"""How people round probabilities: to a grid, and near 0 and 1, where each grid ends, to powers of ten.

Nobody who believes 0.3 % says 0, 0.2 or 0.3; people say 0.1, 0.5 or 1. So below its first place every grid goes on
with powers of ten, and with the few places that people who use it take between 1 and 10 %; above its last one with
the mirror image of these; and only what lies beyond all of them is stated as 0 or 1. One habit is a ladder throughout:
1 and 5 of every power of ten, with 2 % between them, and 10, 15, 20, 30 and 50 % above. Where several habits have an
answer, it stands for the cells of all.

Chosen on the 2,627 answers about extinction of ESPAI 2023: learnt from half of those to a wording, the law falls .02,
0 and .01 behind that half's own histogram in the mean log probability of an answer of the other half, though the
histogram's cells are just the values that will be stated. Without the ladder it is .05, .02 and .04. Of eight other
questions of the survey, which it was not chosen on, it falls between .08 behind and .01 ahead.
"""

import numpy as np

from toc_model.aliases import Floats

DIGITS = 12
"""Places are told apart, and powers of ten are said, to so many digits behind the point."""
POWERS = tuple(10.0**-power for power in range(DIGITS, 0, -1))
"""Small probabilities that are stated whatever one's grid."""
FIGURES = tuple(figure * 10.0**-power for power in range(DIGITS, 2, -1) for figure in range(1, 10))
"""Probabilities below 1 % with one significant figure, which who is most exact has."""
FIVES = tuple(5 * power for power in POWERS)
"""The other place of each power of ten on the ladder."""


def _grid(width: float, *below: float) -> Floats:
    """Places of a grid up to one half, and what is said below its first: powers of ten and some more."""
    own = width * np.arange(1, round(0.5 / width) + 1)
    ladder = np.array([*POWERS, *below])
    return np.concatenate([ladder[ladder < width], own])


def _mirrored(low: Floats) -> Floats:
    """All places of which those up to one half are given, in rising order."""
    rising = np.unique(np.round(np.concatenate([[0.0], low]), DIGITS))
    return np.round(np.concatenate([rising, 1 - rising[-2::-1]]), DIGITS)


GRIDS: dict[str, Floats] = {
    name: _mirrored(low)
    for name, low in {
        "half per cents": np.array([*FIGURES, *_grid(0.005)]),
        "per cents": _grid(0.01),
        "fives": _grid(0.05, 0.02, 0.03),
        "tens": _grid(0.1, 0.05),
        "quarters": _grid(0.25, 0.05),
        "halves": _grid(0.5),
        "ladder": np.array([*POWERS, *FIVES, 0.02, 0.15, 0.2, 0.3, 0.5]),
    }.items()
}
"""All that people may say who round to a grid, by its name, in rising order; the finest grid first."""
SPIKES = {"zero": 1.0, "half": 1.0, "one": 1.0, "belief": 20.0}
"""What an answer may be beside a rounded belief, the last: 0 and 1 on principle, 50 % for want of an opinion. With the
weights of the Dirichlet prior of their shares."""
STOCK = (0.0, 0.5, 1.0)
"""What the first three of `SPIKES` say."""
NEXT_TO_NOTHING = POWERS[:-3]
"""What some say for 0 on principle: a power of ten, whichever; and for 1, what lacks so much to it."""
CLOSE = 1e-6
"""Share of a place that rounding errors may take it off."""

SAID = tuple(GRIDS.values())
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
    said = np.empty(belief.shape)
    for place, (found, bounds) in enumerate(zip(SAID, BOUNDS, strict=True)):
        here = grid == place
        said[here] = found[np.searchsorted(bounds, belief[here])]
    return said


def cells(stated: Floats) -> tuple[Floats, Floats]:
    """Beliefs that are stated so, for each grid.

    An answer that is no place of any grid stands for the cell of the finest grid that it lies in.

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
    nearest = rounded(stated[loose], np.zeros(loose.sum(), int))
    lower[loose, 0], upper[loose, 0] = _edges(nearest, upto=False)[:, 0], _edges(nearest, upto=True)[:, 0]
    return lower, upper


def principled(stated: Floats) -> tuple[Floats, Floats]:
    """Which answers each of `SPIKES` gives: exactly, and nearly, as a share of all that it may say then.

    Parameters
    ----------
    stated : array of shape (n,)

    Returns
    -------
    exactly, nearly : arrays of shape (n, spikes)
        Only 0 and 1 are said nearly; the others say the same as exactly. A belief may be any, and has ones.
    """
    exactly = np.stack([*(stated == said for said in STOCK), np.ones(len(stated), bool)], axis=-1).astype(float)
    nearly = exactly.copy()
    for place, missing in ((0, stated), (2, 1 - stated)):
        apart = np.abs(missing[:, None] - np.array(NEXT_TO_NOTHING)) / NEXT_TO_NOTHING
        nearly[:, place] = (apart <= 100 * CLOSE).any(axis=1) / len(NEXT_TO_NOTHING)
    return exactly, nearly


def _edges(stated: Floats, *, upto: bool) -> Floats:
    """For each answer and grid, up to where beliefs are stated as less than the answer (or no more, if ``upto``)."""
    margin = CLOSE * np.minimum(stated, 1 - stated)
    beyond = stated + margin if upto else stated - margin
    columns = []
    for found, bounds in zip(SAID, BOUNDS, strict=True):
        ends = np.concatenate([[0.0], bounds, [1.0]])
        columns.append(ends[np.searchsorted(found, beyond, side="right" if upto else "left")])
    return np.stack(columns, axis=-1)
