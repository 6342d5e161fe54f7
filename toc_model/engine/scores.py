"""From standard normal scores to other distributions at the same level, accurate in both tails.

A level next to 1 can't be told from 1, so that each half is computed from the probability beyond its side.
Scores beyond `toc_model.engine.laws.FARTHEST` are taken for that one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from toc_model.engine import laws
from toc_model.engine.laws import FARTHEST, Quantity


def gamma_at(z: Quantity, shape: float) -> Quantity:
    """The value of a gamma distribution of rate 1 at standard normal scores.

    Parameters
    ----------
    z : float, array or ``pymc.dims`` variable
    shape : float
        Above 0.
    """

    def plain(z: Any) -> Any:
        low, high = lambda p: special.gammaincinv(shape, p), lambda q: special.gammainccinv(shape, q)
        return halves(z, low, high)

    return laws.operate("gamma_at", plain, lambda _, z: _sloped().gamma_at(z, shape), z)


def beta_at(z: Quantity, a: float, b: float) -> Quantity:
    """The value of a beta distribution on 0 to 1 at standard normal scores.

    Parameters
    ----------
    z : float, array or ``pymc.dims`` variable
    a, b : float
        Above 0.
    """

    def plain(z: Any) -> Any:
        low, high = lambda p: special.betaincinv(a, b, p), lambda q: 1 - special.betaincinv(b, a, q)
        return halves(z, low, high)

    return laws.operate("beta_at", plain, lambda _, z: _sloped().beta_at(z, a, b), z)


def log_odds_at(z: Quantity) -> Quantity:
    """Log odds of the levels of standard normal scores."""

    def plain(z: Any) -> Any:
        near: Any = laws.smaller(laws.larger(z, -FARTHEST), FARTHEST)
        return special.log_ndtr(near) - special.log_ndtr(-near)

    return laws.operate("log_odds_at", plain, lambda _, z: _sloped().log_odds_at(z), z)


def halves(z: Any, low: Callable[[Any], Any], high: Callable[[Any], Any]) -> Any:
    """Values by the probability below scores that are not above 0, and by that above the others."""
    below = laws.normal_cdf(laws.larger(laws.smaller(z, 0.0), -FARTHEST))
    above = laws.normal_cdf(-laws.smaller(laws.larger(z, 0.0), FARTHEST))
    return laws.where(z <= 0, low(below), high(above))


def score_of_halves(below: Any, above: Any) -> Any:
    """Standard normal scores of values, from the probabilities below and above them.

    Parameters
    ----------
    below, above : array
        Each as accurate as numbers are where it is small.
    """
    least = special.ndtr(-FARTHEST)
    low, high = (special.ndtri(np.clip(side, least, 0.5)) for side in (below, above))
    return np.where(np.asarray(below) < np.asarray(above), low, -high)


def score_of_log_odds(log_odds: Any) -> Any:
    """The inverse of `log_odds_at`."""
    found = np.asarray(log_odds, float)
    below = special.ndtri_exp(special.log_expit(np.minimum(found, 0.0)))
    above = special.ndtri_exp(special.log_expit(-np.maximum(found, 0.0)))
    return np.clip(np.where(found < 0, below, -above), -FARTHEST, FARTHEST)


def _sloped() -> Any:
    from toc_model.engine import sloped

    return sloped
