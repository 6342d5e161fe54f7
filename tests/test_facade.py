"""The names that a script uses: typed and documented, one signature, and every argument handed on."""

import inspect
import pickle
from pathlib import Path
from typing import Any

import pytest

import toc_model as toc
from tests.toy import CASE
from toc_model.facade import deciding, doubting, explaining

DECIDING = ("run", "compare", "curve", "optimise", "marginal", "voi")
EXPLAINING = ("channels", "sensitivity", "claims", "disagree", "explore", "report")
DOUBTING = ("grant", "harm", "structure")
QUESTIONS = (*DECIDING, *EXPLAINING, *DOUBTING)
FUNCTIONS = [name for name in toc.__all__ if inspect.isfunction(getattr(toc, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_typed_and_documented(name: str) -> None:
    function = getattr(toc, name)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    untyped = [one for one, about in signature.parameters.items() if about.annotation is inspect.Parameter.empty]
    assert untyped == []
    text = inspect.getdoc(function) or ""
    assert "\nParameters\n" in text
    missing = [one for one in signature.parameters if one not in text]
    assert missing == []
    assert "\nRaises\n" in text or name == "pin"


@pytest.mark.parametrize("name", [*FUNCTIONS, "Beliefs", "Case", "Run", "Story", "Settings"])
def test_help_is_no_dump_of_the_story(name: str) -> None:
    assert len(str(inspect.signature(getattr(toc, name)))) < 2000
    assert "Argument(" not in str(inspect.signature(getattr(toc, name)))


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_have_one_signature(name: str) -> None:
    signature = inspect.signature(getattr(toc, name)).parameters
    assert list(signature)[:2] == ["beliefs", "allocations"]
    assert [about.default for about in list(signature.values())[:2]] == [None, None]
    assert all(about.kind is about.KEYWORD_ONLY for about in list(signature.values())[2:-1])
    assert "progress" in signature
    assert list(signature)[-1] == "drawn"


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_argument_is_handed_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    home = deciding if name in DECIDING else explaining if name in EXPLAINING else doubting
    received: dict[str, Any] = {}

    def question(*held: Any, **options: Any) -> str:
        received.update(options, held=held)
        return "answered"

    monkeypatch.setattr(getattr(home, f"_{name}"), name, question)
    ask = getattr(toc, name)
    given: dict[str, Any] = {option: object() for option in list(inspect.signature(ask).parameters)[2:-1]}
    if "seed" in given:
        given["seed"] = 3
    several = name in {"compare", "curve", "disagree", "grant", "marginal", "optimise", "report"}
    worldviews = ["almanac", "farmer"] if several else "almanac"
    assert ask(worldviews, case=CASE, draws=7, **given) == "answered"
    beliefs, allocations = received.pop("held")
    assert {option: received[option] for option in given} == given
    found = beliefs if several else [beliefs]
    assert [one.worldview for one in found] == (worldviews if several else ["almanac"])
    assert [one.draws for one in found] == [7] * len(found)
    assert list(allocations.named) == ["today", "plan", "all_round"]


def test_beliefs_and_allocations_are_taken_as_themselves_as_names_as_files_and_as_tables(tmp_path: Path) -> None:
    table = {"today": {"fence": 3.0}, "double": {"fence": 6.0}}
    document = tmp_path / "mine.toml"
    document.write_text("[today]\nfence = 3.0\n[double]\nfence = 6.0\n", encoding="utf-8")
    beliefs = toc.beliefs("almanac", draws=50, case=CASE)
    found = [
        toc.run(beliefs, toc.allocations(table, case=CASE)),
        toc.run("almanac", table, draws=50, case=CASE),
        toc.run(None, document, draws=50, case=CASE),
    ]
    figures = [result.to_dict()["allocations"] for result in found]
    assert figures[0] == figures[1] == figures[2]
    assert list(figures[0]) == ["today", "double"]


def test_how_to_draw_is_refused_beside_what_is_drawn() -> None:
    with pytest.raises(toc.InputError, match="found draws, seed beside beliefs that are drawn already"):
        toc.run(toc.beliefs("almanac", draws=5, case=CASE), draws=9, seed=2)


def test_no_beliefs_are_refused() -> None:
    with pytest.raises(toc.InputError, match="beliefs: found none; allowed: one or more"):
        toc.compare([])


def test_a_run_is_saved_under_a_name_and_given_back(tmp_path: Path) -> None:
    found = toc.run("farmer", draws=30, case=CASE)
    found.save(str(tmp_path / "run.nc"))
    again = toc.load(str(tmp_path / "run.nc"))
    assert isinstance(again, toc.Run)
    assert again.to_dict() == found.to_dict()
    assert str(again) == str(found)


def test_what_questions_are_asked_with_pickles() -> None:
    beliefs = toc.beliefs("almanac", draws=5, case=CASE)
    again = pickle.loads(pickle.dumps(beliefs))  # noqa: S301
    assert again.parameters.identical(beliefs.parameters)
    assert repr(again) == repr(beliefs) == "<Beliefs: worldview 'almanac', 5 draws, seed 1>"


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'toc_model' has no attribute 'optimize'"):
        _ = toc.optimize
    assert set(toc.__all__) <= set(dir(toc))


def test_one_number_of_ones_own_may_be_one_text() -> None:
    one = toc.beliefs("base", draws=20, sets="agi_year=2031", overrides="severity*=0.5")
    assert one.documents.sets == ("agi_year=2031",)
    assert [override.text for override in one.overrides] == ["severity*=0.5"]
