"""Evaluation: a story, parameters and levers give every node, with NumPy and xarray alone."""

import math
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.engine.plain import BLOCK, run_plainly
from toc_model.engine.program.recorded import program_of
from toc_model.engine.program.running import TILE
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story, held_input
from toc_model.errors import InputError, unknown
from toc_model.labels import fail_if_chains, fail_if_twice, listed, made_as, placed
from toc_model.memory import fail_if_beyond_memory

SUMS = 1e-6
"""By how much values that add up to one may miss it."""
COPIES = 2
"""Of the results, that are held at the same time."""


def evaluate(
    story: Story,
    parameters: xr.Dataset,
    levers: xr.Dataset,
    nodes: Iterable[str] | None = None,
    *,
    known: xr.Dataset | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Compute nodes for every draw of the parameters and every allocation.

    All allocations share the draws, so differences between them are paired. The laws are recorded once and run as a
    program; where one can't be recorded, on arrays with named dimensions, with a warning.

    Parameters
    ----------
    story : Story
    parameters : xarray.Dataset
        A variable a parameter, dims ``(draw, ...)`` or, for a value that is the same in all draws, without ``draw``.
    levers : xarray.Dataset
        A variable a lever, dims ``(allocation, ...)``; the story's reference among the allocations, anywhere.
    nodes : iterable of str, optional
        Which to return; all by default.
    known : xarray.Dataset, optional
        Nodes that are known already and not computed, dims ``(draw, allocation, ...)`` or fewer, in the order of
        parameters and levers, the reference first.
    block : int, optional
        Points computed at a time. The result does not depend on it.
    progress : callable, optional
        Called with the number of blocks done and the number of all.

    Returns
    -------
    xarray.Dataset
        A variable a node, dims ``(draw, allocation, ...)`` less those that the node does not depend on, with the
        attributes ``unit`` and ``long_name``.

    Raises
    ------
    InputError
        If a node is unknown, a parameter or lever is missing, unknown or out of range, the reference is missing, a held
        value has other labels than draws and allocations, or a node comes out not finite where it is not declared
        undefined.
    """
    targets = tuple(story.nodes) if nodes is None else tuple(nodes)
    story.needed_for(targets)
    given, levers = levers["allocation"].values, anchored(story, levers)
    draws = parameters["draw"].values if "draw" in parameters.coords else None
    sizes = {"draw": parameters.sizes.get("draw", 1), "allocation": levers.sizes["allocation"]}
    fail_if_beyond_memory(sizes["draw"], COPIES * _points(story, targets, sizes["allocation"]))
    _fail_if_sizes_differ(_held_by_position(story), sizes)
    inputs = {**checked_parameters(story, parameters), **story_inputs(story, levers, draws)}
    inputs |= {str(name): _in_order(story, name, values) for name, values in (known or {}).items()}
    _fail_if_sizes_differ(inputs, sizes)
    program = program_of(story, targets, inputs)
    if program:
        results = program.run(inputs, sizes, tile=block or TILE, progress=progress)
    else:
        results = run_plainly(story, targets, inputs, sizes, block=block or BLOCK, progress=progress)
    found = _labelled(story, results, parameters, levers)
    in_place = "allocation" not in found.dims or given[0] == story.reference
    return found if in_place else found.sel(allocation=given)


def _points(story: Story, targets: Iterable[str], allocations: int) -> int:
    """Numbers that some nodes are in a draw."""
    sizes = {**story.sizes, "allocation": allocations}
    return sum(math.prod(sizes[dim] for dim in story.nodes[name].dims) for name in targets)


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
            value = _in_order(story, name, labelled)
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
        found[name] = _in_order(story, name, levers[name])
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
    if (before := _CHECKED.known(story, parameters)) is not None:
        return before
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
        parameter, where = story.parameters[str(name)], f"parameters: {name}"
        fail_if_other_dims(values, where, ("draw", "allocation", *parameter.dims))
        found[str(name)] = _in_order(story, name, values)
        fail_if_outside(values.values, parameter.range, where, parameter.unit)
    _CHECKED.keep(story, parameters, found)
    return found


class _Checked:
    """Parameters that were checked last, so that many evaluations of the same draws look at them once.

    Kept is what shares its memory with the parameters, so that it is never other than they are.
    """

    def __init__(self) -> None:
        self.last: list[tuple[Any, Any, list[int], dict[str, xr.DataArray]]] = []

    def known(self, story: Story, parameters: xr.Dataset) -> dict[str, xr.DataArray] | None:
        """What was kept of these parameters for a story with such parameters; None for nothing."""
        for reference, declared, variables, found in self.last:
            if reference() is parameters and declared is story.parameters and variables == _identities(parameters):
                return found
        return None

    def keep(self, story: Story, parameters: xr.Dataset, found: dict[str, xr.DataArray]) -> None:
        """Keep them, if all of the story are there and none was put in another order."""
        shared = all(np.may_share_memory(values.values, parameters[name].values) for name, values in found.items())
        if shared and found.keys() == story.parameters.keys():
            mine = weakref.ref(parameters), story.parameters, _identities(parameters), found
            self.last = [mine, *self.last[: LAST - 1]]


def _identities(parameters: xr.Dataset) -> list[int]:
    return [id(variable) for variable in parameters.variables.values()]


LAST = 4
_CHECKED = _Checked()


def fail_if_other_dims(values: xr.DataArray, name: str, allowed: tuple[str, ...]) -> None:
    """Fail if values lie in chains, or along a dimension that they can't have."""
    fail_if_chains(values, name)
    surplus = [str(dim) for dim in values.dims if dim not in allowed]
    if surplus:
        raise InputError(f"{name}: found the dim {surplus[0]}; allowed: {', '.join(allowed)}")


def _held_by_position(story: Story) -> dict[str, xr.DataArray]:
    """Values of held nodes along the dimensions in which they have no labels."""
    held = {name: node.held_at for name, node in story.nodes.items() if node.held_at is not None}
    return {
        name: value.isel({dim: 0 for dim in value.dims if dim in value.coords}, drop=True)
        for name, value in held.items()
    }


def _fail_if_sizes_differ(inputs: dict[str, xr.DataArray], sizes: dict[str, int]) -> None:
    for name, values in inputs.items():
        for dim, size in sizes.items():
            if values.sizes.get(dim, size) != size:
                raise InputError(f"{name}: found {values.sizes[dim]} places along {dim}; allowed: {size}")


def _in_order(story: Story, name: object, values: xr.DataArray) -> xr.DataArray:
    """Put labelled places into the story's order, then drop all labels."""
    for dim, places in story.dimensions.items():
        values = placed(values, dim, places, str(name))
    return values.drop_vars(list(values.coords))


def _labelled(story: Story, results: dict[str, xr.DataArray], parameters: xr.Dataset, levers: xr.Dataset) -> xr.Dataset:
    labels: dict[str, Any] = {dim: list(places) for dim, places in story.dimensions.items()}
    labels["allocation"] = list(levers["allocation"].values)
    if "draw" in parameters.coords:
        labels["draw"] = parameters["draw"].values
    dataset = xr.Dataset(results)
    dataset = dataset.assign_coords({dim: places for dim, places in labels.items() if dim in dataset.dims})
    if "draw" in dataset.dims:
        dataset = dataset.assign_coords(made_as(parameters))
    for name in results:
        node = story.nodes[name]
        _fail_if_not_finite(dataset[name], node.undefined_where)
        dataset[name].attrs = {"unit": node.unit, "long_name": node.statement}
    return dataset


def _fail_if_not_finite(values: xr.DataArray, undefined_where: str) -> None:
    bad: xr.DataArray = values.copy(data=np.isinf(values.values) if undefined_where else ~np.isfinite(values.values))
    if bad.any():
        where = {
            dim: values[dim].values[i] if dim in values.coords else i
            for dim, i in zip(values.dims, np.argwhere(bad.values)[0], strict=True)
        }
        place = ", ".join(f"{dim} {label}" for dim, label in where.items())
        raise InputError(
            f"node {values.name}: not a finite number in {int(bad.sum())} of {bad.size} places (first: {place}); "
            "a parameter or held node is at a limit where its law is not defined"
        )


def everywhere(node: xr.DataArray, parameters: xr.Dataset, levers: xr.Dataset) -> xr.DataArray:
    """A node with dims ``(draw, allocation)``, those of the levers, also where it does not depend on one of them."""
    if "allocation" in node.dims:
        node = node.sel(allocation=levers["allocation"].values)
    labels = {"draw": parameters["draw"].values, "allocation": levers["allocation"].values}
    with xr.set_options(arithmetic_join="exact"):
        whole = node + xr.DataArray(0.0, coords=labels, dims=("draw", "allocation"))
    return whole.transpose("draw", "allocation").assign_attrs(node.attrs)
