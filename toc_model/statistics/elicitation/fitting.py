"""Distributions fitted to judgements by least squares on the cdf, what they imply, and which fit best.

References
----------
Oakley, J. E. and O'Hagan, A. (2019). SHELF: the Sheffield Elicitation Framework (version 4). University of Sheffield.
Oakley, J. (2024). SHELF: tools to support the Sheffield Elicitation Framework. R package, ``fitdist``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics.elicitation.bases import line
from toc_model.statistics.elicitation.families import (
    DEGREES,
    FAMILIES,
    Family,
    Member,
    fail_if_unbounded,
    family_named,
)
from toc_model.statistics.elicitation.judgements import Judgements
from toc_model.statistics.elicitation.metalog import Metalog, metalog
from toc_model.statistics.elicitation.numeric import Rows, least_squares

IMPLIED = (0.01, 0.99)
TERTILES = (1 / 3, 2 / 3)
METALOG = "metalog"
"""Of as many terms as are asked for; the others are `FAMILIES`."""
TRIED = 10
"""Searches at the most for one fit, from the starts that are best."""
EXACT = 1e-16
"""A sum of squares below this is rounding."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fit(Brief):
    """A distribution fitted to judgements, or an array of them.

    Attributes
    ----------
    name : str
        Of the family.
    distribution : Member or Metalog
    judgements : Judgements
    free : int
        How many parameters were fitted.
    """

    name: str
    distribution: Member | Metalog
    judgements: Judgements
    free: int

    @property
    def parameters(self) -> dict[str, Floats]:
        """Of shape (...) each, by their names."""
        return self.distribution.parameters

    @property
    def probabilities(self) -> Floats:
        """What the fit gives at most each value that was judged, of shape (..., m)."""
        return self.distribution.cdf(self.judgements.values)

    @property
    def misfit(self) -> Floats:
        """The largest difference from a probability that was judged, of shape (...)."""
        return np.asarray(np.abs(self.probabilities - self.judgements.probabilities).max(-1))

    @property
    def squares(self) -> Floats:
        """The sum of squared differences from the probabilities that were judged, of shape (...)."""
        return np.asarray(((self.probabilities - self.judgements.probabilities) ** 2).sum(-1))

    @property
    def quantiles(self) -> Floats:
        """What the fit has at each level that was judged, of shape (..., m); one may be far off in a flat tail."""
        return self.distribution.quantile(self._said)

    @property
    def implied(self) -> Floats:
        """The 1 and 99 % quantiles, of shape (..., 2)."""
        return self.distribution.quantile(np.array(IMPLIED))

    @property
    def tertiles(self) -> Floats:
        """The values below which a third and two thirds lie, of shape (..., 2)."""
        return self.distribution.quantile(np.array(TERTILES))

    @property
    def outside(self) -> Floats:
        """The probability that a family without bounds gives to what the support excludes, of shape (...)."""
        low, high = self.judgements.lower, self.judgements.upper
        below = np.where(np.isfinite(low), self._each_cdf(low), 0.0)
        return np.asarray(below + np.where(np.isfinite(high), 1 - self._each_cdf(high), 0.0))

    def _each_cdf(self, x: Floats) -> Floats:
        return self.distribution.cdf(np.where(np.isfinite(x), x, 0.0)[..., None])[..., 0]

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON: the parameters, how well they fit and what is read back; None for no number."""
        return {
            "family": self.name,
            "parameters": {name: _plain(value) for name, value in self.parameters.items()},
            "judged": {"values": _plain(self.judgements.values), "probabilities": _plain(self._said)},
            "fitted_probabilities": _plain(self.probabilities),
            "fitted_values": _plain(self.quantiles),
            "misfit": _plain(self.misfit),
            "squares": _plain(self.squares),
            "implied_01_99": _plain(self.implied),
            "tertiles": _plain(self.tertiles),
            "outside_support": _plain(self.outside),
        }

    @property
    def _said(self) -> Floats:
        return self.judgements.probabilities


def _plain(values: Floats) -> Any:
    """Lists of numbers, and None where there is none that JSON can hold."""
    found = np.array(values, object)
    found[~np.isfinite(values)] = None
    return found.tolist()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Families by how well they fit, among those with equally many parameters: more of these always fit better.

    Attributes
    ----------
    fits : mapping of int to tuple of Fit
        By the number of parameters; the best fit comes first.
    refused : mapping of str to str
        Families that could not be fitted, each with the reason.
    """

    fits: Mapping[int, tuple[Fit, ...]]
    refused: Mapping[str, str]

    def best(self, free: int) -> Fit:
        """The best fit with so many parameters.

        Raises
        ------
        InputError
            If none of the families that were fitted has so many.
        """
        if free not in self.fits:
            raise InputError(f"found {free} parameters; allowed: {', '.join(map(str, self.fits)) or 'none'}")
        return self.fits[free][0]

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON."""
        fits = {str(free): [one.to_dict() for one in row] for free, row in self.fits.items()}
        return {"fits": fits, "refused": dict(self.refused)}


def fit(judgements: Judgements, family: str, *, df: float = DEGREES, terms: int = 3) -> Fit:
    """Fit a family to each set of judgements by least squares on the cdf; a metalog, on the scale of quantiles.

    Parameters
    ----------
    judgements : Judgements
        Sets of m judgements, of shape (..., m).
    family : str
        One of `FAMILIES`, or "metalog".
    df : float
        Degrees of freedom of a Student t or log t, which are not fitted.
    terms : int
        Of a metalog.

    Raises
    ------
    InputError
        If the family is unknown, the judgements are too few to identify it, the support lacks a bound that it needs,
        or a metalog is infeasible.
    """
    if family == METALOG:
        return Fit(METALOG, metalog(judgements, terms), judgements, terms)
    kind = family_named(family)
    if judgements.number < kind.free:
        able = ", ".join(name for name, one in FAMILIES.items() if one.free <= judgements.number)
        raise InputError(
            f"{judgements.where}: found {judgements.number} judgement{'s' * (judgements.number > 1)} for {family}; "
            f"allowed: at least {kind.free}, or one of {able}"
        )
    if not df > 0:
        raise InputError(f"{judgements.where}: found {df:g} degrees of freedom; allowed: above 0")
    fail_if_unbounded(kind, judgements.lower, judgements.upper, f"{judgements.where}: ")
    shape, fixed = judgements.shape, [np.array(df)] if "df" in kind.parameters else []
    values = [*_fitted(kind, judgements, fixed), *(np.full(shape, one) for one in fixed)]
    parameters = {name: np.reshape(one, shape) for name, one in zip(kind.parameters, values, strict=True)}
    return Fit(kind.name, Member(kind, parameters, judgements.lower, judgements.upper), judgements, kind.free)


def _fitted(kind: Family, judgements: Judgements, fixed: list[Floats]) -> list[Floats]:
    """Fitted parameters, of shape (rows,) each."""
    rows = (-1, judgements.number)
    low, high = (side.reshape(-1, 1) for side in (judgements.lower, judgements.upper))
    y = kind.scale.to(judgements.values.reshape(rows), low, high)
    p = judgements.probabilities.reshape(rows)
    p = p if kind.scale.rises else 1 - p
    centre, spread = line(y, p) if kind.base.located else (np.zeros(len(y)), np.ones(len(y)))
    y = (y - centre[:, None]) / spread[:, None]

    def residuals(u: Floats, which: Rows) -> Floats:
        natural = [one[:, None] for one in kind.base.natural(u)]
        return np.asarray(kind.base.cdf(y[which], *natural, *fixed) - p[which])

    every: Rows = np.arange(len(y), dtype=np.intp)
    starts = np.stack(kind.base.starts(y, p))
    first = np.stack([(residuals(start, every) ** 2).sum(-1) for start in starts])
    tried = starts[np.argsort(first, axis=0, kind="stable")[:TRIED], every]
    found = np.stack([least_squares(residuals, start) for start in tried])
    squares = np.stack([(residuals(one, every) ** 2).sum(-1) for one in found])
    best = found[squares.argmin(0), every]
    natural = kind.base.natural(best)
    if kind.base.located:
        natural[:2] = [natural[0] * spread + centre, natural[1] * spread]
    return natural


SHAPES: Mapping[str, int] = MappingProxyType({**{name: one.free for name, one in FAMILIES.items()}, METALOG: 3})
"""What is tried, with how many parameters."""


def rank(judgements: Judgements, families: Sequence[str] = tuple(SHAPES), *, df: float = DEGREES) -> Ranking:
    """Fit several families to one set of judgements and rank those with equally many parameters by the squares left.

    Parameters
    ----------
    judgements : Judgements
        Of one quantity, of shape (m,).
    families : sequence of str
        Of `FAMILIES`, and "metalog", which has three terms.
    df : float
        Degrees of freedom of the Student t and the log t.

    Raises
    ------
    InputError
        If the judgements are of several quantities, a family is unknown, or none can be fitted.
    """
    if judgements.shape:
        raise InputError(f"{judgements.where}: found {np.prod(judgements.shape)} sets of judgements; allowed: one")
    fits: dict[int, list[Fit]] = {}
    refused: dict[str, str] = {}
    for name in families:
        free = 3 if name == METALOG else family_named(name).free
        try:
            fits.setdefault(free, []).append(fit(judgements, name, df=df))
        except InputError as error:
            refused[name] = str(error)
    kept = {free: tuple(sorted(row, key=_squares)) for free, row in sorted(fits.items()) if row}
    if not kept:
        raise InputError(f"{judgements.where}: found no family that can be fitted; {'; '.join(refused.values())}")
    return Ranking(kept, refused)


def _squares(one: Fit) -> float:
    return max(float(one.squares), EXACT)
