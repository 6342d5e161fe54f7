"""Means and quantiles over draws, each of which stands for as many as its weight says.

A posterior by importance weights has draws of its prior, with a coordinate ``weight`` along ``draw`` (see
`toc_model.labels.MADE`). All weights are taken relative to each other. Draws without this coordinate count alike, and
then figures are those of NumPy to the last bit; so do draws that all have the same weight.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import worth

WEIGHT = "weight"


def weights_of(x: xr.DataArray | xr.Dataset) -> Floats | None:
    """How much each draw counts, with a mean of 1; None where all count alike. Shape (draws,).

    Raises
    ------
    InputError
        If a weight is negative or no finite number, or no draw has any.
    """
    if WEIGHT not in x.coords or x[WEIGHT].dims != ("draw",):
        return None
    stated = np.asarray(x[WEIGHT].values, float)
    wrong = stated[~(np.isfinite(stated) & (stated >= 0))]
    if wrong.size:
        raise InputError(f"weights of draws: found {wrong[0]:g}; allowed: finite numbers, 0 or more")
    if not stated.size or np.ptp(stated) == 0 < stated[0]:
        return None
    largest = stated.max()
    if not largest > 0:
        raise InputError(f"weights of draws: found 0 for all {stated.size}; allowed: above 0 for one or more")
    sized = stated / largest
    return np.asarray(sized / sized.mean())


def mean(x: xr.DataArray) -> xr.DataArray:
    """Mean over draws, as shares are of what is so; dims ``(draw, ...)`` come without ``draw``.

    Where a value is missing, its draw is left out for that place, as xarray does it.
    """
    weights = weights_of(x)
    if weights is None:
        return x.mean("draw")
    one = x.isel(draw=0, drop=True)
    values = x.transpose("draw", *one.dims).values
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(1, bool)
    if not missing.any():
        return one.copy(data=mean_of(values, weights))
    there = mean_of(~missing, weights)
    return one.copy(data=mean_of(np.where(missing, 0.0, values), weights) / np.where(there > 0, there, np.nan))


def mean_of(values: Floats, weights: Floats | None) -> Floats:
    """The same of an array of shape (draws, ...), with the weights of draws.

    It is never beyond the draws by rounding, so that a share of all is 1; and 0 where no draw counts for anything.
    """
    if weights is None:
        return np.asarray(values.mean(axis=0))
    if not weights.all():
        counted = weights > 0
        weights, values = weights[counted], values[counted]
    if not len(weights):
        return np.zeros(values.shape[1:])
    return np.clip(np.tensordot(weights, values, axes=1) / weights.sum(), values.min(axis=0), values.max(axis=0))


def variance(x: xr.DataArray, ddof: int = 0) -> xr.DataArray:
    """Variance over draws; ``ddof`` is taken off their number."""
    if weights_of(x) is None:
        return x.var("draw", ddof=ddof)
    draws = x.sizes["draw"]
    return mean((x - mean(x)) ** 2) * (draws / (draws - ddof))


def sd(x: xr.DataArray, ddof: int = 0) -> xr.DataArray:
    """Standard deviation over draws; ``ddof`` is taken off their number."""
    if weights_of(x) is None:
        return x.std("draw", ddof=ddof)
    squared = variance(x, ddof)
    return squared.copy(data=np.sqrt(squared.values))


def sd_of(values: Floats, weights: Floats | None, ddof: int = 0) -> Floats:
    """The same of an array of shape (draws, ...), with the weights of draws."""
    if weights is None:
        return np.asarray(values.std(axis=0, ddof=ddof))
    squares = mean_of((values - mean_of(values, weights)) ** 2, weights)
    return np.asarray(np.sqrt(squares * (len(values) / (len(values) - ddof))))


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


def tail_weights(values: Floats, level: float, weights: Floats | None) -> Floats:
    """What each draw counts in the mean of those beyond a quantile, the last of them in part; each column sums to one.

    Parameters
    ----------
    values : array of shape (draws, ...)
    level : float
        Share of draws that do not count, in [0, 1).
    weights : array of shape (draws,) or None
    """
    order = np.argsort(-values, axis=0, kind="stable")
    tail = (1 - level) * len(values)
    if weights is None:
        counted = np.clip(tail - np.arange(len(values)), 0, 1).reshape(-1, *[1] * (values.ndim - 1))
        counted = np.broadcast_to(counted, values.shape)
    else:
        own = weights[order]
        counted = np.clip(tail - (np.cumsum(own, axis=0) - own), 0, own)
    found = np.empty(values.shape)
    np.put_along_axis(found, order, counted / tail, axis=0)
    return found


# Draws that count unequally ---------------------------------------------------------------------------------------


def effective(weights: Floats | None, draws: int) -> float:
    """Draws that count alike and tell as much: see `toc_model.labels.worth`."""
    return float(draws) if weights is None else worth(weights)


def counting[T: xr.DataArray | xr.Dataset](x: T) -> T:
    """Those draws that count for anything."""
    weights = weights_of(x)
    return x if weights is None or weights.all() else cast("T", x.isel(draw=np.flatnonzero(weights)))


def weighed_alike[S: xr.DataArray | xr.Dataset, T: xr.DataArray | xr.Dataset](
    x: S, y: T, names: tuple[str, str]
) -> tuple[S, T]:
    """Two sides whose draws go together as they stand, each with the weights that one of them states.

    Raises
    ------
    InputError
        If both state weights, and these differ.
    """
    if "draw" not in x.dims or "draw" not in y.dims:
        return x, y
    stated = [WEIGHT in side.coords and side[WEIGHT].dims == ("draw",) for side in (x, y)]
    if stated == [True, True]:
        one, other = (weights if (weights := weights_of(side)) is not None else np.ones(1) for side in (x, y))
        if not np.allclose(one, other, rtol=1e-9, atol=0):
            raise InputError(
                f"weights of draws: found others for {names[0]} than for {names[1]}; allowed: the same for both"
            )
    if stated[0]:
        return x, _weighed_as(y, x)
    return (_weighed_as(x, y), y) if stated[1] else (x, y)


def _weighed_as[T: xr.DataArray | xr.Dataset](x: T, other: xr.DataArray | xr.Dataset) -> T:
    return cast("T", x.assign_coords({WEIGHT: ("draw", other[WEIGHT].values)}))


def dealt(order: NDArray[np.intp], weights: Floats | None) -> NDArray[np.intp]:
    """Which draw stands in the place of each, where draws are laid in another order, each as wide as its weight.

    Parameters
    ----------
    order : array of shape (draws,)
    weights : array of shape (draws,) or None
        With these, a draw stands where the middle of the other's width falls, so that it counts as before about.
    """
    if weights is None:
        return order
    middles, ends = np.cumsum(weights) - weights / 2, np.cumsum(weights[order])
    return np.asarray(order[np.minimum(np.searchsorted(ends, middles, side="right"), len(order) - 1)])


def shifted(x: xr.DataArray, step: int) -> xr.DataArray:
    """The same quantity with its draws moved on by some places, the last ones to the front; their labels stay."""
    weights = weights_of(x)
    if weights is None:
        return x.roll(draw=step)
    moved = dealt(np.roll(np.arange(x.sizes["draw"]), step), weights)
    return x.copy(data=x.isel(draw=moved).values)
