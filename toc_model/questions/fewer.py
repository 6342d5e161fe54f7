"""Fewer draws in the place of many, where a question would take too long with all."""

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.statistics import averages


def fewer[T: (xr.DataArray, xr.Dataset)](x: T, draws: int) -> T:
    """At most so many draws: evenly spread, or where they are weighted as often as their weights say.

    Of draws with weights few may count for much, so that even steps would miss most of what they tell. Instead those
    are taken that lie at even steps along the weights, part by part of a mixture; each then counts as often as it was
    taken.

    Parameters
    ----------
    x : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``.
    draws : int

    Returns
    -------
    xarray.DataArray or xarray.Dataset
        As it is where it has no more.
    """
    many, weights = x.sizes["draw"], averages.weights_of(x)
    if many <= draws:
        return x
    if weights is None:
        return x.isel(draw=np.arange(draws) * many // draws)
    places, counts = np.unique(_at_even_steps(x, weights, draws), return_counts=True)
    return x.isel(draw=places).assign_coords(weight=("draw", counts.astype(float)))


def _at_even_steps(x: xr.DataArray | xr.Dataset, weights: Floats, steps: int) -> np.ndarray:
    order = (
        np.argsort(x["mixture_part"].values, kind="stable") if "mixture_part" in x.coords else np.arange(len(weights))
    )
    ends = np.cumsum(weights[order])
    middles = ends[-1] * (np.arange(steps) + 0.5) / steps
    return np.asarray(order[np.searchsorted(ends, middles)])
