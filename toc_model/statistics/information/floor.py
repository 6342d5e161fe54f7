"""What noise alone would seem to be worth."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from toc_model.statistics.averages import shifted
from toc_model.statistics.information.columns import Inputs, weighed_as
from toc_model.statistics.information.perfect import evppi

SHIFTS = 100
FLOOR = 0.95
"""Quantile of values that are called the floor."""


def noise_floor(
    loss: xr.DataArray,
    told: Sequence[Inputs],
    *,
    shifts: int = SHIFTS,
    seed: int = 0,
    tick: Callable[[], None] = lambda: None,
) -> float:
    """What knowing something seems to be worth that has nothing to do with the losses: the 95 % quantile.

    Draws of losses are shifted against those of what would be known, so that both keep how their draws hang together.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    told : sequence of xarray.DataArray or xarray.Dataset
        Each dims ``(draw, ...)``, and known as a whole; they take turns.
    shifts : int
        How many values the quantile is of.
    seed : int
        Of the shifts.
    tick : callable
        Called after each.

    Raises
    ------
    InputError
        As `toc_model.statistics.information.evppi` does.
    """
    draws = loss.sizes["draw"]
    steps = np.random.default_rng(seed).integers(draws // 10, draws - draws // 10, shifts)
    found = []
    for turn, step in enumerate(steps):
        known = told[turn % len(told)]
        found.append(evppi(shifted(weighed_as(known, loss), int(step)), known).value)
        tick()
    return float(np.quantile(found, FLOOR))
