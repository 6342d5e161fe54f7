"""Regression of outcomes on what could be known.

On one input it is a penalised spline; on several, a spline for each, products of any two and a Gaussian process for
what they do together.
Both are one penalised regression: terms that are free (a constant and straight lines) and terms that are shrunk, as
much as restricted maximum likelihood says. Inputs are first replaced by their normal scores. Knowing a quantity is
knowing any rising function of it, so that no value changes, and heavy tails do no harm. Elsewhere than at the draws a
fit is read at the nearest place within their range, input by input: it never runs on beyond them.
"""

import numpy as np
from scipy import linalg

from toc_model.aliases import Floats
from toc_model.statistics.averages import effective
from toc_model.statistics.draws import varies
from toc_model.statistics.regression.bases import SMALL, Basis, no_terms, spline_basis
from toc_model.statistics.regression.fit import Fit, weighed
from toc_model.statistics.regression.scores import normal_scores, telling
from toc_model.statistics.regression.several import additive_bases

PENALTIES = np.logspace(-10, 6, 97)
"""Penalties to choose from, in units of the largest term's size."""


def smooth(inputs: Floats, outcomes: Floats, weights: Floats | None = None) -> list[Fit]:
    """Regress outcomes on inputs.

    Parameters
    ----------
    inputs : array of shape (draws, inputs)
    outcomes : array of shape (draws, outcomes)
    weights : array of shape (draws,), optional
        How much each draw counts, with a mean of 1. How smooth a fit is hangs on how many draws there are in effect.

    Returns
    -------
    list of Fit
        One an outcome.
    """
    varying = varies(inputs if weights is None else inputs[weights > 0])
    scores = [normal_scores(column, weights) for column in inputs[:, varying].T]

    def scored(places: Floats) -> Floats:
        columns = places[:, varying].T
        return np.column_stack(
            [np.ones(len(places)), *(score(column) for score, column in zip(scores, columns, strict=True))]
        )

    free = scored(inputs)
    if len(scores) > 1:
        bases = additive_bases(free[:, 1:], outcomes, weights)
        return [
            penalised(inputs, scored, basis, outcome[:, None], weights)[0]
            for basis, outcome in zip(bases, outcomes.T, strict=True)
        ]
    where = slice(None) if weights is None else telling(weights)
    return penalised(inputs, scored, spline_basis(free[where, 1]) if scores else no_terms, outcomes, weights)


def penalised(
    inputs: Floats, scored: Basis, shrunk: Basis, outcomes: Floats, weights: Floats | None = None
) -> list[Fit]:
    """Fit free terms, and terms that share one penalty, which restricted maximum likelihood chooses for each outcome.

    Parameters
    ----------
    inputs : array of shape (draws, inputs)
    scored : callable
        Free terms at inputs: a constant and the scores.
    shrunk : callable
        Terms at scores, in units in which the penalty is the sum of squared coefficients.
    outcomes : array of shape (draws, outcomes)
    weights : array of shape (draws,), optional
    """
    free, root = scored(inputs), None if weights is None else np.sqrt(weights)
    base = linalg.orth(weighed(free, root), rcond=SMALL)
    to_base = np.linalg.lstsq(weighed(free, root), base)[0]
    bent = shrunk(free[:, 1:])
    along = base.T @ weighed(bent, root)
    to_rest, sizes = _orthogonal(weighed(bent, root) - base @ along)

    def orthonormal(own: Floats, bent: Floats) -> Floats:
        return np.column_stack([own @ to_base, (bent - own @ to_base @ along) @ to_rest])

    def terms_at(places: Floats) -> Floats:
        own = scored(places)
        return orthonormal(own, shrunk(own[:, 1:]))

    terms = orthonormal(free, bent)
    constants = base.shape[1]
    heavy, rooted = weighed(outcomes, weights), weighed(outcomes, root)
    left = ((rooted - base @ (base.T @ rooted)) ** 2).sum(axis=0)
    freedom = max(effective(weights, len(outcomes)) - constants, 1.0)
    kept = _kept(sizes, (terms[:, constants:].T @ heavy) ** 2, left, freedom)
    return [
        Fit(terms, np.r_[np.ones(constants), own], outcome, terms_at, weights)
        for own, outcome in zip(kept.T, outcomes.T, strict=True)
    ]


def _orthogonal(shrunk: Floats) -> tuple[Floats, Floats]:
    """What makes shrunk terms orthonormal, shape (terms, directions), and the square of the size of each direction."""
    sizes, directions = np.linalg.eigh(shrunk.T @ shrunk)
    kept = sizes > SMALL * sizes.max(initial=0.0)
    return np.asarray(directions[:, kept] / np.sqrt(sizes[kept])), np.asarray(sizes[kept])


def _kept(sizes: Floats, explained: Floats, left: Floats, freedom: float) -> Floats:
    """Share of each shrunk coefficient that the best penalty leaves, shape (terms, outcomes).

    Parameters
    ----------
    sizes : array of shape (terms,)
    explained : array of shape (terms, outcomes)
        Sum of squares that each term explains if it is free.
    left : array of shape (outcomes,)
        Sum of squares that free terms leave.
    freedom : float
        Draws, in effect, less free terms.
    """
    kept = sizes[:, None] / (sizes[:, None] + PENALTIES * sizes.max(initial=0.0))
    residual = left[:, None] - explained.T @ kept
    variance = np.maximum(residual, SMALL * left[:, None] + np.finfo(float).tiny) / freedom
    badness = freedom * np.log(variance) - np.log1p(-kept).sum(axis=0)
    return np.asarray(kept[:, badness.argmin(axis=1)])
