"""Regression of outcomes on some of their inputs, by polynomials of several variables."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from toc_model.aliases import Floats

HIGHEST_DEGREE = 10
ROWS_PER_TERM = 40
"""Draws there must be for each term of a regression."""
BLOCKS = 50
RESAMPLES = 200


RIDGE = 1e-9
"""Keeps inputs with few distinct values, or nearly the same ones, from making a regression singular."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Polynomials of so high a total degree as the number of rows allows.

    Those of one input are orthonormal over the rows that the basis was made for; they obey a three-term recurrence.

    Attributes
    ----------
    middle, scale : arrays of shape (degree, k)
        Of the recurrence.
    powers : array of shape (terms, k)
        Degree of every term in every input.
    """

    middle: Floats
    scale: Floats
    powers: np.ndarray

    @classmethod
    def of(cls, x: Floats, highest: int = HIGHEST_DEGREE) -> "Basis":
        """Make the basis for rows x of shape (n, k), up to a degree."""
        powers = _powers(x.shape[1], len(x) // ROWS_PER_TERM, highest)
        middle, scale = np.zeros((2, int(powers.max()), x.shape[1]))
        before, now = np.zeros_like(x), np.ones_like(x)
        for degree in range(len(middle)):
            middle[degree] = (x * now**2).mean(axis=0)
            beyond = (x - middle[degree]) * now - (scale[degree - 1] if degree else 0.0) * before
            scale[degree] = np.maximum(np.sqrt((beyond**2).mean(axis=0)), np.finfo(float).tiny)
            before, now = now, beyond / scale[degree]
        return cls(middle, scale, powers)

    def at(self, x: Floats) -> Floats:
        """The terms at rows x of shape (n, k), shape (n, terms)."""
        single = [np.zeros_like(x), np.ones_like(x)]
        for degree in range(len(self.middle)):
            beyond = (x - self.middle[degree]) * single[-1]
            single.append((beyond - (self.scale[degree - 1] if degree else 0.0) * single[-2]) / self.scale[degree])
        by_degree = np.stack(single[1:])
        factors = [by_degree[self.powers[:, place], :, place] for place in range(x.shape[1])]
        return np.asarray(np.prod(factors, axis=0).T)


def _powers(inputs: int, most: int, highest: int) -> np.ndarray:
    """Degrees of all terms up to the highest total degree that keeps to so many terms (degree 1 at least)."""
    found = [(0,) * inputs]
    for degree in range(1, highest + 1):
        chosen = list(combinations_with_replacement(range(inputs), degree))
        if degree > 1 and len(found) + len(chosen) > most:
            break
        found += [tuple(term.count(place) for place in range(inputs)) for term in chosen]
    return np.array(found)


def explained(x: Floats, y: Floats, seed: int = 0) -> Floats:
    """Share of the variance of outcomes that a regression on some inputs explains, with resamples of it.

    Parameters
    ----------
    x : array of shape (n, k)
    y : array of shape (n, m)
    seed : int
        Of the resamples.

    Returns
    -------
    array of shape (m, 1 + RESAMPLES)
        The share, adjusted for the number of terms, and the same in bootstrap samples of `BLOCKS` blocks of consecutive
        rows, so that posterior draws which depend on their predecessors are not taken for independent ones.
    """
    design = Basis.of(x).at(x)
    y = y - y.mean(axis=0)
    parts = [slice(part[0], part[-1] + 1) for part in np.array_split(np.arange(len(y)), BLOCKS)]
    picked = np.random.default_rng(seed).multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), RESAMPLES)
    counts = np.vstack([np.ones(BLOCKS), picked])

    def resampled(one: Floats, other: Floats) -> Floats:
        """Sums of products over the rows of each resample, shape (1 + RESAMPLES, ...)."""
        return np.asarray(np.tensordot(counts, np.stack([one[part].T @ other[part] for part in parts]), axes=1))

    ones = np.ones((len(y), 1))
    rows, total = resampled(ones, ones)[:, 0], resampled(ones, y)[:, 0]
    squares = np.einsum("bmm->bm", resampled(y, y))
    gram, h = resampled(design, design), resampled(design, y)
    coefficients = np.linalg.solve(gram + RIDGE * len(y) * np.eye(design.shape[1]), h)
    left = (squares - (h * coefficients).sum(axis=1)) / (squares - total**2 / rows)
    return np.asarray(1 - left * (rows - 1) / (rows - design.shape[1])).T
