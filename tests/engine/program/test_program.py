"""A program computes what the laws do on arrays with named dimensions, whatever is done to the story."""

import gc
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import toy
from tests.shipped import STORY, levers, load_beliefs
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs as load_any
from toc_model.engine.evaluate import evaluate
from toc_model.engine.inputs import anchored, checked_parameters, story_inputs
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.plain import run_plainly
from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.program import record
from toc_model.engine.program.recorded import program_of
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

BELIEFS = load_beliefs("base", draws=60)
VILLAGE = load_any(toy.CASE, draws=60)
EPS = 2e-15
"""Largest difference of a probability or a share."""
NEAR = 1e-13
"""That of other nodes, as a share of what is larger than 1: some are differences of what is nearly the same."""


def inputs_of(story: Story, parameters: xr.Dataset, given_levers: xr.Dataset) -> tuple[dict[str, Any], dict[str, int]]:
    """What a run starts from, and how many draws and allocations there are."""
    first = anchored(story, given_levers)
    draws = parameters["draw"].values if "draw" in parameters.coords else None
    sizes = {"draw": parameters.sizes.get("draw", 1), "allocation": first.sizes["allocation"]}
    return {**checked_parameters(story, parameters), **story_inputs(story, first, draws)}, sizes


def assert_same(story: Story, parameters: xr.Dataset, given_levers: xr.Dataset) -> None:
    """All nodes of a story, by program and plainly."""
    inputs, sizes = inputs_of(story, parameters, given_levers)
    nodes = list(story.nodes)
    found = record(story, nodes, inputs).run(inputs, sizes, tile=64)
    plain = run_plainly(story, nodes, inputs, sizes)
    assert list(found) == nodes
    for name in nodes:
        assert found[name].dims == plain[name].dims, name
        tolerance = EPS if story.nodes[name].unit in ("probability", "fraction") else NEAR
        scale = np.maximum(np.abs(plain[name].values), 1.0)
        with np.errstate(invalid="ignore"):
            close = np.abs(found[name].values - plain[name].values) <= tolerance * scale
        same = found[name].values == plain[name].values
        both = np.isnan(found[name].values) & np.isnan(plain[name].values)
        assert (close | same | both).all(), name


def some_levers(number: int, seed: int = 1) -> xr.Dataset:
    """The reference and so many allocations."""
    shares = np.random.default_rng(seed).uniform(0, 1, (number, 2))
    return joined(BELIEFS.anchor, levers([f"a{k}" for k in range(number)], shares))


def held(values: list[float]) -> xr.DataArray:
    """A value for each draw."""
    return xr.DataArray(np.resize(values, 60), dims="draw", coords={"draw": BELIEFS.parameters["draw"].values})


CHANGES: dict[str, Callable[[Story], Story]] = {
    "as it is": lambda story: story,
    "a node held": lambda story: do(story, "concern", 0.4),
    "a node held at some places": lambda story: do(story, "reach[outreach]", 0.5),
    "a node held draw by draw": lambda story: do(story, "race", held([0.2, 0.9])),
    "a node pinned": lambda story: pin(story, "coordination"),
    "an arrow cut": lambda story: cut(story, "race", "heeding"),
    "two at a time": lambda story: cut(do(story, "solutions", 0.3), "agi_arrival", "research"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("number", [0, 1, 5])
def test_all_nodes_are_those_of_the_plain_evaluation(change: str, number: int) -> None:
    assert_same(CHANGES[change](STORY), BELIEFS.parameters, some_levers(number) if number else BELIEFS.anchor)


@pytest.mark.parametrize("rivals", [[name] for name in ESSAY.rival_names] + [list(ESSAY.rival_names)])
def test_rivals_are_recorded_too(rivals: list[str]) -> None:
    beliefs = load_any(ESSAY.under(rivals), "base", draws=30)
    assert_same(beliefs.story, beliefs.parameters, some_levers(3))


@pytest.mark.parametrize("worldview", ["panel", "critic", "superforecasters"])
def test_other_worldviews_with_effects_that_may_be_nil(worldview: str) -> None:
    beliefs = load_beliefs(worldview, draws=200)
    assert_same(beliefs.story, beliefs.parameters, some_levers(3))


def test_the_village_too() -> None:
    every = joined(VILLAGE.anchor, VILLAGE.documents.allocations().levers())
    assert_same(VILLAGE.story, VILLAGE.parameters, every)
    assert_same(do(VILLAGE.story, "guarded[hill]", 0.3), VILLAGE.parameters, every)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.sampled_from([1, 2, 3]))
def test_tiles_and_threads_change_no_bit(tile: int, threads: int) -> None:
    inputs, sizes = inputs_of(STORY, BELIEFS.parameters, some_levers(7))
    program = program_of(STORY, ["p_doom", "reach", "research"], inputs)
    assert program is not None
    whole = program.run(inputs, sizes, tile=10**6, threads=1)
    found = program.run(inputs, sizes, tile=tile, threads=threads)
    assert all(np.array_equal(found[name].values, whole[name].values, equal_nan=True) for name in whole)


def test_a_draw_is_the_same_alone_and_among_others() -> None:
    few = BELIEFS.parameters.isel(draw=[3, 17])
    every = evaluate(STORY, BELIEFS.parameters, some_levers(2), ["p_doom"])["p_doom"]
    assert evaluate(STORY, few, some_levers(2), ["p_doom"])["p_doom"].equals(every.isel(draw=[3, 17]))


def test_parameters_may_vary_over_allocations_and_levers_over_draws() -> None:
    many = some_levers(2)
    parameters = BELIEFS.parameters.assign(
        severity=BELIEFS.parameters["severity"] * xr.DataArray([1.0, 0.9, 0.8], dims="allocation")
    )
    assert_same(STORY, parameters, many)
    draws = BELIEFS.parameters.sizes["draw"]
    by_draw = many.assign(
        buying_time_share=many["buying_time_share"] * xr.DataArray(np.linspace(0.5, 1, draws), dims="draw")
    )
    assert_same(STORY, BELIEFS.parameters, by_draw)
    fixed = BELIEFS.parameters.assign(severity=xr.DataArray(0.5))
    assert_same(STORY, fixed, many)


def test_known_nodes_are_taken_as_they_are() -> None:
    many = some_levers(2)
    first = evaluate(STORY, BELIEFS.parameters, many, ["safe", "pause_probability"])
    found = evaluate(STORY, BELIEFS.parameters, many, ["p_doom"], known=first)["p_doom"]
    usual = evaluate(STORY, BELIEFS.parameters, many, ["p_doom"])["p_doom"]
    np.testing.assert_allclose(found.values, usual.values, rtol=0, atol=EPS)


def test_what_is_the_same_is_there_once_and_marks_are_folded() -> None:
    inputs, _ = inputs_of(STORY, BELIEFS.parameters, some_levers(1))
    program = record(STORY, ["p_doom"], inputs)
    steps = program.graph.steps
    made = [(step.operation, step.arguments) for step in steps if step.arguments]
    assert len(made) == len(set(made))
    assert not {step.given.name for step in steps if step.given} & set(STORY.indicators)
    neither, drawn, by_lever, both = map(len, program.plan.orders)
    assert neither < 20
    assert by_lever < 20
    assert both < drawn + both
    assert both < 400


def branching(concern: Any, solutions: Any, complementarity: Any) -> Any:
    """A law that looks at a value."""
    return concern if concern > solutions else complementarity * solutions


def test_a_law_that_branches_on_a_value_is_refused_by_name_and_evaluated_plainly() -> None:
    from dataclasses import replace

    node = STORY.nodes["response"]
    nodes = {**STORY.nodes, "response": replace(node, law=branching)}
    story = replace(STORY, nodes=nodes)
    inputs, _ = inputs_of(story, BELIEFS.parameters, some_levers(1))
    with pytest.raises(CannotRecordError, match="node response: found a branch on a value"):
        record(story, ["p_doom"], inputs)
    one = BELIEFS.parameters.isel(draw=[0])
    with pytest.warns(UserWarning, match="node response"), pytest.raises((InputError, ValueError)):
        evaluate(story, one, some_levers(1), ["response"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(story, one, some_levers(1), ["concern"])


def test_a_law_that_uses_numpy_itself_is_recorded_where_it_can_be() -> None:
    from dataclasses import replace

    def plain(concern: Any, solutions: Any, complementarity: Any) -> Any:
        return np.exp(-complementarity) * np.minimum(concern, solutions) ** 2

    def odd(concern: Any, solutions: Any, complementarity: Any) -> Any:
        return np.sinh(complementarity) * concern * solutions

    for law, told in ((plain, ""), (odd, "found numpy.sinh")):
        story = replace(STORY, nodes={**STORY.nodes, "response": replace(STORY.nodes["response"], law=law)})
        inputs, sizes = inputs_of(story, BELIEFS.parameters, some_levers(2))
        if told:
            with pytest.raises(CannotRecordError, match=told):
                record(story, ["response"], inputs)
            continue
        found = record(story, ["response"], inputs).run(inputs, sizes)["response"]
        np.testing.assert_allclose(found, run_plainly(story, ["response"], inputs, sizes)["response"], rtol=EPS)


def test_the_program_of_a_question_is_kept_and_that_of_another_story_is_another() -> None:
    inputs, _ = inputs_of(STORY, BELIEFS.parameters, some_levers(1))
    first = program_of(STORY, ["p_doom"], inputs)
    assert program_of(STORY, ["p_doom"], inputs) is first
    other = cut(STORY, "race", "heeding")
    assert program_of(other, ["p_doom"], inputs_of(other, BELIEFS.parameters, some_levers(1))[0]) is not first
    assert program_of(STORY, ["safe"], inputs) is not first


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_asked_of_the_reference_alone_changes_no_later_answer(change: str) -> None:
    story, other = CHANGES[change](STORY), CHANGES[change](STORY)
    evaluate(story, BELIEFS.parameters, BELIEFS.anchor, ["p_doom", "concern"])
    found = evaluate(story, BELIEFS.parameters, some_levers(2), ["p_doom", "concern"])
    assert found.equals(evaluate(other, BELIEFS.parameters, some_levers(2), ["p_doom", "concern"]))


def severity_of(parameters: xr.Dataset) -> float:
    """What is computed of a parameter."""
    return float(evaluate(STORY, parameters, BELIEFS.anchor, ["doom_by_leader"])["doom_by_leader"].sum())


def test_parameters_that_are_changed_in_place_are_looked_at_again() -> None:
    parameters = BELIEFS.parameters.copy(deep=True)
    before = severity_of(parameters)
    parameters["severity"].values = 0.5 * parameters["severity"].values
    assert severity_of(parameters) == pytest.approx(0.5 * before)
    parameters["severity"] = 0.5 * parameters["severity"]
    assert severity_of(parameters) == pytest.approx(0.25 * before)
    parameters["severity"].values[:] *= 0.5
    assert severity_of(parameters) == pytest.approx(0.125 * before)
    halved = 0.5 * parameters["severity"]
    del parameters["severity"]
    parameters["severity"] = halved
    assert severity_of(parameters) == pytest.approx(0.0625 * before)


def test_parameters_are_not_kept_when_nobody_else_has_them() -> None:
    parameters = BELIEFS.parameters.copy(deep=True)
    severity_of(parameters)
    array = weakref.ref(parameters["severity"].values)
    del parameters
    gc.collect()
    assert array() is None


def test_a_number_put_out_of_range_in_place_is_refused() -> None:
    parameters = BELIEFS.parameters.copy(deep=True)
    severity_of(parameters)
    parameters["severity"].values[3] = 1.5
    with pytest.raises(InputError, match=r"severity: found 1\.5"):
        severity_of(parameters)


@pytest.mark.parametrize("threads", [1, 2])
def test_whoever_interrupts_ends_all_threads(threads: int) -> None:
    inputs, sizes = inputs_of(STORY, BELIEFS.parameters, some_levers(7))
    program = program_of(STORY, ["p_doom"], inputs)
    assert program is not None
    seen, every = [], []

    def interrupt(done: int, total: int) -> None:
        seen.append(done)
        every.append(total)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        program.run(inputs, sizes, tile=1, threads=threads, progress=interrupt)
    # Another thread may be ahead on a busy machine, but the rest is not done.
    assert len(seen) < every[0] / 2
