"""Importance weights whose largest are smoothed, and how far they can be trusted (PSIS).

Vehtari, Simpson, Gelman, Yao and Gabry 2024, jmlr.org/papers/v25/19-556.html.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.labels import worth

MOST_K_HAT = 0.7
"""Shape of the tail of weights up to which means by them can be trusted."""
FLAT = 1e-9
"""Log weights that differ by no more are all alike."""


@dataclass(frozen=True, slots=True, repr=False)
class Smoothed(Brief):
    """Weights that add up to one.

    Attributes
    ----------
    weights : array of shape (draws,)
    k_hat : float
        Shape of the generalised Pareto distribution of the largest; -inf where all are alike.
    """

    weights: Floats
    k_hat: float

    @property
    def effective(self) -> float:
        """How many equal draws they are worth."""
        return worth(self.weights)


def smoothed(log_weights: Floats) -> Smoothed:
    """Smooth the largest of some weights, of which logarithms are known up to a constant; shape (draws,)."""
    log_weights = np.asarray(log_weights, float)
    if np.ptp(log_weights) < FLAT:
        return Smoothed(np.full(len(log_weights), 1 / len(log_weights)), -np.inf)
    arrays: Any = importlib.import_module("arviz_stats.base").array_stats
    found, k_hat = arrays.psislw(-log_weights)  # it takes log likelihoods that are left out, and changes their sign
    return Smoothed(np.exp(found - special.logsumexp(found)), float(k_hat))
