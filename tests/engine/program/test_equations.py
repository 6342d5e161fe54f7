"""Equations are what the laws compute, with no bracket too few, in notations that are well-formed."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import Golden
from tests.engine.program.test_program import BELIEFS, VILLAGE, branching, some_levers
from tests.shipped import STORY
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs as load_any
from toc_model.engine import laws
from toc_model.engine.evaluate import evaluate
from toc_model.engine.inputs import anchored, checked_parameters, story_inputs
from toc_model.engine.interventions import cut
from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.equations import Expression, equation
from toc_model.engine.program.symbolic import named, tree_of
from toc_model.engine.program.trees import Apply, Name, Number, Over, Table, Tree, walk
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

MINUS = "\u2212"
SHOWN = ("technical_effort", "reach", "solutions", "response", "lead", "pause_length", "research", "p_doom")
DO: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(operator, name[:3]) for name in ("add", "subtract")},
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negative": operator.neg,
    "absolute": abs,
    "equal": operator.eq,
    "less": operator.lt,
    "less_equal": operator.le,
    **{name: getattr(laws, name) for name in ("exp", "exp_less_1", "log", "logistic", "logit", "normal_cdf", "arctan")},
    **{name: getattr(laws, name) for name in ("normal_quantile", "smaller", "larger", "where", "times", "power")},
    **{name: getattr(laws, name) for name in ("growth_factor", "change")},
}


def value(tree: Tree, known: Mapping[str, Any]) -> Any:
    """What a tree comes to, by the laws' own operators."""
    if isinstance(tree, Name):
        found = known[tree.name]
        for dim, place in tree.at:
            found = laws.at(found, **{dim: place})
        return laws.reference(found) if tree.of_reference else found
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Table):
        return xr.DataArray(list(tree.values), dims=tree.dim)
    if isinstance(tree, Over):
        body = value(tree.body, known)
        return body.sum(tree.dim, skipna=False) if tree.operation == "add" else body.max(tree.dim)
    return DO[tree.operation](*(value(one, known) for one in tree.arguments))


def right_side(found: Expression, known: Mapping[str, Any]) -> Any:
    """What the right side of an equation comes to, its letters first."""
    all_known = dict(known)
    for name, part in reversed(found.parts):
        all_known[name.name] = value(part, all_known)
    return value(found.tree, all_known)


def assert_laws(story: Story, parameters: xr.Dataset, levers: xr.Dataset) -> None:
    """The equation of each node gives what its law does."""
    first = anchored(story, levers)
    inputs: dict[str, Any] = {**checked_parameters(story, parameters), **story_inputs(story, first)}
    nodes = evaluate(story, parameters, first)
    inputs |= {str(name): nodes[name].drop_vars(list(nodes[name].coords)) for name in nodes}
    for name, node in story.nodes.items():
        with np.errstate(all="ignore"):
            wanted = node.law(**{parent: inputs[parent] for parent in node.parents})
            found = right_side(equation(story, name), inputs)
        found, wanted = xr.broadcast(xr.DataArray(found), xr.DataArray(wanted))
        np.testing.assert_allclose(found, wanted.transpose(*found.dims), rtol=1e-9, atol=1e-12, err_msg=name)


CUTS: dict[str, Callable[[Story], Story]] = {
    "as it is": lambda story: story,
    "an arrow cut": lambda story: cut(story, "race", "heeding"),
    "an arrow of one place cut": lambda story: cut(story, "reach[outreach]", "concern"),
    "an arrow of a lever cut": lambda story: cut(story, "buying_time_share[builders]", "field_growth_rate"),
}


@pytest.mark.parametrize("change", CUTS)
def test_equations_compute_what_the_laws_do(change: str) -> None:
    assert_laws(CUTS[change](STORY), BELIEFS.parameters, some_levers(2))


@pytest.mark.parametrize("rival", ESSAY.rival_names)
def test_those_of_rivals_too(rival: str) -> None:
    beliefs = load_any(ESSAY.under([rival]), "base", draws=20)
    assert_laws(beliefs.story, beliefs.parameters, some_levers(2))


def test_those_of_the_village_too() -> None:
    every = joined(VILLAGE.anchor, VILLAGE.documents.allocations().levers())
    assert_laws(VILLAGE.story, VILLAGE.parameters, every)


@pytest.mark.parametrize("name", [*STORY.nodes, *VILLAGE.story.nodes])
def test_every_node_has_a_well_formed_equation(name: str) -> None:
    assert_well_formed(equation(STORY if name in STORY.nodes else VILLAGE.story, name))


def assert_well_formed(found: Expression) -> None:
    latex = found.latex()
    bare = latex.replace("\\{", "").replace("\\}", "")
    depths = np.cumsum([{"{": 1, "}": -1}.get(mark, 0) for mark in bare])
    assert depths[-1] == 0
    assert (depths >= 0).all()
    assert latex.count("\\left") == latex.count("\\right")
    assert latex.count("\\begin") == latex.count("\\end")
    root = ET.fromstring(found.mathml())  # noqa: S314
    assert root.tag.endswith("}math")
    assert root.get("alttext")
    children = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2}
    for one in root.iter():
        assert children.get(one.tag.rpartition("}")[2], len(one)) == len(one)
    assert "style" not in root.attrib
    text = found.text()
    assert text.count("(") == text.count(")")


def test_some_equations_are_as_they_were_looked_at(golden: Golden) -> None:
    found = [equation(STORY, name) for name in SHOWN]
    lines = [line for one in found for line in (one.text(), one.latex(), *one.notes, "")]
    golden("equations.txt", "\n".join([*lines, equation(STORY, "concern").mathml(), ""]))


def test_labels_are_used_where_there_are_some() -> None:
    assert equation(VILLAGE.story, "ripe").text() == "when grain is ripe = spring + late · Δ (length of the fence)"
    labels = {"ripe": "harvest day", "late": "delay a km"}
    assert (
        equation(VILLAGE.story, "ripe", labels).text() == "harvest day = spring + delay a km · Δ (length of the fence)"
    )


def test_labels_of_somebody_break_nothing() -> None:
    hostile = '\\end{aligned}}}{{ $x$ % # & ~ ^ _ <script>alert("1")</script> \x00 ]]> \'"'
    found = equation(VILLAGE.story, "ripe", dict.fromkeys(("ripe", "spring", "late", "fence"), hostile))
    assert_well_formed(found)
    assert "<script" not in found.mathml()
    assert not re.search(r"(?<!\\)[%$#_^~]", found.latex().replace("^{2}", ""))


def law(story: Story, name: str, changed: Callable[..., Any]) -> Story:
    return replace(story, nodes={**story.nodes, name: replace(story.nodes[name], law=changed)})


def test_what_is_no_equation_is_refused_by_name() -> None:
    with pytest.raises(CannotRecordError, match="node response: found a branch on a value"):
        equation(law(STORY, "response", branching), "response")

    def odd(concern: Any, solutions: Any, complementarity: Any) -> Any:
        return np.sinh(complementarity) * concern * solutions

    with pytest.raises(CannotRecordError, match=r"node response: found numpy\.sinh"):
        equation(law(STORY, "response", odd), "response")

    def array(concern: Any, solutions: Any, complementarity: Any) -> Any:
        return concern * solutions * complementarity * np.ones(3)

    with pytest.raises(CannotRecordError, match="node response: found an array"):
        equation(law(STORY, "response", array), "response")
    with pytest.raises(InputError, match="respons"):
        equation(STORY, "respons")


def test_a_sum_within_what_varies_along_the_same_dimension_has_another_index() -> None:
    def beside(watch: Any, watch_gain: Any) -> Any:
        return watch - laws.total(watch * watch_gain, "field")

    found = equation(law(VILLAGE.story, "guarded", beside), "guarded")
    assert (
        found.text().replace("\u2032", "'")
        == f"grain guarded at night[f] = watch[f] {MINUS} sum over f' of watch[f'] · watch gain[f']"
    )
    assert "_{f'}" in found.latex()
    assert_well_formed(found)


def test_other_operators_are_shown_too() -> None:
    def other(watch: Any, watch_gain: Any) -> Any:
        largest = laws.log_sum_exp(watch, "field")
        return (
            laws.where(watch <= 0.5, laws.arctan(largest), laws.larger(watch_gain, abs(watch))) + (watch < 2.0) * 1e-7
        )

    found = equation(law(VILLAGE.story, "guarded", other), "guarded")
    assert_well_formed(found)
    assert "if watch[f] ≤ 0.5; max(watch gain[f], |watch[f]|) otherwise}" in found.text()
    assert "[watch[f] < 2] · 1e-7" in found.text()


def test_what_is_free_of_allocations_does_not_change() -> None:
    assert tree_of(laws.change(named("x", (), {}))) == Number(0.0)
    x = named("x", ("allocation",), {"allocation": 2})
    assert tree_of(laws.change(x)) == Apply("change", (Name("x", ("allocation",)),))
    assert tree_of(laws.reference(laws.change(x))) == Number(0.0)
    assert tree_of(laws.power(x, -x)) == Apply("power", (tree_of(x), tree_of(-x)))


# Laws made at random -------------------------------------------------------------------------------------------------

OPERATORS: list[tuple[int, Callable[..., Any]]] = [
    (2, operator.add),
    (2, operator.sub),
    (2, operator.mul),
    (2, operator.truediv),
    (2, laws.times),
    (1, operator.neg),
    (1, lambda x: laws.exp(x * 0.1)),
    (1, lambda x: laws.log(x * x + 1)),
    (2, lambda x, y: laws.power(x * x + 0.5, y)),
    (1, lambda x: -laws.exp_less_1(-x / 9)),
]
ALL_OPERATORS = [
    *OPERATORS,
    (1, abs),
    (2, laws.smaller),
    (2, laws.larger),
    (1, laws.logistic),
    (1, laws.normal_cdf),
    (1, laws.growth_factor),
    (3, lambda x, y, z: laws.where(x <= y, z, laws.where(x <= y, x, y * z))),
    (3, lambda x, y, z: laws.ratio_or(x, y, z - z)),
    (3, lambda x, y, z: laws.both_needed(laws.logistic(x), laws.logistic(y), abs(z))),
    (2, lambda x, y: laws.moved(laws.logistic(x), y)),
    (2, laws.union),
    (2, lambda x, y: laws.saturating(x, abs(y) + 1)),
]
STEPS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), max_size=7)
VALUES = st.sampled_from([-2.5, -1.0, 0.25, 0.5, 1.0, 3.0, 7.0])


def made(steps: Any, start: list[Any], operators: Any) -> Any:
    """What a law made at random computes."""
    found = [*start, 1.0, 2.0, 0.0, -3.0]
    for which, *of in steps:
        arity, function = operators[which % len(operators)]
        found.append(function(*(found[(k * k + len(found) - 1) % len(found)] for k in of[:arity])))
    return found[-1] if steps else start[0]


def symbols() -> list[Any]:
    return [named(name, (), {}) for name in "xyz"]


@given(STEPS, VALUES, VALUES, VALUES)
def test_any_law_is_what_its_tree_computes(steps: Any, x: float, y: float, z: float) -> None:
    start = [np.float64(one) for one in (x, y, z)]
    with np.errstate(all="ignore"):
        try:
            wanted = made(steps, start, ALL_OPERATORS)
            found = value(tree_of(made(steps, symbols(), ALL_OPERATORS)), dict(zip("xyz", start, strict=True)))
        except ZeroDivisionError:
            assume(False)
    assume(np.isfinite(wanted) and abs(wanted) < 1e8)
    assert float(found) == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


@given(STEPS, VALUES, VALUES, VALUES)
def test_brackets_are_where_they_are_needed(steps: Any, x: float, y: float, z: float) -> None:
    tree = tree_of(made(steps, symbols(), OPERATORS))
    found = Expression(Name("left"), tree, (), {}, {}, {})
    text = found.text().removeprefix("left = ")
    for mark, python in {MINUS: "-", "·": "*", "^": "**", "ln": "log", "sqrt": "root"}.items():
        text = text.replace(mark, python)
    known = {name: np.float64(one) for name, one in zip("xyz", (x, y, z), strict=True)}
    functions = {"e": np.float64(math.e), "exp": np.exp, "log": np.log, "root": np.sqrt}
    with np.errstate(all="ignore"):
        try:
            wanted = value(tree, known)
            evaluated = eval(text, {}, {**known, **functions})  # noqa: S307
        except (ZeroDivisionError, OverflowError):
            assume(False)
    assume(np.isfinite(wanted) and abs(wanted) < 1e8)
    assert float(evaluated) == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


@given(STEPS)
def test_what_is_drawn_apart_is_put_together_again(steps: Any) -> None:
    def any_law(sown_before: Any, toil: Any, fence: Any) -> Any:
        return made(steps, [sown_before, toil, fence], ALL_OPERATORS)

    found = equation(law(VILLAGE.story, "sown", any_law), "sown")
    known = {"sown_before": np.float64(0.4), "toil": np.float64(1.5), "fence": np.float64(2.0)}
    with np.errstate(all="ignore"):
        try:
            wanted = made(steps, list(known.values()), ALL_OPERATORS)
            together = right_side(found, known)
        except ZeroDivisionError:
            assume(False)
    assume(np.isfinite(wanted) and abs(wanted) < 1e8)
    assert float(together) == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)
    letters = [name.name for name, _ in found.parts]
    assert len(set(letters)) == len(letters)
    assert not set(letters) & set(VILLAGE.story.dims)
    assert_well_formed(found)
    for place, (_, part) in enumerate(found.parts):
        assert not {one.name for one in walk(part) if isinstance(one, Name)} & set(letters[: place + 1])
