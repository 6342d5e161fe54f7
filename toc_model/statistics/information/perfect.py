"""Perfect information: about everything, about one parameter, about several."""

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.errors import InputError
from toc_model.statistics.information.columns import Inputs, columns_like, paired_losses
from toc_model.statistics.information.estimates import Estimate, estimate_of, sampling_variance, value_of
from toc_model.statistics.regression import on_one_thread, smooth
from toc_model.statistics.standard_errors import design_of

PER_INPUT = 5
"""Fewest draws for each of several inputs."""


def evpi(loss: xr.DataArray) -> Estimate:
    """Expected value of perfect information: what choosing after everything is known saves.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.

    Returns
    -------
    Estimate
        In the unit of the loss.

    Raises
    ------
    InputError
        If there are fewer than 100 draws or two allocations, or a loss is not finite.
    """
    known = paired_losses(loss)
    return Estimate(float(value_of(known)), float(np.sqrt(sampling_variance(known, design_of(loss)))))


@on_one_thread
def evppi(loss: xr.DataArray, inputs: Inputs) -> Estimate:
    """Expected value of perfect information about some parameters, together.

    Paired differences of losses are regressed on the parameters (Strong, Oakley and Brennan 2014): a penalised spline
    for one, a Gaussian process for several. Knowing several is worth at least what knowing one of them is, so that the
    largest of these estimates is returned, and no more than the value of knowing everything.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    inputs : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``; each place along other dims counts as a parameter. Draws go with those of the loss by
        their labels.

    Raises
    ------
    InputError
        As for `evpi`, or if inputs have other draws or a value that is not finite, or are too many for so few draws.
    """
    losses = paired_losses(loss)
    columns = list(columns_like(inputs, loss).values())
    if len(columns) * PER_INPUT > len(losses):
        raise InputError(
            f"inputs: found {len(columns)} for {len(losses)} draws; allowed: one for every {PER_INPUT} draws or fewer"
        )
    design = design_of(loss)
    found = [estimate_of(smooth(column[:, None], losses), design) for column in columns]
    if len(columns) > 1:
        found.append(estimate_of(smooth(np.column_stack(columns), losses), design))
    return max(found, key=lambda estimate: estimate.value).at_most(evpi(loss))


@on_one_thread
def evppi_of_each(loss: xr.DataArray, parameters: Inputs, *, progress: Progress | None = None) -> xr.Dataset:
    """Expected value of perfect information about each parameter alone.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    parameters : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``.
    progress : callable, optional
        Called with the number of parameters done and of all.

    Returns
    -------
    xarray.Dataset
        ``value`` and ``se``, dims ``(parameter,)``; a parameter with further dims has an entry ``name[place]`` for each
        place.

    Raises
    ------
    InputError
        As `evppi` does.
    """
    losses = paired_losses(loss)
    columns = columns_like(parameters, loss)
    limit, design = evpi(loss), design_of(loss)
    found: list[Floats] = []
    for column in columns.values():
        estimate = estimate_of(smooth(column[:, None], losses), design).at_most(limit)
        found.append(np.array([estimate.value, estimate.se]))
        if progress:
            progress(len(found), len(columns))
    values, errors = np.transpose(found)
    return xr.Dataset(
        {"value": ("parameter", values), "se": ("parameter", errors)}, coords={"parameter": list(columns)}
    )
