"""Slips: a few answers come from anywhere, which keeps a single one of them from deciding."""

import numpy as np

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, log

OUTLIERS = 0.002
"""Share of answers that are slips."""


def log_with_slips(probability: Quantity, places: int) -> Quantity:
    """Log probability of an answer if some are slips.

    Parameters
    ----------
    probability : dims ``(pattern, ...)``
        Of giving the answer on purpose.
    places : int
        How many answers a slip may be.
    """
    return log((1 - OUTLIERS) * probability + OUTLIERS / places)


def with_slips(answers: Floats, anything: Floats, rng: np.random.Generator) -> Floats:
    """Draw which answers are slips, which say any of some things instead.

    Parameters
    ----------
    answers : array
        As they were meant.
    anything : array of shape (places,)
        What a slip may say.
    rng : numpy.random.Generator
    """
    slip = rng.random(answers.shape) < OUTLIERS
    return np.where(slip, anything[rng.integers(0, len(anything), answers.shape)], answers)
