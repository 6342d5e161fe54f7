"""Terms of a regression that are to be shrunk: splines of single inputs, and a Gaussian process on all."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize
from scipy.interpolate import CubicSpline

from toc_model.aliases import Floats

KNOTS = 20
CENTRES = (120, 400)
"""Terms of a Gaussian process of low rank, with a few thousand draws and at the most."""
FEW, PER_CENTRE = 4000, 20
"""Draws from which on every so many add a centre."""
SMALL = 1e-9
TERMS = 120
"""Terms that the splines of several inputs share."""
SIGNAL = (1e-7, 1e7)
"""Bounds of the variance of a part over that of the noise."""

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
    if len(places) == 2:
        return no_terms
    spline = CubicSpline(places, np.eye(len(places)), bc_type="natural")
    bends, width = spline(places, 2), np.diff(places)
    overlap = np.diag(np.r_[width, 0] + np.r_[0, width]) / 3 + (np.diag(width, 1) + np.diag(width, -1)) / 6
    sizes, directions = np.linalg.eigh(bends.T @ overlap @ bends)
    return lambda at: np.asarray(spline(at[:, 0]) @ (directions[:, 2:] / np.sqrt(sizes[2:])))


# Several inputs ---------------------------------------------------------------------------------------------------


def additive_bases(x: Floats, outcomes: Floats) -> list[Basis]:
    """Terms of a spline for each input and of a Gaussian process of low rank on all, for what they do together.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Of variance one.
    outcomes : array of shape (draws, outcomes)
        By each of which the sizes of these parts are chosen.

    Returns
    -------
    list of callable
        For each outcome, from shape (places, inputs) to (places, terms), scaled so that one penalty fits all.
    """
    knots = int(np.clip(TERMS // x.shape[1], 4, KNOTS))
    free = linalg.orth(np.column_stack([np.ones(len(x)), x]), rcond=SMALL)
    bases = [_of_column(i, spline_basis(column, knots)) for i, column in enumerate(x.T)] + [process_basis(x)]
    bent = [part - free @ (free.T @ part) for part in (basis(x) for basis in bases)]
    sizes = [(part**2).sum() / len(x) for part in bent]
    used = [i for i, size in enumerate(sizes) if size * len(x) > SMALL]
    if not used:
        return [no_terms] * outcomes.shape[1]
    place = np.repeat(np.arange(len(used)), [bent[i].shape[1] for i in used])
    scale = 1 / np.sqrt([sizes[i] for i in used])[place]
    terms = np.column_stack([bent[i] for i in used]) * scale
    squares = terms.T @ terms

    def scaled_for(outcome: Floats) -> Basis:
        left = outcome - free @ (free.T @ outcome)
        variances = _part_variances(squares, terms.T @ left, float(left @ left), place, len(x) - free.shape[1])
        sized = scale * np.sqrt(variances)[place]
        return lambda at: np.column_stack([bases[i](at) for i in used]) * sized

    return [scaled_for(outcome) for outcome in outcomes.T]


def _of_column(place: int, basis: Basis) -> Basis:
    return lambda at: basis(at[:, [place]])


def process_basis(x: Floats) -> Basis:
    """Terms of a Gaussian process with a squared exponential covariance, through centres that are draws of the inputs.

    Its length scale grows with the usual distance between draws, which is that of the root of the number of inputs.
    """
    count = int(np.clip(CENTRES[0] + (len(x) - FEW) // PER_CENTRE, *CENTRES))
    centres = np.unique(x[np.random.default_rng(0).permutation(len(x))[:count]], axis=0)
    sizes, directions = np.linalg.eigh(_alike(centres, centres))
    kept = sizes > SMALL * sizes.max()
    return lambda at: np.asarray(_alike(at, centres) @ (directions[:, kept] / np.sqrt(sizes[kept])))


def _alike(one: Floats, other: Floats) -> Floats:
    distance = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return np.asarray(np.exp(-0.5 * np.maximum(distance, 0.0) / one.shape[1]))


def _part_variances(squares: Floats, cross: Floats, total: float, place: NDArray[np.intp], freedom: int) -> Floats:
    """Variance of each part over that of the noise, by restricted maximum likelihood.

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
    freedom : int
        Draws less free terms.
    """
    parts = int(place.max()) + 1
    if not total > 0:
        return np.ones(parts)

    def badness(logs: Floats) -> tuple[float, Floats]:
        root = np.exp(logs / 2)[place]
        factor = linalg.cho_factor(np.eye(len(root)) + root[:, None] * squares * root, lower=True)
        inverse = linalg.cho_solve(factor, np.eye(len(root)))
        standard = inverse @ (root * cross)
        noise = max(total - float(root * cross @ standard), SMALL * total)
        value = freedom * np.log(noise) + 2 * np.log(np.diag(factor[0])).sum()
        slope = np.bincount(place, 1 - np.diag(inverse) - freedom * standard**2 / noise, parts)
        return float(value), slope

    bounds = [(np.log(low), np.log(high)) for low, high in [SIGNAL] * parts]
    start = np.full(parts, np.log(0.1 / parts))
    return np.asarray(np.exp(optimize.minimize(badness, start, jac=True, bounds=bounds, method="L-BFGS-B").x))
