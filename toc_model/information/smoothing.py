"""Regression of paired losses on what could be known.

On one input it is a penalised spline; on several, a spline for each and a Gaussian process for what they do together.
Both are one penalised regression: terms that are free (a constant and straight lines) and terms that are shrunk, as
much as restricted maximum likelihood says. Inputs are first replaced by their normal scores. Knowing a quantity is
knowing any rising function of it, so that no value changes, and heavy tails do no harm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, special, stats
from scipy.interpolate import CubicSpline

from toc_model.information.columns import Floats

KNOTS = 20
CENTRES = 120
"""Most terms of a Gaussian process of low rank."""
PENALTIES = np.logspace(-10, 6, 97)
"""Penalties to choose from, in units of the largest term's size."""
SMALL = 1e-9
TERMS = 120
"""Terms that the splines of several inputs share."""
SIGNAL = (1e-7, 1e7)
"""Bounds of the variance of a part over that of the noise."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A penalised regression of one loss.

    Attributes
    ----------
    terms : array of shape (draws, terms)
        Orthonormal.
    kept : array of shape (terms,)
        Share of each coefficient that the penalty leaves: one for a free term.
    loss : array of shape (draws,)
    """

    terms: Floats
    kept: Floats
    loss: Floats

    @property
    def expected(self) -> Floats:
        """Expected loss given the inputs, shape (draws,)."""
        return np.asarray(self.terms @ (self.kept * (self.terms.T @ self.loss)))

    def errors(self, signs: Floats, some: slice) -> Floats:
        """Errors that the expected loss may have in some draws, shape (some draws, repeats), by a wild bootstrap.

        It allows for residuals that are larger in some places than in others. Coefficients vary as much as under the
        penalty's own prior, which covers what the penalty distorts (Nychka 1988, doi:10.1080/01621459.1988.10478711).

        Parameters
        ----------
        signs : array of shape (draws, repeats)
            Independent, of mean zero and variance one.
        some : slice
        """
        residuals = (self.loss - self.expected) * np.sqrt(len(self.loss) / (len(self.loss) - self.kept.sum()))
        varied = self.terms.T @ (residuals[:, None] * signs)
        return np.asarray(self.terms[some] @ (np.sqrt(self.kept)[:, None] * varied))


def smooth(inputs: Floats, losses: Floats) -> list[Fit]:
    """Regress losses on inputs.

    Parameters
    ----------
    inputs : array of shape (draws, inputs)
    losses : array of shape (draws, losses)

    Returns
    -------
    list of Fit
        One a loss.
    """
    varying = inputs[:, np.ptp(inputs, axis=0) > 0]
    scores = np.column_stack([np.ones(len(inputs)), *(normal_scores(column) for column in varying.T)])
    if scores.shape[1] > 2:
        return [penalised(scores, additive_terms(scores[:, 1:], loss), loss[:, None])[0] for loss in losses.T]
    shrunk = spline_terms(scores[:, 1]) if scores.shape[1] == 2 else np.empty((len(inputs), 0))
    return penalised(scores, shrunk, losses)


def normal_scores(column: Floats) -> Floats:
    """Standard normal quantiles of ranks, scaled to variance one; ties stay ties."""
    scores = special.ndtri((stats.rankdata(column) - 0.5) / len(column))
    return np.asarray((scores - scores.mean()) / scores.std())


def spline_terms(x: Floats, knots: int = KNOTS) -> Floats:
    """Terms of a natural cubic spline besides the constant and the straight line, of unit penalty each.

    Parameters
    ----------
    x : array of shape (draws,)
    knots : int
        Most places at which the spline may bend.

    Returns
    -------
    array of shape (draws, knots - 2)
        The penalty is on the integral of the squared second derivative.
    """
    places = np.unique(x)
    if len(places) > knots:
        places = np.unique(np.quantile(places, np.linspace(0, 1, knots)))
    if len(places) == 2:
        return np.empty((len(x), 0))
    spline = CubicSpline(places, np.eye(len(places)), bc_type="natural")
    bends, width = spline(places, 2), np.diff(places)
    overlap = np.diag(np.r_[width, 0] + np.r_[0, width]) / 3 + (np.diag(width, 1) + np.diag(width, -1)) / 6
    sizes, directions = np.linalg.eigh(bends.T @ overlap @ bends)
    return np.asarray(spline(x) @ (directions[:, 2:] / np.sqrt(sizes[2:])))


def penalised(free: Floats, shrunk: Floats, losses: Floats) -> list[Fit]:
    """Fit free terms, and terms that share one penalty, which restricted maximum likelihood chooses for each loss.

    Parameters
    ----------
    free : array of shape (draws, p)
    shrunk : array of shape (draws, q)
        In units in which the penalty is the sum of squared coefficients.
    losses : array of shape (draws, losses)
    """
    base = linalg.orth(free, rcond=SMALL)
    rest, sizes = _orthogonal(shrunk - base @ (base.T @ shrunk))
    left = ((losses - base @ (base.T @ losses)) ** 2).sum(axis=0)
    kept = _kept(sizes, (rest.T @ losses) ** 2, left, len(losses) - base.shape[1])
    terms = np.column_stack([base, rest])
    return [Fit(terms, np.r_[np.ones(base.shape[1]), own], loss) for own, loss in zip(kept.T, losses.T, strict=True)]


def _orthogonal(shrunk: Floats) -> tuple[Floats, Floats]:
    """Orthonormal directions of shrunk terms, and the square of the size of each."""
    sizes, directions = np.linalg.eigh(shrunk.T @ shrunk)
    kept = sizes > SMALL * sizes.max(initial=0.0)
    return np.asarray(shrunk @ (directions[:, kept] / np.sqrt(sizes[kept]))), np.asarray(sizes[kept])


def _kept(sizes: Floats, explained: Floats, left: Floats, freedom: int) -> Floats:
    """Share of each shrunk coefficient that the best penalty leaves, shape (terms, losses).

    Parameters
    ----------
    sizes : array of shape (terms,)
    explained : array of shape (terms, losses)
        Sum of squares that each term explains if it is free.
    left : array of shape (losses,)
        Sum of squares that free terms leave.
    freedom : int
        Draws less free terms.
    """
    kept = sizes[:, None] / (sizes[:, None] + PENALTIES * sizes.max(initial=0.0))
    residual = left[:, None] - explained.T @ kept
    variance = np.maximum(residual, SMALL * left[:, None] + np.finfo(float).tiny) / freedom
    badness = freedom * np.log(variance) - np.log1p(-kept).sum(axis=0)
    return np.asarray(kept[:, badness.argmin(axis=1)])


# Several inputs ---------------------------------------------------------------------------------------------------


def additive_terms(x: Floats, loss: Floats) -> Floats:
    """Terms of a spline for each input and of a Gaussian process of low rank on all, for what they do together.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Of variance one.
    loss : array of shape (draws,)
        By which the sizes of these parts are chosen.

    Returns
    -------
    array of shape (draws, terms)
        Scaled so that one penalty fits all.
    """
    knots = int(np.clip(TERMS // x.shape[1], 4, KNOTS))
    free = linalg.orth(np.column_stack([np.ones(len(x)), x]), rcond=SMALL)
    parts = [spline_terms(column, knots) for column in x.T] + [process_terms(x)]
    bent = [part - free @ (free.T @ part) for part in parts]
    scaled = [part * np.sqrt(len(x) / size) for part in bent if (size := (part**2).sum()) > SMALL]
    if not scaled:
        return np.empty((len(x), 0))
    place = np.repeat(np.arange(len(scaled)), [part.shape[1] for part in scaled])
    terms = np.column_stack(scaled)
    left = loss - free @ (free.T @ loss)
    return np.asarray(terms * np.sqrt(_part_variances(terms, place, left, len(x) - free.shape[1]))[place])


def process_terms(x: Floats) -> Floats:
    """Terms of a Gaussian process with a squared exponential covariance, through centres that are draws of the inputs.

    Its length scale grows with the usual distance between draws, which is that of the root of the number of inputs.
    """
    centres = np.unique(x[np.random.default_rng(0).permutation(len(x))[:CENTRES]], axis=0)
    sizes, directions = np.linalg.eigh(_alike(centres, centres))
    kept = sizes > SMALL * sizes.max()
    return np.asarray(_alike(x, centres) @ (directions[:, kept] / np.sqrt(sizes[kept])))


def _alike(one: Floats, other: Floats) -> Floats:
    distance = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return np.asarray(np.exp(-0.5 * np.maximum(distance, 0.0) / one.shape[1]))


def _part_variances(terms: Floats, place: NDArray[np.intp], left: Floats, freedom: int) -> Floats:
    """Variance of each part over that of the noise, by restricted maximum likelihood.

    Parameters
    ----------
    terms : array of shape (draws, terms)
        Without what free terms explain.
    place : array of shape (terms,)
        The part that each term belongs to.
    left : array of shape (draws,)
        Loss without what free terms explain.
    freedom : int
        Draws less free terms.
    """
    squares, cross, total = terms.T @ terms, terms.T @ left, float(left @ left)
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
