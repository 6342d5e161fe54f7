"""What one unit of a gain costs, from draws of what a unit of spending gains."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr

from toc_model.errors import InputError
from toc_model.statistics import averages, decisions


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of one unit of a gain.

    Attributes
    ----------
    verdict : str
        "none" where on average nothing is gained, or something lost, so that there is no price; "unclear" where the
        mean gain can't be told from zero with these draws; and "price".
    mean, error : float
        What is spent over the mean gain, in the currency of what is spent, and its Monte Carlo error; NaN without a
        price.
    low, high : float
        The same at the gains that nine tenths of draws lie between; infinite where nothing is gained there.
    gaining : float
        Share of draws in which anything is gained.
    """

    verdict: Literal["price", "none", "unclear"]
    mean: float
    error: float
    low: float
    high: float
    gaining: float

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON, None where there is no number."""
        return {
            "verdict": self.verdict,
            "mean": _finite(self.mean),
            "mcse": _finite(self.error),
            "at_q95_of_gain": _finite(self.low),
            "at_q05_of_gain": _finite(self.high),
            "share_gaining": self.gaining,
        }


def price(gained: xr.DataArray, spent: float) -> Price:
    """Find what one unit of a gain costs.

    Parameters
    ----------
    gained : xarray.DataArray
        By what is spent, negative for a loss, dims ``(draw,)``.
    spent : float
        Above 0, in any currency.

    Returns
    -------
    Price
        With the error of the ratio (delta method).

    Raises
    ------
    InputError
        If what is spent is no amount, or a gain no finite number.
    """
    if not 0 < spent < math.inf:
        raise InputError(f"spent: found {spent:g}; allowed: more than 0, in any currency")
    found = decisions.figures(gained)
    low, high = (_at(spent, found[key]) for key in ("q95", "q05"))
    gaining = float(averages.mean(gained > 0))
    mean, error = found["mean"], found["mcse"]
    if mean > decisions.AS_GOOD * error:
        return Price("price", spent / mean, spent * error / mean**2, low, high, gaining)
    unclear = abs(mean) <= decisions.AS_GOOD * error and error > 0
    return Price("unclear" if unclear else "none", math.nan, math.nan, low, high, gaining)


def _at(spent: float, gain: float) -> float:
    return spent / gain if gain > 0 else math.inf


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
