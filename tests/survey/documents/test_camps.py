"""Camps: their sizes, spellings of one name, and people without a camp."""

import pytest

from tests.shipped import DOCUMENTS
from tests.survey.files import Write
from toc_model.errors import InputError
from toc_model.survey.documents.camps import camps_of, spelled_alike
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.learning.questions import prepare

CAMPS = {"e1": "skeptic", "e2": "Skeptic", "e3": "skeptic ", "e4": "", "E4": ""}


def rows(**camps: str) -> list[dict[str, str]]:
    return [{"respondent_id": name, "group": camp} for name, camp in camps.items()]


def test_spellings_of_one_camp_are_pointed_at(answers: Write) -> None:
    """Case 22."""
    found = camps_of(read_long(answers(*rows(**CAMPS))))
    assert (found.sizes, found.without) == ({"skeptic": 2, "Skeptic": 1}, 2)
    assert found.alike == (("skeptic", "Skeptic"),)
    assert found.people_alike == (("e4", "E4"),)


def test_other_names_are_not_alike() -> None:
    assert spelled_alike(["AI safety", "ai-safety", "AI_Safety", "safety", "sceptic", "skeptic"]) == (
        ("AI safety", "ai-safety", "AI_Safety"),
    )


def test_a_blank_is_no_camp(answers: Write, demo: Write) -> None:
    mapping = load_mapping(DOCUMENTS, demo())
    (asked,) = prepare(read_long(answers(*rows(**CAMPS))), mapping)
    assert asked.groups == ("Skeptic", "skeptic")
    assert sorted(asked.data["group"].values.tolist()) == [0, 1, 2]
    assert asked.data["count"].values[asked.data["group"].values == len(asked.groups)].tolist() == [2]
    (asked,) = prepare(read_long(answers(*rows(a="", b=""))), mapping)
    assert (asked.groups, set(asked.data["group"].values)) == (("",), {0})


def test_a_person_s_camp_holds_in_all_rows(answers: Write) -> None:
    first = {"respondent_id": "anna", "group": "old"}
    frame = read_long(answers(first, {"respondent_id": "anna", "question_id": "b"}, {"respondent_id": "ben"}))
    assert frame["group"].tolist() == ["old", "old", ""]
    with pytest.raises(InputError, match="group: found 'new'"):
        read_long(answers(first, {"respondent_id": "anna", "question_id": "b", "group": "new"}))
