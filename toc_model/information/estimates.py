"""An estimated value of information, and how it follows from a fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from toc_model.information.columns import Floats
from toc_model.information.smoothing import Fit

CONTENT = 0.9
"""Of intervals."""
REPEATS = 100
"""Times that a fit is varied, for its share of the standard error."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of information and its standard error, in the unit of the loss.

    Attributes
    ----------
    value : float
        Zero or more.
    se : float
        Standard error, of the draws and of the regression together.
    """

    value: float
    se: float

    @property
    def interval(self) -> tuple[float, float]:
        """Central 90 % interval, cut at zero, below which no information is worth."""
        reach = float(special.ndtri((1 + CONTENT) / 2)) * self.se
        return max(0.0, self.value - reach), max(0.0, self.value + reach)

    def at_most(self, limit: "Estimate") -> "Estimate":
        """This value, or that of what tells more, if it is less; the standard error stays."""
        return Estimate(min(self.value, limit.value), self.se)


def value_of(expected: Floats) -> Floats:
    """What a decision gains by knowing expected losses instead of their means.

    Parameters
    ----------
    expected : array of shape (draws, allocations - 1, ...)
        Expected losses given the information, less those of one allocation.

    Returns
    -------
    array of shape (...)
    """
    without = np.minimum(expected.mean(axis=0).min(axis=0), 0.0)
    return np.asarray(without - np.minimum(expected.min(axis=1), 0.0).mean(axis=0))


def sampling_variance(expected: Floats) -> float:
    """Variance of `value_of` that comes from the draws of the information, to first order.

    Parameters
    ----------
    expected : array of shape (draws, allocations - 1)
    """
    every = np.column_stack([np.zeros(len(expected)), expected])
    gain = every[:, every.mean(axis=0).argmin()] - every.min(axis=1)
    return float(gain.var(ddof=1) / len(gain))


def estimate_of(fits: Sequence[Fit]) -> Estimate:
    """The value of knowing what losses were regressed on.

    The standard error adds the variance over draws of the information to that over errors of the fits (after Strong,
    Oakley and Brennan 2014, doi:10.1177/0272989X13505910).

    Parameters
    ----------
    fits : sequence of Fit
        One a paired difference of losses.
    """
    expected = np.column_stack([fit.expected for fit in fits])
    repeats = value_of(expected[:, :, None] + fit_errors(fits))
    se = float(np.sqrt(sampling_variance(expected) + repeats.var(ddof=1)))
    return Estimate(max(0.0, float(value_of(expected))), se)


def fit_errors(fits: Sequence[Fit]) -> Floats:
    """Errors that fits may have, with the same signs for all, shape (draws, losses, repeats)."""
    signs = _signs(len(fits[0].loss))
    return np.stack([fit.errors(signs) for fit in fits], axis=1)


@lru_cache(maxsize=2)
def _signs(draws: int) -> Floats:
    return np.random.default_rng(0).choice([-1.0, 1.0], (draws, REPEATS))
