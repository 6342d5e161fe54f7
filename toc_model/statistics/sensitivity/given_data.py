"""Indices from draws as they are, dependent or not: nothing is sampled and no model is run."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, in_label_order
from toc_model.statistics.averages import counting, weighed_alike, weights_of
from toc_model.statistics.draws import fail_if_no_draws, varies
from toc_model.statistics.regression import Explained, blocks_of, explained
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
        ``index``, ``low`` and ``high`` (90 % interval), dims ``(entry, outcome)``.

    Raises
    ------
    InputError
        If there are too few draws, inputs and outcomes are of different ones, or an outcome does not vary.
    """
    inputs = in_label_order(inputs)
    outcomes = paired_outcomes(inputs, outcomes)
    names = inputs["entry"].values
    return xr.concat([_with_interval(_explained(inputs, outcomes, [name])) for name in names], dim=inputs["entry"])


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
        ``index``, ``low`` and ``high`` (90 % interval), dims ``(entry, outcome)``, which add up to ``explained
        (outcome)``.

    Raises
    ------
    InputError
        If there are too few draws or too many inputs, inputs and outcomes are of different draws, or an outcome does
        not vary.

    Notes
    -----
    Owen, A. B. (2014), Sobol' indices and Shapley value; Song, Nelson and Staum (2016), for dependent inputs.
    """
    inputs = in_label_order(inputs)
    outcomes = paired_outcomes(inputs, outcomes)
    names = [str(name) for name in inputs["entry"].values]
    shares = shapley(names, lambda chosen: _explained(inputs, outcomes, sorted(chosen)))
    found = xr.concat([_with_interval(share) for share in shares.values()], dim=inputs["entry"])
    return found.assign(explained=found["index"].sum("entry"))


def explained_together(inputs: xr.DataArray, outcomes: xr.DataArray) -> xr.Dataset:
    """Share of each outcome's variance that a regression on all inputs at once explains.

    Where the inputs determine the outcomes the whole is there to be explained, and the rest is what the regression
    misses.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``, on any scale.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Returns
    -------
    xarray.Dataset
        ``index``, ``low`` and ``high`` (90 % interval), dims ``(outcome)``.

    Raises
    ------
    InputError
        As for `first_order`.
    """
    inputs = in_label_order(inputs)
    outcomes = paired_outcomes(inputs, outcomes)
    return _with_interval(_explained(inputs, outcomes, [str(name) for name in inputs["entry"].values]))


def paired_outcomes(inputs: xr.DataArray, outcomes: xr.DataArray) -> xr.DataArray:
    """Outcomes in the order of the inputs' draws, with the weights that either states, fit for a regression.

    Raises
    ------
    InputError
        If there are too few draws, or others, an outcome is the same in all, an entry is there twice, or a value is no
        finite number.
    """
    fail_if_no_draws(inputs, "inputs", "entry")
    fail_if_no_draws(outcomes, "outcomes", "outcome")
    names = ("outcomes", "the table of inputs")
    outcomes, _ = weighed_alike(aligned(outcomes, inputs, names, ["draw"]), inputs, names)
    if outcomes.sizes["draw"] < FEWEST_DRAWS:
        raise InputError(f"given-data: found {outcomes.sizes['draw']} draws; allowed: {FEWEST_DRAWS} or more")
    fail_if_constant(outcomes)
    return outcomes


def fail_if_constant(outcomes: xr.DataArray) -> None:
    """Fail if an outcome is the same in all draws, so that there is nothing to attribute."""
    for name in outcomes["outcome"].values:
        values = counting(outcomes).sel(outcome=name)
        if not varies(values.values):
            raise InputError(f"{name}: the same in all draws; nothing can be attributed to parameters")


# Shares -----------------------------------------------------------------------------------------------------------

SHARE, OPTIMISM = 0, 1
"""Places of the share and its optimism along ``part``; influences of draws come after them."""


def _explained(inputs: xr.DataArray, outcomes: xr.DataArray, chosen: Sequence[str]) -> xr.DataArray:
    """Share explained by some inputs, its optimism and its influences, all zero for no input; ``(outcome, part)``."""
    x = inputs.transpose("draw", "entry").sel(entry=list(chosen)).values
    y = outcomes.transpose("draw", "outcome").values
    found = _columns(explained(x, y, weights_of(outcomes))) if x.shape[1] else np.zeros((y.shape[1], 2 + len(y)))
    return xr.DataArray(found, dims=("outcome", "part"), coords={"outcome": outcomes["outcome"].values})


def _columns(found: Explained) -> Floats:
    return np.column_stack([found.share, found.optimism, found.influence])


def _with_interval(found: xr.DataArray) -> xr.Dataset:
    """An index that is linear in shares, with an interval that holds what is explained of draws seen and unseen."""
    index = found.isel(part=SHARE)
    error = index.copy(data=error_of(found.isel(part=slice(2, None)).values))
    half = NORMAL_90 * error + abs(found.isel(part=OPTIMISM))
    return xr.Dataset({"index": index, "low": index - half, "high": index + half})


def error_of(influence: Floats) -> Floats:
    """Standard error of the mean over draws, from means of blocks, which may depend on each other within.

    Parameters
    ----------
    influence : array of shape (..., draws)

    Returns
    -------
    array of shape (...)
    """
    block = blocks_of(influence.shape[-1])
    starts = np.searchsorted(block, np.arange(block[-1] + 1))
    means = np.add.reduceat(influence, starts, axis=-1) / np.bincount(block)
    return np.asarray(means.std(axis=-1, ddof=1) / np.sqrt(len(starts)))
