"""Regression of outcomes on some of their inputs, by polynomials of several variables."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from toc_model.distributions import Floats

HIGHEST_DEGREE = 10
ROWS_PER_TERM = 40
"""Draws there must be for each term of a regression."""
BLOCKS = 50
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Basis:
    """Polynomials of so high a total degree as the number of rows allows, orthonormal over these rows.

    Attributes
    ----------
    low, high : arrays of shape (k,)
        Range of the inputs.
    powers : array of shape (terms, k)
    design : array of shape (n, terms)
        The basis at the rows that it was made for; its columns have mean square 1.
    to_orthonormal : array of shape (terms, terms)
    """

    low: Floats
    high: Floats
    powers: np.ndarray
    design: Floats
    to_orthonormal: Floats

    @classmethod
    def of(cls, x: Floats) -> "Basis":
        """Make the basis for rows x of shape (n, k)."""
        low, high = x.min(axis=0), x.max(axis=0)
        powers = _powers(x.shape[1], len(x) // ROWS_PER_TERM)
        raw = _raw(x, low, high, powers)
        orthonormal, triangle = np.linalg.qr(raw)
        scale = np.sqrt(len(x))
        return cls(low, high, powers, orthonormal * scale, np.linalg.inv(triangle) * scale)

    def at(self, x: Floats) -> Floats:
        """The basis at other rows, shape (rows, terms)."""
        return np.asarray(_raw(x, self.low, self.high, self.powers) @ self.to_orthonormal)


def _powers(inputs: int, most: int) -> np.ndarray:
    """Exponents of all terms up to the highest total degree that keeps to so many terms (degree 1 at least)."""
    found = [(0,) * inputs]
    for degree in range(1, HIGHEST_DEGREE + 1):
        chosen = list(combinations_with_replacement(range(inputs), degree))
        if degree > 1 and len(found) + len(chosen) > most:
            break
        found += [tuple(term.count(place) for place in range(inputs)) for term in chosen]
    return np.array(found)


def _raw(x: Floats, low: Floats, high: Floats, powers: np.ndarray) -> Floats:
    scaled = (2 * x - low - high) / (high - low)
    single = np.polynomial.legendre.legvander(scaled, int(powers.max()))
    return np.asarray(np.prod([single[:, place, powers[:, place]] for place in range(x.shape[1])], axis=0))


def explained(x: Floats, y: Floats, seed: int = 0) -> Floats:
    """Share of an outcome's variance that a regression on some inputs explains, with resamples of it.

    Parameters
    ----------
    x : array of shape (n, k)
    y : array of shape (n,)
    seed : int
        Of the resamples.

    Returns
    -------
    array of shape (1 + RESAMPLES,)
        The share, adjusted for the number of terms, and the same in bootstrap samples of `BLOCKS` blocks of consecutive
        rows, so that posterior draws which depend on their predecessors are not taken for independent ones.
    """
    design = Basis.of(x).design
    y = y - y.mean()
    parts = [slice(part[0], part[-1] + 1) for part in np.array_split(np.arange(len(y)), min(BLOCKS, len(y)))]
    gram = np.stack([design[part].T @ design[part] for part in parts])
    projected = np.stack([design[part].T @ y[part] for part in parts])
    sums = np.array([[len(y[part]), y[part].sum(), (y[part] ** 2).sum()] for part in parts])
    picked = np.random.default_rng(seed).multinomial(len(parts), np.full(len(parts), 1 / len(parts)), RESAMPLES)
    counts = np.vstack([np.ones(len(parts)), picked])
    rows, total, squares = (counts @ sums).T
    h = counts @ projected
    coefficients = np.linalg.solve(np.tensordot(counts, gram, axes=1), h[..., None])[..., 0]
    spread = squares - total**2 / rows
    left = (squares - (h * coefficients).sum(axis=1)) / spread
    return np.asarray(1 - left * (rows - 1) / (rows - design.shape[1]))
