"""Allocations that are asked for in words, beside those of documents."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.shipped import DOCUMENTS
from tests.toy import CASE
from toc_model.beliefs.allocations import Allocation, Allocations
from toc_model.beliefs.choice import Choice, moved, parse_move, parse_moves
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

VILLAGE = Documents.of(CASE)
QUO = DOCUMENTS.status_quo()
ROW = [f"mix.researchers.{name}" for name in ("outreach", "evaluations", "grounding_papers", "convening")]


def asked(**stated: str) -> Allocation:
    """With dots for double underscores."""
    return moved(ESSAY, QUO, {name.replace("__", "."): text for name, text in stated.items()}, "here")[0]


def row(found: Allocation) -> list[float]:
    return [found.at(ESSAY.story, name) for name in ROW]


# What is meant ----------------------------------------------------------------------------------------------------


def test_what_is_not_stated_is_as_in_the_status_quo() -> None:
    found = asked(researchers="30")
    assert found.at(ESSAY.story, "researchers") == 0.3
    for variable in ESSAY.story.variables:
        if variable.name != "researchers":
            assert found.at(ESSAY.story, variable.name) == QUO.at(ESSAY.story, variable.name)


def test_the_rest_of_a_mix_scales_in_proportion_by_hand() -> None:
    """The default is .35, .25, .25, .15: with .6 in evaluations .4 is left for .75, so each is 8/15 of what it was."""
    found = asked(mix__researchers__evaluations="60")
    assert row(found) == pytest.approx([0.35 * 8 / 15, 0.6, 0.25 * 8 / 15, 0.15 * 8 / 15])
    builders = [f"mix.builders.{name.rpartition('.')[2]}" for name in ROW]
    assert [found.at(ESSAY.story, name) for name in builders] == [0.6, 0.0, 0.0, 0.4]


def test_two_shares_of_a_mix_leave_the_rest_to_the_others() -> None:
    found = asked(mix__researchers__evaluations="60%", mix__researchers__outreach="0.3")
    assert row(found) == pytest.approx([0.3, 0.6, 0.1 * 0.25 / 0.4, 0.1 * 0.15 / 0.4])


def test_what_was_nothing_may_become_something() -> None:
    found = asked(mix__builders__evaluations="50")
    assert found.at(ESSAY.story, "mix.builders.outreach") == pytest.approx(0.3)
    assert found.at(ESSAY.story, "mix.builders.grounding_papers") == 0.0


def test_a_whole_row_may_be_stated() -> None:
    parts = {"outreach": "10", "evaluations": "20", "grounding_papers": "30", "convening": "40"}
    assert row(asked(**{f"mix__researchers__{name}": text for name, text in parts.items()})) == [0.1, 0.2, 0.3, 0.4]
    assert row(asked(mix__researchers__evaluations="100")) == [0.0, 1.0, 0.0, 0.0]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=3))
def test_a_row_adds_up_to_one_and_keeps_proportions(stated: list[int]) -> None:
    assume(sum(stated) <= 100 and 1 not in stated)
    names = ROW[: len(stated)]
    found, meant = moved(ESSAY, QUO, {name: str(value) for name, value in zip(names, stated, strict=True)}, "here")
    assert sum(row(found)) == pytest.approx(1)
    assert row(found)[: len(stated)] == pytest.approx([value / 100 for value in stated])
    assert set(meant.scaled) == set(ROW) - set(names)
    ratios = [found.at(ESSAY.story, name) / QUO.at(ESSAY.story, name) for name in meant.scaled]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))


def test_what_is_meant_is_told() -> None:
    _, meant = moved(ESSAY, QUO, {"researchers": "0.5%", "mix.researchers.evaluations": "60"}, "here")
    assert meant.told(ESSAY.story) == (
        "researchers 0.5 %, mix.researchers.evaluations 60 %; in proportion mix.researchers.outreach 18.67 %, "
        "mix.researchers.grounding_papers 13.33 %, mix.researchers.convening 8 %"
    )


def test_the_village_has_levers_of_its_own() -> None:
    found, meant = moved(CASE, VILLAGE.status_quo(), {"fence": "6", "watch.valley": "80"}, "here")
    assert [found.at(CASE.story, name) for name in ("fence", "watch.hill", "watch.valley")] == pytest.approx(
        [6.0, 0.2, 0.8]
    )
    assert meant.told(CASE.story) == "fence 6 km, watch.valley 80 %; in proportion watch.hill 20 %"


@pytest.mark.parametrize(
    ("stated", "fragments"),
    [
        ({"researcher": "30"}, ["unknown lever 'researcher'; did you mean 'researchers'?"]),
        ({"mix.researchers.evaluation": "30"}, ["did you mean 'mix.researchers.evaluations'?"]),
        (
            {"mix.researchers.evaluations": "60", "mix.researchers.outreach": "60"},
            ["mix.researchers: found a sum of 120 %", "at most 100 %"],
        ),
        (dict.fromkeys(ROW, "20"), ["mix.researchers: found a sum of 80 %", "there is no other", "allowed: 100 %"]),
        (
            {"mix.builders.outreach": "30", "mix.builders.convening": "30"},
            ["mix.builders: found a sum of 60 %", "all others are 0"],
        ),
    ],
)
def test_what_is_impossible_is_refused(stated: dict[str, str], fragments: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        moved(ESSAY, QUO, stated, "here")
    assert str(refused.value).startswith("here: ")
    assert [fragment for fragment in fragments if fragment not in str(refused.value)] == []


# In words ---------------------------------------------------------------------------------------------------------


def test_a_move_is_read() -> None:
    assert parse_move(" a b = researchers: 30 , builders:10% ") == ("a b", {"researchers": "30", "builders": "10%"})


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("researchers:30", "allowed: NAME=LEVER:VALUE"),
        ("=researchers:30", "allowed: NAME=LEVER:VALUE"),
        ("a=", "found ''"),
        ("a=researchers", "found 'researchers'; allowed: LEVER:VALUE"),
        ("a=researchers:30,", "found ''"),
        ("a=researchers:30,researchers:40", "found 'researchers' twice"),
    ],
)
def test_what_is_no_move_is_refused(text: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        parse_move(text)


def test_a_name_is_there_once() -> None:
    with pytest.raises(InputError, match="move 'a': found it twice"):
        parse_moves(["a=researchers:30", "a=builders:30"])


# Beside those that ship ---------------------------------------------------------------------------------------------

SHIPPED = ["plan", "all_round"]


def village(*only: str, text: str = "", **moves: dict[str, str]) -> Allocations:
    return VILLAGE.allocations(Choice(Path(text) if text else None, moves, only))


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text("[half]\nfence = 1.5\n[plan]\nfence = 7.0\n", encoding="utf-8")
    return str(path)


def test_what_is_asked_for_stands_beside_those_that_ship_and_is_the_proposal() -> None:
    found = village(mine={"fence": "5"}, other={"fence": "4"})
    assert list(found.named) == ["today", "mine", "other", *SHIPPED]
    assert found.proposal == "mine"
    assert found.digests["move mine"] == "fence:5"
    assert village().proposal == "plan"


def test_a_document_of_ones_own_adds_to_those_that_ship_and_has_the_word_on_its_names(own: str) -> None:
    found = village(text=own)
    assert list(found.named) == ["today", "half", "plan", "all_round"]
    assert found.named["plan"].values["fence"] == 7.0
    assert found.proposal == "plan"
    assert set(found.digests) == {"allocations.toml", "mine.toml"}


def test_the_first_of_ones_own_is_the_proposal_where_the_case_has_none_there(tmp_path: Path) -> None:
    path = tmp_path / "allocations.toml"
    path.write_text("[half]\nfence = 1.5\n[third]\nfence = 1.0\n", encoding="utf-8")
    found = village(text=str(path))
    assert list(found.named) == ["today", "half", "third", *SHIPPED]
    assert found.proposal == "half"
    assert set(found.digests) == {"allocations.toml", str(path)}


def test_the_status_quo_of_a_document_is_that_which_flags_stand_on(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[today]\nfence = 2.0\nwatch = { hill = 0.9, valley = 0.1 }\n", encoding="utf-8")
    found = village(text=str(path), mine={"fence": "5"})
    assert found.named["mine"].at(CASE.story, "watch.hill") == 0.9
    assert found.own == ("mine",)


@pytest.mark.parametrize(
    ("only", "kept"),
    [
        ((), ["today", "mine", "half", "plan", "all_round"]),
        (("all_round",), ["today", "mine", "all_round"]),
        (("own",), ["today", "mine", "plan", "half"]),
        (("mine",), ["today", "mine"]),
    ],
)
def test_only_says_which_of_the_documents_are_kept(own: str, only: tuple[str, ...], kept: list[str]) -> None:
    found = village(*only, text=own, mine={"fence": "5"})
    assert list(found.named) == kept
    assert list(found.meant) == ["mine"]


@pytest.mark.parametrize(
    ("name", "fragment"),
    [("plan", "taken"), ("today", "taken"), ("before", "the reference, in which nothing moves")],
)
def test_a_name_that_is_taken_is_refused(name: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        VILLAGE.allocations(Choice(moves={name: {"fence": "5"}}))


def test_only_what_there_is_can_be_kept() -> None:
    with pytest.raises(InputError, match=r"unknown allocation 'al_round'; did you mean 'all_round'\?"):
        village("al_round")
    with pytest.raises(InputError, match="unknown allocation 'own'"):
        village("own")


def test_a_program_may_say_it_in_words_too() -> None:
    found = VILLAGE.allocations({"mine": "fence:5,watch.valley:80", "double": {"fence": 6.0}})
    assert list(found.named) == ["today", "mine", "double"]
    assert found.named["mine"].at(CASE.story, "watch.hill") == pytest.approx(0.2)
