"""Which of several rounds counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import DOCUMENTS
from tests.survey.files import HLMI, Write, demo_in
from tests.survey.kinds.test_quantile import stated
from toc_model.errors import InputError
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.rounds import order_of
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import SUPERSEDED, UNORDERED, usable, verdicts


@given(st.sets(st.integers(-50, 50), min_size=2), st.sampled_from(["{}", "{}.5", "{:+d}"]))
def test_numbers_sort_as_numbers(rounds: set[int], form: str) -> None:
    labels = {form.format(number): float(form.format(number)) for number in rounds}
    order = order_of(list(labels))
    assert order is not None
    assert sorted(labels, key=order.__getitem__) == sorted(labels, key=labels.__getitem__)


@pytest.mark.parametrize(
    ("earlier", "later"), [("1", "2"), ("9", "10"), ("R2", "R10"), ("round 1", "Round 2"), ("#3", "#4"), ("-1", "0")]
)
def test_labels_with_numbers_need_no_order(earlier: str, later: str) -> None:
    order = order_of([later, earlier])
    assert order is not None
    assert order[earlier] < order[later]


@pytest.mark.parametrize(
    "labels",
    [
        ("pre", "post"),
        ("first", "final"),
        ("individual", "group"),
        ("", "2"),
        ("1", "1.0"),
        ("R1", "S2"),
        ("week-2", "week-1"),
        ("t-1", "t+1"),
        ("1st", "2nd"),
        ("2", "inf"),
        ("2", "nan"),
        ("R1", "R01"),
        ("1", "final"),
    ],
)
def test_others_have_no_order_that_is_known(labels: tuple[str, ...]) -> None:
    assert order_of(labels) is None
    if "" not in labels:
        assert order_of(labels, labels[::-1]) == {labels[1]: 0, labels[0]: 1}


def in_rounds(*rounds: tuple[str, dict[float, float]]) -> list[dict[str, str]]:
    """One person's quantiles, round by round."""
    return [
        HLMI | {"round": label, "level": str(level), "value": str(value)}
        for label, points in rounds
        for level, value in points.items()
    ]


DISTRIBUTION = {0.1: 3.0, 0.5: 5.0, 0.9: 20.0}


@pytest.mark.parametrize(
    ("revised", "kept"),
    [
        ({0.5: 8.0}, {0.1: 3, 0.5: 8, 0.9: 20}),
        ({0.9: 50.0}, {0.1: 3, 0.5: 5, 0.9: 50}),
        ({0.1: 30.0, 0.5: 40.0, 0.9: 90.0}, {0.1: 30, 0.5: 40, 0.9: 90}),
        ({0.5: 80.0}, {0.5: 80}),
        ({0.1: 6.0, 0.5: 9.0}, {0.1: 6, 0.5: 9, 0.9: 20}),
        ({0.25: 4.0}, {0.1: 3, 0.25: 4, 0.5: 5, 0.9: 20}),
        ({0.05: 10.0, 0.5: 30.0, 0.95: 40.0}, {0.05: 10, 0.5: 30, 0.95: 40}),
    ],
)
def test_a_revision_replaces_what_was_revised(
    answers: Write, revised: dict[float, float], kept: dict[float, float]
) -> None:
    """All of it, where the rest would fall beside it."""
    frame = read_long(answers(*in_rounds(("2", DISTRIBUTION), ("10", revised))))
    assert usable(frame).set_index("level")["value"].to_dict() == kept
    assert set(verdicts(frame)) <= {"", SUPERSEDED}


@pytest.mark.parametrize("later", ["", "-4"])
def test_what_is_blank_or_impossible_replaces_nothing(answers: Write, later: str) -> None:
    before, after = in_rounds(("1", {0.5: 5.0}), ("2", {0.5: 0.0}))
    frame = read_long(answers(before, after | {"value": later}))
    assert list(usable(frame)["value"]) == [5]


def test_words_are_refused_unless_the_mapping_puts_them_in_order(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({"round": "pre", "value": "0.9"}, {"round": "post", "value": "0.1"}))
    plain = load_mapping(DOCUMENTS, demo_in(tmp_path)())
    with pytest.raises(InputError, match=r"survey 'demo': doom: round: found 'post', 'pre', whose order is not known"):
        verdicts(frame, {"demo": plain})
    assert set(verdicts(frame)) == {UNORDERED}
    ordered = load_mapping(DOCUMENTS, demo_in(tmp_path)("[questions", 'rounds = ["pre", "post"]\n[questions'))
    assert list(usable(frame, {"demo": ordered})["value"]) == [0.1]
    with pytest.raises(InputError, match=r"unknown round 'post'; did you mean 'posts'\?"):
        verdicts(frame, {"demo": ordered.model_copy(update={"rounds": ["pre", "posts"]})})
    with pytest.raises(InputError, match="rounds: found 'pre' 2 times; allowed: each label once"):
        load_mapping(DOCUMENTS, demo_in(tmp_path)("[questions", 'rounds = ["pre", "pre"]\n[questions'))


def test_rounds_of_different_people_need_no_order(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({"round": "pre"}, {"round": "post", "respondent_id": "ben"}))
    assert len(usable(frame, {"demo": load_mapping(DOCUMENTS, demo_in(tmp_path)())})) == 2


def test_rounds_of_a_program_may_be_numbers() -> None:
    np.testing.assert_allclose(stated({0.1: 3.0, 0.9: 5.0}).data["middle"], np.log(4 * 6) / 2)
    twice = pd.DataFrame({"round": [9, 10]})["round"].astype(str)
    assert order_of(list(twice)) == {"9": 9, "10": 10}
