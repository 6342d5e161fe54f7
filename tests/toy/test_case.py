"""The toy leaves nothing empty, is found where it says, and comes back from a pickle."""

import pickle
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.toy import CASE
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import fail_if_claims_differ
from toc_model.engine.case import load_case
from toc_model.engine.interventions import cut, do, pin, switched
from toc_model.errors import InputError

ROOT = Path(__file__).parents[2]


def test_it_leaves_nothing_empty_but_the_external_figures() -> None:
    empty = [field.name for field in fields(CASE) if not getattr(CASE, field.name)]
    assert empty == ["external"]
    assert CASE.objective.parts
    assert len({CASE.reference, CASE.status_quo, CASE.proposal}) == 3


def test_its_ledger_and_its_laws_agree(almanac: Beliefs) -> None:
    fail_if_claims_differ(CASE.story, almanac.documents.claims(), "claims.toml")


@pytest.mark.parametrize("home", ["tests.toy:CASE", "tests.toy.case:CASE"])
def test_it_is_found_by_name(home: str) -> None:
    assert load_case(home) is CASE


def test_the_command_finds_it_in_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from tests.toy import CASE\n", encoding="utf-8")
    program = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from toc_model.cli import main; main()"
    words = ["--case", "mine:CASE", "run", "--draws", "20"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *words], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "harvest by allocation" in done.stdout


@pytest.mark.parametrize(
    ("home", "fragment"),
    [
        ("tests.toy", "allowed: MODULE:NAME"),
        ("tests.toy:CASES", "can't be found"),
        ("tests.nowhere:CASE", "can't be found"),
        ("tests.toy.case:STORY", "found Story; allowed: a Case"),
    ],
)
def test_what_is_no_case_is_refused(home: str, fragment: str) -> None:
    with pytest.raises(InputError) as error:
        load_case(home)
    assert fragment in str(error.value)


# Pickles --------------------------------------------------------------------------------------------------------------


def again(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301


def test_a_case_comes_back_as_itself() -> None:
    assert again(CASE) is CASE


def test_a_story_with_interventions_comes_back(almanac: Beliefs, allocations: Allocations) -> None:
    story = switched(cut(pin(do(CASE.story, "guarded[hill]", 0.5), "guarded[valley]"), "fence", "sown"), "off", [])
    back = again(story)
    assert back.edits == story.edits
    assert list(back.levers) == ["fence", "watch", "off"]
    changed = almanac.with_overrides(())
    for one in (story, back):
        levers = allocations.levers().assign(off=("allocation", [0.0, 1.0, 0.0]))
        anchor = almanac.anchor.assign(off=("allocation", [0.0]))
        from toc_model.beliefs.levers import joined
        from toc_model.engine.evaluate import evaluate

        found = evaluate(one, changed.parameters, joined(anchor, levers), ["harvest"])
        assert found.equals(evaluate(story, changed.parameters, joined(anchor, levers), ["harvest"]))


def test_beliefs_and_allocations_come_back(almanac: Beliefs, farmer: Beliefs, allocations: Allocations) -> None:
    assert again(allocations) == allocations
    assert again(farmer.priors) == farmer.priors
    for beliefs in (almanac, farmer.with_overrides([])):
        back = again(beliefs)
        assert back.worldview == beliefs.worldview
        assert back.outcome(allocations.levers()).equals(beliefs.outcome(allocations.levers()))


def test_beliefs_under_overrides_come_back(allocations: Allocations) -> None:
    from toc_model.beliefs.loading import load_beliefs

    beliefs = load_beliefs(CASE, draws=5, overrides=["do(guarded)=before", "toil*=2", "cut(fence->sown)"])
    back = again(beliefs)
    assert back.overrides == beliefs.overrides
    assert back.outcome(allocations.levers()).equals(beliefs.outcome(allocations.levers()))
