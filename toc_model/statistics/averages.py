"""Means and quantiles over draws, each of which stands for as many as its weight says.

A posterior by importance weights has draws of its prior, with a coordinate ``weight`` along ``draw`` (see
`toc_model.labels.MADE`). All weights are taken relative to each other. Draws without this coordinate count alike, and
then figures are those of NumPy to the last bit.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Floats


def weights_of(x: xr.DataArray | xr.Dataset) -> Floats | None:
    """How much each draw counts, with a mean of 1; None where all count alike. Shape (draws,)."""
    if "weight" not in x.coords or x["weight"].dims != ("draw",):
        return None
    stated = np.asarray(x["weight"].values, float)
    return stated / stated.mean()


def mean(x: xr.DataArray) -> xr.DataArray:
    """Mean over draws, as shares are of what is so; dims ``(draw, ...)`` come without ``draw``."""
    weights = weights_of(x)
    if weights is None:
        return x.mean("draw")
    found: xr.DataArray = (x * xr.DataArray(weights, dims="draw")).mean("draw")
    return found


def variance(x: xr.DataArray, ddof: int = 0) -> xr.DataArray:
    """Variance over draws; ``ddof`` is taken off their number."""
    if weights_of(x) is None:
        return x.var("draw", ddof=ddof)
    draws = x.sizes["draw"]
    return mean((x - mean(x)) ** 2) * (draws / (draws - ddof))


def sd(x: xr.DataArray, ddof: int = 0) -> xr.DataArray:
    """Standard deviation over draws; ``ddof`` is taken off their number."""
    return np.sqrt(variance(x, ddof))


def quantiles(x: xr.DataArray, levels: Sequence[float]) -> Floats:
    """Quantiles over draws, shape (levels, ...), the other dims in their order.

    Between neighbours in rank they are interpolated; with weights they are the least draw up to which there is so much.
    """
    return quantiles_of(x.transpose("draw", ...).values, levels, weights_of(x))


def quantiles_of(values: Floats, levels: Sequence[float], weights: Floats | None) -> Floats:
    """The same of an array of shape (draws, ...), with the weights of draws."""
    if weights is None:
        return np.asarray(np.quantile(values, levels, axis=0))
    return np.asarray(np.quantile(values, levels, axis=0, weights=weights, method="inverted_cdf"))


def quantile(x: xr.DataArray, level: float) -> float:
    """One quantile of one quantity, dims ``(draw,)``."""
    return float(quantiles(x, [level])[0])
