"""The signs of mean changes, as far as their Monte Carlo errors let them be told."""

import math
from collections.abc import Mapping
from typing import Literal

import xarray as xr

from toc_model.statistics.decisions import AS_GOOD
from toc_model.statistics.draws import fail_if_not_finite

type Turn = Literal["turned", "kept", "undecided"]


def direction(change: Mapping[str, float]) -> int:
    """The sign of a mean, -1 or 1, or 0 where its Monte Carlo error covers zero.

    Parameters
    ----------
    change : mapping of str to float
        Its ``mean`` and ``mcse``, such as `toc_model.statistics.decisions.figures` gives.

    Raises
    ------
    InputError
        If one of them is no finite number.
    """
    for name in ("mean", "mcse"):
        if not math.isfinite(change[name]):
            fail_if_not_finite(xr.DataArray(float(change[name])), f"{name} of a change")
    if abs(change["mean"]) <= AS_GOOD * change["mcse"]:
        return 0
    return 1 if change["mean"] > 0 else -1


def turn(before: Mapping[str, float], after: Mapping[str, float]) -> Turn:
    """Whether a mean has another sign than before; undecided where one of them can't be told from zero.

    Parameters
    ----------
    before, after : mapping of str to float
        As `direction` takes them.
    """
    sign, now = direction(before), direction(after)
    if not sign or not now:
        return "undecided"
    return "kept" if sign == now else "turned"
