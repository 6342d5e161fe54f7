"""Ways to do one thing: each takes what goes in, gets ready, and returns what is then timed.

What earlier states of the package lack is imported where it is used.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from tests.benchmarks.speed.by_hand import numpy_by_hand
from tests.benchmarks.speed.inputs import OUTCOMES, Inputs, labelled
from toc_model.aliases import Floats
from toc_model.engine.evaluate import evaluate
from toc_model.essay.case import ESSAY

type Run = Callable[[], dict[str, Floats]]
"""Gives outcomes along allocations and draws."""
type Ready = Callable[[Inputs], Run]


def by_evaluate(inputs: Inputs) -> Run:
    """`toc_model.evaluate`."""
    parameters, levers = labelled(inputs)
    return lambda: _numbers(evaluate(ESSAY.story, parameters, levers, OUTCOMES))


def plainly(inputs: Inputs) -> Run:
    """The laws on arrays with named dimensions."""
    from toc_model.engine.inputs import checked_parameters, story_inputs
    from toc_model.engine.plain import run_plainly

    parameters, levers = labelled(inputs)
    story, sizes = ESSAY.story, {"draw": inputs.draws, "allocation": inputs.allocations + 1}

    def run() -> dict[str, Floats]:
        given = {**checked_parameters(story, parameters), **story_inputs(story, levers)}
        return _numbers(run_plainly(story, OUTCOMES, given, sizes))

    return run


def _numbers(found: Mapping[Any, xr.DataArray] | xr.Dataset) -> dict[str, Floats]:
    return {name: found[name].transpose("allocation", "draw").values[1:] for name in OUTCOMES}


def by_numpy(inputs: Inputs) -> Run:
    """NumPy by hand."""
    return lambda: numpy_by_hand(inputs)


def slopes(inputs: Inputs) -> Run:
    """P(doom) in every draw and its ten slopes on average, under one allocation.

    The one function that knows how slopes are asked for, in this state of the package and in earlier ones.
    """
    prepare = _prepares_slopes()
    parameters, levers = labelled(inputs)
    outcome = prepare(ESSAY.story, parameters, levers, "p_doom")
    here: Sequence[Floats] = [levers[name].values[1] for name in outcome.levers]
    weights = np.full(inputs.draws, 1 / inputs.draws)

    def run() -> dict[str, Floats]:
        found = {"p_doom": outcome.value(here)[None]}
        return found | dict(zip(outcome.levers, outcome.slope(here, weights), strict=True))

    return run


def _prepares_slopes() -> Callable[..., Any]:
    try:
        from toc_model.engine.program.outcome import record_outcome
    except ModuleNotFoundError:
        earlier: Callable[..., Any] = import_module("toc_model.engine.compiled").compile_outcome
        return earlier
    return record_outcome


WAYS = {
    "evaluate": "contestants:by_evaluate",
    "plain": "contestants:plainly",
    "numpy": "contestants:by_numpy",
    "jax": "by_hand_jax:compiled_by_hand",
    "pymc": "by_pymc:sampled",
    "squigglepy": "by_squigglepy:efforts",
    "slopes": "contestants:slopes",
}
"""Where each stands; what it needs is imported with it."""


def way(name: str) -> Ready:
    """A contestant, by its name."""
    module, _, function = WAYS[name].partition(":")
    found: Ready = getattr(import_module(f"{__package__}.{module}"), function)
    return found
