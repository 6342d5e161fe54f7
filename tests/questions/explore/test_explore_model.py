"""The model of a page against the package: every node, worldview, date and rival, and random states, to 1e-9."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from tests.present.node import needs_node
from tests.questions.explore.page import State, answers, beliefs_in, first_state, levers_in, nodes_in
from tests.questions.explore.states import random_states
from tests.toy.case import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.case import Case
from toc_model.engine.declare import Variable
from toc_model.essay.case import ESSAY
from toc_model.questions.explore import Explored, explore
from toc_model.questions.explore.scores import rounded
from toc_model.questions.run import run
from toc_model.statistics.decisions import figures

pytestmark = needs_node
DRAWS, CLOSE = 100, 1e-9


SHAPES = {
    "jumped": 'family = "beta"\nlower = 0.0\nupper = 1.0',
    "fence_gain": 'family = "gamma"\nlower = 0.0',
    "sown_before": 'family = "metalog"\nlower = 0.0\nterms = 3',
}
"""Families whose members have shapes of their own, for entries of the village."""


@pytest.fixture(scope="module", params=["toy", "shapes", "essay"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explored]:
    """A page on which scores are exactly those of the package, which is made to round them as pages do."""
    case: Case = ESSAY if request.param == "essay" else CASE
    folder = reshaped(tmp_path_factory.mktemp("shapes") / "documents") if request.param == "shapes" else None
    priors: Any = importlib.import_module("toc_model.beliefs.priors")
    stream = priors._stream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(priors, "_stream", lambda *asked: rounded(stream(*asked)))
        patch.setattr(importlib.import_module("toc_model.beliefs.camps"), "LEAST_POOL", 4000)
        beliefs = load_beliefs(case, draws=DRAWS, seed=7, priors=folder)
        yield explore(beliefs, beliefs.documents.allocations())


def reshaped(folder: Path) -> Path:
    """The village's documents with families of other shapes."""
    copytree(CASE.documents, folder)
    for path in folder.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for entry, family in SHAPES.items():
            head, mark, rest = text.partition(f"[{entry}]\n")
            text = head + mark + re.sub(r'(?m)^family = "\w+"$', family, rest, count=1)
        path.write_text(text, encoding="utf-8")
    return folder


def every_one(page: Explored) -> list[State]:
    """Each worldview at each date, and each rival."""
    first, data = first_state(page), page.data
    worldviews = [one["name"] for one in data["worldviews"] if one["selectable"]]
    dates = [one["name"] for one in data["dates"]]
    return [
        *({**first, "worldview": name, "date": date} for name in worldviews for date in dates),
        *({**first, "rivals": [one["name"]]} for one in data["rivals"]),
    ]


def far(found: Any, wanted: np.ndarray) -> float:
    """The largest difference, relative to what is larger than one; that of the same places that are no number is 0."""
    values = np.array(found, float)
    return float(np.nanmax(np.abs(values - wanted) / np.maximum(1, np.abs(wanted)), initial=0.0))


def assert_nodes_are_alike(page: Explored, states: list[State]) -> None:
    found = answers(page, [{"ask": "nodes", "state": state, "which": which} for state in states for which in "ab"])
    for place, state in enumerate(states):
        for which, nodes in zip("ab", found[2 * place :], strict=False):
            wanted = nodes_in(page, state, which)
            assert nodes.keys() == wanted.keys()
            for name, values in wanted.items():
                assert np.array_equal(np.isnan(np.array(nodes[name], float)), np.isnan(values)), (name, state)
                assert far(nodes[name], values) < CLOSE, (name, which, state)


def test_every_node_under_every_worldview_date_and_rival(page: Explored) -> None:
    assert_nodes_are_alike(page, every_one(page))


def test_every_node_in_random_states(page: Explored) -> None:
    states = random_states(page, 50, seed=11)
    assert any(state["beliefs"] for state in states)
    assert any(state["cuts"] and state["holds"] for state in states)
    assert_nodes_are_alike(page, states)


def test_moves_are_those_of_the_package(page: Explored) -> None:
    states = [*every_one(page), *random_states(page, 20, seed=12)]
    for state, found in zip(states, answers(page, [{"ask": "move", "state": state} for state in states]), strict=True):
        beliefs = beliefs_in(page, state)
        both = [beliefs.outcome(levers_in(page, state, which)).isel(allocation=0).values for which in "ab"]
        assert far(found["before"], both[0]) < CLOSE
        assert far(found["change"], both[1] - both[0]) < CLOSE


# What is asked beside the move --------------------------------------------------------------------------------------


def figures_are(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        wanted_here = pytest.approx(value, rel=1e-7, abs=1e-11) if isinstance(value, float) else value
        assert found[name] == wanted_here, name


def test_steps_and_parts_are_those_of_toc_run(page: Explored) -> None:
    state, case = first_state(page), page.run.beliefs.case
    ran = run(page.run.beliefs, page.run.allocations, steps=True)
    assert ran.stages
    wanted = ran.stages.to_dict()["stages"]
    steps, parts = answers(page, [{"ask": "steps", "state": state}, {"ask": "parts", "state": state}])
    assert [step["node"] for step in steps] == list(wanted)
    for step, row in zip(steps, wanted.values(), strict=True):
        for own, theirs in (("before", "before"), ("after", "after"), ("part", "change")):
            figures_are(step[own], row[theirs])
    for part, node in zip(parts, case.objective.parts.values(), strict=True):
        for name, which in ((case.status_quo, "before"), (page.data["proposal"], "after")):
            figures_are(part[which], figures(ran.outcome(node).sel(allocation=name)))


def test_the_same_move_under_each_worldview_is_that_of_toc_run(page: Explored) -> None:
    (found,) = answers(page, [{"ask": "moves", "state": first_state(page)}])
    moves = {move.beliefs.worldview: move.to_dict() for move in page.run.moves}
    whole = {one["name"] for one in page.data["worldviews"] if one["selectable"]}
    assert whole <= {one["worldview"] for one in found}
    for one in found:
        if one["worldview"] in whole:
            wanted = moves[one["worldview"]]
            figures_are(one["figures"]["change"], wanted["change"])
            figures_are(one["figures"]["breakEven"], wanted["break_even"])
            assert one["figures"]["shareBetter"] == pytest.approx(wanted["share_better"])
        else:
            assert one["draws"] < DRAWS


def test_members_of_a_camp_are_those_that_a_mixture_took_from_it(page: Explored) -> None:
    data = page.data
    mixture = next(one for one in data["worldviews"] if one["kind"] == "mixture")
    folder = page.data["folder"] or None
    beliefs = load_beliefs(page.run.beliefs.case, mixture["name"], draws=DRAWS, seed=7, priors=folder)
    both = [levers_in(page, first_state(page), which) for which in "ab"]
    before, after = (beliefs.outcome(levers).isel(allocation=0) for levers in both)
    (found,) = answers(page, [{"ask": "moves", "state": first_state(page)}])
    parts = np.array(data["sets"][mixture["name"]]["parts"])
    for camp in (one for one in data["worldviews"] if one["part"] is not None):
        row = next(one for one in found if one["worldview"] == camp["name"])
        mine = parts == camp["part"]
        assert row["draws"] == mine.sum()
        assert row["figures"]["change"]["mean"] == pytest.approx(float((after - before).values[mine].mean()), rel=1e-7)


def test_a_curve_goes_through_a_and_b(page: Explored) -> None:
    state, lever = first_state(page), page.data["lever"]
    whole = {**state, "b": {name: list(row) for name, row in _status_quo(page).items()}}
    (curve,) = answers(page, [{"ask": "curve", "state": whole, "variable": lever}])
    assert len(curve) > 5
    variable = page.run.beliefs.case.story.variable(lever)
    for point in curve[:: len(curve) - 1]:
        moved = {**whole, "b": _moved(page, variable, point["x"])}
        (one,) = answers(page, [{"ask": "move", "state": moved}])
        figures_are(point["figures"]["change"], one["figures"]["change"])
    assert curve[0]["x"] == variable.lever.lower
    assert curve[-1]["x"] == pytest.approx(variable.lever.upper - variable.lever.margin)


def _status_quo(page: Explored) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.data["dates"][0]["statusQuo"]
    return found


def _moved(page: Explored, variable: Variable, x: float) -> dict[str, list[float]]:
    levers = {name: list(row) for name, row in _status_quo(page).items()}
    names = [one.name for one in page.run.beliefs.case.story.variables if one.lever.name == variable.lever.name]
    levers[variable.lever.name][names.index(variable.name)] = x
    return levers


def test_a_belief_turns_the_sign_where_it_is_said_to(page: Explored) -> None:
    state, names = first_state(page), page.data["cruxes"]
    found = answers(page, [{"ask": "turn", "state": state, "entry": name} for name in names])
    turning = [(name, turn["value"]) for name, turn in zip(names, found, strict=True) if turn]
    assert turning or page.data["folder"]  # a gamma has no values below 0, so that nothing turns the sign there
    for name, value in turning:
        near = [{**state, "beliefs": {name: [value * (1 + step)]}} for step in (-0.02, 0.0, 0.02)]
        means = [one["figures"]["change"]["mean"] for one in answers(page, [{"ask": "move", "state": s} for s in near])]
        assert min(means) * max(means) <= 0 or abs(means[1]) < 1e-4, (name, value, means)


# In an address ------------------------------------------------------------------------------------------------------


def test_an_address_gives_the_state_once_more(page: Explored) -> None:
    states = random_states(page, 40, seed=3)
    hashes = answers(page, [{"ask": "hash", "state": state} for state in states])
    found = answers(page, [{"ask": "state", "hash": text} for text in hashes])
    for state, told in zip(states, found, strict=True):
        assert told == {"state": state, "troubles": [], "isOld": False}


def test_the_first_state_has_no_address(page: Explored) -> None:
    first, empty, other = answers(
        page, [{"ask": "hash", "state": first_state(page)}, {"ask": "first"}, {"ask": "state", "hash": ""}]
    )
    assert first == ""
    assert empty == other["state"] == first_state(page)


def test_an_old_address_says_so_and_what_it_does_not_know(page: Explored) -> None:
    text = "#m=000000000000&w=nobody&s=nothing=1..2&h=nothing=3&c=a->b&no=X1&yes=X2&b=1_2&a=&r=none&d=never"
    (found,) = answers(page, [{"ask": "state", "hash": text}])
    assert found["isOld"]
    assert found["state"] == first_state(page)
    assert len(found["troubles"]) == 10


@pytest.mark.parametrize("stated", ["2..1", "1e999", "NaN", "", "1..2..3", "..", "0x10", "-1e9..1e9x"])
def test_what_no_belief_can_be_is_left_out(page: Explored, stated: str) -> None:
    name = page.data["cruxes"][0]
    (found,) = answers(page, [{"ask": "state", "hash": f"#s={name}={stated}"}])
    assert found["state"]["beliefs"] == {}
    assert found["troubles"] == [f"s={name}={stated}"]
