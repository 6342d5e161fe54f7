"""Comparing allocations on plain xarray data: prior or posterior draws, this story or another.

Every function takes losses (lower is better; for pay-offs pass the negative), an array with the dims ``draw`` and
``allocation``. All allocations share their draws, so differences are paired. A value that is no finite number is
refused: leaving out its draw for one allocation alone would break the pairs. Names of measures are those of health
economics (Briggs et al. 2006) and of decision theory: P(best) is the probability of being cost-effective, expected
opportunity loss the mean regret of a choice, CVaR the mean of the worst draws (Rockafellar and Uryasev 2000).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr

from toc_model.errors import InputError, unknown
from toc_model.labels import aligned
from toc_model.statistics import averages
from toc_model.statistics.draws import difference, fail_if_no_draws, fail_if_unfit, rounding
from toc_model.statistics.standard_errors import design_of, error_of_mean

LOW, HIGH = 0.05, 0.95
LEVEL = 0.95
"""Draws beyond this quantile of the loss are the worst ones."""
AS_GOOD = 1.959964
"""Standard errors of a paired difference within which two are as good as each other."""


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

    Raises
    ------
    InputError
        If there are no draws, or several chains of them, or a value is no finite number.
    """
    fail_if_no_draws(x, str(x.name or "draws"))
    low, high = averages.quantiles(x, [LOW, HIGH])
    mean = averages.mean(x)
    low_high = {"q05": mean.copy(data=low), "q95": mean.copy(data=high)}
    return xr.Dataset({"mean": mean, **low_high, "mcse": error_of_mean(x)})


def row(table: xr.Dataset, **place: object) -> dict[str, float]:
    """The figures of a table at one place, by name, as JSON has them.

    Parameters
    ----------
    table : xarray.Dataset
        Such as `summary` gives.
    **place
        A label for each dim of the table.
    """
    return {str(name): float(values.sel(place)) for name, values in table.data_vars.items()}


def figures(x: xr.DataArray) -> dict[str, float]:
    """The `summary` of one quantity, dims ``(draw,)``, as JSON has it."""
    if x.dims != ("draw",):
        return row(summary(x))
    fail_if_no_draws(x, str(x.name or "draws"))
    low, high = averages.quantiles(x, [LOW, HIGH]).tolist()
    design = design_of(x)
    return {"mean": float(design.mean(x.values)), "q05": low, "q95": high, "mcse": float(design.error(x.values))}


# Paired differences -----------------------------------------------------------------------------------------------


def paired_change(loss: xr.DataArray, baseline: str) -> xr.DataArray:
    """Difference from a baseline allocation in the same draw; zero where there is none but rounding.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    baseline : str
        Label of an allocation.

    Raises
    ------
    InputError
        If there is no such allocation, or an allocation is there twice.
    """
    _fail_if_no_losses(loss)
    names = [str(name) for name in loss["allocation"].values]
    if baseline not in names:
        raise InputError(f"baseline: {unknown('allocation', baseline, names)}")
    return difference(loss, loss.sel(allocation=baseline, drop=True))


def paired_effect(change: xr.DataArray) -> xr.Dataset:
    """What a paired change comes to: its `summary`, and in how many draws it is for the better.

    Parameters
    ----------
    change : xarray.DataArray
        Differences of losses without what is only rounding, dims ``(draw, ...)``, such as `paired_change` gives.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``q05``, ``q95``, ``mcse`` and ``share_better``, the share of draws with a fall, without ``draw``.
    """
    return summary(change).assign(share_better=averages.mean(change < 0))


def effect_figures(effect: xr.Dataset, **place: object) -> dict[str, Any]:
    """A `paired_effect` at one place, by name, as JSON has it: ``change`` and ``share_better``."""
    found = row(effect, **place)
    better = found.pop("share_better")
    return {"change": found, "share_better": better}


def still_as_good[T: (float, xr.DataArray)](best: float, error: T) -> T:
    """The largest figure that can't be told from the best, given the Monte Carlo error of their paired difference."""
    return best + AS_GOOD * error


def as_good_as_best(loss: xr.DataArray, dim: str = "allocation") -> xr.DataArray:
    """Which have a mean that paired draws can't tell from the least one.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, dim)``.
    dim : str

    Returns
    -------
    xarray.DataArray
        Dims ``(dim,)``; true for the best itself.
    """
    fail_if_no_draws(loss, "loss", dim)
    best = int(averages.mean(loss).argmin(dim))
    worse = summary(difference(loss, loss.isel({dim: best}, drop=True)))
    return worse["mean"] <= still_as_good(0.0, worse["mcse"])


# Which is best ----------------------------------------------------------------------------------------------------


def is_best(loss: xr.DataArray) -> xr.DataArray:
    """Whether an allocation is the best in a draw; where several tie but for rounding, each has an equal share.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.

    Returns
    -------
    xarray.DataArray
        Dims ``(draw, allocation)``; each draw adds up to one.
    """
    _fail_if_no_losses(loss)
    least = loss.min("allocation")
    best = loss <= least + rounding(least)
    return best / best.sum("allocation")


def p_best(loss: xr.DataArray) -> xr.DataArray:
    """Probability that an allocation is the best; ties are shared, so that the probabilities add up to one.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.

    Returns
    -------
    xarray.DataArray
        Dims ``(allocation,)``.
    """
    return averages.mean(is_best(loss))


def p_best_curve(loss: xr.DataArray, cost: xr.DataArray, prices: Sequence[float]) -> xr.DataArray:
    """Probability of being the best when each unit of cost must earn its price (an acceptability curve).

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    cost : xarray.DataArray
        What an allocation takes, dims ``(allocation,)`` or ``(draw, allocation)``, in any unit.
    prices : sequence of float
        Loss that one unit of cost must avert, in units of loss per unit of cost.

    Returns
    -------
    xarray.DataArray
        Dims ``(price, allocation)``.

    Raises
    ------
    InputError
        If the cost is of other allocations or draws, or a loss, a cost or a price is no finite number.
    """
    return xr.concat(map(p_best, priced(loss, cost, prices)), dim="price").assign_coords(price=list(prices))


def priced(loss: xr.DataArray, cost: xr.DataArray, prices: Sequence[float]) -> Iterator[xr.DataArray]:
    """Losses with costs counted at each price; arguments and errors as of `p_best_curve`."""
    _fail_if_no_losses(loss)
    fail_if_unfit(cost, "cost")
    if not len(prices):
        raise InputError("prices: found none; allowed: one or more")
    fail_if_unfit(xr.DataArray(list(prices), dims="price", coords={"price": list(prices)}), "prices")
    names = ("cost", "the loss")
    cost, loss = averages.weighed_alike(aligned(cost, loss, names), loss, names)
    return (loss + price * cost for price in prices)


# What a wrong choice costs ----------------------------------------------------------------------------------------


def regret(loss: xr.DataArray) -> xr.DataArray:
    """How much worse than the best an allocation is: in each draw, or in each worldview if the array has means.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(..., allocation)``.
    """
    fail_if_unfit(loss, "loss")
    return loss - loss.min("allocation")


def expected_opportunity_loss(loss: xr.DataArray) -> xr.DataArray:
    """Mean regret of committing to an allocation now; that of the best one is what perfect information is worth.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    """
    return averages.mean(regret(loss))


def regret_across(means: xr.DataArray, weights: xr.DataArray | Sequence[float] | None = None) -> xr.Dataset:
    """Regret across worldviews that nobody can decide between.

    Parameters
    ----------
    means : xarray.DataArray
        Mean loss, dims ``(worldview, allocation)``.
    weights : xarray.DataArray or sequence of float, optional
        Of the worldviews, dims ``(worldview,)``; equal by default. Only the mean depends on them.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``largest`` and ``worst_worldview`` (where it is largest), dims ``(allocation,)``. The allocation
        with the smallest ``largest`` is the minimax-regret choice (Savage 1951).

    Raises
    ------
    InputError
        If the weights are of other worldviews, or a mean or a weight is no finite number.
    """
    table = regret(means)
    if weights is None:
        weights = [1.0] * means.sizes["worldview"]
    by_worldview = weights if isinstance(weights, xr.DataArray) else xr.DataArray(list(weights), dims="worldview")
    fail_if_unfit(by_worldview, "weights")
    weight = aligned(by_worldview, means, ("weights", "the table of means"))
    worst = table["worldview"].values[table.argmax("worldview").values]
    return xr.Dataset(
        {
            "mean": (table * weight).sum("worldview") / weight.sum(),
            "largest": table.max("worldview"),
            "worst_worldview": ("allocation", worst),
        }
    )


# Risk -------------------------------------------------------------------------------------------------------------


def cvar(loss: xr.DataArray, level: float = LEVEL) -> xr.DataArray:
    """Mean of the worst draws: conditional value at risk, the last draw counted in part where shares demand it.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, ...)``.
    level : float
        Share of draws that are not among the worst, in [0, 1); 0 gives the mean.

    Raises
    ------
    InputError
        If the level is outside [0, 1).
    """
    _fail_if_no_level(level)
    fail_if_no_draws(loss, "loss")
    one, design = loss.isel(draw=0, drop=True), design_of(loss)
    values = loss.transpose("draw", *one.dims).values
    if design.weight is not None:
        return one.copy(data=(averages.tail_weights(values, level, design.weight) * values).sum(axis=0))
    values = -np.sort(-values, axis=0)
    tail = (1 - level) * len(values)
    weights = np.clip(tail - np.arange(len(values)), 0, 1) / tail
    return one.copy(data=np.tensordot(weights, values, axes=1))


def cvar_error(loss: xr.DataArray, level: float = LEVEL) -> xr.DataArray:
    """Monte Carlo error of `cvar`, from what each draw adds to it (its influence function).

    Where draws are those of chains, it is as if as few were effective as for being among the worst at all, if these are
    fewer: a chain reaches its worst draws now and then, and how far it went there tells little of that.
    """
    _fail_if_no_level(level)
    fail_if_no_draws(loss, "loss")
    threshold = loss.isel(draw=0, drop=True).copy(data=averages.quantiles(loss, [level])[0])
    worst = (loss - threshold).clip(min=0)
    error, design = error_of_mean(threshold + worst / (1 - level)), design_of(loss)
    if design.chain is None:
        return error
    depth = worst.transpose("draw", *error.dims).values
    slower = design.inflation((depth > 0).astype(float)) / design.inflation(depth)
    return error * np.maximum(slower, 1.0)


def _fail_if_no_level(level: float) -> None:
    if not 0 <= level < 1:
        raise InputError(f"level: found {level:g}; allowed: from 0 to below 1")


def _fail_if_no_losses(loss: xr.DataArray) -> None:
    """Fail if losses have no draws or no allocations, one stands twice, or a loss is no finite number."""
    fail_if_no_draws(loss, "loss", "allocation")
