"""The same equations under JAX: compiled for arrays of one size, allocations taken a few at a time."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy
import numpy as np
from jax.scipy.special import erfc

from tests.benchmarks.speed.by_hand import Functions, allocated, doom, hoisted
from tests.benchmarks.speed.inputs import Inputs
from toc_model.aliases import Floats

jax.config.update("jax_enable_x64", True)
FEW = 2**14
"""Numbers that are computed at a time, about."""
JAX = Functions(jax.numpy, lambda x: erfc(x / -math.sqrt(2)) / 2)


def compiled_by_hand(inputs: Inputs, few: int = FEW) -> Callable[[], dict[str, Floats]]:
    """Compile for draws and allocations of these sizes; what is returned gives the outcomes."""
    parameters = {name: np.ascontiguousarray(values.T) for name, values in inputs.parameters.items()}
    reference, others = allocated(inputs.reference), allocated(inputs.levers)
    by_allocation = {name: np.moveaxis(values, -2, 0) for name, values in others.items()}
    compiled = jax.jit(_every, static_argnames="many")
    compiled = compiled.lower(parameters, reference, by_allocation, many=max(1, few // inputs.draws)).compile()

    def run() -> dict[str, Floats]:
        found = compiled(parameters, reference, by_allocation)
        return {name: np.asarray(values)[:, 0] for name, values in found.items()}

    return run


def _every(parameters: Any, reference: Any, by_allocation: Any, *, many: int) -> Any:
    p = SimpleNamespace(**parameters)
    once = hoisted(JAX, p, SimpleNamespace(**reference))

    def one(levers: Any) -> Any:
        return doom(JAX, p, once, SimpleNamespace(**levers))

    return jax.lax.map(one, by_allocation, batch_size=many)
