"""The long format: reading, checking, flagging and writing."""

from pathlib import Path

import pandas as pd
import pytest

from tests.survey.files import HLMI, Write, flags
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.schema import read_files, read_long, write_long
from toc_model.survey.documents.usable import usable


def test_text_is_text_and_numbers_are_numbers(answers: Write) -> None:
    frame = read_long(answers({"respondent_id": "007", "round": "1", "framing": "NA"}))
    row = frame.iloc[0]
    assert tuple(frame.columns) == COLUMNS
    assert (row["respondent_id"], row["round"], row["framing"], row["raw"]) == ("007", "1", "NA", "0.2")
    assert (row["value"], row["lower"], row["upper"]) == (0.2, 0.0, 1.0)
    assert pd.isna(row["level"])


def test_columns_may_stand_in_any_order_with_a_wording(answers: Write) -> None:
    frame = read_long(answers({"wording": "How likely?"}, columns=["wording", *reversed(COLUMNS)]))
    assert tuple(frame.columns) == COLUMNS


def test_what_is_written_is_read_back_exactly(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({"value": "0.1"}, {"respondent_id": "ben", "value": "1e-11", "raw": "1e-9 %"}))
    write_long(frame, tmp_path / "again.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "again.csv"), frame)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": "0.37"}, ""),
        ({"value": "0.35"}, "heaped"),
        ({"value": "0"}, "zero;heaped"),
        ({"value": "1"}, "one;heaped"),
        ({"value": "1e-12"}, ""),
        ({"value": "2"}, "impossible"),
        ({"value": "-0.1"}, "impossible"),
        ({"value": "0.37", "flags": "incoherent"}, "incoherent"),
        (HLMI | {"level": "0.5", "value": "0"}, "zero"),
        (HLMI | {"level": "0.5", "value": "1"}, ""),
        (HLMI | {"level": "0.5", "value": "-1"}, "impossible"),
        (HLMI | {"level": "0.5", "value": "101", "upper": "100"}, "impossible"),
        (HLMI | {"kind": "cdf_point", "level": "20", "value": "1.5"}, "impossible"),
        ({"kind": "ordered", "value": "6", "lower": "1", "upper": "5"}, "impossible"),
        ({"kind": "ordered", "value": "5", "lower": "1", "upper": "5"}, ""),
        (HLMI | {"kind": "duration", "value": "6", "lower": "6", "flags": "censored"}, "censored"),
        (HLMI | {"kind": "duration", "value": "-6", "lower": ""}, "impossible"),
    ],
)
def test_odd_answers_are_flagged_and_stay(answers: Write, change: dict[str, str], expected: str) -> None:
    frame = read_long(answers(change))
    assert flags(frame) == [expected]
    assert frame["value"].iloc[0] == float(change["value"])
    assert len(usable(frame)) == ("impossible" not in expected)


def test_quantiles_that_fall_are_incoherent_and_not_usable(answers: Write) -> None:
    points = [HLMI | {"level": level, "value": value} for level, value in (("0.9", "7"), ("0.1", "5"), ("0.5", "9"))]
    ben = [point | {"respondent_id": "ben", "value": "8"} for point in points]
    frame = read_long(answers(*points, *ben))
    assert flags(frame) == ["incoherent"] * 3 + [""] * 3
    assert set(usable(frame)["respondent_id"]) == {"ben"}


def test_blank_answers_are_kept_and_not_usable(answers: Write) -> None:
    frame = read_long(answers({}, {"question_id": "other", "value": "", "respondent_id": ""}))
    assert len(frame) == 2
    assert list(usable(frame)["question_id"]) == ["doom"]


def test_a_file_of_a_spreadsheet_is_read(answers: Write) -> None:
    path = answers({})
    path.write_text("\ufeff" + path.read_text(encoding="utf-8") + "," * (len(COLUMNS) - 1) + "\n\n", encoding="utf-8")
    assert len(read_long(path)) == 1


@pytest.mark.parametrize(
    ("change", "fragments"),
    [
        ({"upper": "about 1"}, ["row 3", "upper", "'about 1'", "a number, or nothing"]),
        (HLMI | {"level": "median", "value": "3"}, ["row 3", "level", "'median'", "a number, or nothing"]),
        ({"kind": "probabilty"}, ["row 3", "kind", "'probabilty'", "'probability'"]),
        ({"level": "0.5"}, ["row 3", "level", "0.5", "nothing, for the kind 'probability'"]),
        (HLMI | {"level": "", "value": "3"}, ["row 3", "level", "nothing", "between 0 and 1"]),
        (HLMI | {"level": "50", "value": "3"}, ["row 3", "level", "50", "between 0 and 1"]),
        (HLMI | {"kind": "cdf_point"}, ["row 3", "level", "threshold"]),
        ({"kind": "ordered", "value": "2", "upper": ""}, ["row 3", "upper", "number of categories"]),
        ({"kind": "ordered", "value": "2", "lower": "0", "upper": "5"}, ["row 3", "lower", "0", "1 or nothing"]),
        ({"lower": "1", "upper": "0"}, ["row 3", "lower", "less than upper"]),
        ({"flags": "imposible"}, ["row 3", "flags", "did you mean 'impossible'"]),
        ({"flags": "censored"}, ["row 3", "flags", "durations"]),
        ({"condition": "do(x)"}, ["row 3", "'do(x)'", "do(node)=value"]),
        ({"condition": "allocation=a; allocation=b"}, ["row 3", "2 allocations"]),
        ({"respondent_id": ""}, ["row 3", "respondent_id", "whose answer"]),
        ({"source_id": ""}, ["row 3", "source_id"]),
        ({"respondent_id": "anna"}, ["row 3", "second answer", "respondent_id 'anna'", "question_id 'doom'"]),
        ({"target": "race"}, ["row 3", "target", "'race'", "'p_doom'", "question_id 'doom'"]),
        ({"condition": "allocation=margin"}, ["row 3", "condition", "allocation=margin"]),
        ({"respondent_id": "anna", "question_id": "b", "group": "new"}, ["row 3", "group", "'new'", "'anna'"]),
    ],
)
def test_a_cell_that_cannot_be_is_named(answers: Write, change: dict[str, str], fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        read_long(answers({"group": "old"}, {"respondent_id": "ben"} | change))
    message = str(refusal.value)
    assert [fragment for fragment in ["answers.csv", *fragments] if fragment not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "missing column 'source_id'"),
        ("{header}", "no rows"),
        ("{header},vaule\n", "unknown column 'vaule'; did you mean 'value'?"),
        ("{header},value\n", "column 'value': found 2 times"),
        ('{header}\n"a', "malformed CSV"),
        ("{header}\n" + "a" * 200_000, "malformed CSV: field larger than field limit"),
        ("{header}\na,b\n", "row 2: found 2 cells; allowed: 16"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, fragment: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(text.format(header=",".join(COLUMNS)), encoding="utf-8")
    with pytest.raises(InputError, match=r"answers\.csv: ") as refusal:
        read_long(path)
    assert fragment in str(refusal.value)


def test_an_answer_in_two_files_is_refused(answers: Write) -> None:
    anna, ben = answers({}, name="anna.csv"), answers({"respondent_id": "ben"}, name="ben.csv")
    assert len(read_files([anna, ben])) == 2
    with pytest.raises(InputError, match=r"anna\.csv: row 2: found a second answer"):
        read_files([anna, ben, anna])


def test_writing_needs_all_columns_and_a_folder(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({}))
    with pytest.raises(InputError, match="no column 'raw'"):
        write_long(frame.drop(columns="raw"), tmp_path / "out.csv")
    with pytest.raises(InputError, match="can't be written"):
        write_long(frame, tmp_path / "absent" / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_conditions_have_one_usual_form() -> None:
    assert normal(" do(race) = 0.5 ;allocation=margin") == "allocation=margin; do(race)=0.5"
    assert normal("") == ""
    condition = parse_condition("tax_now*=2; allocation=margin")
    assert (condition.allocation, [change.kind for change in condition.overrides]) == ("margin", ["scale"])
