"""Losses and inputs as plain columns, checked once."""

from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, fail_if_chains
from toc_model.statistics.averages import mean_of, weighed_alike, weights_of
from toc_model.statistics.draws import fail_if_unfit

type Inputs = xr.DataArray | xr.Dataset

FEWEST = 100
"""Fewest draws from which a value of information is estimated."""


def paired_losses(loss: xr.DataArray) -> Floats:
    """Losses less those of the allocation that is best in the mean, which comes first.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.

    Returns
    -------
    array of shape (draws, allocations - 1)
        Paired differences; positive where the allocation that is best in the mean is better.

    Raises
    ------
    InputError
        If the dims are others, there are too few draws or one allocation only, or a loss is not finite.
    """
    fail_if_no_losses(loss)
    values = loss.transpose("draw", "allocation").values.astype(float)
    best = int(mean_of(values, weights_of(loss)).argmin())
    return np.asarray(np.delete(values, best, axis=1) - values[:, [best]])


def fail_if_no_losses(loss: xr.DataArray) -> None:
    """Fail if losses have other dims, too few draws or one allocation only, or one is not finite."""
    fail_if_chains(loss, "loss")
    if set(loss.dims) != {"draw", "allocation"}:
        raise InputError(f"loss: found the dims {tuple(map(str, loss.dims))}; allowed: draw and allocation")
    if loss.sizes["draw"] < FEWEST:
        raise InputError(f"loss: found {loss.sizes['draw']} draws; allowed: {FEWEST} or more")
    if loss.sizes["allocation"] < 2:
        raise InputError(f"loss: found {loss.sizes['allocation']} allocation; allowed: two or more to decide between")
    fail_if_unfit(loss, "loss")


def columns_like(inputs: Inputs, other: xr.DataArray, name: str = "the loss") -> dict[str, Floats]:
    """Every single quantity among inputs, as `columns_of` gives them, in the order of another array's draws.

    Raises
    ------
    InputError
        If the inputs are of other draws, there are none, or one is not finite.
    """
    return columns_of(_aligned(inputs, other, name)[0], other.sizes["draw"])


def weighed_as(inputs: Inputs, other: xr.DataArray, name: str = "the loss") -> xr.DataArray:
    """The other array with the weights of draws that either side states.

    Raises
    ------
    InputError
        If the inputs are of other draws, or of draws with other weights.
    """
    inputs, names = _aligned(inputs, other, name)
    return weighed_alike(inputs, other, names)[1]


def _aligned(inputs: Inputs, other: xr.DataArray, name: str) -> tuple[Inputs, tuple[str, str]]:
    called = inputs.name if isinstance(inputs, xr.DataArray) else None
    names = (str(called or "inputs"), name)
    return aligned(inputs, other, names, ["draw"]), names


def columns_of(inputs: Inputs, draws: int) -> dict[str, Floats]:
    """Every single quantity among inputs, by name; ``name[place]`` for those with more dims than ``draw``.

    Parameters
    ----------
    inputs : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``; what lacks ``draw`` is the same in all draws.
    draws : int
        How many there must be.

    Raises
    ------
    InputError
        If there are no inputs, or other draws, or one is not finite.
    """
    named = inputs.data_vars if isinstance(inputs, xr.Dataset) else {inputs.name or "input": inputs}
    found: dict[str, Floats] = {}
    for name, values in named.items():
        fail_if_chains(values, str(name))
        if values.sizes.get("draw", draws) != draws:
            raise InputError(f"{name}: found {values.sizes['draw']} draws; allowed: {draws}")
        fail_if_unfit(values, str(name))
        found |= _places(str(name), values, draws)
    if not found:
        raise InputError("inputs: found none; allowed: one or more")
    return found


def _places(name: str, values: xr.DataArray, draws: int) -> dict[str, Floats]:
    dims = [dim for dim in values.dims if dim != "draw"]
    labels: list[Any] = [values[dim].values for dim in dims]
    found = {}
    for place in product(*(range(len(of_dim)) for of_dim in labels)):
        here = values.isel(dict(zip(dims, place, strict=True))).values.astype(float)
        entry = Entry(name, tuple(str(of_dim[i]) for of_dim, i in zip(labels, place, strict=True)))
        found[str(entry)] = np.broadcast_to(here, draws)
    return found
