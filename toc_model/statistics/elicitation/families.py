"""The families that are fitted to judgements, each a `Base` on a scale that a support allows."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation.bases import BETA, EXPONENTIAL, GAMMA, NORMAL, SKEW_NORMAL, STUDENT, Base
from toc_model.statistics.elicitation.numeric import checked, moments

DEGREES = 3.0
"""Degrees of freedom of a Student t that none are said of, as in SHELF."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A transform of a quantity to the scale of a base, by the bounds of its support.

    Attributes
    ----------
    to, back, log_slope : callable
        Of a value and the bounds: to the scale, from it, and the logarithm of how steep the former is either way.
    needs_lower, needs_upper : bool
    rises : bool
        False where what is more of the quantity is less on the scale.
    is_linear : bool
    """

    to: Callable[..., Floats]
    back: Callable[..., Floats]
    log_slope: Callable[..., Floats]
    needs_lower: bool = False
    needs_upper: bool = False
    rises: bool = True
    is_linear: bool = False


def _logit(x: Floats, lower: Floats, upper: Floats) -> Floats:
    return np.log(x - lower) - np.log(upper - x)


def _inside(y: Floats, lower: Floats, upper: Floats) -> Floats:
    return lower + (upper - lower) * special.expit(y)


PLAIN = Scale(lambda x, *_: x, lambda y, *_: y, lambda x, *_: np.zeros_like(x), is_linear=True)
ABOVE = Scale(
    lambda x, low, _: x - low,
    lambda y, low, _: low + y,
    lambda x, *_: np.zeros_like(x),
    needs_lower=True,
    is_linear=True,
)
BELOW = Scale(
    lambda x, _, high: high - x,
    lambda y, _, high: high - y,
    lambda x, *_: np.zeros_like(x),
    needs_upper=True,
    rises=False,
    is_linear=True,
)
SHARE = Scale(
    lambda x, low, high: (x - low) / (high - low),
    lambda y, low, high: low + (high - low) * y,
    lambda x, low, high: np.zeros_like(x) - np.log(high - low),
    needs_lower=True,
    needs_upper=True,
    is_linear=True,
)
LOG_ABOVE = Scale(
    lambda x, low, _: np.log(x - low),
    lambda y, low, _: low + np.exp(y),
    lambda x, low, _: -np.log(x - low),
    needs_lower=True,
)
LOG_BELOW = Scale(
    lambda x, _, high: np.log(high - x),
    lambda y, _, high: high - np.exp(y),
    lambda x, _, high: -np.log(high - x),
    needs_upper=True,
    rises=False,
)
LOGIT = Scale(
    _logit,
    _inside,
    lambda x, low, high: np.log(high - low) - np.log(x - low) - np.log(high - x),
    needs_lower=True,
    needs_upper=True,
)


@dataclass(frozen=True, slots=True, repr=False)
class Family(Brief):
    """A family of distributions of a quantity with a support.

    Attributes
    ----------
    name : str
    parameters : tuple of str
        Names; those that are fitted come first.
    base : Base
    scale : Scale
    """

    name: str
    parameters: tuple[str, ...]
    base: Base
    scale: Scale

    @property
    def free(self) -> int:
        """How many parameters are fitted: as many judgements are needed."""
        return self.base.free

    def misses(self, lower: Floats, upper: Floats) -> str:
        """Which bounds of the support the family needs and there are not, in words; empty where none."""
        sides = (("lower", self.scale.needs_lower, lower), ("upper", self.scale.needs_upper, upper))
        return " and ".join(side for side, needed, at in sides if needed and not np.isfinite(at).all())


LOCATED = ("location", "scale", "df")
FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family("normal", ("mean", "sd"), NORMAL, PLAIN),
        Family("student_t", LOCATED, STUDENT, PLAIN),
        Family("skew_normal", ("location", "scale", "shape"), SKEW_NORMAL, PLAIN),
        Family("lognormal", ("mean_log", "sd_log"), NORMAL, LOG_ABOVE),
        Family("log_t", LOCATED, STUDENT, LOG_ABOVE),
        Family("gamma", ("shape", "rate"), GAMMA, ABOVE),
        Family("exponential", ("rate",), EXPONENTIAL, ABOVE),
        Family("beta", ("a", "b"), BETA, SHARE),
        Family("logit_normal", ("mean_logit", "sd_logit"), NORMAL, LOGIT),
        Family("mirror_lognormal", ("mean_log", "sd_log"), NORMAL, LOG_BELOW),
        Family("mirror_log_t", LOCATED, STUDENT, LOG_BELOW),
        Family("mirror_gamma", ("shape", "rate"), GAMMA, BELOW),
    )
}
"""The mirror forms are those of the distance to the upper bound, the others of that from the lower one."""


def family_named(name: str) -> Family:
    """One of `FAMILIES`.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name not in FAMILIES:
        raise InputError(unknown("family", name, FAMILIES))
    return FAMILIES[name]


def along(parameter: Floats, x: Floats) -> Floats:
    """A parameter of many distributions beside values that have an axis of their own."""
    return parameter[..., None] if parameter.ndim and x.ndim else parameter


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member(Brief):
    """One distribution of a family, or an array of them.

    Attributes
    ----------
    family : Family
    parameters : dict of str to array of shape (...)
        By their names.
    lower, upper : array of shape (...)
        Bounds of the support, infinite where there is none.
    """

    family: Family
    parameters: dict[str, Floats]
    lower: Floats
    upper: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array of distributions; () for one."""
        return np.shape(self.lower)

    @property
    def kind(self) -> Hashable:
        """What distributions have in common that can be stacked."""
        return self.family.name

    @staticmethod
    def stacked(alike: Sequence["Member"]) -> "Member":
        """Distributions of one family and shape, with one more axis in front."""
        names = alike[0].parameters
        parts = {name: np.stack([one.parameters[name] for one in alike]) for name in names}
        sides = (np.stack([getattr(one, side) for one in alike]) for side in ("lower", "upper"))
        return Member(alike[0].family, parts, *sides)

    def at(self, place: Any) -> Self:
        """What stands in one place, or several, of the array of distributions."""
        parts = {name: np.asarray(one[place]) for name, one in self.parameters.items()}
        return type(self)(self.family, parts, np.asarray(self.lower[place]), np.asarray(self.upper[place]))

    def cdf(self, x: Any) -> Floats:
        """The probability of at most x.

        Parameters
        ----------
        x : float or array of shape (..., n)
            Each distribution has values of its own along the last axis, or the same where x has no other.

        Returns
        -------
        array of shape (...) or (..., n)
        """
        x = np.asarray(x, float)
        inside, y, _ = self._on_scale(x)
        with np.errstate(over="ignore"):
            found = self.family.base.cdf(y, *self._along(x)[2])
        above = x >= along(self._ends[1], x)
        return np.where(inside, found if self.family.scale.rises else 1 - found, np.where(above, 1.0, 0.0))

    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x, shaped as in `cdf`; minus infinity outside the support."""
        x = np.asarray(x, float)
        inside, y, within = self._on_scale(x)
        lower, upper, parameters = self._along(x)
        with np.errstate(over="ignore"):
            found = self.family.base.log_density(y, *parameters) + self.family.scale.log_slope(within, lower, upper)
        return np.where(inside, found, -np.inf)

    def density(self, x: Any) -> Floats:
        """Probability density at x, shaped as in `cdf`."""
        return np.exp(self.log_density(x))

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels from 0 to 1, shaped as in `cdf`."""
        level = checked(level)
        lower, upper, parameters = self._along(level)
        inner = (level > 0) & (level < 1)
        within = np.where(inner, level, 0.5)
        y = self.family.base.quantile(within if self.family.scale.rises else 1 - within, *parameters)
        low, high = (along(end, level) for end in self._ends)
        with np.errstate(over="ignore"):
            return np.where(inner, self.family.scale.back(y, lower, upper), np.where(level > 0, high, low))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation, of shape (...) each; infinite where there is none."""
        base, scale = self.family.base, self.family.scale
        parameters = list(self.parameters.values())
        if scale.is_linear:
            mean, sd = base.moments(*parameters)
            width = self.upper - self.lower if scale is SHARE else 1.0
            return np.asarray(scale.back(mean, self.lower, self.upper)), np.asarray(sd * width)
        if scale is LOGIT:
            return moments(self.quantile)
        if base is STUDENT:
            none = np.full(self.shape, np.inf)
            return np.asarray(self.lower + none if scale.rises else self.upper - none), none
        location, spread = parameters
        with np.errstate(over="ignore"):
            growth = np.exp(location + spread**2 / 2)
            away = growth * np.sqrt(np.expm1(spread**2))
        return np.asarray(self.lower + growth if scale.rises else self.upper - growth), np.asarray(away)

    @property
    def _ends(self) -> tuple[Floats, Floats]:
        """Where the family ends, which a support may do without it."""
        scale = self.family.scale
        low = self.lower if scale.needs_lower else np.full(self.shape, -np.inf)
        return low, self.upper if scale.needs_upper else np.full(self.shape, np.inf)

    def _on_scale(self, x: Floats) -> tuple[Any, Floats, Floats]:
        """Which values lie inside the family's support, and these on its scale and as they are.

        One inside stands for those outside, which can't be transformed.
        """
        low, high = (along(end, x) for end in self._ends)
        inside = (x > low) & (x < high)
        start = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - 2, -1.0))
        within = np.where(inside, x, np.where(np.isfinite(high), (start + high) / 2, start + 1))
        return inside, self.family.scale.to(within, *self._along(x)[:2]), within

    def _along(self, x: Floats) -> tuple[Floats, Floats, list[Floats]]:
        sides = [along(side, x) for side in (self.lower, self.upper)]
        return sides[0], sides[1], [along(parameter, x) for parameter in self.parameters.values()]


def member(family: str, parameters: Mapping[str, Any], lower: Any = -np.inf, upper: Any = np.inf) -> Member:
    """A distribution from its parameters, or an array of them.

    Parameters
    ----------
    family : str
        One of `FAMILIES`.
    parameters : mapping of str to float or array of shape (...)
        As the family names them.
    lower, upper : float or array of shape (...)
        Bounds of the support.

    Raises
    ------
    InputError
        If the family or a parameter is unknown, or one is missing, or the support lacks a bound that the family has.
    """
    kind = family_named(family)
    if set(parameters) != set(kind.parameters):
        raise InputError(
            f"{family}: found the parameters {', '.join(parameters)}; allowed: {', '.join(kind.parameters)}"
        )
    sides = np.broadcast_arrays(lower, upper, *(parameters[name] for name in kind.parameters))
    low, high, *values = (np.array(side, float) for side in sides)
    fail_if_unbounded(kind, low, high)
    return Member(kind, dict(zip(kind.parameters, values, strict=True)), low, high)


def fail_if_unbounded(family: Family, lower: Floats, upper: Floats, where: str = "") -> None:
    """Refuse a support without a bound that the family needs."""
    if missing := family.misses(lower, upper):
        able = ", ".join(name for name, one in FAMILIES.items() if not one.misses(lower, upper))
        raise InputError(
            f"{where}{family.name}: found a support without a finite {missing} bound; allowed with it: {able}"
        )
