"""The village is asked in flags of its own."""

import json
from typing import Any

import pytest

import toc_model as toc
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from tests.toy.by_hand import harvest

VILLAGE = ["--case", "tests.toy:CASE"]


def figures_of(run: Toc, *words: object) -> dict[str, Any]:
    code, out, err = run(*VILLAGE, *words, "--draws", 200, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_flags_are_those_of_its_levers(toc: Toc) -> None:
    _, shown, _ = toc(*VILLAGE, "run", "--help")
    for said in ("--fence VALUE", "--watch PLACE=VALUE", "hill=60", "--move", "--only", "--set"):
        assert said in shown
    _, essay, _ = toc("run", "--help")
    for said in ("--researchers VALUE", "--builders VALUE", "--mix PLACE=VALUE"):
        assert said in essay
        assert said not in shown
    assert_refused(toc(*VILLAGE, "run", "--researchers", 30), "No such option '--researchers'")
    assert_refused(toc("run", "--fence", 6), "No such option '--fence'")


def test_what_flags_ask_for_is_the_move_and_its_figures_are_those_by_hand(toc: Toc) -> None:
    found = figures_of(toc, "run", "--fence", 6, "--watch", "valley=70")
    assert found["to"] == "asked"
    assert list(found["allocations"]) == ["today", "asked", "plan", "all_round"]
    assert found["asked"]["asked"]["values"] == {"fence": 6.0, "watch.valley": 0.7}
    assert found["asked"]["asked"]["scaled"] == {"watch.hill": pytest.approx(0.3)}
    by_hand = harvest(toc_beliefs(), 6.0, 0.7)
    assert found["allocations"]["asked"]["harvest"]["mean"] == pytest.approx(by_hand.mean())
    assert found["provenance"]["allocations"]["move asked"] == "fence:6,watch.valley:70"


def toc_beliefs() -> toc.Beliefs:
    return toc.beliefs("almanac", draws=200, case=CASE)


def test_what_is_meant_is_said_first(toc: Toc) -> None:
    code, out, _ = toc(*VILLAGE, "run", "--draws", 100, "--fence", "6km", "--watch", "valley=0.8", "--set", "toil=.1")
    assert code == 0
    said = " ".join(out.split("Under the worldview")[0].split())
    assert "Asked: “asked” is fence 6 km, watch.valley 80 %; in proportion watch.hill 20 %; all else" in said
    assert "Assumed by the caller: toil (" in said
    assert "as 0.1." in said


def test_several_moves_make_several_rows(toc: Toc) -> None:
    found = figures_of(toc, "run", "--move", "a=fence:5", "--move", "b=fence:4,watch.hill:100%", "--only", "all_round")
    assert list(found["allocations"]) == ["today", "a", "b", "all_round"]
    assert found["allocations"]["b"]["harvest"]["mean"] == pytest.approx(harvest(toc_beliefs(), 4.0, 0.0).mean())


QUESTIONS = ["compare", "curve", "marginal", "channels", "sensitivity", "voi", "harm"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_takes_what_is_asked_and_set(toc: Toc, question: str) -> None:
    found = figures_of(toc, question, "--fence", 5, "--set", "toil=0.1")
    about = json.dumps(found)
    assert '"sets": ["toil=0.1"]' in about
    assert '"move asked": "fence:5"' in about
    if question in ("channels", "sensitivity", "harm"):
        assert found["allocation"] == "asked"


def test_a_set_moves_the_figures_as_by_hand(toc: Toc) -> None:
    found = figures_of(toc, "run", "--worldview", "almanac", "--set", "toil=0.5")
    beliefs = toc_beliefs().with_(toil=0.5, reason="the same")
    assert found["allocations"]["plan"]["harvest"]["mean"] == pytest.approx(harvest(beliefs, 6.0, 0.8).mean())
    assert found["sets"] == {"asked": ["toil=0.5"], "means": {"toil": "0.5"}}


def test_a_set_holds_under_every_worldview_beside(toc: Toc) -> None:
    found = figures_of(toc, "run", "--set", "toil=0.5")
    alone = figures_of(toc, "run", "--set", "toil=0.5", "--worldview", "farmer")
    assert found["worldviews"]["farmer"]["change"] == alone["allocations"]["plan"]["change"]
    usual = figures_of(toc, "run")
    for name, move in found["worldviews"].items():
        assert move["change"] != usual["worldviews"][name]["change"]


def test_priors_are_shown_as_they_are_set(toc: Toc) -> None:
    for words in (["--set", "toil=0.02..0.05", "toil"], ["toil", "--set", "toil=0.02..0.05"]):
        code, out, _ = toc(*VILLAGE, "priors", *words)
        assert code == 0
        assert "an assumption of the caller" in out


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--fence", "13"], ["fence: found '13'; allowed: 0 km to 12 km"]),
        (["--fence", "6%"], ["fence: found '6%'; allowed: a number of km"]),
        (["--watch", "vally=80"], ["--watch 'vally=80': unknown watch 'vally'; did you mean 'valley'?"]),
        (["--watch", "valley"], ["--watch 'valley': allowed: PLACE=VALUE"]),
        (["--watch", "valley=80", "--watch", "valley=70"], ["watch.valley: found it twice"]),
        (["--watch", "valley=80", "--watch", "hill=30"], ["watch: found a sum of 110 %"]),
        (["--watch", "valley=1"], ["may be 1 % or all"]),
        (["--move", "plan=fence:5"], ["move 'plan': found a name that is taken"]),
        (["--fence", "5", "--move", "asked=fence:4"], ["move 'asked': found it beside flags of levers"]),
        (["--set", "toli=0.1"], ["unknown parameter 'toli'; did you mean 'toil'?"]),
        (["--set", "spring=-1"], ["found -1; allowed: 0 or more (days)"]),
        (["--set", "jumped=0.9..0.1"], ["allowed: one that rises"]),
    ],
)
def test_a_mistake_in_flags(toc: Toc, words: list[str], fragments: list[str]) -> None:
    assert_refused(toc(*VILLAGE, "run", "--draws", 20, *words), *fragments)


def test_the_same_from_python() -> None:
    asked = toc.move("watch.valley:80", fence=6) | toc.move("fence:4", name="short")
    found = toc.run("almanac", asked, draws=100, sets=["toil=0.1"], case=CASE)
    assert list(found.allocations.named) == ["today", "asked", "short", "plan", "all_round"]
    assert found.to == "asked"
    assert found.to_dict()["sets"]["means"] == {"toil": "0.1"}
    words = toc.run("almanac", {"mine": "fence:6,watch.valley:80"}, draws=100, sets=["toil=0.1"], case=CASE)
    rows = [words.to_dict()["allocations"]["mine"], found.to_dict()["allocations"]["asked"]]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (toc.move, "found no values"),
        (lambda: toc.move("fence:6", fence=5), "found 'fence' twice"),
        (lambda: toc.move("fence:6") | toc.move("fence:5"), "move 'asked': found it twice"),
        (lambda: toc.move("fence:6", document="a.toml") | toc.move("fence:5", name="b", document="b.toml"), "one docu"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_python(ask: Any, message: str) -> None:
    with pytest.raises(toc.InputError, match=message):
        ask()


def test_a_run_that_was_asked_in_flags_comes_back_from_its_file(tmp_path: Any) -> None:
    found = toc.run("farmer", toc.move(fence=6), draws=30, sets=["toil=0.05..0.2"], case=CASE)
    found.save(tmp_path / "run.nc")
    again = toc.load(tmp_path / "run.nc")
    assert isinstance(again, toc.Run)
    assert (again.to, again.rests_on()) == (found.to, found.rests_on())
    assert again.beliefs.documents.sets == ("toil=0.05..0.2",)
    assert again.beliefs.priors["toil"] == found.beliefs.priors["toil"]
    assert again.to_dict()["allocations"] == found.to_dict()["allocations"]


def test_a_flag_whose_name_is_taken_is_named_as_a_lever() -> None:
    from dataclasses import replace

    import click

    from toc_model.questions.asking import with_levers
    from toc_model.questions.run.command import run

    lever = replace(CASE.story.levers["fence"], name="draws")
    story = replace(CASE.story, levers={"draws": lever})
    found = with_levers(run, replace(CASE, story=story, lever="draws", describe=""))
    assert isinstance(found, click.Command)
    options = [name for param in found.params for name in param.opts]
    assert "--lever-draws" in options
    assert options.count("--draws") == 1


def test_a_report_says_what_is_set_and_what_is_meant(toc: Toc, tmp_path: Any) -> None:
    out = tmp_path / "report.md"
    words = ["--worldview", "almanac", "--fence", 5, "--set", "toil=0.1", "--sections", "answer,provenance"]
    code, said, err = toc(*VILLAGE, "report", "--draws", 100, "--out", out, *words)
    assert (code, err) == (0, "")
    assert "Asked: “asked” is fence 5 km; all else as in" in said
    page = out.read_text(encoding="utf-8")
    assert "these beliefs were changed: toil as 0.1 (an assumption of the caller)." in " ".join(page.split())
    assert "“asked” (5 km are fenced)" in page
    assert '"move asked": "fence:5"' in page
