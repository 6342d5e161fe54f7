"""Folds of draws: what is chosen without a draw is judged on it."""

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
BLOCKS = 50
"""Blocks of consecutive draws: neighbours, which may depend on each other, are seldom in different folds."""


def folds_of(draws: int) -> NDArray[np.intp]:
    """The fold of each draw, shape (draws,); every fold has blocks from the first draws to the last."""
    return blocks_of(draws) % FOLDS


def blocks_of(draws: int) -> NDArray[np.intp]:
    """The block of consecutive draws that each draw is in, shape (draws,)."""
    return np.arange(draws) * BLOCKS // draws
