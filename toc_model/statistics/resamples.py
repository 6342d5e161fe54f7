"""Claims of dominance and of the mean-spread frontier, and in what share of bootstrap resamples of draws they hold.

Another sample of draws would find another frontier. How often a claim holds when draws are picked anew tells whether it
is a finding or luck; where it holds in some resamples and not in others, options are not told apart.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.statistics.draws import ROUNDING, fail_if_no_draws

type Told = Literal["yes", "no", "not told apart"]

RESAMPLES = 200
LOW, HIGH = 0.025, 0.975
"""Shares of resamples between which a claim is neither made nor denied."""
KINDS = ("statewise", "first_order", "second_order")
"""Of dominance; each implies the next."""
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
        allocation)``, where any other dominates it; for kinds see `toc_model.statistics.decisions.dominance`.

    Raises
    ------
    InputError
        If a loss is no finite number, or an allocation is there twice.
    """
    fail_if_no_draws(loss, "loss", "allocation")
    values = loss.transpose("draw", "allocation").values.astype(float)
    counts = _counts(len(values), resamples, seed)
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
    values = loss.transpose("draw", "allocation").values.astype(float)
    counts = _counts(len(values), resamples, seed).astype(float)
    middle = values.mean(axis=0)
    away = counts @ (values - middle) / len(values)
    spread = np.sqrt(np.maximum(counts @ (values - middle) ** 2 / len(values) - away**2, 0.0))
    on = [on_frontier(mean, sd) for mean, sd in zip(middle + away, spread, strict=True)]
    return xr.DataArray(np.mean(on, axis=0), dims="allocation", coords={"allocation": loss["allocation"].values})


# What is claimed of one sample ------------------------------------------------------------------------------------


def on_frontier(mean: Floats, sd: Floats) -> NDArray[np.bool_]:
    """Whether none has less of both, by more than rounding; shape (options,)."""
    no_worse, better = (np.ones((len(mean), len(mean)), bool), np.zeros((len(mean), len(mean)), bool))
    for figure in (mean, sd):
        allowed = _rounding(figure)
        no_worse &= figure[None, :] <= figure[:, None] + allowed[:, None]
        better |= figure[None, :] < figure[:, None] - allowed[:, None]
    return np.asarray(~(no_worse & better).any(axis=1))


def dominates(values: Floats) -> NDArray[np.bool_]:
    """Whether column i is nowhere above column j by more than rounding, and somewhere below; shape (i, j)."""
    allowed = _rounding(values)
    glanced = slice(None, None, max(1, len(values) // GLANCED))
    some, room = values[glanced], allowed[glanced]
    found = (some[:, :, None] <= (some + room)[:, None, :]).all(axis=0)
    for one, other in np.argwhere(found):
        gap = values[:, one] - values[:, other]
        found[one, other] = (gap <= allowed[:, other]).all() and (gap < -allowed[:, other]).any()
    return np.asarray(found)


def worst_first(values: Floats) -> Floats:
    """Each column by itself, its largest loss first."""
    return -np.sort(-values, axis=0)


def worst_means(ordered: Floats) -> Floats:
    """Mean of the one, two, three ... worst draws."""
    return np.asarray(np.cumsum(ordered, axis=0) / np.arange(1, len(ordered) + 1)[:, None])


def _rounding(values: Floats) -> Floats:
    return np.asarray(ROUNDING * (np.abs(values) + np.abs(values).mean()))


# Resamples --------------------------------------------------------------------------------------------------------


def _counts(draws: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each draw is in each resample, shape (resamples, draws)."""
    return np.random.default_rng(seed).multinomial(draws, np.full(draws, 1 / draws), resamples)


def _statewise(values: Floats, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where i dominates j in every draw of a resample, shape (resamples, i, j)."""
    allowed = _rounding(values)
    gap = values[:, :, None] - values[:, None, :]
    shape = len(counts), *gap.shape[1:]
    above, below = ((gap > allowed[:, None, :]), (gap < -allowed[:, None, :]))
    picked = counts.astype(np.float32)
    worse, better = ((picked @ so.reshape(len(values), -1).astype(np.float32)).reshape(shape) for so in (above, below))
    return np.asarray((worse == 0) & (better > 0))


def _by_order(values: Floats, counts: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where i dominates j at every quantile, and in every mean of the worst, shape (resamples, i, j) each."""
    found = [(dominates(ordered), dominates(worst_means(ordered))) for ordered in _ordered(values, counts)]
    first, second = zip(*found, strict=True)
    return np.stack(first), np.stack(second)


def _ordered(values: Floats, counts: NDArray[np.int64]) -> Iterator[Floats]:
    """Every resample with each column by itself in order, the largest loss first."""
    order = np.argsort(-values, axis=0, kind="stable")
    columns = np.take_along_axis(values, order, axis=0).T
    for picked in counts:
        yield np.stack([np.repeat(column, picked[own]) for column, own in zip(columns, order.T, strict=True)], axis=1)
