"""Cells of numbers as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.survey.documents.cells import Sign, decimal_sign, read_cell

POINT, COMMA, BOTH = Sign


@pytest.mark.parametrize(
    ("text", "unit", "sign", "expected"),
    [
        ("30%", "fraction", POINT, 0.3),
        ("30 %", "probability", POINT, 0.3),
        ("0,1 %", "probability", POINT, 0.001),
        ("30%", "percent", POINT, 30),
        ("30 percent", "fraction", POINT, 0.3),
        ("10 years", "years from late 2022", POINT, 10),
        ("120 months", "years", POINT, 10),
        ("12", "FTE", POINT, 12),
        ("12 FTE", "FTE", POINT, 12),
        ("0,3", "fraction", POINT, 0.3),
        ("1,000", "years", POINT, 1000),
        ("1,000", "years", COMMA, 1),
        ("1.000", "years", POINT, 1),
        ("1.000", "years", COMMA, 1000),
        ("0.125", "fraction", COMMA, 0.125),
        ("0,125", "fraction", POINT, 0.125),
        ("1,234,567.5", "years", POINT, 1234567.5),
        ("1.234.567,5", "years", POINT, 1234567.5),
        ("1,234,567", "years", BOTH, 1234567),
        ("1 000", "years", POINT, 1000),
        ("1\u202f000,5", "years", COMMA, 1000.5),
        ("1'000", "years", POINT, 1000),
        ("\u22125", "years", POINT, -5),
        ("1e-3", "fraction", POINT, 0.001),
        (",5", "fraction", COMMA, 0.5),
        (" 7\u00a0", "years", POINT, 7),
    ],
)
def test_a_number_is_read(text: str, unit: str, sign: Sign, expected: float) -> None:
    assert read_cell(text, unit, sign).value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "N/A", "nan", "-", "\u2013", "None", "#N/A"])
def test_a_mark_of_no_answer_is_none(text: str) -> None:
    cell = read_cell(text, "years")
    assert (cell.value, cell.is_clear) == (None, True)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        *((text, POINT) for text in ("about 10", "~10", "5-10%", "<1%", ">50", "10?", "ten", "inf", "1e999", "1_000")),
        *((text, POINT) for text in ("10%", "10 furlongs", "1,2,3", "1.2.3", "12,34,567", "1/2", "2030-01-01", "$5")),
        ("1,000", BOTH),
        ("1.500", BOTH),
    ],
)
def test_what_is_unclear_is_said_to_be(text: str, sign: Sign) -> None:
    cell = read_cell(text, "years", sign)
    assert (cell.value, cell.is_clear) == (None, False)


@pytest.mark.parametrize(
    ("texts", "separator", "expected"),
    [
        (["0.1", "1,000"], ",", POINT),
        (["0,1", "1.000"], ";", COMMA),
        (["0.1", "0,3"], ";", BOTH),
        (["1,000"], ",", POINT),
        (["1,000"], ";", BOTH),
        (["1.500", "3"], "\t", POINT),
        (["5", "about 10", "NA"], ";", POINT),
    ],
)
def test_the_sign_of_decimals_is_that_of_cells_without_doubt(texts: list[str], separator: str, expected: Sign) -> None:
    assert decimal_sign(texts, separator) is expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([POINT]))
def test_what_a_program_writes_is_read_back(value: float, sign: Sign) -> None:
    assert read_cell(repr(value), "years", sign).value == value


@given(st.floats(0.0001, 0.9999).map(lambda value: round(value, 4)), st.sampled_from(Sign))
def test_decimals_of_either_sign_are_alike(value: float, sign: Sign) -> None:
    text = f"{value:.4f}"
    assert read_cell(text.replace(".", ","), "fraction", sign).value == read_cell(text, "fraction", sign).value == value


@given(st.text(max_size=12), st.sampled_from(["probability", "years", "", "FTE"]), st.sampled_from(Sign))
def test_any_text_is_a_finite_number_or_none(text: str, unit: str, sign: Sign) -> None:
    value = read_cell(text, unit, sign).value
    assert value is None or math.isfinite(value)
