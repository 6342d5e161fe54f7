"""What a year of delay may cost before a change that is for the better stops being so."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr

from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics import averages
from toc_model.statistics.draws import fail_if_no_draws, fail_if_unfit, nearly_nil
from toc_model.statistics.signs import direction
from toc_model.statistics.standard_errors import Design, design_of


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The cost of a year's delay at which the mean change of the loss is zero.

    Attributes
    ----------
    verdict : str
        "none" where the mean loss does not fall even if delay costs nothing, "any" where it falls whatever delay costs,
        "unclear" where these draws can't tell whether it falls or whether anything comes later, and "cost" where
        `cost` is the break-even.
    cost, error : float
        Share of the value that is left, a year, and its Monte Carlo error; NaN without a break-even.
    """

    verdict: Literal["none", "any", "unclear", "cost"]
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
        If the two have other draws, or a value is no finite number.
    """
    fail_if_unfit(change, "the change")
    fail_if_unfit(delay, "the delay")
    if change.dims != ("draw",) or delay.dims != ("draw",):
        raise InputError(f"break-even: found dims {change.dims} and {delay.dims}; allowed: ('draw',) for both")
    names = ("the delay", "the change")
    later, change = averages.weighed_alike(aligned(delay, change, names), change, names)
    design = design_of(change)
    falls, delayed = (-_direction(one, design) for one in (change, later))
    changes, delays = (bool(averages.counting(one).any()) for one in (change, later))
    if falls < 0 or not (falls or changes):
        return BreakEven("none")
    if delayed > 0 or not (delayed or delays):
        return BreakEven("any" if falls else "unclear")
    if not falls or not delayed:
        return BreakEven("unclear")
    saved, lost = -float(averages.mean(change)), float(averages.mean(later))
    cost = saved / lost
    return BreakEven("cost", cost, float(design.error(change.values + cost * later.values)) / lost)


def _direction(x: xr.DataArray, design: Design) -> int:
    return direction({"mean": float(design.mean(x.values)), "mcse": float(design.error(x.values))})


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

    Raises
    ------
    InputError
        If the two have other draws, or a value is no finite number.
    """
    fail_if_no_draws(before, "the value before")
    fail_if_no_draws(change, "the change")
    names = ("the change", "the value before")
    change, before = averages.weighed_alike(aligned(change, before, names), before, names)
    start = float(averages.mean(before))
    if nearly_nil(before):
        return math.nan, math.nan
    change = change.transpose(*before.dims)
    ratio = float(averages.mean(change)) / start
    error = design_of(before).error(change.values - ratio * before.values)
    return ratio, float(error) / abs(start)
