"""Limits of beliefs in a box: in their units, and in quantiles of all draws."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.present import words
from toc_model.statistics import averages
from toc_model.statistics.boxes import Discovery, Firmness


@dataclass(frozen=True, slots=True, repr=False)
class Limit(Brief):
    """The range of one belief within a box.

    Attributes
    ----------
    name, label, unit : str
    low, high : float
        In its unit; infinite for an end that is free.
    below, upto : float
        Share of draws below the low limit, and up to the high one: its quantiles in these beliefs; 0 and 1 for a free
        end.
    quasi_p : float
        How likely as many hits would be if these limits told nothing.
    limited_in : float
        Share of resamples whose box limits this belief.
    told : str
        The range in words.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    below: float
    upto: float
    quasi_p: float
    limited_in: float
    told: str

    def to_dict(self) -> dict[str, Any]:
        """All of it, None for an end that is free."""
        return {
            "label": self.label,
            "unit": self.unit,
            "low": self.low if math.isfinite(self.low) else None,
            "high": self.high if math.isfinite(self.high) else None,
            "low_quantile": self.below,
            "high_quantile": self.upto,
            "quasi_p": self.quasi_p,
            "limited_in": self.limited_in,
        }

    @property
    def quantiles(self) -> str:
        """The range in quantiles, in words."""
        low, high = (words.percent(end) for end in (self.below, self.upto))
        if math.isinf(self.low):
            return f"lowest {high}"
        return f"highest {words.percent(1 - self.below)}" if math.isinf(self.high) else f"{low} to {high}"


def limits_of(
    beliefs: Beliefs, table: xr.DataArray, found: Discovery | None, firm: Firmness | None
) -> tuple[Limit, ...]:
    """The limits of a box, the most telling first; none without one.

    Parameters
    ----------
    beliefs : Beliefs
    table : xarray.DataArray
        Draws of beliefs that the box was found on, dims ``(draw, entry)``.
    found : Discovery, optional
    firm : Firmness, optional
    """
    if found is None or firm is None:
        return ()
    limits = []
    for name in sorted(found.box.limits, key=found.quasi_p.__getitem__):
        low, high = found.box.limits[name]
        draws = averages.counting(table.sel(entry=name, drop=True))
        below, upto = (float(averages.mean(so)) for so in (draws < low, draws <= high))
        unit = beliefs.case.story.entries[name].unit
        shown = Limit(
            name,
            beliefs.label_of(name),
            beliefs.documents.unit(unit),
            low,
            high,
            below,
            upto,
            found.quasi_p[name],
            firm.limited(name),
            _told(beliefs, unit, draws.values, low, high),
        )
        limits.append(shown)
    return tuple(limits)


def _told(beliefs: Beliefs, unit: str, draws: np.ndarray, low: float, high: float) -> str:
    """A range in words; where only the least value of all is left, or left out, it is said by that value."""

    def shown(value: float) -> str:
        return words.sized(value) + beliefs.documents.calendar(unit, value)

    least = float(draws.min())
    if high == least:
        return shown(least)
    if math.isinf(high):
        only_least_out = bool((draws[draws < low] == least).all())
        many = int((draws == least).sum()) > 1
        return f"more than {shown(least)}" if only_least_out and many else f"{shown(low)} or more"
    return f"{shown(high)} or less" if math.isinf(low) else f"{shown(low)} to {shown(high)}"
