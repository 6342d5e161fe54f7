"""Distributions, as standard normal scores that are sent through a shape; and quantiles -> families that are normal.

Every distribution is a normal variable on a transformed scale, so a draw is a standard normal ``z`` sent through
``location + scale z`` and the inverse transform. That is what makes correlations (a Gaussian copula on z) and
common random numbers across worldviews possible. Where an effect may be nil, the lowest scores stand for that.

A family that is normal on one scale, such as the lognormal, is the shape of all its members. Of others, such as the
gamma, each member is a shape of its own (`toc_model.beliefs.shapes`), on which it is standard normal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.engine import laws
from toc_model.engine.ranges import Range
from toc_model.errors import InputError

MEETS = 0.1
"""Largest misfit, as a share of the outer quantiles' distance on the family's scale, that rounding explains."""


class Shape(Protocol):
    """What sends a normal variable to a distribution: a transform that rises, and the support.

    Shapes are compared by value, and pickled.
    """

    @property
    def name(self) -> str:
        """Of the family."""

    @property
    def lower(self) -> float:
        """Lower end of the (open) support."""

    @property
    def upper(self) -> float:
        """Upper end of it."""

    @property
    def words(self) -> str:
        """The family, with what is particular to this member where its shape is one of its own."""

    def to_normal(self, x: Any, /) -> Any:
        """The scale on which it is normal; of numbers and arrays."""

    def from_normal(self, y: Any, /) -> Any:
        """The inverse; of ``pymc.dims`` variables, too."""

    def slope(self, x: Any, /) -> Any:
        """Derivative of `to_normal`."""


def support(shape: Shape) -> Range:
    """Where a shape has values; its ends are not among them."""
    return Range(shape.lower, shape.upper)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions that are normal on one scale: a `Shape` of all its members.

    The transforms take numbers, arrays and ``pymc.dims`` variables alike.
    """

    name: str
    lower: float
    upper: float
    to_normal: Any
    from_normal: Any
    slope: Any
    """Derivative of ``to_normal``."""

    @property
    def words(self) -> str:
        """Its name."""
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        if FAMILIES.get(self.name) is self:
            return family_named, (self.name,)
        return Family, (self.name, self.lower, self.upper, self.to_normal, self.from_normal, self.slope)


def family_named(name: str) -> Family:
    """One of `FAMILIES`."""
    return FAMILIES[name]


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family("normal", -np.inf, np.inf, lambda x: x, lambda y: y, np.ones_like),
        Family("lognormal", 0.0, np.inf, laws.log, laws.exp, lambda x: 1 / x),
        Family(
            "lognormal_above_1",
            1.0,
            np.inf,
            lambda x: laws.log(x - 1),
            lambda y: 1 + laws.exp(y),
            lambda x: 1 / (x - 1),
        ),
        Family("logit_normal", 0.0, 1.0, laws.logit, laws.logistic, lambda x: 1 / (x * (1 - x))),
    )
}


@dataclass(frozen=True, slots=True, repr=False)
class Distribution(Brief):
    """A member of a family; a scale of zero is a constant, whatever the family.

    Attributes
    ----------
    family : Shape
    location, scale : float
        Mean and standard deviation on the family's normal scale; 0 and 1 where the shape is that of one member.
    method : str
        How it was fitted: "median and spread", "least squares" or "constant".
    nil : float
        Probability that the value is 0; the rest is the member of the family.
    """

    family: Shape
    location: float
    scale: float
    method: str
    nil: float = 0.0

    def from_latent(self, z: Any) -> Any:
        """Values at standard normal scores z: numbers, arrays or ``pymc.dims`` variables.

        A share `nil` of the scores gives 0: the lowest, or where the family has values below 0 those between.
        """
        if self.nil == 0:
            return self.family.from_normal(self.location + self.scale * z)
        if self.nil == 1:
            return abs(0.0 * z)
        above = laws.normal_cdf(-z) / (1 - self.nil)
        value = self._beyond(above, -1.0, 1 - self._negative)
        if self._negative > 0:
            below = laws.normal_cdf(z) / (1 - self.nil)
            value = value + self._beyond(below, 1.0, self._negative)
        return value

    def _beyond(self, share: Any, side: float, most: float) -> Any:
        """Values of which a share of the family lies farther out on one side, and 0 where it is as much as ``most``."""
        some: Any = share < most
        # Where nothing is taken from it the slope must be finite too.
        inner = side * laws.normal_quantile(laws.where(some, share, most / 2))
        return laws.where(some, self.family.from_normal(self.location + self.scale * inner), 0.0)

    @property
    def _negative(self) -> float:
        """Which share of the family lies below 0."""
        if self.family.lower >= 0:
            return 0.0
        return float(special.ndtr((self.family.to_normal(0.0) - self.location) / self.scale))

    def to_latent(self, x: Floats) -> Floats:
        """Standard normal scores of values; the inverse of `from_latent`, but where the value is nil.

        There, the score is the median of all that give 0.
        """
        x = np.asarray(x)
        some = x != 0 if self.nil else np.full(x.shape, fill_value=True)
        # A value inside the support stands where there is none to be transformed.
        y = self.family.to_normal(np.where(some, x, self.family.from_normal(self.location)))
        inner = (np.asarray(y) - self.location) / self.scale
        if self.nil == 0:
            return inner
        side = np.where(x < 0, 1.0, -1.0)
        z = side * special.ndtri((1 - self.nil) * special.ndtr(side * inner))
        return np.where(some, z, special.ndtri((1 - self.nil) * self._negative + self.nil / 2))

    def quantile(self, level: Any) -> Any:
        """Quantiles at levels between 0 and 1."""
        return self.from_latent(special.ndtri(level))

    def given_some(self, level: Any) -> Any:
        """Quantiles of the member of the family: given that the effect is not nil."""
        return self.family.from_normal(self.location + self.scale * special.ndtri(level))

    def below_given_some(self, x: float) -> float:
        """The probability of less than x, given that the effect is not nil; the inverse of `given_some`."""
        return float(special.ndtr((self.family.to_normal(x) - self.location) / self.scale))

    def density(self, x: Floats) -> Floats:
        """Probability density at points inside the support; it integrates to 1 less the mass that is nil."""
        z = (self.family.to_normal(x) - self.location) / self.scale
        normal = (1 - self.nil) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        return np.asarray(normal / self.scale * self.family.slope(x))

    @property
    def support(self) -> Range:
        """Where it has values, given that the effect is not nil; the ends are not among them."""
        return support(self.family)

    @property
    def is_constant(self) -> bool:
        """Whether there is no uncertainty."""
        return self.scale == 0


def constant(value: float) -> Distribution:
    """A quantity that is known, or fixed by the structure of the model."""
    return Distribution(FAMILIES["normal"], value, 0.0, "constant")


def fit(family: Family, quantiles: Mapping[float, float]) -> Distribution:
    """Fit a family to elicited quantiles.

    The location is that of the median and the scale that of the outer quantiles. Where the family can't meet the
    quantiles so (beyond `MEETS`), or no median is given, both are fitted by least squares on the quantile scale.

    Parameters
    ----------
    family : Family
    quantiles : mapping of level to value
        At least two; the values rise with the levels and lie inside the support.

    Raises
    ------
    InputError
        If there are fewer than two quantiles, or they are not ordered, or one lies outside the support.
    """
    levels, values = ordered(family.name, support(family), quantiles)
    z, y = special.ndtri(levels), np.asarray(family.to_normal(values))
    scale = float((y[-1] - y[0]) / (z[-1] - z[0]))
    if 0.5 in levels:
        location = float(y[list(levels).index(0.5)])
        if np.max(np.abs(location + scale * z - y)) <= MEETS * (y[-1] - y[0]):
            return Distribution(family, location, scale, "median and spread")
    return _least_squares(family, z, values, start=(float(np.mean(y - scale * z)), scale))


def with_nil(distribution: Distribution, nil: float) -> Distribution:
    """The same, but 0 with some probability.

    Raises
    ------
    InputError
        If the probability is none, or 0 is neither inside the family's support nor its limit.
    """
    if not 0 <= nil <= 1:
        raise InputError(f"nil: {Range(0.0, 1.0).refusal(nil)}")
    if nil > 0 and distribution.is_constant:
        raise InputError(f"nil: found {nil:g} for a constant; allowed: 0")
    family = distribution.family
    if nil > 0 and not family.lower <= 0 <= family.upper:
        able = ", ".join(name for name, one in FAMILIES.items() if one.lower <= 0 <= one.upper)
        bounded = "or families with bounds of their own that 0 is not outside of"
        raise InputError(
            f"nil: found {nil:g} for {family.words}, which 0 is no limit of; allowed with: {able}, {bounded}"
        )
    return replace(distribution, nil=nil)


def ordered(name: str, possible: Range, quantiles: Mapping[float, float]) -> tuple[Floats, Floats]:
    """Levels and values of quantiles that a family can have.

    Parameters
    ----------
    name : str
        Of the family.
    possible : Range
        Its support.
    quantiles : mapping of level to value

    Raises
    ------
    InputError
        If there are fewer than two quantiles, or they are not ordered, or one lies outside the support.
    """
    if len(quantiles) < 2:
        raise InputError(f"found {len(quantiles)} quantile; allowed: at least two")
    items = sorted(quantiles.items())
    for level, value in items:
        if not possible.surrounds(value):
            allowed = f"allowed for {name}: {possible.inside}{possible.meant(value)}"
            raise InputError(f"found {quantile_name(level)} = {value:g}; {allowed}")
    for (low, smaller), (high, larger) in pairwise(items):
        if smaller >= larger:
            raise InputError(
                f"found {quantile_name(low)} = {smaller:g} and {quantile_name(high)} = {larger:g}; "
                "allowed: values that rise with the level"
            )
    levels, values = zip(*items, strict=True)
    return np.array(levels), np.array(values)


def _least_squares(family: Family, z: Floats, values: Floats, start: tuple[float, float]) -> Distribution:
    from scipy.optimize import least_squares

    width = values[-1] - values[0]

    def misfit(x: Floats) -> Floats:
        return np.asarray((family.from_normal(x[0] + np.exp(x[1]) * z) - values) / width)

    best = least_squares(misfit, [start[0], np.log(start[1])], xtol=1e-12, ftol=1e-12, gtol=1e-12).x
    return Distribution(family, float(best[0]), float(np.exp(best[1])), "least squares")


def quantile_name(level: float) -> str:
    """``q05`` for 0.05, ``q97.5`` for 0.975."""
    percent = f"{100 * level:.6g}"
    whole, _, rest = percent.partition(".")
    return f"q{whole:0>2}" + (f".{rest}" if rest else "")


def levels_of(quantiles: Mapping[str, float]) -> dict[float, float]:
    """Quantiles by level, from those by name.

    Raises
    ------
    InputError
        If a name is none of a quantile, or two are of the same.
    """
    names: dict[float, str] = {}
    for name in quantiles:
        first = names.setdefault(quantile_level(name), name)
        if first != name:
            raise InputError(f"found {first} and {name}, which are the same quantile")
    return {level: quantiles[name] for level, name in names.items()}


def quantile_level(name: str) -> float:
    """0.05 for ``q05``.

    Raises
    ------
    InputError
        If the name is not q and a percentage between 0 and 100.
    """
    level = round(float(name[1:]) / 100, 12) if re.fullmatch(r"q\d+(\.\d+)?", name, re.ASCII) else 0.0
    if not 0 < level < 1:
        raise InputError(f"found quantile {name!r}; allowed: q and a percentage, such as q05, q50 or q97.5")
    return level
