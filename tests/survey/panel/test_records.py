"""Rounds are kept, corrections too; what counts is what each said last."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.small import MADE, panel_of
from toc_model.errors import InputError
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.records import Records, read_records, write_records
from toc_model.survey.panel.said import Said

PANEL = panel_of()
LATER = date(2026, 6, 1)


def said(expert: str, middle: float, round_: str = "1", question: str = "length", argument: str = "") -> Said:
    found = Said.of_quantiles(round_, expert, question, {0.05: middle / 2, 0.5: middle, 0.95: middle * 2})
    return replace(found, argument=argument).kept(f"{expert}.csv", "a" * 64, MADE)


def middles(found: tuple[Said, ...]) -> dict[str, float]:
    return {one.expert: one.points[0.5] for one in found}


def test_the_last_round_counts_and_who_did_not_answer_again_stands_by_the_first() -> None:
    kept = Records().with_([said("Ada", 3), said("Bo", 5), said("Ada", 4, "2")], MADE).records
    assert middles(kept.latest(PANEL)) == {"Ada": 4, "Bo": 5}
    assert middles(kept.latest(PANEL, "1")) == {"Ada": 3, "Bo": 5}
    assert kept.rounds(PANEL) == ["1", "2"]


def test_a_consensus_stands_alone_and_the_rounds_before_stay() -> None:
    kept = Records().with_([said("Ada", 3), said("Bo", 5), said(CONSENSUS, 4, CONSENSUS)], MADE).records
    assert middles(kept.latest(PANEL)) == {CONSENSUS: 4}
    assert middles(kept.latest(PANEL, "2")) == {"Ada": 3, "Bo": 5}


def test_answers_stand_by_question_and_then_by_expert_whatever_order_they_came_in() -> None:
    every = [said("Cy", 1, question="share"), said("Bo", 2), said("Ada", 3)]
    kept = Records().with_(every, MADE).records.latest(PANEL)
    assert [(one.question, one.expert) for one in kept] == [("length", "Ada"), ("length", "Bo"), ("share", "Cy")]


def test_the_same_answer_is_kept_once() -> None:
    added = Records((said("Ada", 3),)).with_([said("Ada", 3), said("Bo", 3)], MADE)
    assert (added.added, added.known, added.replaced) == (1, 1, 0)
    assert len(added.records.said) == 2


def test_another_answer_of_the_round_is_refused_unless_it_is_to_replace_and_then_both_stay() -> None:
    kept = Records((said("Ada", 3),))
    with pytest.raises(InputError, match=r"Ada\.csv: Ada, length, round 1: found another answer"):
        kept.with_([said("Ada", 4)], LATER)
    added = kept.with_([said("Ada", 4)], LATER, replacing=True)
    assert added.replaced == 1
    assert [(one.points[0.5], one.replaced) for one in added.records.said] == [(3, LATER), (4, None)]
    assert middles(added.records.latest(PANEL)) == {"Ada": 4}
    again = added.records.with_([said("Ada", 3)], LATER, replacing=True)
    assert middles(again.records.latest(PANEL)) == {"Ada": 3}


def test_another_argument_is_another_answer() -> None:
    with pytest.raises(InputError, match="another answer"):
        Records((said("Ada", 3),)).with_([said("Ada", 3, argument="why not")], MADE)


@pytest.mark.parametrize(
    ("round_", "told"), [("2", ""), ("9", "unknown round '9'"), (CONSENSUS, "found no judgements")]
)
def test_rounds_without_answers(round_: str, told: str) -> None:
    kept = Records((said("Ada", 3),))
    if not told:
        assert middles(kept.latest(PANEL, round_)) == {"Ada": 3}
        return
    with pytest.raises(InputError) as refused:
        kept.latest(PANEL, round_)
    assert told in str(refused.value)


def test_no_answers_at_all_are_told_with_what_to_do() -> None:
    with pytest.raises(InputError, match="toc elicit read"):
        Records().latest(PANEL)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(st.lists(st.tuples(st.floats(1e-3, 1e3), TEXT, TEXT), max_size=3))
def test_the_table_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, answers: list[tuple[float, str, str]]
) -> None:
    every = [
        replace(said(name, middle, argument=argument), note=note)
        for name, (middle, argument, note) in zip(PANEL.experts, answers, strict=False)
    ]
    event = Said.of_probability("1", "Ada", "rain", 0.1).kept("x.csv", "b" * 64, MADE)
    chips = Said.of_cdf("2", "Bo", "share", {0.25: 0.1, 0.5: 0.7}).kept("y.csv", "c" * 64, LATER)
    kept = Records().with_([*every, event, chips], MADE).records
    kept = kept.with_([said("Ada", 7)], LATER, replacing=True).records
    folder = tmp_path_factory.mktemp("panel")
    write_records(kept, folder, PANEL)
    assert read_records(folder, PANEL) == kept


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("unit", "months", "row 3: unit: found 'months'; allowed: 'years'"),
        ("value", "three", "row 3: value: found 'three'"),
        ("kind", "median", "row 3: kind: unknown kind 'median'"),
        ("expert", "Eve", "row 3: unknown expert 'Eve'"),
        ("read", "May 17", "row 3: read: found 'May 17'"),
        ("at", "", "row 3: at: found ''"),
        ("value", "30", "Ada: length: found 30 at 50 %"),
    ],
)
def test_a_table_that_somebody_changed_is_refused_by_row(tmp_path: Path, column: str, cell: str, told: str) -> None:
    write_records(Records((said("Ada", 3),)), tmp_path, PANEL)
    path = tmp_path / "judgements.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[1, column] = cell
    table.to_csv(path, index=False)
    with pytest.raises(InputError) as refused:
        read_records(tmp_path, PANEL)
    assert str(path) in str(refused.value)
    assert told in str(refused.value)


def test_a_folder_without_answers_has_none(tmp_path: Path) -> None:
    assert read_records(tmp_path, PANEL) == Records()


def _changed_by_hand(folder: Path, old: str, new: str) -> None:
    write_records(Records((said("Ada", 3), said("Bo", 5))), folder, PANEL)
    path = folder / "judgements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_two_answers_that_both_stand_are_refused(tmp_path: Path) -> None:
    _changed_by_hand(tmp_path, ",Bo,", ",Ada,")
    with pytest.raises(InputError, match=r"row 5: value: found 2\.5; allowed: 1\.5, as in a row above"):
        read_records(tmp_path, PANEL)
    path = tmp_path / "judgements.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    rows[3:] = [row.replace("a" * 64, "b" * 64) for row in rows[3:]]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="Ada, length, round 1: found 2 answers that stand; allowed: one"):
        read_records(tmp_path, PANEL)


def test_answers_of_another_form_than_the_question_has_now_are_refused(tmp_path: Path) -> None:
    write_records(Records((said("Ada", 3),)), tmp_path, PANEL)
    changed = PANEL.model_copy(
        update={"questions": [PANEL.question("length").model_copy(update={"form": "probability"})]}
    )
    with pytest.raises(InputError, match="Ada: length: found quantile; allowed: probability"):
        read_records(tmp_path, changed)
