"""Comparing allocations on plain xarray data: prior or posterior draws, this story or another.

Every function takes an array with the dims ``draw`` and ``allocation``; all allocations share their draws, so
differences are paired.
"""

import numpy as np
import xarray as xr

LOW, HIGH = 0.05, 0.95


def summary(x: xr.DataArray) -> xr.Dataset:
    """Mean, 90 % interval and Monte Carlo error of the mean over draws.

    Parameters
    ----------
    x : xarray.DataArray
        Dims ``(draw, ...)``.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``q05``, ``q95`` and ``mcse`` (standard error of the mean), without ``draw``, in the unit of x.
    """
    low, high = np.quantile(x.transpose("draw", ...).values, [LOW, HIGH], axis=0)
    mean = x.mean("draw")
    error = x.std("draw", ddof=1) / np.sqrt(x.sizes["draw"])
    return xr.Dataset({"mean": mean, "q05": mean.copy(data=low), "q95": mean.copy(data=high), "mcse": error})


def paired_change(x: xr.DataArray, baseline: str = "status_quo") -> xr.DataArray:
    """Difference from a baseline allocation in the same draw.

    Parameters
    ----------
    x : xarray.DataArray
        Dims ``(draw, allocation)``.
    baseline : str
        Label of an allocation.
    """
    return x - x.sel(allocation=baseline, drop=True)


def share_better(x: xr.DataArray, baseline: str = "status_quo", *, lower_is_better: bool = True) -> xr.DataArray:
    """Share of draws in which an allocation is strictly better than the baseline, per allocation."""
    change = paired_change(x, baseline)
    return ((change < 0) if lower_is_better else (change > 0)).mean("draw")
