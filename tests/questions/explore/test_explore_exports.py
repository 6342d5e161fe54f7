"""What a page gives back: commands and documents that say the same sentence as the page."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.present.node import needs_node
from tests.questions.explore.page import State, answers, first_state
from tests.questions.explore.states import random_states
from tests.toy.case import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.questions.commands import commands_of
from toc_model.questions.explore import Explored, explore

pytestmark = needs_node
MARKS = re.compile("[\u2066-\u2069\u200e\u200f]")


@pytest.fixture(scope="module", params=[CASE, ESSAY], ids=["toy", "essay"])
def page(request: pytest.FixtureRequest) -> Explored:
    case: Case = request.param
    beliefs = load_beliefs(case, draws=200)
    prefix = "toc" if case is ESSAY else f"toc --case {case.home}"
    return explore(beliefs, beliefs.documents.allocations(), prefix=prefix)


def said(command: str) -> str:
    """The sentence that a command says first, on one line."""
    found = CliRunner().invoke(commands_of(ESSAY), shlex.split(command)[1:])
    assert found.exit_code == 0, (command, found.output, found.stderr)
    return " ".join(MARKS.sub("", found.stdout).split("\n\n")[1].split())


def plain(text: str) -> str:
    return text.replace("\u2212", "-")


def documents(exported: dict[str, Any], folder: Path) -> None:
    for name in ("worldview", "allocations"):
        if exported[name] is not None:
            (folder / f"{name}.toml").write_text(exported[name], encoding="utf-8")


def states_of(page: Explored) -> list[State]:
    """States with beliefs of one's own under every worldview, and random ones."""
    return [first_state(page), *random_states(page, 5, seed=5)]


def test_files_say_the_sentence_of_the_page(page: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    states = states_of(page)
    for state, found in zip(states, answers(page, [{"ask": "exported", "state": one} for one in states]), strict=True):
        documents(found, tmp_path)
        assert plain(said(found["withFiles"])) == plain(found["sentence"]), (found["withFiles"], json.dumps(state))
        for name in ("worldview", "allocations"):
            (tmp_path / f"{name}.toml").unlink(missing_ok=True)


def test_one_command_gives_the_same_figures(page: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    states = states_of(page)
    jobs = [{"ask": ask, "state": one} for one in states for ask in ("exported", "move")]
    found = answers(page, jobs)
    for exported, move in zip(found[::2], found[1::2], strict=True):
        documents(exported, tmp_path)
        done = CliRunner().invoke(commands_of(ESSAY), [*shlex.split(exported["command"])[1:], "--json"])
        assert done.exit_code == 0, (exported["command"], done.output)
        row = list(json.loads(done.stdout)["allocations"].values())
        name = shlex.split(exported["command"])[-1]
        told = json.loads(done.stdout)["allocations"][name]
        assert row
        assert told["change"]["mean"] == pytest.approx(move["figures"]["change"]["mean"], rel=1e-4, abs=1e-7)
        assert told["share_better"] == pytest.approx(move["figures"]["shareBetter"], abs=0.006)
