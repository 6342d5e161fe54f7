"""Whether a figure from draws lies where it was said to lie, or too close to the bound to tell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr

from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics import averages
from toc_model.statistics.decisions import AS_GOOD
from toc_model.statistics.draws import fail_if_no_draws, fail_if_not_finite, fail_if_not_so, fail_if_unfit, nearly_nil
from toc_model.statistics.standard_errors import design_of, error_of_mean, quantile_error

type Verdict = Literal["held", "not held", "undecided"]


@dataclass(frozen=True, slots=True)
class Found:
    """One figure, and where it is said to lie.

    Attributes
    ----------
    what : str
        What the figure is of, in words.
    value : float
    error : float
        Its Monte Carlo standard error; 0 where the figure is exact for these draws. Both are NaN where there was
        nothing to be found, and only there.
    low, high : float
        Bounds, each of which the value may attain; infinite for a figure that is only to be told.
    """

    what: str
    value: float
    error: float
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if not self.is_void:
            fail_if_not_finite(xr.DataArray([self.value, self.error]), f"check of {self.what}")

    @property
    def is_void(self) -> bool:
        """Whether there was nothing to be found: no draws or places of which it could be said."""
        return math.isnan(self.value) and math.isnan(self.error)

    @property
    def verdict(self) -> Verdict:
        """Held, not held, or undecided: a bound is within the figure's Monte Carlo error, or nothing could be found."""
        if self.is_void:
            return "undecided"
        inside = min(self.value - self.low, self.high - self.value)
        if abs(inside) < AS_GOOD * self.error:
            return "undecided"
        return "held" if inside >= 0 else "not held"

    def to_dict(self) -> dict[str, Any]:
        """The figure, its error, its bounds (None for one that there is not), and the verdict."""
        bounds = {"low": self.low, "high": self.high}
        return {
            "what": self.what,
            "value": None if self.is_void else self.value,
            "mcse": None if self.is_void else self.error,
            **{name: bound if math.isfinite(bound) else None for name, bound in bounds.items()},
            "verdict": self.verdict,
        }


def joint(verdicts: Sequence[Verdict]) -> Verdict:
    """What several verdicts come to together: not held if one is not, else undecided if one is."""
    return next((worse for worse in ("not held", "undecided") if worse in verdicts), "held")


def mean(what: str, x: xr.DataArray, low: float = -math.inf, high: float = math.inf) -> Found:
    """The mean over draws.

    Parameters
    ----------
    what : str
    x : xarray.DataArray
        Dims ``(draw,)``.
    low, high : float
    """
    fail_if_no_draws(x, what)
    return Found(what, float(averages.mean(x)), _error_of_mean(x), low, high)


def ratio(what: str, x: xr.DataArray, y: xr.DataArray, low: float = -math.inf, high: float = math.inf) -> Found:
    """The mean of one quantity over that of another on the same draws, with the error of a ratio (delta method).

    Parameters
    ----------
    what : str
    x, y : xarray.DataArray
        Dims ``(draw,)``.
    low, high : float
    """
    fail_if_no_draws(x, what)
    fail_if_no_draws(y, what)
    names = (f"{what}: the one below", "the one above")
    y, x = averages.weighed_alike(aligned(y, x, names), x, names)
    if nearly_nil(y):
        raise InputError(f"{what}: found a ratio to a mean of nil; allowed: to any other")
    below = float(averages.mean(y))
    found = float(averages.mean(x)) / below
    return Found(what, found, _error_of_mean(x - found * y) / abs(below), low, high)


def share(what: str, so: xr.DataArray, low: float = -math.inf, high: float = math.inf) -> Found:
    """The share of draws in which something is so; its error is not nil where it is so in none or in all.

    Parameters
    ----------
    what : str
    so : xarray.DataArray of bool
        Dims ``(draw,)``; without any draws, the share is not defined.
    low, high : float
    """
    draws = so.size
    if not draws:
        return Found(what, math.nan, math.nan, low, high)
    fail_if_unfit(so, what)
    fail_if_not_so(so, what)
    found, design = float(averages.mean(so)), design_of(so)
    many = float(so.sum()) if design.weight is None else found * design.effective
    smoothed = (many + 1) / (design.effective + 2)
    error = math.sqrt(smoothed * (1 - smoothed) / draws) * float(design.inflation(so.values.astype(float)))
    return Found(what, found, error, low, high)


def quantile(what: str, x: xr.DataArray, level: float, low: float = -math.inf, high: float = math.inf) -> Found:
    """A quantile over draws; its error is that of the rank, in units of x.

    Parameters
    ----------
    what : str
    x : xarray.DataArray
        Dims ``(draw,)``.
    level : float
        In (0, 1).
    low, high : float
    """
    fail_if_no_draws(x, what)
    return Found(what, averages.quantile(x, level), quantile_error(x, level), low, high)


def always(what: str, so: xr.DataArray) -> Found:
    """The share of draws in which something that is said of every draw is not so; exact for these draws.

    Parameters
    ----------
    what : str
    so : xarray.DataArray of bool
        Dims ``(draw, ...)``; without any places, nothing is found.
    """
    where = f"draws in which it is not so: {what}"
    return Found(where, _share(~so), 0.0, 0.0, 0.0) if so.size else Found(where, math.nan, math.nan, 0.0, 0.0)


def sometimes(what: str, so: xr.DataArray) -> Found:
    """The share of draws in which something is so that is said of some; one draw is enough.

    Parameters
    ----------
    what : str
    so : xarray.DataArray of bool
        Dims ``(draw, ...)``; without any places, nothing is found.
    """
    where = f"draws in which it is so: {what}"
    if not so.size:
        return Found(where, math.nan, math.nan)
    weights = averages.weights_of(so)
    least = 1.0 if weights is None else float(weights[weights > 0].min())
    return Found(where, _share(so), 0.0, least / (2 * so.size))


def apart(what: str, one: Found, other: Found, low: float = -math.inf, high: float = math.inf) -> Found:
    """How much more one figure is than another, as if their errors were independent."""
    return Found(what, one.value - other.value, math.hypot(one.error, other.error), low, high)


def _error_of_mean(x: xr.DataArray) -> float:
    return float(error_of_mean(x))


def _share(so: xr.DataArray) -> float:
    """Share of draws, and of places, in which something is so."""
    return float(so.mean()) if averages.weights_of(so) is None else float(averages.mean(so).mean())
