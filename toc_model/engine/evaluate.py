"""Evaluation: a story, parameters and levers give every node, with NumPy and xarray alone."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.engine.inputs import anchored, checked_parameters, in_order, story_inputs
from toc_model.engine.plain import BLOCK, run_plainly
from toc_model.engine.program.recorded import program_of
from toc_model.engine.program.running import TILE
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.labels import made_as
from toc_model.memory import fail_if_beyond_memory

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
    inputs |= {str(name): in_order(story, name, values) for name, values in (known or {}).items()}
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
