"""How large the parts of a regression are beside the noise."""

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import linalg

from toc_model.aliases import Floats
from toc_model.statistics.regression.bases import SMALL

SIGNAL = (1e-7, 1e7)
"""Bounds of the variance of a part over that of the noise."""
CLOSE = 1e-6
"""When the search ends: hundredths of a likelihood's logarithm make no difference."""


def part_variances(squares: Floats, cross: Floats, total: float, place: NDArray[np.intp], freedom: float) -> Floats:
    """Variance of the terms of each part over that of the noise, by restricted maximum likelihood.

    Parameters
    ----------
    squares : array of shape (terms, terms)
        Products of the terms with each other, all without what free terms explain.
    cross : array of shape (terms,)
        Their products with the outcome.
    total : float
        Sum of squares of the outcome.
    place : array of shape (terms,)
        The part that each term belongs to.
    freedom : float
        Draws, in effect, less free terms.
    """
    parts = int(place.max()) + 1
    if not total > 0:
        return np.ones(parts)

    def badness(logs: Floats) -> tuple[float, Floats]:
        root = np.exp(logs / 2)[place]
        factor = linalg.cho_factor(np.eye(len(root)) + root[:, None] * squares * root, lower=True)
        spread = np.diag(linalg.lapack.dpotri(factor[0], lower=1)[0])
        standard = linalg.cho_solve(factor, root * cross)
        noise = max(total - float(root * cross @ standard), SMALL * total)
        value = freedom * np.log(noise / total) + 2 * np.log(np.diag(factor[0])).sum()
        slope = np.bincount(place, 1 - spread - freedom * standard**2 / noise, parts)
        return float(value), slope

    bounds = [(np.log(low), np.log(high)) for low, high in [SIGNAL] * parts]
    start = np.full(parts, np.log(0.1 / parts))
    found = scipy.optimize.minimize(badness, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"ftol": CLOSE})
    return np.asarray(np.exp(found.x))
