"""Answers in the units of their targets, and years of the calendar where years from a date are asked."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.shipped import DOCUMENTS
from tests.survey.files import DEMO, HLMI, Write, flags
from toc_model.errors import InputError
from toc_model.survey.documents.converting import Converted, in_target_units
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import CALENDAR, usable, verdicts
from toc_model.survey.learning.questions import prepare

type Mapped = Callable[..., SurveyMapping]

YEARS = "years from late 2022"
LEVELS = ("0.1", "0.5", "0.9")
AGI = (
    DEMO.partition("[questions")[0]
    + f"""
[questions.agi]
wording = "When?"
target = "agi_year"
scale = "log"
kind = "quantile"
unit = "{YEARS}"
lower = 0.0
bias_sd = 0.2
bias_reason = "Assumed."
fair = "By construction."
"""
)


@pytest.fixture
def agi(tmp_path: Path) -> Mapped:
    """The mapping of a question about years, with one text replaced by another."""

    def write(old: str = "", new: str = "") -> SurveyMapping:
        assert old in AGI
        path = tmp_path / "agi.toml"
        path.write_text(AGI.replace(old, new) if old else AGI, encoding="utf-8")
        return load_mapping(DOCUMENTS, path)

    return write


def points(values: Sequence[object], unit: str = YEARS, who: str = "anna") -> list[dict[str, str]]:
    return [
        HLMI | {"respondent_id": who, "level": level, "value": str(value), "unit": unit}
        for level, value in zip(LEVELS, values, strict=True)
    ]


def converted(answers: Write, rows: list[dict[str, str]], mapping: SurveyMapping | None = None) -> Converted:
    return in_target_units(read_long(answers(*rows)), DOCUMENTS, mapping)


def test_months_are_the_years_that_they_are(answers: Write, agi: Mapped) -> None:
    """Case 05: the same people, in the same units in the end, and the same to the likelihood."""
    mapping = agi(f'unit = "{YEARS}"', 'unit = "months"')
    months = converted(answers, points((60, 120, 240), "months"), mapping)
    years = converted(answers, points((5, 10, 20)), agi())
    pd.testing.assert_frame_equal(months.frame.drop(columns="raw"), years.frame.drop(columns="raw"))
    assert months.mapping == years.mapping
    assert [(change.answers, change.stated, change.wanted) for change in months.changes] == [(3, "months", YEARS)]
    assert years.changes == ()
    for one, other in zip(
        *(prepare(found.frame, found.mapping) for found in (months, years) if found.mapping), strict=True
    ):
        assert one.data.identical(other.data)


def test_the_unit_of_a_row_decides(answers: Write, agi: Mapped) -> None:
    rows = [*points((60, 120, 240), "months"), *points((5, 10, 20), who="ben"), *points((5, 10, 20), "years", "cleo")]
    found = converted(answers, rows, agi(f'unit = "{YEARS}"', 'unit = "years"\nshift = 1.0'))
    stated = found.frame.groupby("respondent_id")["value"].agg(list)
    assert stated["anna"] == stated["cleo"] == [5, 10, 20]
    assert stated["ben"] == [4, 9, 19], "which count from the date already, so that the shift must not move them"


def test_bounds_shifts_and_true_values_are_in_the_unit(answers: Write, agi: Mapped) -> None:
    new = 'unit = "months"\nupper = 120.0\nshift = 12.0\nresolved = 36.0'
    mapping = agi(f'unit = "{YEARS}"', new.replace("\nresolved = 36.0", ""))
    rows = [row | {"upper": "120"} for row in points((12, 60, 132), "months")]
    found = converted(answers, rows, mapping)
    assert set(found.frame["upper"]) == {10}
    assert flags(found.frame) == ["", "", "impossible"]
    assert found.mapping is not None
    question = found.mapping.questions["agi"]
    assert (question.unit, question.lower, question.upper, question.shift) == (YEARS, 0, 10, 1)
    percent = 'unit = "percent"\nscale = "logit"\nupper = 100.0\nresolved = 36.0'
    seed = agi(f'scale = "log"\nkind = "quantile"\nunit = "{YEARS}"', f'kind = "quantile"\n{percent}')
    found = converted(answers, points((20, 30, 40), "percent"), seed)
    assert found.mapping is not None
    assert (found.mapping.questions["agi"].resolved, found.frame["value"].tolist()) == (0.36, [0.2, 0.3, 0.4])


def test_thresholds_are_quantities_and_their_probabilities_are_not(answers: Write) -> None:
    row = HLMI | {"kind": "cdf_point", "level": "120", "value": "30%", "unit": "months"}
    (found,) = converted(answers, [row]).frame.to_dict("records")
    assert (found["level"], found["value"], found["unit"]) == (10, 0.3, YEARS)


def test_fractions_in_per_cent_keep_their_flags(answers: Write) -> None:
    row = HLMI | {"question_id": "c", "target": "concern", "level": "0.5", "unit": "percent", "upper": "100"}
    rows = [row | {"respondent_id": name, "value": name} for name in ("30", "0", "101", "about 3")]
    found = converted(answers, rows)
    assert found.frame["value"].tolist() == pytest.approx([0.3, 0, 1.01, math.nan], nan_ok=True)
    assert flags(found.frame) == ["", "zero", "impossible", "impossible"]
    assert found.changes[0].answers == 3


@pytest.mark.parametrize("unit", ["furlongs", "percent", "probability", "years from now"])
def test_a_unit_of_another_kind_is_refused(answers: Write, agi: Mapped, unit: str) -> None:
    for mapping in (agi(), None):
        with pytest.raises(InputError, match=f"agi: unit: found '{unit}'; allowed: {YEARS}, years, months"):
            converted(answers, points((5, 10, 20), unit), mapping)


def test_what_the_case_does_not_have_is_left_as_it_is(answers: Write) -> None:
    rows = [HLMI | {"target": "harvest", "level": "0.5", "value": "3", "unit": "tonnes"}]
    assert converted(answers, rows).frame["unit"].tolist() == ["tonnes"]


# Years of the calendar ------------------------------------------------------------------------------------------------


def mixed() -> list[dict[str, str]]:
    return [*points((2028, 2033, 9000)), *points((7, 14, 30), who="ben"), *points((5, 11, 2000), who="cleo")]


def test_years_of_the_calendar_are_flagged_and_left_out(answers: Write, agi: Mapped) -> None:
    """Case 14; 2,000 years are no year of the calendar, but 9000 is one, from somebody who states 2028."""
    for mapping in (agi(), None):
        found = converted(answers, mixed(), mapping)
        assert flags(found.frame) == ["impossible;calendar"] * 3 + [""] * 6
        assert verdicts(found.frame).tolist()[:3] == [CALENDAR] * 3
        assert sorted(usable(found.frame)["value"]) == [5, 7, 11, 14, 30, 2000]
        (change,) = found.changes
        assert (change.answers, change.left_out, change.raw) == (3, True, ("2028", "2033", "9000"))


@pytest.mark.parametrize(("shift", "date"), [("", 2022.9), ("\nshift = -2022.8", 2022.8)])
def test_a_line_of_the_mapping_converts_them(answers: Write, agi: Mapped, shift: str, date: float) -> None:
    mapping = agi(f'unit = "{YEARS}"', f'unit = "calendar year"{shift}')
    found = converted(answers, mixed(), mapping)
    expected = [2028 - date, 2033 - date, 9000 - date, 7, 14, 30, 5, 11, 2000]
    assert found.frame["value"].tolist() == pytest.approx(expected)
    assert set(flags(found.frame)) == {""}
    assert found.mapping is not None
    assert (found.mapping.questions["agi"].shift, found.mapping.questions["agi"].unit) == (0, YEARS)


def test_rows_may_be_in_years_of_the_calendar_but_not_before_the_date(answers: Write, agi: Mapped) -> None:
    found = converted(answers, points((2020, 2033, 2043), "calendar year"), agi())
    assert found.frame["value"].tolist() == pytest.approx([-2.9, 10.1, 20.1])
    assert flags(found.frame) == ["impossible", "", ""]


def test_years_that_last_are_never_of_the_calendar(answers: Write) -> None:
    row = HLMI | {"question_id": "p", "target": "pause_length", "level": "0.5", "value": "2030"}
    assert converted(answers, [row]).changes == ()


@pytest.mark.parametrize(
    ("values", "unit", "are_calendar"),
    [
        ((3000,), YEARS, True),
        ((3000, 4000, 9000), YEARS, True),
        ((2003,), YEARS, True),
        ((1000,), YEARS, False),
        ((10_000,), YEARS, False),
        ((100, 3000), YEARS, False),
        ((3000,), "years", False),
    ],
)
def test_who_says_nothing_but_years_of_the_calendar_means_them(
    answers: Write, agi: Mapped, values: tuple[float, ...], unit: str, are_calendar: bool
) -> None:
    """Where the unit names the date; "in how many years" is asked without one, and some say 3,000 to it."""
    rows = [row for row in points([*values, *[""] * (3 - len(values))], unit) if row["value"]]
    for mapping in (agi(), None) if unit == YEARS else (None,):
        found = converted(answers, rows, mapping)
        assert flags(found.frame) == ["impossible;calendar" if are_calendar else ""] * len(values)


def test_bounds_in_years_from_the_date_are_no_bounds_of_years_of_the_calendar(answers: Write, agi: Mapped) -> None:
    mapping = agi(f'unit = "{YEARS}"', 'unit = "calendar year"\nupper = 1000.0')
    with pytest.raises(InputError, match=r"agi: upper: found 1000 .* allowed: a calendar year from 2022.9 on, or no"):
        converted(answers, mixed(), mapping)
    mapping = agi(f'unit = "{YEARS}"', 'unit = "calendar year"\nupper = 3000.0')
    rows = [row | {"upper": "1000"} for row in points((2028, 2033, 2043))]
    found = converted(answers, rows, mapping)
    assert set(flags(found.frame)) == {""}, "impossible as they stood, and not as they are meant"
    assert found.mapping is not None
    assert found.mapping.questions["agi"].upper == pytest.approx(977.1)


def test_a_row_without_a_unit_has_that_of_its_mapping(answers: Write, agi: Mapped) -> None:
    mapping = agi(f'unit = "{YEARS}"', 'unit = "months"')
    stated = converted(answers, points((60, 120, 240), "months"), mapping)
    silent = converted(answers, points((60, 120, 240), ""), mapping)
    pd.testing.assert_frame_equal(silent.frame, stated.frame)
    with pytest.raises(InputError, match="unit: found nothing; allowed: that of a quantile, in its row or in the map"):
        converted(answers, points((5, 10, 20), ""))
