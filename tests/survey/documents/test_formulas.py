"""Cells that a spreadsheet would take for formulas: texts in the file, and the same texts when it is read."""

import csv
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.formulas import as_meant, as_text
from toc_model.survey.documents.schema import read_long, write_long

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+x", "-x", "-5 years", "@SUM(A1)", "\tx", "\rx", "\uff1d1", "+", "-", "'=x")
NUMBERS = ("-5", "+3.5", "-1e-3", "5", "", "x=1", "a-b", "'", "'tis", " =x", "-0")


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas_are_texts(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"
    assert as_meant(as_text(cell)) == cell


@pytest.mark.parametrize("cell", NUMBERS)
def test_numbers_and_other_texts_stay(cell: str) -> None:
    assert as_text(cell) == cell == as_meant(cell)


@given(st.text(st.sampled_from("'=+-@\t\r\n\uff1d5.e x") | st.characters(), max_size=8))
def test_what_was_written_is_read(cell: str) -> None:
    written = as_text(cell)
    assert as_meant(written) == cell
    assert written[:1] not in "=+-@\t\r\n" or written == "" or math.isfinite(float(written))


def test_a_file_of_answers_holds_no_formula_and_comes_back(tmp_path: Path) -> None:
    texts = ["=1+1", "@x", "+y", "'=z", "-3"]
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"question_id": "q", "target": "p_doom", "kind": "probability"}
    row |= {"source_id": "=s", "unit": "probability", "lower": 0.0, "upper": 1.0, "level": math.nan, "value": 0.25}
    frame = pd.DataFrame([row | {"respondent_id": text, "raw": text} for text in texts], columns=list(COLUMNS))
    write_long(frame, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == ["-3", "-3"]
    found = read_long(tmp_path / "x.csv")
    assert found["respondent_id"].tolist() == found["raw"].tolist() == texts
    assert set(found["source_id"]) == {"=s"}
    write_long(found, tmp_path / "y.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "y.csv"), found)
