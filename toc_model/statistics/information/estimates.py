"""An estimated value of information, and how it follows from a fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.statistics.regression import Fit
from toc_model.statistics.standard_errors import RUN, Design

CONTENT = 0.9
"""Of intervals."""
REPEATS = 100
"""Times that a fit is varied, for its share of the standard error."""

ENOUGH = 1000
"""Draws over which a varied fit is averaged."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of information and its standard error, in the unit of the loss.

    Attributes
    ----------
    value : float
    se : float
        Standard error, of the draws and of the regression together.
    lowest : float
        Least possible value: zero, for nothing is lost by knowing more, or less than zero where a cost is taken off.
    """

    value: float
    se: float
    lowest: float = 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Central 90 % interval, cut at the least possible value."""
        reach = float(special.ndtri((1 + CONTENT) / 2)) * self.se
        return max(self.lowest, self.value - reach), max(self.lowest, self.value + reach)

    def at_most(self, limit: "Estimate") -> "Estimate":
        """The value, or that of what tells more, if it is less; the standard error stays."""
        return replace(self, value=min(self.value, limit.value))

    def times(self, factor: float) -> "Estimate":
        """The same in another unit."""
        return Estimate(factor * self.value, factor * self.se, factor * self.lowest)

    def less(self, cost: float) -> "Estimate":
        """What is left after a cost."""
        return replace(self, value=self.value - cost, lowest=self.lowest - cost)


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


def sampling_variance(expected: Floats, design: Design) -> float:
    """Variance of `value_of` that comes from the draws of the information, to first order.

    Parameters
    ----------
    expected : array of shape (draws, allocations - 1)
    design : Design
        How the draws were made.
    """
    return float(design.error(gains(expected)) ** 2)


def gains(expected: Floats) -> Floats:
    """What choosing anew saves in each draw, over the allocation that is best in the mean; shape (draws,).

    Parameters
    ----------
    expected : array of shape (draws, allocations - 1)
    """
    every = np.column_stack([np.zeros(len(expected)), expected])
    return np.asarray(every[:, every.mean(axis=0).argmin()] - every.min(axis=1))


def estimate_of(fits: Sequence[Fit], design: Design) -> Estimate:
    """The value of knowing what losses were regressed on.

    The standard error adds the variance over draws of the information to that over errors of the fits (after Strong,
    Oakley and Brennan 2014, doi:10.1177/0272989X13505910).

    Parameters
    ----------
    fits : sequence of Fit
        One a paired difference of losses.
    design : Design
        How the draws were made.
    """
    expected = np.column_stack([fit.expected for fit in fits])
    repeats = value_of(varied(fits, design))
    se = float(np.sqrt(sampling_variance(expected, design) + repeats.var(ddof=1)))
    return Estimate(max(0.0, float(value_of(expected))), se)


def varied(fits: Sequence[Fit], design: Design) -> Floats:
    """Expected losses as they might be instead, in a thousand draws or so; shape (draws, losses, repeats)."""
    draws = len(fits[0].outcome)
    some = slice(None, None, max(1, draws // ENOUGH))
    signs = signs_for(design)
    return np.stack([fit.expected[some, None] + fit.errors(signs, fit.terms[some]) for fit in fits], axis=1)


def signs_for(design: Design) -> Floats:
    """Signs by which fits are varied, alike for draws of a chain that follow each other; shape (draws, repeats)."""
    signs = random_signs(design.draws)
    if design.order is None:
        return signs
    alike = np.empty_like(signs)
    alike[design.order] = signs[np.arange(design.draws) // RUN]
    return alike


@lru_cache(maxsize=2)
def random_signs(draws: int) -> Floats:
    """Signs by which fits are varied, the same for all fits of as many draws; shape (draws, repeats)."""
    return np.asarray(np.random.default_rng(0).choice([-1.0, 1.0], (draws, REPEATS)), float)
