"""Claims of dominance and of the mean-spread frontier, and in what share of bootstrap resamples of draws they hold.

Another sample of draws would find another frontier. How often a claim holds when draws are picked anew, as they were
made (chains in blocks, mixtures within parts), tells whether it is a finding or luck; where it holds in some resamples
and not in others, options are not told apart.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.labels import in_label_order
from toc_model.statistics.draws import ROUNDING, fail_if_no_draws
from toc_model.statistics.standard_errors import design_of

type Told = Literal["yes", "no", "not told apart"]
type Counts = Floats | NDArray[np.int64]
"""How much each draw counts in resamples, shape (resamples, draws)."""

RESAMPLES = 200
LOW, HIGH = 0.025, 0.975
"""Shares of resamples between which a claim is neither made nor denied."""
KINDS = ("statewise", "first_order", "second_order")
"""Of dominance; each implies the next."""
AT_ONCE = 2**21
"""Losses of resamples that are looked at together."""
GLANCED = 16
"""Places at which two options are compared first, to save looking at all."""


def told(share: float) -> Told:
    """Whether a claim that holds in so many resamples is told to hold, told not to, or neither."""
    if LOW <= share <= HIGH:
        return "not told apart"
    return "yes" if share > HIGH else "no"


def dominance_shares(loss: xr.DataArray, *, resamples: int = RESAMPLES, seed: int = 0) -> xr.Dataset:
    """In what share of resamples of draws an allocation dominates another, and is dominated by any.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; draws are picked as wholes, so that differences stay paired.
    resamples : int
    seed : int
        Of the resamples.

    Returns
    -------
    xarray.Dataset
        ``share (kind, allocation, other)``, where the allocation dominates the other, and ``dominated (kind,
        allocation)``, where any other dominates it; for kinds see `toc_model.statistics.dominance.dominance`.

    Raises
    ------
    InputError
        If a loss is no finite number, or an allocation is there twice.
    """
    fail_if_no_draws(loss, "loss", "allocation")
    loss = in_label_order(loss)
    values = loss.transpose("draw", "allocation").values.astype(float)
    counts = design_of(loss).resamples(values, resamples, seed)
    found = np.stack([_statewise(values, counts), *_by_order(values, counts)], axis=1)
    names = loss["allocation"].values
    return xr.Dataset(
        {
            "share": (("kind", "allocation", "other"), found.mean(axis=0)),
            "dominated": (("kind", "allocation"), found.any(axis=2).mean(axis=0)),
        },
        coords={"kind": list(KINDS), "allocation": names, "other": names},
    )


def frontier_shares(loss: xr.DataArray, *, resamples: int = RESAMPLES, seed: int = 0) -> xr.DataArray:
    """In what share of resamples of draws an allocation is on the mean-spread frontier.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    resamples : int
    seed : int
        Of the resamples.

    Returns
    -------
    xarray.DataArray
        Dims ``(allocation,)``.

    Raises
    ------
    InputError
        If a loss is no finite number, or an allocation is there twice.
    """
    fail_if_no_draws(loss, "loss", "allocation")
    loss = in_label_order(loss)
    values = loss.transpose("draw", "allocation").values.astype(float)
    design = design_of(loss)
    counts, middle = design.resamples(values, resamples, seed).astype(float), design.mean(values)
    away = counts @ (values - middle) / len(values)
    spread = np.sqrt(np.maximum(counts @ (values - middle) ** 2 / len(values) - away**2, 0.0))
    on = on_frontier(middle + away, spread)
    return xr.DataArray(on.mean(axis=0), dims="allocation", coords={"allocation": loss["allocation"].values})


# What is claimed of one sample ------------------------------------------------------------------------------------


def on_frontier(mean: Floats, sd: Floats) -> NDArray[np.bool_]:
    """Whether none has less of both, by more than rounding; shape (..., options), as the two are."""
    no_worse, better = [], []
    for figure in (mean, sd):
        allowed = _rounding(figure, np.abs(figure).mean(axis=-1, keepdims=True))[..., None]
        mine, other = figure[..., None], figure[..., None, :]
        no_worse.append(other <= mine + allowed)
        better.append(other < mine - allowed)
    return np.asarray(~(np.logical_and(*no_worse) & np.logical_or(*better)).any(axis=-1))


def dominates(values: Floats) -> NDArray[np.bool_]:
    """Whether option i is nowhere above option j by more than rounding, and somewhere below.

    Parameters
    ----------
    values : array of shape (options, samples, places)

    Returns
    -------
    array of shape (samples, i, j)
    """
    size = np.abs(values).mean(axis=(0, 2))[:, None]
    some = values[..., :: max(1, values.shape[2] // GLANCED)]
    found = (some[:, None] <= some + _rounding(some, size)).all(axis=3).transpose(2, 0, 1)
    for one, other in np.argwhere(found.any(axis=0)):
        rows = found[:, one, other]
        mine, theirs = values[one, rows], values[other, rows]
        gap, allowed = mine - theirs, _rounding(theirs, size[rows])
        found[rows, one, other] = (gap <= allowed).all(axis=1) & (gap < -allowed).any(axis=1)
    return np.asarray(found)


def worst_first(values: Floats) -> Floats:
    """Each option's losses by themselves, the largest first; shape (options, samples, places)."""
    return np.asarray(-np.sort(-values, axis=2))


def worst_means(ordered: Floats, widths: Floats | None = None) -> Floats:
    """Mean of the one, two, three ... worst draws, or places of some widths, shape (places,)."""
    if widths is not None:
        return np.asarray(np.cumsum(ordered * widths, axis=2) / np.cumsum(widths))
    return np.asarray(np.cumsum(ordered, axis=2) / np.arange(1, ordered.shape[2] + 1))


def _rounding(values: Floats, size: Floats | float) -> Floats:
    return np.asarray(ROUNDING * (np.abs(values) + size))


# Resamples --------------------------------------------------------------------------------------------------------


def _statewise(values: Floats, counts: Counts) -> NDArray[np.bool_]:
    """Where i dominates j in every draw of a resample, shape (resamples, i, j)."""
    allowed = _rounding(values, float(np.abs(values).mean()))[:, None, :]
    gap = values[:, :, None] - values[:, None, :]
    picked = (counts > 0).astype(np.float32)
    worse, better = (
        (picked @ so.reshape(len(values), -1).astype(np.float32)).reshape(len(counts), *gap.shape[1:])
        for so in (gap > allowed, gap < -allowed)
    )
    return np.asarray((worse == 0) & (better > 0))


def _by_order(values: Floats, counts: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where i dominates j at every quantile, and in every mean of the worst, shape (resamples, i, j) each."""
    found = [(dominates(ordered), dominates(worst_means(ordered))) for ordered in _ordered(values, counts)]
    first, second = zip(*found, strict=True)
    return np.concatenate(first), np.concatenate(second)


def _ordered(values: Floats, counts: Counts) -> Iterator[Floats]:
    """Resamples, some at a time, with each option's losses in order, the largest first.

    Where draws count in parts, as many places as there are draws stand for them, evenly spread over what they count.
    """
    order = np.argsort(-values, axis=0, kind="stable").T
    columns = np.take_along_axis(values.T, order, axis=1)
    many = max(1, AT_ONCE // values.size)
    for first in range(0, len(counts), many):
        some = counts[first : first + many]
        yield np.stack(
            [
                np.repeat(np.tile(column, len(some)), _places(some[:, own]).ravel()).reshape(len(some), -1)
                for column, own in zip(columns, order, strict=True)
            ]
        )


def _places(counts: Counts) -> NDArray[np.int64]:
    """How many of the middles of as many equal places as there are draws fall on each, where they lie end to end."""
    if counts.dtype.kind == "i":
        return np.asarray(counts)
    passed = np.floor(np.cumsum(counts, axis=1) + 0.5).astype(np.int64)
    return np.diff(passed, axis=1, prepend=0)
