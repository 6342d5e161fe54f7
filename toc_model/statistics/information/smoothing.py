"""Regression of paired losses on what could be known.

On one input it is a penalised spline; on several, a spline for each and a Gaussian process for what they do together.
Both are one penalised regression: terms that are free (a constant and straight lines) and terms that are shrunk, as
much as restricted maximum likelihood says. Inputs are first replaced by their normal scores. Knowing a quantity is
knowing any rising function of it, so that no value changes, and heavy tails do no harm. Elsewhere than at the draws a
fit is read at the nearest place within their range, input by input: it never runs on beyond them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, special, stats
from scipy.interpolate import CubicSpline

from toc_model.aliases import Floats

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

type Basis = Callable[[Floats], Floats]
"""Terms at some places: from shape (places, inputs) to (places, terms)."""


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
    terms_at : callable
        The same terms at other inputs than the draws'.
    """

    terms: Floats
    kept: Floats
    loss: Floats
    terms_at: Basis

    @property
    def expected(self) -> Floats:
        """Expected loss given the inputs, shape (draws,)."""
        return self.given(self.terms)

    def given(self, terms: Floats) -> Floats:
        """Expected loss at some places, shape (places,), from the terms there."""
        return np.asarray(terms @ (self.kept * (self.terms.T @ self.loss)))

    def errors(self, signs: Floats, terms: Floats) -> Floats:
        """Errors that the expected loss may have at some places, shape (places, repeats), by a wild bootstrap.

        It allows for residuals that are larger in some places than in others. Coefficients vary as much as under the
        penalty's own prior, which covers what the penalty distorts (Nychka 1988, doi:10.1080/01621459.1988.10478711).

        Parameters
        ----------
        signs : array of shape (draws, repeats)
            Independent, of mean zero and variance one.
        terms : array of shape (places, terms)
            The terms there.
        """
        residuals = (self.loss - self.expected) * np.sqrt(len(self.loss) / (len(self.loss) - self.kept.sum()))
        varied = self.terms.T @ (residuals[:, None] * signs)
        return np.asarray(terms @ (np.sqrt(self.kept)[:, None] * varied))


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
    varying = np.ptp(inputs, axis=0) > 0
    scores = [normal_scores(column) for column in inputs[:, varying].T]

    def scored(places: Floats) -> Floats:
        columns = places[:, varying].T
        return np.column_stack(
            [np.ones(len(places)), *(score(column) for score, column in zip(scores, columns, strict=True))]
        )

    free = scored(inputs)
    if len(scores) > 1:
        bases = [additive_basis(free[:, 1:], loss) for loss in losses.T]
        return [penalised(inputs, scored, basis, loss[:, None])[0] for basis, loss in zip(bases, losses.T, strict=True)]
    return penalised(inputs, scored, spline_basis(free[:, 1]) if scores else _no_terms, losses)


def normal_scores(column: Floats) -> Callable[[Floats], Floats]:
    """Standard normal quantiles of ranks, scaled to variance one; ties stay ties.

    Returns
    -------
    callable
        Gives the score of a value: between those of the nearest draws, and beyond all draws that of the last.
    """
    scores = special.ndtri((stats.rankdata(column) - 0.5) / len(column))
    values, first = np.unique(column, return_index=True)
    own = ((scores - scores.mean()) / scores.std())[first]
    return lambda places: np.interp(places, values, own)


def _no_terms(places: Floats) -> Floats:
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
        return _no_terms
    spline = CubicSpline(places, np.eye(len(places)), bc_type="natural")
    bends, width = spline(places, 2), np.diff(places)
    overlap = np.diag(np.r_[width, 0] + np.r_[0, width]) / 3 + (np.diag(width, 1) + np.diag(width, -1)) / 6
    sizes, directions = np.linalg.eigh(bends.T @ overlap @ bends)
    return lambda at: np.asarray(spline(at[:, 0]) @ (directions[:, 2:] / np.sqrt(sizes[2:])))


def penalised(inputs: Floats, scored: Basis, shrunk: Basis, losses: Floats) -> list[Fit]:
    """Fit free terms, and terms that share one penalty, which restricted maximum likelihood chooses for each loss.

    Parameters
    ----------
    inputs : array of shape (draws, inputs)
    scored : callable
        Free terms at inputs: a constant and the scores.
    shrunk : callable
        Terms at scores, in units in which the penalty is the sum of squared coefficients.
    losses : array of shape (draws, losses)
    """
    free = scored(inputs)
    base = linalg.orth(free, rcond=SMALL)
    to_base = np.linalg.lstsq(free, base)[0]
    bent = shrunk(free[:, 1:])
    along = base.T @ bent
    to_rest, sizes = _orthogonal(bent - base @ along)

    def terms_at(places: Floats) -> Floats:
        own = scored(places)
        return np.column_stack([own @ to_base, (shrunk(own[:, 1:]) - own @ to_base @ along) @ to_rest])

    terms = terms_at(inputs)
    constants = base.shape[1]
    left = ((losses - base @ (base.T @ losses)) ** 2).sum(axis=0)
    kept = _kept(sizes, (terms[:, constants:].T @ losses) ** 2, left, len(losses) - constants)
    return [
        Fit(terms, np.r_[np.ones(constants), own], loss, terms_at) for own, loss in zip(kept.T, losses.T, strict=True)
    ]


def _orthogonal(shrunk: Floats) -> tuple[Floats, Floats]:
    """What makes shrunk terms orthonormal, shape (terms, directions), and the square of the size of each direction."""
    sizes, directions = np.linalg.eigh(shrunk.T @ shrunk)
    kept = sizes > SMALL * sizes.max(initial=0.0)
    return np.asarray(directions[:, kept] / np.sqrt(sizes[kept])), np.asarray(sizes[kept])


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


def additive_basis(x: Floats, loss: Floats) -> Basis:
    """Terms of a spline for each input and of a Gaussian process of low rank on all, for what they do together.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Of variance one.
    loss : array of shape (draws,)
        By which the sizes of these parts are chosen.

    Returns
    -------
    callable
        From shape (places, inputs) to (places, terms), scaled so that one penalty fits all.
    """
    knots = int(np.clip(TERMS // x.shape[1], 4, KNOTS))
    free = linalg.orth(np.column_stack([np.ones(len(x)), x]), rcond=SMALL)
    bases = [_of_column(i, spline_basis(column, knots)) for i, column in enumerate(x.T)] + [process_basis(x)]
    bent = [part - free @ (free.T @ part) for part in (basis(x) for basis in bases)]
    sizes = [(part**2).sum() / len(x) for part in bent]
    used = [i for i, size in enumerate(sizes) if size * len(x) > SMALL]
    if not used:
        return _no_terms
    place = np.repeat(np.arange(len(used)), [bent[i].shape[1] for i in used])
    scale = 1 / np.sqrt([sizes[i] for i in used])[place]
    terms = np.column_stack([bent[i] for i in used]) * scale
    left = loss - free @ (free.T @ loss)
    scale = scale * np.sqrt(_part_variances(terms, place, left, len(x) - free.shape[1]))[place]
    return lambda at: np.column_stack([bases[i](at) for i in used]) * scale


def _of_column(place: int, basis: Basis) -> Basis:
    return lambda at: basis(at[:, [place]])


def process_basis(x: Floats) -> Basis:
    """Terms of a Gaussian process with a squared exponential covariance, through centres that are draws of the inputs.

    Its length scale grows with the usual distance between draws, which is that of the root of the number of inputs.
    """
    centres = np.unique(x[np.random.default_rng(0).permutation(len(x))[:CENTRES]], axis=0)
    sizes, directions = np.linalg.eigh(_alike(centres, centres))
    kept = sizes > SMALL * sizes.max()
    return lambda at: np.asarray(_alike(at, centres) @ (directions[:, kept] / np.sqrt(sizes[kept])))


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
