"""Regression of paired losses on what could be known: penalised splines on one input, Gaussian processes on several.

Both are one penalised regression: terms that are free (a constant and straight lines) and terms that are shrunk, as
much as restricted maximum likelihood says. Inputs are first replaced by their normal scores. Knowing a quantity is
knowing any rising function of it, so that no value changes, and heavy tails do no harm.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, special, stats
from scipy.interpolate import CubicSpline

from toc_model.information.columns import Floats

KNOTS = 20
CENTRES = 120
"""Most terms of a Gaussian process of low rank."""
TUNING = 500
"""Most draws on which its length scales are found."""
PENALTIES = np.logspace(-10, 6, 97)
"""Penalties to choose from, in units of the largest term's size."""
SMALL = 1e-9
LONGEST = 30.0
"""Longest length scale, in standard deviations of an input: beyond it, an input has no effect but a straight one."""


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
        return [penalised(scores, process_terms(scores[:, 1:], loss), loss[:, None])[0] for loss in losses.T]
    shrunk = spline_terms(scores[:, 1]) if scores.shape[1] == 2 else np.empty((len(inputs), 0))
    return penalised(scores, shrunk, losses)


def normal_scores(column: Floats) -> Floats:
    """Standard normal quantiles of ranks, scaled to variance one; ties stay ties."""
    scores = special.ndtri((stats.rankdata(column) - 0.5) / len(column))
    return np.asarray((scores - scores.mean()) / scores.std())


def spline_terms(x: Floats) -> Floats:
    """Terms of a natural cubic spline besides the constant and the straight line, of unit penalty each.

    Parameters
    ----------
    x : array of shape (draws,)

    Returns
    -------
    array of shape (draws, knots - 2)
        The penalty is on the integral of the squared second derivative.
    """
    places = np.unique(x)
    if len(places) > KNOTS:
        places = np.unique(np.quantile(places, np.linspace(0, 1, KNOTS)))
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
    left = (losses**2).sum(axis=0) - ((base.T @ losses) ** 2).sum(axis=0)
    kept = _kept(sizes, (rest.T @ losses) ** 2, left, len(losses) - base.shape[1])
    terms = np.column_stack([base, rest])
    return [
        Fit(terms, np.r_[np.ones(base.shape[1]), own], loss) for own, loss in zip(kept.T, losses.T, strict=True)
    ]


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


# Gaussian processes -----------------------------------------------------------------------------------------------


def process_terms(x: Floats, loss: Floats) -> Floats:
    """Terms of a Gaussian process of low rank, with a length scale for each input, of unit penalty each.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Of variance one.
    loss : array of shape (draws,)
        On which the length scales are found.
    """
    rng = np.random.default_rng(0)
    scaled = x / length_scales(x, loss, rng)
    centres = np.unique(scaled[rng.permutation(len(x))[:CENTRES]], axis=0)
    sizes, directions = np.linalg.eigh(_alike(centres, centres))
    kept = sizes > SMALL * sizes.max()
    return np.asarray(_alike(scaled, centres) @ (directions[:, kept] / np.sqrt(sizes[kept])))


def _alike(one: Floats, other: Floats) -> Floats:
    """Squared exponential covariance."""
    distance = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return np.asarray(np.exp(-0.5 * np.maximum(distance, 0.0)))


def length_scales(x: Floats, loss: Floats, rng: np.random.Generator) -> Floats:
    """Length scales of greatest marginal likelihood, after what is straight has been taken out.

    Parameters
    ----------
    x : array of shape (draws, inputs)
    loss : array of shape (draws,)
    rng : numpy.random.Generator
        Chooses up to `TUNING` draws.
    """
    some = rng.permutation(len(x))[:TUNING]
    straight = np.column_stack([np.ones(len(some)), x[some]])
    rest = loss[some] - straight @ np.linalg.lstsq(straight, loss[some])[0]
    if not rest.std() > 0:
        return np.ones(x.shape[1])
    y = rest / rest.std()
    squares = (x[some].T[:, :, None] - x[some].T[:, None, :]) ** 2
    start = np.r_[np.full(x.shape[1], np.log(2.0)), np.log(0.5), np.log(0.7)]
    bounds = [(np.log(0.2), np.log(LONGEST))] * x.shape[1] + [(-6.0, 3.0), (-6.0, 1.0)]
    best = optimize.minimize(_misfit, start, args=(squares, y), jac=True, bounds=bounds, method="L-BFGS-B", tol=1e-4)
    return np.asarray(np.exp(best.x[: x.shape[1]]))


def _misfit(logs: Floats, squares: Floats, y: Floats) -> tuple[float, Floats]:
    """Negative log marginal likelihood and its gradient in the logs of length scales, signal and noise variance."""
    inverse = np.exp(-2 * logs[:-2])
    signal = np.exp(logs[-2] - 0.5 * np.tensordot(inverse, squares, axes=1))
    noise = np.exp(logs[-1])
    factor = linalg.cho_factor(signal + (noise + 1e-8) * np.eye(len(y)), lower=True)
    weights = linalg.cho_solve(factor, y)
    slope = linalg.cho_solve(factor, np.eye(len(y))) - np.outer(weights, weights)
    lengths = 0.5 * np.tensordot(squares, slope * signal, axes=2) * inverse
    gradient = np.r_[lengths, 0.5 * (slope * signal).sum(), 0.5 * np.trace(slope) * noise]
    return float(0.5 * y @ weights + np.log(np.diag(factor[0])).sum()), gradient
