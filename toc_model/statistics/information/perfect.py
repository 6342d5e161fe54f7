"""Perfect information: about everything, about one parameter, about several."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.errors import InputError
from toc_model.labels import in_label_order
from toc_model.statistics.information.columns import Inputs, columns_like, paired_losses, weighed_as
from toc_model.statistics.information.estimates import Estimate
from toc_model.statistics.information.gains import Gain, gain_of, gain_of_all
from toc_model.statistics.information.ranks import ranks_of
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
    loss = in_label_order(loss)
    return gain_of_all(paired_losses(loss), design_of(loss)).estimate


@on_one_thread
def evppi(loss: xr.DataArray, inputs: Inputs, *, alone: Mapping[str, Estimate] | None = None) -> Estimate:
    """Expected value of perfect information about some parameters, together.

    Paired differences of losses are regressed on the parameters (Strong, Oakley and Brennan 2014): on a spline of one,
    and on what several do alone and together. What is then chosen is judged on the draws that it was chosen from and on
    others (see `toc_model.statistics.information.gains`). Knowing several is worth at least what knowing one of them
    is, and no more than knowing everything.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    inputs : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``; each place along other dims counts as a parameter. Draws go with those of the loss by
        their labels.
    alone : mapping of str to Estimate, optional
        What knowing single ones of them is worth, as far as it is known already.

    Raises
    ------
    InputError
        As for `evpi`, or if inputs have other draws or a value that is not finite, or are too many for so few draws.
    """
    loss = weighed_as(inputs, in_label_order(loss))
    losses = paired_losses(loss)
    columns = columns_like(inputs, loss)
    if len(columns) * PER_INPUT > len(losses):
        raise InputError(
            f"inputs: found {len(columns)} for {len(losses)} draws; allowed: one for every {PER_INPUT} draws or fewer"
        )
    design = design_of(loss)
    found = gain_of(smooth(np.column_stack(list(columns.values())), losses, design.weight), design).estimate
    if len(columns) > 1:
        known = alone or {}
        each = (
            known[name] if name in known else gain_of(smooth(column[:, None], losses, design.weight), design).estimate
            for name, column in columns.items()
        )
        found = found.at_least(max(each, key=lambda estimate: estimate.value))
    return found.at_most(evpi(loss))


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
        place. ``first`` and ``last``, of the same dims, are the ranks that a parameter may have: those of which it is
        not told apart at 90 % are neither above nor below it. ``needed`` is the number of draws at which the first
        three would be told apart from all that come after each, if these estimates were right.

    Raises
    ------
    InputError
        As `evppi` does.
    """
    loss = weighed_as(parameters, in_label_order(loss))
    losses = paired_losses(loss)
    columns = columns_like(parameters, loss)
    design = design_of(loss)
    found: list[Gain] = []
    for column in columns.values():
        found.append(gain_of(smooth(column[:, None], losses, design.weight), design))
        if progress:
            progress(len(found), len(columns))
    limit = evpi(loss)
    estimates = [gain.estimate.at_most(limit) for gain in found]
    ranks = ranks_of(found)
    return xr.Dataset(
        {
            "value": ("parameter", [estimate.value for estimate in estimates]),
            "se": ("parameter", [estimate.se for estimate in estimates]),
            "first": ("parameter", ranks.first),
            "last": ("parameter", ranks.last),
            "needed": ranks.needed,
        },
        coords={"parameter": list(columns)},
    )
