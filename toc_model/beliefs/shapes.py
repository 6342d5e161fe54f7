"""Gamma, beta and metalog distributions, each on a scale of its own on which it is standard normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine import laws
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.engine.scores import beta_at, gamma_at, log_odds_at, score_of_halves, score_of_log_odds
from toc_model.statistics.elicitation import Member, Metalog, member
from toc_model.statistics.elicitation.metalog import terms_at

LOG_SQRT_2_PI = np.log(2 * np.pi) / 2


@dataclass(frozen=True, slots=True)
class Gamma:
    """A gamma distribution of how far a value lies above its lower bound.

    Attributes
    ----------
    shape, rate : float
        Above 0; the rate, in ones per unit of the value.
    lower : float
        The bound.
    """

    shape: float
    rate: float
    lower: float = 0.0

    name = "gamma"
    upper = np.inf

    @property
    def words(self) -> str:
        """With its parameters."""
        return f"gamma {_between(self.lower, self.upper)} (shape {self.shape:.4g}, rate {self.rate:.4g})"

    @property
    def member(self) -> Member:
        """The same in `toc_model.statistics`."""
        return member("gamma", {"shape": self.shape, "rate": self.rate}, self.lower)

    def from_normal(self, z: Any) -> Any:
        """Values at standard normal scores."""
        return self.lower + gamma_at(z, self.shape) / self.rate

    def to_normal(self, x: Any) -> Any:
        """Standard normal scores of values; those of the bound, and beyond, are as far out as numbers go."""
        above = self.rate * np.maximum(np.asarray(x, float) - self.lower, 0.0)
        return score_of_halves(special.gammainc(self.shape, above), special.gammaincc(self.shape, above))

    def slope(self, x: Any) -> Any:
        """Derivative of the score."""
        return _slope(self, x)


@dataclass(frozen=True, slots=True)
class Beta:
    """A beta distribution of where a value lies between its bounds.

    Attributes
    ----------
    a, b : float
        Above 0.
    lower, upper : float
        The bounds.
    """

    a: float
    b: float
    lower: float = 0.0
    upper: float = 1.0

    name = "beta"

    @property
    def words(self) -> str:
        """With its parameters."""
        return f"beta {_between(self.lower, self.upper)} (a {self.a:.4g}, b {self.b:.4g})"

    @property
    def member(self) -> Member:
        """The same in `toc_model.statistics`."""
        return member("beta", {"a": self.a, "b": self.b}, self.lower, self.upper)

    def from_normal(self, z: Any) -> Any:
        """Values at standard normal scores."""
        return self.lower + (self.upper - self.lower) * beta_at(z, self.a, self.b)

    def to_normal(self, x: Any) -> Any:
        """Standard normal scores of values; those of a bound, and beyond, are as far out as numbers go."""
        inside, width = np.clip(np.asarray(x, float), self.lower, self.upper), self.upper - self.lower
        low, high = (inside - self.lower) / width, (self.upper - inside) / width
        return score_of_halves(special.betainc(self.a, self.b, low), special.betainc(self.b, self.a, high))

    def slope(self, x: Any) -> Any:
        """Derivative of the score."""
        return _slope(self, x)


@dataclass(frozen=True, slots=True)
class MetalogShape:
    """A metalog distribution; with bounds, it is one of the logarithm or the log odds.

    Attributes
    ----------
    coefficients : tuple of float
        They make a distribution.
    lower, upper : float
        The bounds, infinite where there is none.
    """

    coefficients: tuple[float, ...]
    lower: float = -np.inf
    upper: float = np.inf

    name = "metalog"

    @property
    def words(self) -> str:
        """With its bounds and coefficients."""
        told = ", ".join(f"a{place} {a:.4g}" for place, a in enumerate(self.coefficients, start=1))
        return f"metalog {_between(self.lower, self.upper)} ({told})"

    @property
    def member(self) -> Metalog:
        """The same in `toc_model.statistics`."""
        return Metalog(np.array(self.coefficients), np.array(self.lower), np.array(self.upper))

    def from_normal(self, z: Any) -> Any:
        """Values at standard normal scores."""
        columns = terms_at(log_odds_at(z), laws.normal_cdf(z), len(self.coefficients))
        return self._from_line(_weighted(self.coefficients, columns))

    def _from_line(self, y: Any) -> Any:
        """What `toc_model.statistics.elicitation.metalog.from_line` gives, also for ``pymc.dims`` variables."""
        if isfinite(self.lower) and isfinite(self.upper):
            return self.lower + (self.upper - self.lower) * laws.logistic(y)
        if isfinite(self.lower):
            return self.lower + laws.exp(y)
        return self.upper - laws.exp(-y) if isfinite(self.upper) else y

    def to_normal(self, x: Any) -> Any:
        """Standard normal scores of values; those of a bound, and beyond, are as far out as numbers go."""
        return score_of_log_odds(self.member.log_odds(np.ravel(x))).reshape(np.shape(x))

    def slope(self, x: Any) -> Any:
        """Derivative of the score."""
        return _slope(self, x)


def _weighted(weights: Sequence[float], columns: Sequence[Any]) -> Any:
    first, *others = (weight * column for weight, column in zip(weights, columns, strict=True))
    return sum(others, start=first)


def _slope(shape: Gamma | Beta | MetalogShape, x: Any) -> Floats:
    """The density over the normal density at the score, by logarithms."""
    z = np.asarray(shape.to_normal(x))
    density = shape.member.log_density(np.ravel(x)).reshape(np.shape(x))
    return np.asarray(np.exp(density + z * z / 2 + LOG_SQRT_2_PI))


def _between(lower: float, upper: float) -> str:
    possible = Range(lower, upper)
    return "without bounds" if possible == ANYTHING else possible.inside
