"""Laws of single nodes printed as JavaScript, each apart from all others, so that a page puts any of them together."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from toc_model.engine.program.graph import Input
from toc_model.engine.program.javascript import Output, javascript
from toc_model.engine.program.program import VARYING, record
from toc_model.engine.story import PROBE, Story


def law_apart(story: Story, node: str) -> str:
    """The law of one node as JavaScript.

    Parameters
    ----------
    story : Story
    node : str

    Returns
    -------
    str
        An object: ``make`` is what `toc_model.engine.program.javascript.Javascript.source` says; ``c``, ``p``, ``l``
        and ``b`` list what goes into the arrays of these names as ``[parent, place, of the reference]``, ``before``
        what comes out of the function of this name as ``[place, of the reference]``, and ``after`` as ``[place]``.
        Places are numbers in the order of the node's or the parent's dimensions. All nodes among the parents vary over
        draws and allocations here, whether they do in the story or not, so that any of them may be held.

    Raises
    ------
    CannotRecordError
        If the law branches on a value, or does what is no operation on numbers.
    """
    inputs = {parent: _probe(story, parent) for parent in story.nodes[node].parents}
    program = record(story, [node], inputs)
    printed, found = javascript(program), program.nodes[node]
    shapes = {parent: _shape(array) for parent, array in inputs.items()}
    order = [dim for dim in story.nodes[node].dims if dim not in VARYING]
    axes = [found.places.index(dim) for dim in order]
    sizes = [story.sizes[dim] for dim in order]

    def place_of(out: Output) -> int:
        return _flat([out.place[axis] for axis in axes], sizes)

    parts = {kind: _listed(shapes, given) for kind, given in printed.inputs.items()}
    parts["before"] = [[place_of(out), int(out.of_reference)] for out in printed.before]
    parts["after"] = [[place_of(out)] for out in printed.after]
    return "{" + ",".join([f"make:{printed.source}", *(f"{name}:{_plain(rows)}" for name, rows in parts.items())]) + "}"


def _probe(story: Story, name: str) -> xr.DataArray:
    """A value of a parent that has the dimensions of what will go in."""
    if name in story.indicators:
        mark = story.indicators[name]
        return xr.DataArray(list(mark.values), dims=mark.dims)
    dims = list(story.dims[name])
    if name in story.nodes:
        dims = [*VARYING, *(dim for dim in dims if dim not in VARYING)]
    elif name in story.parameters:
        dims = ["draw", *dims]
    sizes = {"draw": 1, **story.sizes}
    return xr.DataArray(np.full([sizes[dim] for dim in dims], PROBE), dims=dims)


def _shape(array: xr.DataArray) -> list[int]:
    return [size for dim, size in array.sizes.items() if dim not in VARYING]


def _listed(shapes: Mapping[str, list[int]], given: tuple[Input, ...]) -> list[list[Any]]:
    return [[one.name, _flat(one.place, shapes[one.name]), int(one.of_reference)] for one in given]


def _flat(place: Any, sizes: list[int]) -> int:
    """Which place it is of all, the last dimension running first."""
    return int(np.ravel_multi_index(tuple(place), tuple(sizes))) if sizes else 0


def _plain(rows: list[list[Any]]) -> str:
    return json.dumps(rows, separators=(",", ":"))
