"""Terms of a regression at its draws: free ones, and what these leave of the ones that are shrunk."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import linalg

from toc_model.aliases import Floats
from toc_model.statistics.regression.bases import SMALL, Basis
from toc_model.statistics.regression.fit import weighed


@dataclass(frozen=True, slots=True)
class Free:
    """Free terms, made orthonormal.

    Attributes
    ----------
    own : array of shape (draws, directions)
        Orthonormal where each draw counts by its weight.
    to_own : array of shape (free terms, directions)
        What makes them so.
    root : array of shape (draws,), optional
        Roots of the weights of draws.
    """

    own: Floats
    to_own: Floats
    root: Floats | None

    @classmethod
    def of(cls, terms: Floats, root: Floats | None) -> Self:
        """Those that span some terms, shape (draws, free terms)."""
        base = linalg.orth(weighed(terms, root), rcond=SMALL)
        to_own = np.linalg.lstsq(weighed(terms, root), base)[0]
        return cls(terms @ to_own, np.asarray(to_own), root)

    @property
    def base(self) -> Floats:
        """The same, times the roots of weights."""
        return weighed(self.own, self.root)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Terms that are to be shrunk.

    Attributes
    ----------
    basis : callable
        The terms at some places, shape (places, terms).
    along : array of shape (directions, terms)
        How they go along with free terms.
    left : array of shape (draws, terms)
        What free terms leave of them.
    squares : array of shape (terms, terms)
        Products of what is left, where each draw counts by its weight.
    sized : array of shape (terms,)
        The factor by which each is taken, so that one penalty fits all.
    """

    basis: Basis
    along: Floats
    left: Floats
    squares: Floats
    sized: Floats

    @classmethod
    def of(cls, basis: Basis, places: Floats, free: Free) -> Self:
        """Those of a basis at the draws, shape (draws, inputs)."""
        terms = basis(places)
        along = free.base.T @ weighed(terms, free.root)
        left = terms - free.own @ along
        heavy = weighed(left, free.root)
        return cls(basis, along, left, np.asarray(heavy.T @ heavy), np.ones(terms.shape[1]))
