"""Slopes by reverse accumulation: each operation beside finite differences of itself, at ordinary and odd values."""

from typing import Any

import numpy as np
import pytest

from toc_model.engine.program.graph import ALLOCATION, BOTH, Graph, Input
from toc_model.engine.program.operations import OPERATIONS
from toc_model.engine.program.plan import planned
from toc_model.engine.program.running import Machine
from toc_model.engine.program.slopes import SHARES, adjoint, slopes_of

STEP = 1e-6
POINTS = {
    "log": (0.3, 2.0),
    "logit": (0.3, 0.9),
    "normal_quantile": (0.3, 0.9),
    "divide": (0.7, -1.3),
}
USUAL = (-1.3, 0.7)


def number_of_arguments(name: str) -> int:
    """How many numbers an operation takes."""
    return 3 if name == "where" else 2 if name in PAIRS else 1


PAIRS = {"add", "subtract", "multiply", "divide", "times", "smaller", "larger"}


def slopes_at(name: str, values: list[float]) -> list[float]:
    """Slopes of an operation on levers, times a draw's number, summed over two draws that count 1 and 3."""
    graph = Graph()
    levers = [graph.given(Input("lever", (k,)), ALLOCATION) for k in range(len(values))]
    arguments = [graph.apply("less", levers[0], graph.constant(0.0)), *levers] if name == "where" else levers
    drawn = graph.given(Input("drawn", ()), BOTH)
    outcome = graph.apply("multiply", graph.apply(name, *arguments), drawn)
    by_levers, by_inputs = slopes_of(graph, outcome, graph.given(Input("weights", ()), BOTH), ["lever"])
    given = {Input("drawn", ()): np.array([[2.0], [5.0]]), Input("weights", ()): np.array([[1.0], [3.0]])}
    given |= {Input("lever", (k,)): np.array([value]) for k, value in enumerate(values)}
    machine = Machine(graph, planned(graph, list(by_levers.values())), given.__getitem__, along_draws=True)
    machine.begin(slice(0, 2))
    machine.compute(slice(0, 2), slice(0, 1))
    given |= {adjoint(k): np.array([machine.drawn(slope).sum()]) for k, slope in by_levers.items()}
    chain = Machine(graph, planned(graph, list(by_inputs.values())), given.__getitem__, along_draws=True)
    found = {one.place[0]: float(chain.values[k].reshape(-1)[0]) for one, k in by_inputs.items()}
    return [found.get(k, 0.0) for k in range(len(values))]


def difference(name: str, values: list[float], k: int) -> float:
    """Slope of an operation by one of its numbers, by central differences."""
    ends = []
    for by in (STEP, -STEP):
        moved = [value + by * (j == k) for j, value in enumerate(values)]
        ends.append(float(OPERATIONS[name].plain(*([values[0] < 0] if name == "where" else []), *moved)))
    return (ends[0] - ends[1]) / (2 * STEP)


@pytest.mark.parametrize("name", SHARES)
def test_an_operation_has_the_slope_of_its_differences(name: str) -> None:
    many = number_of_arguments(name) - (name == "where")
    for start in POINTS.get(name, USUAL):
        values = [start + 0.45 * k for k in range(many)]
        wanted = [17.0 * difference(name, values, k) for k in range(many)]
        assert slopes_at(name, values) == pytest.approx(wanted, rel=1e-7, abs=1e-6), (name, start)


def test_every_operation_has_a_slope_or_is_a_test() -> None:
    assert set(SHARES) == {name for name, one in OPERATIONS.items() if not one.is_test}


def test_an_effect_of_nothing_has_no_slope_even_where_the_other_side_is_infinite() -> None:
    assert slopes_at("times", [0.0, np.inf]) == [0.0, 0.0]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_computes_into_an_array_what_it_does_plainly(name: str) -> None:
    operation = OPERATIONS[name]
    rng = np.random.default_rng(5)
    many = 3 if name == "where" else 2 if name in PAIRS or operation.is_test else 1
    sides: list[Any] = [rng.uniform(0.01, 0.99, 1000) for _ in range(many)]
    if name == "where":
        sides[0] = sides[0] > 0.5
    for odd in ([], [0.0, 1.0, -0.0, np.inf, -np.inf, np.nan, 1e-300, 1 - 1e-16]):
        given = [np.concatenate([side, np.resize(odd, len(odd)).astype(side.dtype)]) for side in sides]
        out = np.empty(given[0].shape, bool if operation.is_test else float)
        with np.errstate(all="ignore"):
            operation.run(*given, out)
            plain = operation.plain(*given)
        np.testing.assert_allclose(out, plain, rtol=4e-15, atol=4e-16)
