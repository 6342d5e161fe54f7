"""Indices from draws as they are, dependent or not: nothing is sampled and no model is run."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics.draws import fail_if_no_draws, varies
from toc_model.statistics.regression import RESAMPLES, explained
from toc_model.statistics.shapley import shapley

NORMAL_90 = 1.6448536269514722
FEWEST_DRAWS = 200


def first_order(inputs: xr.DataArray, outcomes: xr.DataArray) -> xr.Dataset:
    """Share of each outcome's variance that knowing one input would remove, Var(E[Y|x]) / Var(Y).

    For dependent inputs that includes what an input tells about others.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``, on any scale: only their ranks count.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Returns
    -------
    xarray.Dataset
        ``index``, ``low`` and ``high`` (90 % bootstrap interval), dims ``(entry, outcome)``.

    Raises
    ------
    InputError
        If there are too few draws, inputs and outcomes are of different ones, or an outcome does not vary.
    """
    outcomes = paired_outcomes(inputs, outcomes)
    shares = [_explained(inputs, outcomes, [name]) for name in inputs["entry"].values]
    return _with_interval(xr.concat(shares, dim=inputs["entry"]))


def shapley_effects(inputs: xr.DataArray, outcomes: xr.DataArray) -> xr.Dataset:
    """Divide the variance that some inputs explain together among them, fairly also where they depend on each other.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``, a handful of entries, on any scale.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Returns
    -------
    xarray.Dataset
        ``index``, ``low`` and ``high`` (90 % bootstrap interval), dims ``(entry, outcome)``, which add up to
        ``explained (outcome)``.

    Raises
    ------
    InputError
        If there are too few draws or too many inputs, inputs and outcomes are of different draws, or an outcome does
        not vary.

    Notes
    -----
    Owen, A. B. (2014), Sobol' indices and Shapley value; Song, Nelson and Staum (2016), for dependent inputs.
    """
    outcomes = paired_outcomes(inputs, outcomes)
    names = [str(name) for name in inputs["entry"].values]
    shares = shapley(names, lambda chosen: _explained(inputs, outcomes, sorted(chosen)))
    found = xr.concat(list(shares.values()), dim=inputs["entry"])
    return _with_interval(found).assign(explained=found.isel(resample=0).sum("entry"))


def paired_outcomes(inputs: xr.DataArray, outcomes: xr.DataArray) -> xr.DataArray:
    """Outcomes in the order of the inputs' draws, fit for a regression.

    Raises
    ------
    InputError
        If there are too few draws, or others, an outcome is the same in all, an entry is there twice, or a value is no
        finite number.
    """
    fail_if_no_draws(inputs, "inputs", "entry")
    fail_if_no_draws(outcomes, "outcomes", "outcome")
    outcomes = aligned(outcomes, inputs, ("outcomes", "the table of inputs"), ["draw"])
    if outcomes.sizes["draw"] < FEWEST_DRAWS:
        raise InputError(f"given-data: found {outcomes.sizes['draw']} draws; allowed: {FEWEST_DRAWS} or more")
    fail_if_constant(outcomes)
    return outcomes


def fail_if_constant(outcomes: xr.DataArray) -> None:
    """Fail if an outcome is the same in all draws, so that there is nothing to attribute."""
    for name in outcomes["outcome"].values:
        values = outcomes.sel(outcome=name)
        if not varies(values.values):
            raise InputError(f"{name}: the same in all draws; nothing can be attributed to parameters")


def _explained(inputs: xr.DataArray, outcomes: xr.DataArray, chosen: Iterable[str]) -> xr.DataArray:
    """Shares explained by some inputs, none for no input, dims ``(outcome, resample)``."""
    x = inputs.transpose("draw", "entry").sel(entry=list(chosen)).values
    y = outcomes.transpose("draw", "outcome").values
    shares = explained(x, y) if x.shape[1] else np.zeros((y.shape[1], 1 + RESAMPLES))
    return xr.DataArray(shares, dims=("outcome", "resample"), coords={"outcome": outcomes["outcome"].values})


def _with_interval(shares: xr.DataArray) -> xr.Dataset:
    index = shares.isel(resample=0)
    half = NORMAL_90 * shares.isel(resample=slice(1, None)).std("resample", ddof=1)
    return xr.Dataset({"index": index, "low": index - half, "high": index + half})
