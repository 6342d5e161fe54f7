"""Rows that stand for many people, and ranges: as files have them, and as they are checked and counted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import DOCUMENTS
from tests.survey.documents.test_usable import SCALES, agree, frame_of
from tests.survey.files import DEMO, HLMI, Write
from tests.survey.surveys import mapping_of, question, values_of, variables
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.cells import Sign, read_range
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.counts import counts_of
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping
from toc_model.survey.documents.schema import read_long, write_long
from toc_model.survey.documents.usable import tallies, usable, verdicts
from toc_model.survey.documents.wide import read_layout, read_wide
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.questions import prepare

MANY = (*COLUMNS, "people")
BAR = {"kind": "count", "value": "", "lower": "0.1", "upper": "0.2", "people": "30"}
MEDIAN = {"kind": "summary", "level": "0.5", "value": "5", "unit": "percent", "lower": "", "upper": "", "people": "90"}
RANGE = {"kind": "interval", "value": "", "lower": "0.1", "upper": "0.2", "people": ""}


def mapping_of_kind(folder: Path, kind: str, unit: str = "probability") -> SurveyMapping:
    path = folder / "map.toml"
    text = DEMO.replace('"probability"\nunit = "probability"', f'"{kind}"\nunit = "{unit}"')
    path.write_text(text.replace("upper = 1.0", "upper = 100.0") if unit == "percent" else text)
    return load_mapping(DOCUMENTS, path)


def test_only_a_file_that_says_how_many_has_the_column(answers: Write, tmp_path: Path) -> None:
    assert tuple(read_long(answers({})).columns) == COLUMNS
    assert tuple(read_long(answers({"people": ""}, columns=MANY)).columns) == COLUMNS
    frame = read_long(answers(BAR, RANGE | {"respondent_id": "ben", "question_id": "other"}, columns=MANY))
    assert tuple(frame.columns) == MANY
    np.testing.assert_array_equal(frame["people"], [30, np.nan])
    write_long(frame, tmp_path / "again.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "again.csv"), frame)
    write_long(read_long(answers({})), tmp_path / "plain.csv")
    assert (tmp_path / "plain.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (BAR | {"people": ""}, r"people: found nothing; allowed: a whole number, 1 or more"),
        (BAR | {"people": "0"}, r"people: found 0; allowed: a whole number, 1 or more"),
        (BAR | {"people": "2.5"}, r"people: found 2\.5; allowed: a whole number"),
        (BAR | {"people": "few"}, r"people: found 'few'; allowed: a whole number, or nothing"),
        (MEDIAN | {"people": ""}, r"people: found nothing; allowed: a whole number"),
        ({"people": "2"}, r"people: found 2; allowed: nothing, or 1, for the kind 'probability'"),
        (RANGE | {"people": "2"}, r"people: found 2; allowed: nothing, or 1, for the kind 'interval'"),
        (RANGE | {"level": "0.5"}, r"level: found 0\.5; allowed: nothing, for the kind 'interval'"),
        (RANGE | {"respondent_id": ""}, r"respondent_id: found nothing beside an answer"),
        (RANGE | {"lower": "0.3"}, r"lower: found 0\.3; allowed: less than upper, 0\.2"),
        (RANGE | {"lower": "", "upper": "", "value": "0.3"}, r"value: found 0\.3; allowed: nothing, for the kind"),
        (RANGE | {"value": "10-20 %"}, r"value: found '10-20 %' beside bounds; allowed: either of them"),
        (MEDIAN | {"level": "1.5"}, r"level: found 1\.5; allowed: from 0 to 1, the share of people below"),
    ],
)
def test_what_can_not_be_is_refused(answers: Write, row: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=rf"answers\.csv: row 2: {message}"):
        read_long(answers(row, columns=MANY))


def test_one_person_may_be_said_to_be_one(answers: Write) -> None:
    assert len(usable(read_long(answers({"people": "1"}, columns=MANY)))) == 1


def test_bars_of_one_histogram_need_no_names_of_their_own(answers: Write) -> None:
    others = BAR | {"lower": "0.2", "upper": "0.5"}
    assert len(read_long(answers(BAR, others, columns=MANY))) == 2
    with pytest.raises(InputError, match="found a second answer for source_id 'demo', respondent_id 'anna'"):
        read_long(answers(BAR, others, BAR, columns=MANY))
    with pytest.raises(InputError, match="found a second answer"):
        read_long(answers(RANGE, RANGE | {"upper": "0.5"}))


def test_people_are_counted_and_not_rows(answers: Write, tmp_path: Path) -> None:
    rows = [BAR, BAR | {"lower": "0.2", "upper": "0.5", "people": "12"}, BAR | {"lower": "0", "upper": "1"}]
    frame = read_long(answers(*rows, columns=MANY))
    mapping = mapping_of_kind(tmp_path, "count")
    found = verdicts(frame, {"demo": mapping})
    (tally,) = tallies(frame, found)
    assert (tally.people, tally.respondents, tally.answers) == (("anna",), 42, 2)
    assert tally.to_dict()["respondents"] == 42
    (counts,) = counts_of(frame, found)
    assert (counts.respondents, counts.answers, counts.missing) == (72, 3, 0)
    (asked,) = prepare(frame, mapping)
    assert asked.respondents == 42


def test_a_summary_is_of_its_people_once(answers: Write, tmp_path: Path) -> None:
    rows = [MEDIAN, MEDIAN | {"level": "", "value": "9.1"}, MEDIAN | {"respondent_id": "others", "people": "10"}]
    frame = in_target_units(read_long(answers(*rows, columns=MANY)), DOCUMENTS).frame
    np.testing.assert_allclose(frame["value"], [0.05, 0.091, 0.05])
    mapping = mapping_of_kind(tmp_path, "summary")
    found = verdicts(frame, {"demo": mapping})
    (tally,) = tallies(frame, found)
    assert (tally.respondents, tally.answers) == (100, 3)
    (counts,) = counts_of(frame, found)
    assert (counts.respondents, counts.missing, counts.incoherent) == (100, 0, 0)
    (asked,) = prepare(frame, mapping)
    assert asked.respondents == 100


def test_quantiles_that_fall_are_flagged_and_a_low_mean_is_not(answers: Write) -> None:
    falling = [MEDIAN, MEDIAN | {"level": "0.75", "value": "2"}]
    assert list(read_long(answers(*falling, columns=MANY))["flags"]) == ["incoherent", "incoherent"]
    rising = [MEDIAN, MEDIAN | {"level": "0.75", "value": "20"}, MEDIAN | {"level": "", "value": "3"}]
    assert list(read_long(answers(*rising, columns=MANY))["flags"]) == ["", "", ""]
    outside = MEDIAN | {"lower": "6", "upper": "7"}
    assert list(read_long(answers(outside, columns=MANY))["flags"]) == ["impossible"]


# Ranges as people write them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("10-20 %", "probability", (0.1, 0.2)),
        ("10 % - 20 %", "probability", (0.1, 0.2)),
        ("10–20", "percent", (10, 20)),  # noqa: RUF001
        ("0.1 to 0.5", "probability", (0.1, 0.5)),
        ("<5%", "probability", (None, 0.05)),
        (">= 50", "years", (50, None)),
        ("6-18 months", "years", (0.5, 1.5)),
        ("1,000-2,000", "years", (1000, 2000)),
    ],
)
def test_ranges_are_read(text: str, unit: str, expected: tuple[float | None, float | None]) -> None:
    found = read_range(text, unit, Sign.POINT)
    assert found is not None
    assert tuple(cell.value for cell in found) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["about ten", "10", "-5", "10-", "-", "1-2-3", "5 kg - 10 kg", ">x"])
def test_what_is_no_range_is_not_guessed_at(text: str) -> None:
    assert read_range(text, "probability", Sign.POINT) is None


def test_a_range_may_stand_in_the_value(answers: Write) -> None:
    bare = {"kind": "interval", "lower": "", "upper": ""}
    rows = [bare | {"respondent_id": who, "value": who} for who in ("10-20 %", "<5%", "who knows", "NA")]
    frame = read_long(answers(*rows))
    np.testing.assert_array_equal(frame["lower"], [0.1, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(frame["upper"], [0.2, 0.05, np.nan, np.nan])
    assert list(frame["raw"]) == ["10-20 %", "<5%", "who knows", ""]
    assert list(verdicts(frame)) == ["", "", "impossible", "empty"]


def test_a_table_of_ranges_is_read(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("name,doom\nA,10-20\nB,>50\nC,\n", encoding="utf-8")
    (tmp_path / "layout.toml").write_text('rows = { respondent = "name" }\ncolumns.doom = { question = "doom" }\n')
    mapping = mapping_of_kind(tmp_path, "interval", "percent")
    frame, _ = read_wide(tmp_path / "wide.csv", read_layout(tmp_path / "layout.toml"), mapping)
    found = in_target_units(frame, DOCUMENTS, mapping).frame
    np.testing.assert_array_equal(found[["lower", "upper"]], [[0.1, 0.2], [0.5, np.nan]])


def test_years_of_the_calendar_become_years_from_the_date(answers: Write) -> None:
    bare = HLMI | {"kind": "interval", "value": "", "level": ""}
    rows = [bare | {"lower": "2030", "upper": "2040", "unit": "calendar year"}]
    rows += [bare | {"respondent_id": "ben", "lower": "", "upper": "2040", "unit": "years"}]
    frame = in_target_units(read_long(answers(*rows)), DOCUMENTS).frame
    np.testing.assert_allclose(frame.loc[0, ["lower", "upper"]].astype(float), [7.1, 17.1])
    assert frame.loc[1, "flags"] == "impossible;calendar"


def test_months_of_a_summary_are_converted_with_their_bounds(answers: Write) -> None:
    row = HLMI | MEDIAN | {"target": "agi_year", "value": "24", "lower": "18", "upper": "30", "unit": "months"}
    frame = in_target_units(read_long(answers(row, columns=MANY)), DOCUMENTS).frame
    np.testing.assert_allclose(frame.loc[0, ["value", "lower", "upper"]].astype(float), [2, 1.5, 2.5])


# What is counted has a density ----------------------------------------------------------------------------------------

ENDS = st.sampled_from([np.nan, -1.0, 0.0, 0.2, 0.5, 1.0, 1e30])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(ENDS, ENDS), min_size=1, max_size=6), st.sampled_from(list(SCALES)))
def test_ranges_that_count_have_a_density(ranges: list[tuple[float, float]], scale: str) -> None:
    rows = [
        {"respondent_id": f"r{place}", "kind": "interval", "value": np.nan, "lower": low, "upper": high}
        for place, (low, high) in enumerate(ranges)
        if not low >= high
    ]
    if rows:
        agree(frame_of(rows), "interval", scale)


FIGURE = st.tuples(st.sampled_from([np.nan, 0.0, 0.25, 0.5, 1.0]), ENDS, ENDS, ENDS)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(FIGURE, min_size=1, max_size=4, unique_by=lambda figure: str(figure[0])),
    st.sampled_from([1.0, 5.0, 200.0]),
    st.sampled_from(list(SCALES)),
)
def test_summaries_that_count_have_a_density(
    figures: list[tuple[float, float, float, float]], people: float, scale: str
) -> None:
    rows = [
        {"respondent_id": "r", "kind": "summary", "level": at, "value": value, "lower": low, "upper": high}
        | {"people": people}
        for at, value, low, high in figures
        if not low >= high
    ]
    if rows:
        frame = frame_of(rows)
        lower, upper = SCALES[scale]
        agree_on_groups(frame, scale, lower, upper)


def agree_on_groups(frame: pd.DataFrame, scale: str, lower: float | None, upper: float | None) -> None:
    """As `agree`, but people of a group have no names."""
    mapping = mapping_of({"q": question("summary", scale=scale, lower=lower, upper=upper)})
    (tally,) = tallies(frame, verdicts(frame, {"s": mapping}))
    asked = prepare(frame, mapping)
    assert sum(one.respondents for one in asked) == tally.respondents
    for one in asked:
        law = KINDS["summary"].log_density(one.mapping, 0.3, {"deviation": 0.8}, variables(one.data))
        assert np.isfinite(values_of(law)).all()
