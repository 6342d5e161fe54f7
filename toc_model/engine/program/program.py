"""A story recorded as a program, and run on draws and allocations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.engine.inputs import in_order
from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.graph import Graph, Input
from toc_model.engine.program.plan import Plan, planned
from toc_model.engine.program.recording import Recorded, given, known
from toc_model.engine.program.running import TILE, Lookup, Store, run
from toc_model.engine.story import Story, held_input

VARYING = ("draw", "allocation")


@dataclass(frozen=True, slots=True)
class Program:
    """Some nodes of a story as operations on numbers.

    Attributes
    ----------
    graph : Graph
    nodes : mapping of str to Recorded
        The nodes that are returned.
    dims : mapping of str to tuple of str
        Of each of them in the story, besides draws.
    plan : Plan
    """

    graph: Graph
    nodes: Mapping[str, Recorded]
    dims: Mapping[str, tuple[str, ...]]
    plan: Plan

    def run(
        self,
        inputs: Mapping[str, xr.DataArray],
        sizes: Mapping[str, int],
        *,
        tile: int = TILE,
        progress: Progress | None = None,
        threads: int | None = None,
    ) -> dict[str, xr.DataArray]:
        """Compute the nodes.

        Parameters
        ----------
        inputs : mapping of str to DataArray
            Without labels, the reference first among the allocations; of the kind that was recorded.
        sizes : mapping of str to int
            How many draws and allocations there are.
        tile : int
            Numbers that are computed at a time; the result does not depend on it, to the last bit.
        progress : callable, optional
        threads : int, optional
            As `toc_model.engine.program.running.run` takes it.
        """
        found: dict[str, xr.DataArray] = {}
        stores: list[Store] = []
        for name, node in self.nodes.items():
            found[name], mine = self._stored(name, node, sizes)
            stores += mine
        run(
            self.graph,
            self.plan,
            looked_up(inputs),
            stores,
            sizes["draw"],
            sizes["allocation"] - 1,
            tile=tile,
            progress=progress,
            threads=threads,
        )
        return found

    def _stored(self, name: str, node: Recorded, sizes: Mapping[str, int]) -> tuple[xr.DataArray, list[Store]]:
        """An array for a node's values, and what goes where in it."""
        places = dict(zip(node.places, node.pairs.shape, strict=True))
        dims = [dim for dim in ("draw", *self.dims[name]) if dim in node.dims]
        whole = xr.DataArray(np.empty([places.get(dim, sizes.get(dim, 0)) for dim in dims]), dims=dims)
        stores: list[Store] = []
        for place in np.ndindex(node.pairs.shape):
            anywhere, of_reference = node.pairs[place]
            at = whole.isel(dict(zip(node.places, place, strict=True))).transpose(*(d for d in VARYING if d in dims))
            if "allocation" not in dims:
                stores.append(Store(of_reference, at.values))
                continue
            stores.append(Store(of_reference, at.isel(allocation=0).values))
            if sizes["allocation"] > 1:
                stores.append(Store(anywhere, at.isel(allocation=slice(1, None)).values))
        return whole, stores


def looked_up(inputs: Mapping[str, xr.DataArray]) -> Lookup:
    """What goes in at one place of an input: a number, or along draws, allocations besides the reference, or both."""
    plain: dict[str, tuple[Any, bool]] = {}

    def look(one: Input) -> Floats:
        if one.name not in plain:
            values = inputs[one.name]
            order = [
                *(dim for dim in values.dims if dim not in VARYING),
                *(dim for dim in VARYING if dim in values.dims),
            ]
            axes = [values.dims.index(dim) for dim in order]
            plain[one.name] = np.asarray(values.values, float).transpose(axes), "allocation" in values.dims
        whole, has_allocations = plain[one.name]
        found = whole[one.place]
        if not has_allocations:
            return np.asarray(found)
        return np.asarray(found[..., 0] if one.of_reference else found[..., 1:])

    return look


type Recording = tuple[Graph, Mapping[str, Recorded]]
"""Numbers, and nodes that are made of them."""


def recorded(story: Story, targets: Sequence[str], inputs: Mapping[str, xr.DataArray]) -> Recording:
    """Run the laws of a story once, on values that remember what is done with them.

    Parameters
    ----------
    story : Story
        Interventions on it are kept.
    targets : sequence of str
        Nodes.
    inputs : mapping of str to DataArray
        As `toc_model.engine.evaluate.evaluate` makes them: levers, indicators, parameters, what nodes are held at, and
        nodes that are known. Their dimensions are recorded; of indicators, the values.

    Raises
    ------
    CannotRecordError
        Naming the node, if its law branches on a value, or does what is no operation on numbers.
    """
    graph, nodes = Graph(), {}
    values = {name: _recorded(graph, story, name, array) for name, array in inputs.items()}
    order = story.needed_for(targets, known=inputs)

    def keep(name: str, value: Any) -> Any:
        nodes[name] = value
        return value

    try:
        found = story.run(values, targets, keep)
    except (CannotRecordError, TypeError, AttributeError, ValueError, NotImplementedError) as error:
        raise CannotRecordError(f"node {order[len(nodes)]}: {error}") from None
    return graph, {
        name: one if isinstance(one, Recorded) else known(graph, xr.DataArray(one)) for name, one in found.items()
    }


def record(story: Story, targets: Sequence[str], inputs: Mapping[str, xr.DataArray]) -> Program:
    """A story as a program that computes some nodes. Parameters and errors are those of `recorded`."""
    return program(story, targets, recorded(story, targets, inputs))


def program(story: Story, targets: Sequence[str], recording: Recording) -> Program:
    """The program of some nodes of those that were recorded, with the operations that they need."""
    graph, nodes = recording
    kept = {name: nodes[name] for name in targets}
    numbers = [number for value in kept.values() for pair in value.pairs.flat for number in pair]
    plan = planned(graph, list(dict.fromkeys(numbers)))
    return Program(graph, kept, {name: story.nodes[name].dims for name in kept}, plan)


def _recorded(graph: Graph, story: Story, name: str, array: xr.DataArray) -> Recorded:
    """An input as a value that records."""
    if name in story.indicators:
        return known(graph, array)
    held = next((node for node in story.nodes.values() if name == held_input(node.name, "free")), None)
    if held is None:
        return given(graph, name, array, varies=tuple(dim for dim in VARYING if dim in array.dims))
    if held.held_at is not None and not {*VARYING} & {*held.held_at.dims}:
        free = in_order(story, name, held.held_at).isnull()
        return known(graph, free, xr.ones_like(free))
    return given(graph, name, array, varies=tuple(dim for dim in VARYING if dim in array.dims)) == 1.0
