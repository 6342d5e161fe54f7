"""What a year of delay may cost before a change that is for the better stops being so."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr

from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics.standard_errors import error_of_mean


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The cost of a year's delay at which the mean change of the loss is zero.

    Attributes
    ----------
    verdict : str
        "none" where the mean loss does not fall even if delay costs nothing, "any" where it falls whatever delay costs,
        and "cost" where `cost` is the break-even.
    cost, error : float
        Share of the value that is left, a year, and its Monte Carlo error; NaN without a break-even.
    """

    verdict: Literal["none", "any", "cost"]
    cost: float = math.nan
    error: float = math.nan

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON, None where there is no number."""
        if self.verdict != "cost":
            return {"verdict": self.verdict, "cost": None, "mcse": None}
        return {"verdict": self.verdict, "cost": self.cost, "mcse": self.error}


def break_even(change: xr.DataArray, delay: xr.DataArray) -> BreakEven:
    """Find the cost of delay at which a change is worth nothing.

    The loss is a loss of its own plus c times the years by which what is valued comes later, counted by the share of
    the value that is left. Its mean change is linear in c.

    Parameters
    ----------
    change : xarray.DataArray
        Paired change of the loss itself, dims ``(draw,)``.
    delay : xarray.DataArray
        Paired change of the years of delay times the share of the value that is left, dims ``(draw,)``.

    Returns
    -------
    BreakEven
        With the error of the ratio of two means of the same draws (delta method).

    Raises
    ------
    InputError
        If the two have other draws.
    """
    if change.dims != ("draw",) or delay.dims != ("draw",):
        raise InputError(f"break-even: found dims {change.dims} and {delay.dims}; allowed: ('draw',) for both")
    later = aligned(delay, change, ("the delay", "the change"))
    saved, lost = -float(change.mean()), float(later.mean())
    if saved <= 0:
        return BreakEven("none")
    if lost <= 0:
        return BreakEven("any")
    cost = saved / lost
    return BreakEven("cost", cost, float(error_of_mean(change + cost * later)) / lost)


def relative_change(before: xr.DataArray, change: xr.DataArray) -> tuple[float, float]:
    """The mean change as a share of the mean before, and its Monte Carlo error (delta method).

    Parameters
    ----------
    before, change : xarray.DataArray
        Of the same draws, dims ``(draw,)``.

    Returns
    -------
    (float, float)
        NaN where the mean before is zero.
    """
    start = float(before.mean())
    if start == 0:
        return math.nan, math.nan
    ratio = float(change.mean()) / start
    return ratio, float(error_of_mean(change - ratio * before)) / abs(start)
