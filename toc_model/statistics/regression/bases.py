"""Terms of a regression that are to be shrunk: the bends of a spline, the smoothest first."""

from collections.abc import Callable

import numpy as np
import scipy

from toc_model.aliases import Floats

KNOTS = 20
SMALL = 1e-9

type Basis = Callable[[Floats], Floats]
"""Terms at some places: from shape (places, inputs) to (places, terms)."""


def no_terms(places: Floats) -> Floats:
    """Nothing that is shrunk."""
    return np.empty((len(places), 0))


def spline_basis(x: Floats, knots: int = KNOTS) -> Basis:
    """Terms of a natural cubic spline besides the constant and the straight line, of unit penalty each.

    Parameters
    ----------
    x : array of shape (draws,)
    knots : int
        Most places at which the spline may bend.

    Returns
    -------
    callable
        From shape (places, 1) to (places, knots - 2). The penalty is on the integral of the squared second derivative.
    """
    places = np.unique(x)
    if len(places) > knots:
        places = np.unique(np.quantile(places, np.linspace(0, 1, knots)))
    if len(places) <= 2:
        return no_terms
    spline = scipy.interpolate.CubicSpline(places, np.eye(len(places)), bc_type="natural")
    bends, width = spline(places, 2), np.diff(places)
    overlap = np.diag(np.r_[width, 0] + np.r_[0, width]) / 3 + (np.diag(width, 1) + np.diag(width, -1)) / 6
    sizes, directions = np.linalg.eigh(bends.T @ overlap @ bends)
    return lambda at: np.asarray(spline(at[:, 0]) @ (directions[:, 2:] / np.sqrt(sizes[2:])))
