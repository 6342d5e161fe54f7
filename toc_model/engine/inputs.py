"""What an evaluation starts from: parameters, levers, marks and held values, checked and in the story's order."""

import operator
import weakref
from typing import Any

import numpy as np
import xarray as xr

from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story, held_input
from toc_model.errors import InputError, unknown
from toc_model.labels import fail_if_chains, fail_if_twice, listed, placed

SUMS = 1e-6
"""By how much values that add up to one may miss it."""


def anchored(story: Story, levers: xr.Dataset) -> xr.Dataset:
    """Levers with the story's reference first, as laws want it.

    Parameters
    ----------
    story : Story
    levers : xarray.Dataset
        Dims ``(allocation, ...)``, the allocations named.

    Raises
    ------
    InputError
        If no allocation is the reference, or one is there twice.
    """
    if "allocation" not in levers.coords:
        raise InputError("levers: found allocations without names; allowed: names, by which the reference is found")
    names = levers["allocation"].values.tolist()
    if story.reference not in names:
        raise InputError(f"levers: found no allocation {story.reference!r}, which the laws are anchored to")
    if len(set(names)) < len(names):
        raise InputError(f"levers: found an allocation twice in {listed(names)}")
    place = names.index(story.reference)
    return levers if place == 0 else levers.isel(allocation=[place, *(i for i in range(len(names)) if i != place)])


def story_inputs(story: Story, levers: xr.Dataset, draws: Any = None) -> dict[str, xr.DataArray]:
    """Everything that a run starts from besides parameters, without labels, for the laws go by position.

    Parameters
    ----------
    story : Story
    levers : xarray.Dataset
        Dims ``(allocation, ...)``, the reference first.
    draws : array-like, optional
        Labels of the draws, which held values with labels must have too.

    Returns
    -------
    dict of str to DataArray
        Levers, indicators, and of each node that is held the value and where its law stands: in the reference world,
        which no intervention touches, and at places that are not held.
    """
    marks = {name: xr.DataArray(list(mark.values), dims=mark.dims) for name, mark in story.indicators.items()}
    given = checked_levers(story, levers)
    allocations = levers["allocation"].values if "allocation" in levers.dims else None
    held: dict[str, xr.DataArray] = {}
    for name, node in story.nodes.items():
        if node.held_at is not None:
            labelled = placed(placed(node.held_at, "allocation", allocations, name), "draw", draws, name)
            value = in_order(story, name, labelled)
            free = value.isnull() | _of_reference(levers)
            held |= {held_input(name, "free"): free, held_input(name, "value"): value.fillna(0.0)}
    return {**marks, **given, **held}


def checked_levers(story: Story, levers: xr.Dataset) -> dict[str, xr.DataArray]:
    """Levers in the story's order, without labels.

    Raises
    ------
    InputError
        If one is missing, unknown or out of its bounds, or values that add up to one do not.
    """
    for name in levers.data_vars:
        if name not in story.levers:
            raise InputError(f"levers: {unknown('lever', str(name), story.levers)}")
    found: dict[str, xr.DataArray] = {}
    for name, lever in story.levers.items():
        if name not in levers:
            raise InputError(f"levers: missing {name!r}")
        fail_if_other_dims(levers[name], f"levers: {name}", ("draw", "allocation", *lever.places))
        found[name] = in_order(story, name, levers[name])
        fail_if_outside(found[name].values, lever.range, f"levers: {name}", lever.unit)
        if lever.sums_over:
            totals = found[name].sum(lever.sums_over).values
            if np.abs(totals - 1).max(initial=0.0) > SUMS:
                worst = float(totals.ravel()[np.abs(totals - 1).argmax()])
                raise InputError(f"levers: {name}: found a sum of {worst:.6g}; allowed: a sum of 1")
    return found


def _of_reference(levers: xr.Dataset) -> xr.DataArray:
    """True for the reference, the first allocation; True where there is no other."""
    if "allocation" not in levers.dims:
        return xr.DataArray(True)
    return xr.DataArray(np.arange(levers.sizes["allocation"]) == 0, dims="allocation")


def checked_parameters(story: Story, parameters: xr.Dataset) -> dict[str, xr.DataArray]:
    """Parameters in the story's order, without labels.

    Raises
    ------
    InputError
        If one is missing, unknown, not finite, out of its range or of other dimensions, or there are no draws.
    """
    found = _CHECKED.known(story, parameters)
    if found is None:
        found = _whole(story, parameters)
        _CHECKED.keep(story, parameters, found)
    # Numbers may be other ones than before in the same arrays.
    for name, values in found.items():
        parameter = story.parameters[name]
        fail_if_outside(values.values, parameter.range, f"parameters: {name}", parameter.unit)
    return found


def _whole(story: Story, parameters: xr.Dataset) -> dict[str, xr.DataArray]:
    """The same, whatever their values are."""
    if parameters.sizes.get("draw") == 0:
        raise InputError("parameters: found no draws; allowed: one or more")
    fail_if_twice(parameters, "parameters", "draw")
    for name in parameters.data_vars:
        if name not in story.parameters:
            raise InputError(f"parameters: {unknown('parameter', str(name), story.parameters)}")
    needed = {parent for node in story.nodes.values() for parent in node.parents}
    for name in story.parameters:
        if name in needed and name not in parameters:
            raise InputError(f"parameters: missing {name!r}")
    found: dict[str, xr.DataArray] = {}
    for name, values in parameters.data_vars.items():
        dims = story.parameters[str(name)].dims
        fail_if_other_dims(values, f"parameters: {name}", ("draw", "allocation", *dims))
        found[str(name)] = in_order(story, name, values)
    return found


class _Checked:
    """Parameters that were put in order last, so that many evaluations of the same draws do it once.

    They are known again by their variables and arrays, which are held on to so that no other takes their place in
    memory, and forgotten when the parameters are.
    """

    def __init__(self) -> None:
        self.last: list[tuple[Any, Any, list[Any], dict[str, xr.DataArray]]] = []

    def known(self, story: Story, parameters: xr.Dataset) -> dict[str, xr.DataArray] | None:
        """What was kept of these parameters for a story with such parameters; None for nothing."""
        for reference, declared, parts, found in self.last:
            if reference() is parameters and declared is story.parameters:
                now = _parts(parameters)
                if len(now) == len(parts) and all(map(operator.is_, now, parts)):
                    return found
        return None

    def keep(self, story: Story, parameters: xr.Dataset, found: dict[str, xr.DataArray]) -> None:
        """Keep them, if all of the story are there and none was put in another order."""
        shared = all(np.may_share_memory(values.values, parameters[name].values) for name, values in found.items())
        if shared and found.keys() == story.parameters.keys():
            mine = weakref.ref(parameters, self._forget), story.parameters, _parts(parameters), found
            self.last = [mine, *self.last[: LAST - 1]]

    def _forget(self, reference: Any) -> None:
        self.last = [one for one in self.last if one[0] is not reference]


def _parts(parameters: xr.Dataset) -> list[Any]:
    """Variables of a dataset, and the arrays that parameters are in."""
    arrays = (parameters.variables[name].values for name in parameters.data_vars)
    return [*parameters.variables.values(), *arrays]


LAST = 4
_CHECKED = _Checked()


def fail_if_other_dims(values: xr.DataArray, name: str, allowed: tuple[str, ...]) -> None:
    """Fail if values lie in chains, or along a dimension that they can't have."""
    fail_if_chains(values, name)
    surplus = [str(dim) for dim in values.dims if dim not in allowed]
    if surplus:
        raise InputError(f"{name}: found the dim {surplus[0]}; allowed: {', '.join(allowed)}")


def in_order(story: Story, name: object, values: xr.DataArray) -> xr.DataArray:
    """Put labelled places into the story's order, then drop all labels."""
    for dim in values.dims:
        if dim in story.dimensions:
            values = placed(values, str(dim), story.dimensions[str(dim)], str(name))
    return xr.DataArray(values.variable)
