"""Terms of a regression on several inputs: what each does alone, any two together, and all of them.

What each does alone is a spline of its normal scores. What two do together is the product of their scores and, on the
scale of ranks, products of bends; what more do is a Gaussian process of low rank, on that scale too. There no draw is
far from all others, so that a few in a corner don't rule the fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats
from toc_model.statistics.averages import effective
from toc_model.statistics.regression.bases import KNOTS, SMALL, Basis, no_terms, spline_basis
from toc_model.statistics.regression.fit import weighed
from toc_model.statistics.regression.scores import telling
from toc_model.statistics.regression.shrunk import Free, Shrunk
from toc_model.statistics.regression.variances import part_variances

TERMS = 120
"""Terms that the splines of several inputs share."""
PRODUCTS, DEGREE = 200, 5
"""Most products that pairs of inputs share, and the highest degree of one."""
CENTRES = (120, 400)
"""Terms of the process, with a few thousand draws and at the most."""
FEW, PER_CENTRE = 4000, 20
"""Draws from which on every so many add a centre."""
FAINT = 1e-9
"""Share of the variance of the process's largest term up to which others are left out."""


def additive_terms(x: Floats, outcomes: Floats, free: Free, weights: Floats | None = None) -> list[Shrunk]:
    """Terms of a spline for each input, of products of any two, and of a process on all.

    The sizes of these three parts are chosen by each outcome. More sizes than that, such as one for each input, would
    follow the noise: then what a fit says of draws that it has not seen would not be what it had seen.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Normal scores.
    outcomes : array of shape (draws, outcomes)
    free : Free
        A constant and the scores.
    weights : array of shape (draws,), optional

    Returns
    -------
    list of Shrunk
        For each outcome, sized so that one penalty fits all.
    """
    knots = int(np.clip(TERMS // x.shape[1], 4, KNOTS))
    told = x if weights is None else x[telling(weights)]
    splines = [_of_column(i, spline_basis(column, knots)) for i, column in enumerate(told.T)]
    bases = [*splines, product_basis(x, weights), process_basis(x, weights)]
    many = [basis(x[:1]).shape[1] for basis in bases]
    every = Shrunk.of(_beside(bases), x, free)
    basis_of_term = np.repeat(np.arange(len(bases)), many)
    sizes = np.bincount(basis_of_term, np.diag(every.squares), len(bases))
    used = sizes > SMALL
    if not used.any():
        return [Shrunk.of(no_terms, x, free)] * outcomes.shape[1]
    scale = np.where(used, np.sqrt(len(x) / np.where(used, sizes, 1.0)), 0.0)[basis_of_term]
    part = np.unique(np.r_[np.zeros(len(splines), int), 1, 2][used], return_inverse=True)[1]
    part_of_basis = np.zeros(len(bases), int)
    part_of_basis[used] = part
    part_of_term = part_of_basis[basis_of_term]
    squares = scale[:, None] * every.squares * scale
    freedom = max(effective(weights, len(x)) - free.own.shape[1], 1.0)

    def sized_for(outcome: Floats) -> Shrunk:
        rooted = weighed(outcome, free.root)
        left = rooted - free.base @ (free.base.T @ rooted)
        cross = scale * (every.left.T @ weighed(left, free.root))
        variances = part_variances(squares, cross, float(left @ left), part_of_term, freedom)
        return replace(every, sized=scale * np.sqrt(variances)[part_of_term])

    return [sized_for(outcome) for outcome in outcomes.T]


def _beside(bases: Sequence[Basis]) -> Basis:
    return lambda at: np.column_stack([basis(at) for basis in bases])


def _of_column(place: int, basis: Basis) -> Basis:
    return lambda at: basis(at[:, [place]])


def in_ranks(scores: Floats) -> Floats:
    """Normal scores on the scale of ranks, with mean zero and variance one."""
    return np.asarray(np.sqrt(12) * (special.ndtr(scores) - 0.5))


# Products of two --------------------------------------------------------------------------------------------------


def product_basis(x: Floats, weights: Floats | None = None) -> Basis:
    """Products of any two inputs: of their scores, and of their ranks and bends of these, as far as there is room.

    Parameters
    ----------
    x : array of shape (draws, inputs)
        Normal scores.
    weights : array of shape (draws,), optional

    Returns
    -------
    callable
        From shape (places, inputs) to (places, products); none where even one for each pair would be too many.
    """
    one, other = np.triu_indices(x.shape[1], 1)
    degree = max((d for d in range(-1, DEGREE + 1) if _products_to(d) * len(one) <= PRODUCTS), default=None)
    if degree is None:
        return no_terms
    factors = [_factors(column, degree, weights) for column in in_ranks(x).T]
    many = [factor(in_ranks(x[:1, i])).shape[1] for i, factor in enumerate(factors)]
    start = np.r_[0, np.cumsum(many)]
    left, right = np.transpose(
        [
            (start[i] + a, start[j] + b)
            for i, j in zip(one, other, strict=True)
            for a in range(many[i])
            for b in range(many[j])
            if a + b <= max(degree, 0)
        ]
    )

    def products(at: Floats) -> Floats:
        every = np.column_stack([factor(column) for factor, column in zip(factors, in_ranks(at).T, strict=True)])
        of_scores = at[:, one] * at[:, other]
        return np.column_stack([of_scores, every[:, left] * every[:, right]]) if degree >= 0 else of_scores

    return products


def _products_to(degree: int) -> int:
    """Products of a pair of inputs: that of their scores, and those of ranks up to some degree, none below 0."""
    return 1 + (degree + 1) * (degree + 2) // 2


def _factors(ranks: Floats, degree: int, weights: Floats | None) -> Callable[[Floats], Floats]:
    """A straight line, and bends, the smoothest first, that are together as large and free of lines."""
    root = None if weights is None else np.sqrt(weights)
    basis = spline_basis(ranks if weights is None else ranks[telling(weights)], max(3, degree + 2))
    bent, straight = weighed(basis(ranks[:, None]), root), weighed(_with_constant(ranks), root)
    line = np.linalg.lstsq(straight, bent)[0]
    size = np.sqrt(((bent - straight @ line) ** 2).sum() / len(ranks)) or 1.0
    return lambda at: np.column_stack([at, (basis(at[:, None]) - _with_constant(at) @ line) / size])


def _with_constant(columns: Floats) -> Floats:
    return np.column_stack([np.ones(len(columns)), columns])


# A process on all -------------------------------------------------------------------------------------------------


def process_basis(x: Floats, weights: Floats | None = None) -> Basis:
    """Terms of a Gaussian process with a squared exponential covariance, through centres that are draws of the inputs.

    Its length scale grows with the usual distance between draws, which is that of the root of the number of inputs.
    """
    centres = np.unique(in_ranks(x[_centres(len(x), weights)]), axis=0)
    sizes, directions = np.linalg.eigh(_alike(centres, centres))
    kept = sizes > FAINT * sizes.max()
    return lambda at: np.asarray(_alike(in_ranks(at), centres) @ (directions[:, kept] / np.sqrt(sizes[kept])))


def _centres(draws: int, weights: Floats | None) -> NDArray[np.intp]:
    """Draws picked at random, the heavier ones rather; those that count for nothing never."""
    rng, many = np.random.default_rng(0), int(effective(weights, draws))
    count = int(np.clip(CENTRES[0] + (many - FEW) // PER_CENTRE, *CENTRES))
    if weights is None:
        return rng.permutation(draws)[:count]
    some = min(count, int((weights > 0).sum()))
    return np.asarray(rng.choice(draws, some, replace=False, p=weights / weights.sum()))


def _alike(one: Floats, other: Floats) -> Floats:
    # In place, for these are the largest arrays of a regression.
    nearness = one @ (2 * other.T)
    nearness -= (one**2).sum(axis=1)[:, None]
    nearness -= (other**2).sum(axis=1)
    np.minimum(nearness, 0.0, out=nearness)
    nearness *= 0.5 / one.shape[1]
    return np.asarray(np.exp(nearness, out=nearness))
