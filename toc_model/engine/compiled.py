"""A story compiled for optimisation: an outcome in all draws under one allocation, and its exact slopes.

The laws are those of the plain evaluation, run once on symbols. Levers and draws are arguments of what is compiled, so
one compilation serves any objective, any set of draws and any worldview.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.evaluate import anchored, checked_parameters, story_inputs
from toc_model.engine.laws import at
from toc_model.engine.story import Story
from toc_model.engine.value import DelayCost
from toc_model.errors import InputError


@dataclass(frozen=True, slots=True)
class CompiledOutcome:
    """An outcome as a function of the levers of one allocation, for certain draws.

    Attributes
    ----------
    levers : tuple of str
        In the order of arguments.
    draws : int
    """

    levers: tuple[str, ...]
    draws: int
    _value: Any
    _slope: Any
    _parameters: tuple[Floats, ...]

    def value(self, levers: Sequence[Floats]) -> Floats:
        """The outcome, shape ``(draw,)``, for levers without the allocation dimension.

        Raises
        ------
        InputError
            If it is not a finite number in some draw.
        """
        return _finite(np.asarray(self._value(*levers, *self._parameters)))

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
        return [_finite(np.asarray(slope)) for slope in self._slope(*levers, *self._parameters, weights)]

    def with_draws(self, story: Story, parameters: xr.Dataset) -> "CompiledOutcome":
        """The same outcome for other draws, without compiling again.

        Raises
        ------
        InputError
            If a parameter is missing, unknown or not finite.
        """
        size = parameters.sizes["draw"]
        return CompiledOutcome(self.levers, size, self._value, self._slope, _values(story, parameters))


def _finite(values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise InputError("an outcome or its slope is not a finite number; an override takes a law to its limit")
    return values


def compile_outcome(
    story: Story, parameters: xr.Dataset, levers: xr.Dataset, outcome: str, cost: DelayCost | None = None
) -> CompiledOutcome:
    """Compile an outcome and its derivatives.

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
        If a parameter is missing, unknown or not finite.
    """
    import pytensor
    import pytensor.tensor as pt
    from pytensor.compile.mode import Mode
    from pytensor.graph.rewriting.utils import rewrite_graph
    from pytensor.xtensor import as_xtensor, concat

    # The reference twice: held nodes are free in the first place alone, and levers are symbols in the second.
    twice = anchored(story, levers).isel(allocation=[0, 0]).assign_coords(allocation=[story.reference, "free"])
    anchor = story_inputs(story, twice)
    inputs: dict[str, Any] = {name: as_xtensor(values.values, dims=values.dims) for name, values in anchor.items()}
    chosen = [pt.tensor(name, dtype="float64", shape=anchor[name].shape[1:]) for name in story.levers]
    for name, symbol in zip(story.levers, chosen, strict=True):
        free = as_xtensor(symbol, dims=anchor[name].dims[1:]).expand_dims("allocation")
        inputs[name] = concat([inputs[name].isel(allocation=slice(0, 1)), free], dim="allocation")
    drawn = [
        pt.tensor(name, dtype="float64", shape=(None, *values.shape[1:]))
        for name, values in zip(story.parameters, _values(story, parameters), strict=True)
    ]
    for symbol, parameter in zip(drawn, story.parameters.values(), strict=True):
        inputs[parameter.name] = as_xtensor(symbol, dims=("draw", *parameter.dims))
    everywhere = as_xtensor(drawn[0].reshape((drawn[0].shape[0], -1))[:, 0] * 0, dims=("draw",))
    found = _counted(story, inputs, outcome, cost)
    # Named dimensions have no derivatives of their own; the arrays that they are lowered to do.
    losses = rewrite_graph((found + everywhere).values, include=("lower_xtensor", "canonicalize"))
    weights = pt.vector("weights")
    slopes = pytensor.grad((losses * weights).sum(), chosen, disconnected_inputs="ignore")
    # The back ends that compile machine code take minutes for what NumPy computes in a twentieth of a second.
    mode = Mode("py", "fast_run").excluding("fusion", "inplace", "specialize", "stabilize")
    options: dict[str, Any] = {"mode": mode, "on_unused_input": "ignore"}
    return CompiledOutcome(
        tuple(story.levers),
        parameters.sizes["draw"],
        pytensor.function([*chosen, *drawn], losses, **options),
        pytensor.function([*chosen, *drawn, weights], slopes, **options),
        _values(story, parameters),
    )


def _counted(story: Story, inputs: dict[str, Any], outcome: str, cost: DelayCost | None) -> Any:
    """The outcome under the second allocation, with what its delay since the first costs."""
    nodes = story.run(inputs, [outcome, *([cost.delay.node] if cost else [])])
    found = at(nodes[outcome], allocation=1)
    if cost is None:
        return found
    comes = nodes[cost.delay.node]
    return cost.counted(found, cost.delay.later(at(comes, allocation=1), at(comes, allocation=0), found))


def _values(story: Story, parameters: xr.Dataset) -> tuple[Floats, ...]:
    """All parameters in the story's order, with all their dims, as contiguous arrays."""
    values = checked_parameters(story, parameters)
    draws = xr.DataArray(np.zeros(parameters.sizes["draw"]), dims="draw")
    return tuple(
        np.ascontiguousarray((values[name] + draws).transpose("draw", *parameter.dims).values)
        for name, parameter in story.parameters.items()
    )
