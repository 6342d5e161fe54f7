"""Which answers count: one rule for checking and updating."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.files import HLMI, Write
from tests.survey.surveys import mapping_of, question, values_of, variables
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.flags import with_flags
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import LeftOut, fail_if_nothing_counts, tallies, usable, verdicts
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.duration import UNFLAGGED
from toc_model.survey.learning.questions import prepare

POINTS = st.tuples(
    st.sampled_from(["anna", "ben", "cleo"]),
    st.sampled_from(["1", "2", "10"]),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([np.nan, -1.0, 0.0, 1e-9, 0.2, 0.5, 0.7, 1.0, 3.0, 1e30]),
)
BETWEEN = st.sampled_from([np.nan, -1.0, 0.0, 0.2, 0.5, 1.0, 1e30])
BOUNDED = st.tuples(BETWEEN, BETWEEN, BETWEEN, st.booleans())
SCALES = {"logit": (0.0, 1.0), "log": (0.0, None), "identity": (None, None)}


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = (
        dict.fromkeys(COLUMNS, "") | {"source_id": "s", "question_id": "q"} | dict.fromkeys(("lower", "upper"), np.nan)
    )
    frame = pd.DataFrame([blank | row for row in rows]).astype(dict.fromkeys(("value", "lower", "upper"), float))
    return with_flags(frame.assign(level=pd.to_numeric(frame["level"])))


@settings(max_examples=25)
@given(st.lists(POINTS, min_size=1, max_size=14, unique_by=lambda point: point[:3]), st.sampled_from(list(SCALES)))
def test_an_update_uses_what_a_check_counts(points: list[tuple[str, str, float, float]], scale: str) -> None:
    rows = [{"respondent_id": who, "round": turn, "level": at, "value": x} for who, turn, at, x in points]
    frame = frame_of([row | {"kind": "quantile"} for row in rows])
    agree(frame, "quantile", scale)


@settings(max_examples=15)
@given(st.lists(BOUNDED, min_size=1, max_size=8), st.sampled_from(list(SCALES)))
def test_so_does_one_of_bounds(answers: list[tuple[float, float, float, bool]], scale: str) -> None:
    rows = [
        {"respondent_id": f"r{place}", "kind": "duration", "value": value, "lower": low, "upper": high}
        | {"flags": "censored" if is_censored else ""}
        for place, (value, low, high, is_censored) in enumerate(answers)
        if not low >= high
    ]
    if rows:
        agree(frame_of(rows), "duration", scale)


def agree(frame: pd.DataFrame, kind: str, scale: str) -> None:
    """The people who are counted are those whose answers have densities, which are finite."""
    lower, upper = SCALES[scale]
    mapping = mapping_of({"q": question(kind, scale=scale, lower=lower, upper=upper)})
    found = verdicts(frame, {"s": mapping})
    (tally,) = tallies(frame, found)
    assert tally.answers + sum(one.answers for one in tally.left_out) == len(frame)
    asked = prepare(frame, mapping)
    assert sorted(tally.people) == sorted(name for one in asked for name in one.members.index)
    of = {"deviation": 0.8, "overconfidence": 0.1}
    for one in asked:
        assert np.isfinite(values_of(KINDS[kind].log_density(one.mapping, 0.3, of, variables(one.data)))).all()
    turned = frame.iloc[::-1]
    pd.testing.assert_series_equal(verdicts(turned, {"s": mapping}).sort_index(), found)


def test_people_are_listed_by_reason(answers: Write) -> None:
    ben, cleo = HLMI | {"respondent_id": "ben"}, HLMI | {"respondent_id": "cleo"}
    frame = read_long(
        answers(
            *({"level": level, "value": value} | ben for level, value in (("0.1", "9"), ("0.5", "5"))),
            cleo | {"level": "0.5", "value": "7", "round": "1"},
            cleo | {"level": "0.5", "value": "8", "round": "2"},
            {"value": "30"},
            {"value": "", "respondent_id": ""},
        )
    )
    years, doom = tallies(frame, verdicts(frame))
    assert (years.people, years.answers) == (("cleo",), 1)
    assert years.left_out == (
        LeftOut("incoherent", 2, ("ben",)),
        LeftOut("superseded by a later round", 1, ("cleo",)),
    )
    assert doom.left_out == (LeftOut("impossible", 1, ("anna",)), LeftOut("empty", 1, ()))
    with pytest.raises(InputError) as refusal:
        fail_if_nothing_counts((doom,), "a.csv")
    assert str(refusal.value) == (
        "a.csv: found no usable answer to a mapped question (1 impossible; 1 empty); allowed: at least one"
    )
    fail_if_nothing_counts((doom, years), "a.csv")


def test_bounds_without_a_value_are_an_answer(answers: Write) -> None:
    row = HLMI | {"kind": "duration", "value": "", "level": ""}
    flagged = [
        row | {"flags": "censored", "respondent_id": str(i), "lower": low, "upper": high}
        for i, (low, high) in enumerate([("1", "2"), ("", "3"), ("4", "")])
    ]
    frame = read_long(answers(*flagged, row | {"respondent_id": "blank"}))
    assert list(usable(frame)["respondent_id"]) == ["0", "1", "2"]
    form = question("duration", scale="log", target="agi_year", unit="years", lower=0.0)
    mapping = mapping_of({"agi": form}).model_copy(update={"source_id": "demo"})
    unflagged = read_long(answers(row, row | {"respondent_id": "ben", "lower": "1", "upper": "2"}))
    assert list(verdicts(unflagged, {"demo": mapping})) == ["empty", UNFLAGGED]
    with pytest.raises(InputError, match="respondent_id: found nothing beside an answer"):
        read_long(answers(flagged[0] | {"respondent_id": ""}))


def test_bounds_and_scale_of_the_question_rule_answers_out(answers: Write) -> None:
    rows = [
        HLMI | {"lower": "", "level": "0.5", "value": value, "respondent_id": value} for value in ("-1", "5", "200")
    ]
    frame = read_long(answers(*rows))
    form = question("quantile", scale="log", target="agi_year", unit="years", upper=100.0)
    assert list(usable(frame)["value"]) == [-1, 5, 200]
    mapping = mapping_of({"agi": form}).model_copy(update={"source_id": "demo"})
    assert list(usable(frame, {"demo": mapping})["value"]) == [5]
    assert list(verdicts(frame.assign(question_id="other"), {"demo": mapping}).unique()) == [
        "to no question of the mapping"
    ]


def test_a_file_of_another_source_is_judged_by_itself(answers: Write, tmp_path: Path) -> None:
    del tmp_path
    frame = read_long(answers({}, {"source_id": "other", "respondent_id": "ben"}))
    mapping = mapping_of({"doom": question("probability", target="p_doom")})
    assert list(verdicts(frame, {"s": mapping})) == ["", ""]
