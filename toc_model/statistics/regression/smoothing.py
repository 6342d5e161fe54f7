"""Regression of outcomes on what could be known.

On one input it is a penalised spline; on several, a spline for each, products of any two and a Gaussian process for
what they do together.
Both are one penalised regression: terms that are free (a constant and straight lines) and terms that are shrunk, as
much as restricted maximum likelihood says. Inputs are first replaced by their normal scores. Knowing a quantity is
knowing any rising function of it, so that no value changes, and heavy tails do no harm. Elsewhere than at the draws a
fit is read at the nearest place within their range, input by input: it never runs on beyond them.
"""

import numpy as np

from toc_model.aliases import Floats
from toc_model.statistics.averages import effective
from toc_model.statistics.draws import varies
from toc_model.statistics.regression.bases import SMALL, Basis, no_terms, spline_basis
from toc_model.statistics.regression.fit import Fit, weighed
from toc_model.statistics.regression.scores import normal_scores, telling
from toc_model.statistics.regression.several import additive_terms
from toc_model.statistics.regression.shrunk import Free, Shrunk

PENALTIES = np.logspace(-10, 6, 97)
"""Penalties to choose from, in units of the largest term's size."""
LEAST = 1e-4
"""Share of a coefficient up to which one of many terms is left out: the penalty leaves next to nothing of it."""


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

    terms, root = scored(inputs), None if weights is None else np.sqrt(weights)
    free = Free.of(terms, root)
    if len(scores) > 1:
        each = additive_terms(terms[:, 1:], outcomes, free, weights)
        return [
            penalised(scored, free, shrunk, outcome[:, None], weights, LEAST)[0]
            for shrunk, outcome in zip(each, outcomes.T, strict=True)
        ]
    where = slice(None) if weights is None else telling(weights)
    basis = spline_basis(terms[where, 1]) if scores else no_terms
    return penalised(scored, free, Shrunk.of(basis, terms[:, 1:], free), outcomes, weights)


def penalised(
    scored: Basis,
    free: Free,
    shrunk: Shrunk,
    outcomes: Floats,
    weights: Floats | None = None,
    least: float = 0.0,
) -> list[Fit]:
    """Fit free terms, and terms that share one penalty, which restricted maximum likelihood chooses for each outcome.

    Parameters
    ----------
    scored : callable
        Free terms at inputs: a constant and the scores.
    free : Free
        The same at the draws.
    shrunk : Shrunk
        Terms in units in which the penalty is the sum of squared coefficients.
    outcomes : array of shape (draws, outcomes)
    weights : array of shape (draws,), optional
    least : float
        Share of a coefficient up to which a term is left out.
    """
    directions, sizes = _orthogonal(shrunk.sized[:, None] * shrunk.squares * shrunk.sized)
    to_rest, constants = shrunk.sized[:, None] * directions, free.own.shape[1]
    heavy, rooted = weighed(outcomes, weights), weighed(outcomes, free.root)
    left = ((rooted - free.base @ (free.base.T @ rooted)) ** 2).sum(axis=0)
    freedom = max(effective(weights, len(outcomes)) - constants, 1.0)
    kept = _kept(sizes, (to_rest.T @ (shrunk.left.T @ heavy)) ** 2, left, freedom)
    told = (kept > least).any(axis=1)
    kept, to_rest = kept[told], to_rest[:, told]

    def terms_at(places: Floats) -> Floats:
        own = scored(places)
        straight = own @ free.to_own
        return np.column_stack([straight, (shrunk.basis(own[:, 1:]) - straight @ shrunk.along) @ to_rest])

    terms = np.column_stack([free.own, shrunk.left @ to_rest])
    return [
        Fit(terms, np.r_[np.ones(constants), own], outcome, terms_at, weights)
        for own, outcome in zip(kept.T, outcomes.T, strict=True)
    ]


def _orthogonal(squares: Floats) -> tuple[Floats, Floats]:
    """What makes shrunk terms orthonormal, shape (terms, directions), and the square of the size of each direction.

    Parameters
    ----------
    squares : array of shape (terms, terms)
        Their products with each other.
    """
    sizes, directions = np.linalg.eigh(squares)
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
