"""An outcome in all draws under one allocation, and its exact slopes, as a function of the levers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.inputs import anchored, checked_parameters, story_inputs
from toc_model.engine.laws import reference
from toc_model.engine.program.graph import ALLOCATION, BOTH, DRAW, Graph, Input
from toc_model.engine.program.plan import Plan, planned
from toc_model.engine.program.program import looked_up, recorded
from toc_model.engine.program.running import TILE, Lookup, Machine, tiles
from toc_model.engine.program.slopes import ADJOINT, slopes_of
from toc_model.engine.story import Story
from toc_model.engine.value import DelayCost
from toc_model.errors import InputError

WEIGHTS = "weights"
MOST_KEPT = 32
"""Pieces of draws whose numbers are kept from one point to the next."""


@dataclass(frozen=True, slots=True)
class _Recording:
    """An outcome and its slopes as numbers.

    Attributes
    ----------
    graph : Graph
    levers : mapping of str to tuple of int
        Shapes, by lever.
    outcome : int
    by_levers : mapping of int to int
        Slopes by numbers that rest on levers alone, in each draw.
    by_inputs : mapping of Input to int
        Slopes by levers, from sums of these.
    plan : Plan
        Of the outcome and its slopes in each draw.
    value : Plan
        Of the outcome.
    chain : Plan
        Of slopes by levers.
    """

    graph: Graph
    levers: Mapping[str, tuple[int, ...]]
    outcome: int
    by_levers: Mapping[int, int]
    by_inputs: Mapping[Input, int]
    plan: Plan
    value: Plan
    chain: Plan


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """An outcome as a function of the levers of one allocation, for certain draws.

    Attributes
    ----------
    recording : _Recording
    inputs : mapping of str to DataArray
        Parameters and the rest, the reference first among two allocations.
    draws : int
    """

    recording: _Recording
    inputs: Mapping[str, xr.DataArray]
    draws: int
    _kept: dict[str, Any]

    @property
    def levers(self) -> tuple[str, ...]:
        """Names, in the order of arguments."""
        return tuple(self.recording.levers)

    def value(self, levers: Sequence[Floats]) -> Floats:
        """The outcome, shape ``(draw,)``, for levers without the allocation dimension.

        Raises
        ------
        InputError
            If it is not a finite number in some draw.
        """
        found = np.empty(self.draws)
        for piece, machine in self._machines("value", self.recording.value, levers):
            found[piece] = self._all(machine, piece, self.recording.outcome)
        return _finite(found)

    def slope(self, levers: Sequence[Floats], weights: Floats) -> list[Floats]:
        """Derivatives of a weighted sum over draws with respect to each lever, each of the lever's own shape.

        Parameters
        ----------
        levers : sequence of array
        weights : array of shape (draw,)

        Raises
        ------
        InputError
            If one is not a finite number.
        """
        recording = self.recording
        sums = dict.fromkeys(recording.by_levers, 0.0)
        for piece, machine in self._machines("slope", recording.plan, levers, weights):
            for number, slope in recording.by_levers.items():
                sums[number] += float(self._all(machine, piece, slope).sum())
        return [_finite(found) for found in self._chained(levers, sums)]

    def with_draws(self, story: Story, parameters: xr.Dataset) -> "RecordedOutcome":
        """The same outcome for other draws, without recording again.

        Raises
        ------
        InputError
            If a parameter is missing, unknown or not finite.
        """
        inputs = {**self.inputs, **_spread(story, parameters)}
        return replace(self, inputs=inputs, draws=parameters.sizes["draw"], _kept={})

    def _machines(
        self, kind: str, plan: Plan, levers: Sequence[Floats], weights: Floats | None = None
    ) -> Iterator[tuple[slice, Machine]]:
        """Machines that have computed all at these levers, one after another for pieces of the draws.

        What varies over draws alone is computed once for each piece, unless there are too many pieces to keep.
        """
        steps, lookup = self.recording.graph.steps, self._lookup(levers, weights)
        pieces = [piece for piece, _ in tiles(self.draws, 1, TILE)]
        is_new = kind not in self._kept
        if is_new:
            number = len(pieces) if len(pieces) <= MOST_KEPT else 1
            made = [Machine(self.recording.graph, plan, lookup, along_draws=True) for _ in range(number)]
            self._kept[kind] = made, [k for k in made[0].undrawn if steps[k].varies & ALLOCATION]
        machines, moving = self._kept[kind]
        with np.errstate(all="ignore"):
            for place, piece in enumerate(pieces):
                machine = machines[place % len(machines)]
                machine.set(lookup, moving)
                if is_new or len(machines) < len(pieces):
                    machine.begin(piece)
                machine.compute(piece, slice(0, 1))
                yield piece, machine

    def _all(self, machine: Machine, piece: slice, number: int) -> Floats:
        """A number's values in a piece of the draws."""
        varies = self.recording.graph.steps[number].varies
        if varies & DRAW:
            return np.asarray(machine.drawn(number))
        return np.broadcast_to(machine.values[number].reshape(-1)[:1], piece.stop - piece.start)

    def _lookup(
        self, levers: Sequence[Floats], weights: Floats | None = None, sums: Mapping[int, float] | None = None
    ) -> Lookup:
        chosen = dict(zip(self.recording.levers, levers, strict=True))
        if "inputs" not in self._kept:
            self._kept["inputs"] = looked_up(self.inputs)
        inputs: Lookup = self._kept["inputs"]

        def look(one: Input) -> Floats:
            if one.name == WEIGHTS and weights is not None:
                return np.asarray(weights, float)[:, None]
            if one.name == ADJOINT and sums is not None:
                return np.array([sums[one.place[0]]])
            if one.name in chosen and not one.of_reference:
                return np.array([chosen[one.name][one.place]], float)
            return inputs(one)

        return look

    def _chained(self, levers: Sequence[Floats], sums: Mapping[int, float]) -> list[Floats]:
        """Slopes by levers from those by numbers that rest on levers alone."""
        recording = self.recording
        lookup = self._lookup(levers, sums=sums)
        machine = Machine(recording.graph, recording.chain, lookup, along_draws=True)
        found = {name: np.zeros(shape) for name, shape in recording.levers.items()}
        for one, number in recording.by_inputs.items():
            found[one.name][one.place] = machine.values[number].reshape(-1)[0]
        return list(found.values())


def _finite(values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise InputError("an outcome or its slope is not a finite number; an override takes a law to its limit")
    return values


def record_outcome(
    story: Story, parameters: xr.Dataset, levers: xr.Dataset, outcome: str, cost: DelayCost | None = None
) -> RecordedOutcome:
    """Record an outcome and its derivatives.

    Parameters
    ----------
    story : Story
    parameters : xarray.Dataset
        Dims ``(draw, ...)``.
    levers : xarray.Dataset
        Dims ``(allocation, ...)``; only the story's reference is used, as the anchor.
    outcome : str
    cost : DelayCost, optional
        What delay costs, for an outcome with it; nothing is counted by default.

    Raises
    ------
    InputError
        If a parameter is missing, unknown or not finite, or a law can't be recorded.
    """
    # The reference twice: held nodes are free in the first place alone, and levers are put into the second.
    twice = anchored(story, levers).isel(allocation=[0, 0]).assign_coords(allocation=[story.reference, "free"])
    inputs = {**story_inputs(story, twice), **_spread(story, parameters)}
    graph, nodes = recorded(story, [outcome, *([cost.delay.node] if cost else [])], inputs)
    found = nodes[outcome]
    if cost is not None:
        comes = nodes[cost.delay.node]
        found = cost.counted(found, cost.delay.later(comes, reference(comes), found))
    number = int(found.pairs[()][0])
    weight = graph.given(Input(WEIGHTS, ()), BOTH)
    by_levers, by_inputs = slopes_of(graph, number, weight, list(story.levers))
    shapes = {name: tuple(story.sizes[dim] for dim in lever.places) for name, lever in story.levers.items()}
    plans = (list(by_levers.values()), [number], list(by_inputs.values()))
    recording = _Recording(graph, shapes, number, by_levers, by_inputs, *(planned(graph, one) for one in plans))
    return RecordedOutcome(recording, inputs, parameters.sizes["draw"], {})


def _spread(story: Story, parameters: xr.Dataset) -> dict[str, xr.DataArray]:
    """All parameters in all draws, also those that are the same in each."""
    draws = xr.DataArray(np.zeros(parameters.sizes["draw"]), dims="draw")
    return {name: values + draws for name, values in checked_parameters(story, parameters).items()}
