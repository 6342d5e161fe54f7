"""Priors changed in a program: by quantiles, a number, draws or a frozen distribution of SciPy; with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs import families
from toc_model.beliefs.distributions import Distribution, Family, constant, quantile_name, with_nil
from toc_model.beliefs.families import NOTHING, Stated, fit
from toc_model.beliefs.misfit import missed_in_words
from toc_model.beliefs.priors import Prior
from toc_model.engine.ranges import Range
from toc_model.errors import InputError
from toc_model.labels import placed

CLIP = 1e-12
"""How near to 0 and 1 levels of a given distribution are taken."""


KINDS = "quantiles(...), a number, an array of draws or a frozen distribution"
AS_GIVEN = "draws as given"
"""How a distribution was made that some draws stand for."""


class Frozen(Protocol):
    """A distribution with its parameters, as SciPy freezes it."""

    def ppf(self, q: Any, /) -> Any:
        """Quantiles."""

    def cdf(self, x: Any, /) -> Any:
        """Levels of values."""

    def pdf(self, x: Any, /) -> Any:
        """Density."""

    def support(self) -> tuple[Any, Any]:
        """Least and largest possible value."""
        ...


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles of a belief by level, and family, bounds and probability of nil, if not those of the prior before."""

    values: Mapping[float, float]
    family: str | None = None
    nil: float | None = None
    stated: Stated = NOTHING


type Belief = Quantiles | float | Floats | xr.DataArray | Frozen


@dataclass(frozen=True, slots=True)
class Changed:
    """What the caller put in place of an elicited prior.

    Attributes
    ----------
    entry : str
        ``name`` or ``name[place]``.
    to : str
        What it was changed to, in words.
    reason : str
    """

    entry: str
    to: str
    reason: str


def quantiles(
    low: float,
    median: float,
    high: float,
    *,
    levels: tuple[float, float, float] = (0.05, 0.5, 0.95),
    family: str = "",
    nil: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
) -> Quantiles:
    """Quantiles of a belief, for `Beliefs.with_`.

    Parameters
    ----------
    low, median, high : float
        In the unit of the parameter.
    levels : (float, float, float)
        Their levels; 5, 50 and 95 % by default.
    family : str
        Of distributions; that of the prior before, if empty.
    nil : float, optional
        Probability that the effect is 0; else it has the quantiles. That of the prior before by default.
    lower, upper : float, optional
        Bounds of a family that has them; those of the prior before by default, if no family is named.

    Raises
    ------
    InputError
        If there is no such family.
    """
    if family and family not in families.KINDS:
        raise InputError(f"family: found {family!r}; allowed: {', '.join(families.KINDS)}")
    return Quantiles(dict(zip(levels, (low, median, high), strict=True)), family or None, nil, Stated(lower, upper))


def changed_prior(
    prior: Prior, belief: Belief, reason: str, draws: Any, possible: Range
) -> tuple[Prior, Changed, Floats | None]:
    """A prior with another distribution, what was changed, and the draws themselves where these were given.

    Parameters
    ----------
    prior : Prior
    belief : Quantiles, number, array of shape (draws,), or frozen distribution
    reason : str
    draws : array of shape (draws,)
        Labels of the draws.
    possible : Range
        What the unit of the parameter allows.

    Raises
    ------
    InputError
        If there is no reason, or the belief is none that the parameter can have.
    """
    if not reason.strip():
        raise InputError(f"{prior.name}: reason: found none; allowed: why it is changed")
    try:
        distribution, to, values = _distribution(prior, belief, draws, possible)
    except InputError as error:
        raise InputError(f"{prior.name}: {error}") from None
    return replace(prior, distribution=distribution, reason=reason), Changed(prior.name, to, reason), values


def _distribution(prior: Prior, belief: Belief, draws: Any, possible: Range) -> tuple[Distribution, str, Floats | None]:
    if isinstance(belief, Quantiles):
        family = belief.family or prior.entry.family
        if family == "constant":
            raise InputError("is a constant; allowed: quantiles with a family")
        shown = ", ".join(f"{quantile_name(level)} {value:g}" for level, value in sorted(belief.values.items()))
        nil = prior.distribution.nil if belief.nil is None else belief.nil
        told = f", and nil with probability {nil:g}" if nil else ""
        stated = belief.stated if belief.family else belief.stated.over(prior.entry.stated)
        found = with_nil(fit(family, belief.values, stated, possible), nil)
        missed = missed_in_words(found, belief.values)
        bounds = f" {found.support.inside}" if families.KINDS[family].says else ""
        return found, f"{family}{bounds} with {shown}{told}" + (f" (the fit has {missed})" if missed else ""), None
    if isinstance(belief, np.ndarray | xr.DataArray):
        values = _draws(belief, draws)
        return Distribution(empirical(values), 0.0, 1.0, AS_GIVEN), f"{len(values):,} draws of its own", values
    if isinstance(belief, bool):
        raise InputError(f"found {belief}; allowed: {KINDS}")
    if isinstance(belief, int | float | np.number):
        if not np.isfinite(belief):
            raise InputError(f"found {belief}; allowed: a finite number")
        return constant(float(belief)), f"{float(belief):g}", None
    if all(hasattr(belief, name) for name in ("ppf", "cdf", "pdf", "support")):
        name = getattr(getattr(belief, "dist", None), "name", type(belief).__name__)
        args = ", ".join([*map(repr, getattr(belief, "args", ())), *_named(getattr(belief, "kwds", {}))])
        return Distribution(as_family(belief), 0.0, 1.0, "as given"), f"{name}({args})", None
    raise InputError(f"found {type(belief).__name__}; allowed: {KINDS}")


def _named(arguments: Mapping[str, Any]) -> list[str]:
    return [f"{name}={value!r}" for name, value in arguments.items()]


def _draws(belief: Floats | xr.DataArray, draws: Any) -> Floats:
    array = placed(belief, "draw", draws, "draws") if isinstance(belief, xr.DataArray) else belief
    values = np.asarray(array, float)
    if values.shape != (len(draws),):
        raise InputError(f"found an array of shape {values.shape}; allowed: ({len(draws)},), a number a draw")
    if not np.isfinite(values).all():
        raise InputError("found a value that is not a finite number")
    return values


def as_family(frozen: Frozen) -> Family:
    """A frozen distribution as a family, on whose normal scale it is standard normal."""
    lower, upper = (float(end) for end in frozen.support())
    return Family(
        "as given", lower, upper, partial(_to_normal, frozen), partial(_from_normal, frozen), partial(_slope, frozen)
    )


def _to_normal(frozen: Frozen, x: Any) -> Any:
    return special.ndtri(np.clip(frozen.cdf(x), CLIP, 1 - CLIP))


def _from_normal(frozen: Frozen, y: Any) -> Any:
    return frozen.ppf(special.ndtr(y))


def _slope(frozen: Frozen, x: Any) -> Any:
    """Derivative of the normal score: the density over the normal density there."""
    return frozen.pdf(x) / (np.exp(-(_to_normal(frozen, x) ** 2) / 2) / np.sqrt(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Empirical:
    """The distribution of some draws: piecewise uniform between them."""

    ordered: Floats

    @property
    def levels(self) -> Floats:
        """Levels of the ordered draws."""
        many = len(self.ordered)
        return (np.arange(many) + 0.5) / many

    def ppf(self, q: Any) -> Any:
        """Quantiles."""
        return np.interp(q, self.levels, self.ordered)

    def cdf(self, x: Any) -> Any:
        """Levels of values."""
        distinct, first, counts = np.unique(self.ordered, return_index=True, return_counts=True)
        return np.interp(x, distinct, self.levels[first] + (counts - 1) / (2 * len(self.ordered)))

    def pdf(self, x: Any) -> Any:
        """Density, by differences over a hundredth of the range."""
        step = max(float(np.ptp(self.ordered)) / 100, np.finfo(float).tiny)
        return (self.cdf(np.asarray(x) + step) - self.cdf(np.asarray(x) - step)) / (2 * step)

    def support(self) -> tuple[float, float]:
        """Below the least and above the largest draw."""
        margin = max(float(np.ptp(self.ordered)), 1.0)
        return float(self.ordered[0]) - margin, float(self.ordered[-1]) + margin


def empirical(values: Floats) -> Family:
    """The family of which some draws are the one member."""
    return as_family(Empirical(np.sort(values)))
