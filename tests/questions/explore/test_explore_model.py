"""The model of a page against the package: every node, worldview, date and rival, and random states, to 1e-9."""

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.questions.explore.page import NODE, State, answers, beliefs_in, first_state, levers_in, nodes_in
from tests.questions.explore.states import random_states
from tests.toy.case import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.questions.explore import Explored, explore
from toc_model.questions.explore.scores import rounded

pytestmark = pytest.mark.skipif(not NODE, reason="node is absent (apt-get install nodejs)")
DRAWS, CLOSE = 100, 1e-9


@pytest.fixture(scope="module", params=[CASE, ESSAY], ids=["toy", "essay"])
def page(request: pytest.FixtureRequest) -> Iterator[Explored]:
    """A page on which scores are exactly those of the package, which is made to round them as pages do."""
    case: Case = request.param
    priors: Any = importlib.import_module("toc_model.beliefs.priors")
    stream = priors._stream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(priors, "_stream", lambda *asked: rounded(stream(*asked)))
        patch.setattr(importlib.import_module("toc_model.beliefs.camps"), "LEAST_POOL", 4000)
        beliefs = load_beliefs(case, draws=DRAWS, seed=7)
        yield explore(beliefs, beliefs.documents.allocations())


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
