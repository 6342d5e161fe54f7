"""The families that prior documents name: what each may say beside its quantiles, and how it is fitted to them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from math import inf
from typing import Literal

from toc_model.beliefs import distributions
from toc_model.beliefs.distributions import Distribution, Family, ordered
from toc_model.beliefs.shapes import Beta, Gamma, MetalogShape
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.errors import InputError
from toc_model.statistics import elicitation
from toc_model.statistics.elicitation.metalog import MOST

FamilyName = Literal["lognormal", "logit_normal", "lognormal_above_1", "normal", "gamma", "beta", "metalog", "constant"]
"""`KINDS`, and what is certain."""
ON_PROBABILITIES = "least squares on probabilities"
"""How a gamma and a beta are fitted."""
LARGEST = 1e7
"""Shape up to which numbers hold the quantiles of a gamma, whose standard deviation is then 0.03 % of its mean."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of a distribution beside its quantiles; None where nothing is.

    Attributes
    ----------
    lower, upper : float
        Bounds of the support, in the unit of the quantiles.
    terms : int
        Of a metalog: as many as there are quantiles, if nothing is said, so that they are met.
    """

    lower: float | None = None
    upper: float | None = None
    terms: int | None = None

    @property
    def lines(self) -> list[str]:
        """As documents have it, in TOML."""
        return [f"{name} = {value!r}" for name, value in asdict(self).items() if value is not None]

    def over(self, before: "Stated") -> "Stated":
        """The same with bounds that were said before, where none are; the terms are those of other quantiles."""
        lower = before.lower if self.lower is None else self.lower
        return Stated(lower, before.upper if self.upper is None else self.upper, self.terms)


NOTHING = Stated()


@dataclass(frozen=True, slots=True)
class Kind:
    """One family as documents name it.

    Attributes
    ----------
    says : tuple of str
        What of `Stated` may be said of it.
    support : callable
        Its support where nothing is said, given what the parameter can be.
    fit : callable
        A distribution from quantiles that rise inside the support, the support, and the number of terms.
    """

    says: tuple[str, ...]
    support: Callable[[Range], Range]
    fit: Callable[[Mapping[float, float], Range, int], Distribution]


def _transformed(family: Family) -> Kind:
    return Kind(
        (),
        lambda _: distributions.support(family),
        lambda quantiles, *_: distributions.fit(family, quantiles),
    )


def _gamma(quantiles: Mapping[float, float], support: Range, _terms: int) -> Distribution:
    found = elicitation.fit(elicitation.quantiles(quantiles, *support, "gamma"), "gamma").parameters
    shape, rate = float(found["shape"]), float(found["rate"])
    if shape > LARGEST:
        raise InputError(
            f"found quantiles so close that the shape of their gamma is {shape:.3g}; allowed: up to {LARGEST:g}, "
            "by quantiles less close, or another family"
        )
    return Distribution(Gamma(shape, rate, support.lower), 0.0, 1.0, ON_PROBABILITIES)


def _beta(quantiles: Mapping[float, float], support: Range, _terms: int) -> Distribution:
    found = elicitation.fit(elicitation.quantiles(quantiles, *support, "beta"), "beta").parameters
    return Distribution(Beta(float(found["a"]), float(found["b"]), *support), 0.0, 1.0, ON_PROBABILITIES)


def _metalog(quantiles: Mapping[float, float], support: Range, terms: int) -> Distribution:
    found = elicitation.metalog(elicitation.quantiles(quantiles, *support, "metalog"), terms).coefficients
    method = f"{terms} terms" if terms == len(quantiles) else f"{terms} terms, least squares"
    return Distribution(MetalogShape(tuple(map(float, found)), *support), 0.0, 1.0, method)


KINDS: Mapping[str, Kind] = {
    **{name: _transformed(family) for name, family in distributions.FAMILIES.items()},
    "gamma": Kind(("lower",), lambda _: Range(0.0, inf), _gamma),
    "beta": Kind(("lower", "upper"), lambda _: Range(0.0, 1.0), _beta),
    "metalog": Kind(("lower", "upper", "terms"), lambda possible: possible, _metalog),
}


def fit(
    name: str, quantiles: Mapping[float, float], stated: Stated = NOTHING, possible: Range = ANYTHING
) -> Distribution:
    """Fit a family to elicited quantiles.

    Parameters
    ----------
    name : str
        One of `KINDS`.
    quantiles : mapping of level to value
        At least two; the values rise with the levels and lie inside the support.
    stated : Stated
    possible : Range
        What the parameter can be, which bounds a metalog where nothing else is said.

    Raises
    ------
    InputError
        If something is said that the family does not have, bounds are in no order, quantiles are too few, not ordered
        or outside the support, a metalog of them is no distribution, or a gamma too narrow for numbers.
    """
    kind = KINDS[name]
    fail_if_not_had(name, stated)
    support = support_of(name, stated, possible)
    if not support.lower < support.upper:
        raise InputError(
            f"found a support from {support.lower:g} to {support.upper:g}; allowed: a lower bound below the upper one"
        )
    ordered(name, support, quantiles)
    return kind.fit(quantiles, support, stated.terms or min(len(quantiles), MOST))


def support_of(name: str, stated: Stated, possible: Range) -> Range:
    """The support of a family: what is said, and else its own."""
    own = KINDS[name].support(possible)
    return Range(
        own.lower if stated.lower is None else stated.lower, own.upper if stated.upper is None else stated.upper
    )


def fail_if_not_had(name: str, stated: Stated) -> None:
    """Fail if something is said that a family does not have.

    Parameters
    ----------
    name : str
        Of a family, or "constant".
    stated : Stated

    Raises
    ------
    InputError
        Naming it, and the families that have it.
    """
    has = KINDS[name].says if name in KINDS else ()
    for field in fields(stated):
        value = getattr(stated, field.name)
        if value is not None and field.name not in has:
            able = ", ".join(other for other, kind in KINDS.items() if field.name in kind.says)
            raise InputError(f"{field.name}: found {value:g} for {name}; allowed with: {able}")


def fail_if_wider(name: str, stated: Stated, found: Distribution, allowed: Range, unit: str, where: str) -> None:
    """Fail if a parameter's range has no room for all values of a family, or of the member that was fitted.

    Parameters
    ----------
    name : str
        One of `KINDS`.
    stated : Stated
    found : Distribution
        Checked here if it is of the family; what was given in a program instead is checked by its draws.
    allowed : Range
    unit : str
    where : str
        Document and entry, for the message.

    Raises
    ------
    InputError
        Naming the families that there is room for, or the bounds.
    """
    able = [other for other, kind in KINDS.items() if allowed.covers(kind.support(allowed))]
    if name not in able and stated == NOTHING:
        raise InputError(
            f"{where}: found family {name!r}; allowed for values of {allowed.words} ({unit}): "
            f"{', '.join([*able, 'constant'])}"
        )
    if found.family.name == name and not allowed.covers(found.support):
        raise InputError(
            f"{where}: found {found.family.words}; {allowed.allowed(unit)}, as 'lower' and 'upper' can say"
        )
