"""Metalog distributions, which are linear in their coefficients and take many shapes, where they are distributions.

References
----------
Keelin, T. W. (2016). The metalog distributions. Decision Analysis 13(4), 243-277.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.statistics.elicitation.families import along
from toc_model.statistics.elicitation.judgements import Judgements
from toc_model.statistics.elicitation.numeric import checked, inverse, moments

MOST = 10
"""Terms: with more, coefficients are rounding rather than shape."""
FURTHEST = 700.0
"""Log odds of the lowest and highest levels that numbers hold."""
LOOKED_AT = np.concatenate([np.linspace(-40, -12, 57), np.linspace(-12, 12, 2401)[1:-1], np.linspace(12, 40, 57)])
"""Log odds of the levels at which a density must be positive; beyond, it differs from its limits by rounding."""


def terms_at(log_odds: Any, level: Any, terms: int) -> list[Any]:
    """The terms of a metalog's quantile function, each of the shape of the levels.

    Parameters
    ----------
    log_odds, level : number, array, or anything else that can be multiplied
        The same levels twice, for neither is accurate everywhere if it is made of the other.
    terms : int
    """
    middle = level - 0.5
    return [middle ** _power(k) * (log_odds if _has_log_odds(k) else 1.0) for k in range(terms)]


def _basis(log_odds: Floats, terms: int) -> Floats:
    """The same, of shape (..., terms)."""
    return np.stack(terms_at(log_odds, special.expit(log_odds), terms), -1)


def _slopes(log_odds: Floats, terms: int) -> Floats:
    """Derivatives of the terms by the log odds, of shape (..., terms)."""
    level = special.expit(log_odds)
    middle, change = level - 0.5, level * special.expit(-log_odds)
    columns = []
    for k in range(terms):
        power = _power(k)
        grown = power * middle ** max(power - 1, 0) * change
        columns.append(grown * log_odds + middle**power if _has_log_odds(k) else grown)
    return np.stack(columns, -1)


def _power(term: int) -> int:
    """Power of the level less a half in a term, counted from 0: 0, 0, 1, 1, 2, 2, and so on."""
    return term // 2


def _has_log_odds(term: int) -> bool:
    """Whether a term, counted from 0, has the log odds as a factor: of Keelin's, the second, third, sixth, eighth..."""
    return term in {1, 2} or (term >= 5 and term % 2 == 1)


@dataclass(frozen=True, slots=True, eq=False)
class Metalog:
    """One metalog distribution, or an array of them; with bounds, it is one of the logarithm or the logit.

    Attributes
    ----------
    coefficients : array of shape (..., terms)
    lower, upper : array of shape (...)
        Bounds of the support, infinite where there is none.
    """

    coefficients: Floats
    lower: Floats
    upper: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array of distributions; () for one."""
        return self.coefficients.shape[:-1]

    @property
    def terms(self) -> int:
        """How many coefficients there are: as many judgements are needed."""
        return int(self.coefficients.shape[-1])

    @property
    def parameters(self) -> dict[str, Floats]:
        """The coefficients by their names, ``a1`` and so on."""
        return {f"a{k + 1}": np.asarray(self.coefficients[..., k]) for k in range(self.terms)}

    @property
    def is_feasible(self) -> NDArray[np.bool_]:
        """Whether the density is positive everywhere, of shape (...)."""
        return np.asarray((self.coefficients @ _slopes(LOOKED_AT, self.terms).T > 0).all(-1))

    @property
    def kind(self) -> Hashable:
        """What distributions have in common that can be stacked."""
        return "metalog", self.terms

    @staticmethod
    def stacked(alike: Sequence["Metalog"]) -> "Metalog":
        """Metalogs of as many terms and one shape, with one more axis in front."""
        return Metalog(
            *(np.stack([getattr(one, side) for one in alike]) for side in ("coefficients", "lower", "upper"))
        )

    def at(self, place: Any) -> Self:
        """What stands in one place, or several, of the array of distributions."""
        return type(self)(self.coefficients[place], np.asarray(self.lower[place]), np.asarray(self.upper[place]))

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels between 0 and 1, of shape (...) or (..., n), as `Member.quantile`."""
        level = checked(level)
        inner = (level > 0) & (level < 1)
        ends = np.where(level > 0, along(self.upper, level), along(self.lower, level))
        return np.where(inner, self._at(special.logit(np.where(inner, level, 0.5))), ends)

    def cdf(self, x: Any) -> Floats:
        """The probability of at most x, shaped as in `quantile`."""
        return np.asarray(special.expit(self.log_odds(x)))

    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x, shaped as in `quantile`; minus infinity outside the support."""
        x = np.asarray(x, float)
        inside = (x > along(self.lower, x)) & (x < along(self.upper, x))
        log_odds = np.where(inside, self.log_odds(x), 0.0)
        y = self._linear(_basis(log_odds, self.terms), x)
        rises = self._linear(_slopes(log_odds, self.terms), x)
        level = special.log_expit(log_odds) + special.log_expit(-log_odds)
        return np.where(inside, level - np.log(rises) - np.log(self._stretch(y, x)), -np.inf)

    def density(self, x: Any) -> Floats:
        """Probability density at x, shaped as in `quantile`."""
        return np.exp(self.log_density(x))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation, of shape (...) each; infinite where there is none."""
        low, high = self._ends()
        above = np.where(np.isfinite(self.lower) & ~np.isfinite(self.upper), high, 0.0)
        below = np.where(np.isfinite(self.upper) & ~np.isfinite(self.lower), low, 0.0)
        tail = np.maximum(above, below)
        # Where a moment is infinite, that of a tail that has one is computed, and not used.
        tame = Metalog(self.coefficients * np.where(tail < 0.5, 1.0, 0.0)[..., None], self.lower, self.upper)
        mild = Metalog(self.coefficients * np.where(tail < 1.0, 1.0, 0.0)[..., None], self.lower, self.upper)
        mean = np.where(tail < 1.0, moments(mild.quantile)[0], np.where(above >= 1.0, np.inf, -np.inf))
        return mean, np.where(tail < 0.5, moments(tame.quantile)[1], np.inf)

    def _ends(self) -> tuple[Floats, Floats]:
        """How steeply the transformed quantile function rises with the log odds at either end."""
        signs = [(-0.5) ** _power(k) if _has_log_odds(k) else 0.0 for k in range(self.terms)]
        return self.coefficients @ np.array(signs), self.coefficients @ np.abs(signs)

    def _linear(self, columns: Floats, x: Floats) -> Floats:
        return np.asarray((columns * (self.coefficients[..., None, :] if x.ndim else self.coefficients)).sum(-1))

    def _at(self, log_odds: Floats) -> Floats:
        y = self._linear(_basis(log_odds, self.terms), log_odds)
        low, high = along(self.lower, log_odds), along(self.upper, log_odds)
        return from_line(y, low, high)

    def _stretch(self, y: Floats, x: Floats) -> Floats:
        """Derivative of the quantity by what is metalog."""
        low, high = along(self.lower, x), along(self.upper, x)
        has_low, has_high = np.isfinite(low), np.isfinite(high)
        with np.errstate(over="ignore"):
            one_sided = np.exp(np.where(has_low, y, -y))
        width = np.where(has_low & has_high, high - low, 1.0)
        both = width * special.expit(y) * special.expit(-y)
        return np.where(has_low & has_high, both, np.where(has_low | has_high, one_sided, 1.0))

    def log_odds(self, x: Any) -> Floats:
        """Log odds of the probability of at most x, shaped as in `quantile`; they tell levels next to 1 apart."""
        x = np.asarray(x, float)
        if x.ndim == 0:
            return self.log_odds(x[None])[..., 0]
        low, high = along(self.lower, x), along(self.upper, x)
        inside = (x > low) & (x < high)
        start = np.full(np.broadcast_shapes(x.shape, np.shape(low)), 0.0)
        with np.errstate(over="ignore"):
            found = inverse(self._at, np.where(inside, x, self._at(start)), start - FURTHEST, start + FURTHEST)
        return np.where(inside, found, np.where(x <= low, -np.inf, np.inf))


def to_line(x: Floats, lower: Floats, upper: Floats) -> Floats:
    """Values of a quantity on the line where it is metalog, by which of its bounds are finite."""
    has_low, has_high = np.isfinite(lower), np.isfinite(upper)
    above = np.log(np.where(has_low, x - lower, 1.0))
    below = np.log(np.where(has_high, upper - x, 1.0))
    return np.where(has_low | has_high, above - below, x)


def from_line(y: Floats, lower: Floats, upper: Floats) -> Floats:
    """The inverse of `to_line`."""
    has_low, has_high = np.isfinite(lower), np.isfinite(upper)
    low, high = np.where(has_low, lower, 0.0), np.where(has_high, upper, 0.0)
    with np.errstate(over="ignore"):
        above, below = low + np.exp(y), high - np.exp(-y)
    both = low + (high - low) * special.expit(y)
    return np.where(has_low & has_high, both, np.where(has_low, above, np.where(has_high, below, y)))


def metalog(judgements: Judgements, terms: int = 3) -> Metalog:
    """Fit metalogs to judgements, by least squares on the scale of quantiles; with as many terms they are met exactly.

    Parameters
    ----------
    judgements : Judgements
        Sets of m judgements, of shape (..., m). The bounds of their support are those of the metalogs.
    terms : int
        2 to 10, and not more than there are judgements.

    Raises
    ------
    InputError
        If there are fewer judgements than terms, or no metalog with these coefficients is a distribution.
    """
    where = judgements.where
    if not 2 <= terms <= MOST:
        raise InputError(f"{where}: found a metalog of {terms} terms; allowed: 2 to {MOST}")
    if judgements.number < terms:
        raise InputError(
            f"{where}: found {judgements.number} judgements for a metalog of {terms} terms; allowed: at least {terms}"
        )
    y = to_line(judgements.values, judgements.lower[..., None], judgements.upper[..., None])
    basis = _basis(special.logit(judgements.probabilities), terms)
    coefficients = np.linalg.pinv(basis) @ y[..., None]
    found = Metalog(coefficients[..., 0], judgements.lower, judgements.upper)
    if not (feasible := found.is_feasible).all():
        place = tuple(map(int, np.argwhere(~feasible)[0]))
        told = ", ".join(f"{a:.4g}" for a in found.coefficients[place])
        raise InputError(
            f"{where}{f' {list(place)}' if place else ''}: found metalog coefficients {told}, whose density is not "
            "positive everywhere; allowed: judgements less skewed or less close, other bounds, fewer terms, "
            "or another family"
        )
    return found
