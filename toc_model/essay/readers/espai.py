"""The Expert Survey on Progress in AI 2023: from its file of individual responses to the long format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.survey.documents.cells import answered
from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.rows import read_rows
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.sources import answer_row, fail_if_not_read, number

RESPONDENT = "row"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an answer stands in the file: the column, the question, and which point of it."""

    column: str
    question: str
    framing: str = ""
    level: float | None = None


CELLS = (
    Cell("p_extinction_pct", "extinction"),
    Cell("p_extinction_100y_pct", "extinction_100y"),
    Cell("p_extinction_control_pct", "extinction_control"),
    *(Cell(f"hlmi_fp_years_p{percent}", "hlmi", "FP", percent / 100) for percent in (10, 50, 90)),
    *(Cell(f"hlmi_fy_pct_{years}y", "hlmi", "FY", float(years)) for years in (10, 20, 40)),
    Cell("alignment_difficulty_code", "alignment_difficulty"),
    Cell("alignment_importance_code", "alignment_importance"),
)

CATEGORY_OF_CODE: dict[str, dict[float, int]] = {"alignment_importance": {4: 5, 5: 4}}
"""Codes that do not stand in order: 5 is "very important" and 4 "among the most important"."""


def read_espai(path: Path | str, mapping: SurveyMapping) -> pd.DataFrame:
    """Read the individual responses to ESPAI 2023.

    Parameters
    ----------
    path : Path
        The file ``espai2023_individual.csv``.
    mapping : SurveyMapping
        The questions to read and their targets.

    Returns
    -------
    pandas.DataFrame
        In the long format: a row for each cell that holds something. Respondents have no groups.

    Raises
    ------
    InputError
        If the file can't be read, lacks a column, or the mapping has a question that is not read here.
    """
    path = Path(path)
    fail_if_not_read(mapping, tuple(dict.fromkeys(cell.question for cell in CELLS)), "ESPAI")
    cells = [cell for cell in CELLS if cell.question in mapping.questions]
    rows = read_rows(path, [RESPONDENT, *(cell.column for cell in cells)])
    return checked_frame([(f"{path}: row {line}", a) for line, row in rows for a in _answers(row, cells, mapping)])


def _answers(row: Mapping[str, str], cells: list[Cell], mapping: SurveyMapping) -> Iterator[dict[str, Any]]:
    for cell in cells:
        raw = row[cell.column]
        if answered(raw):
            value = _value(cell, mapping, raw)
            place = {"framing": cell.framing, "level": cell.level}
            yield answer_row(mapping, cell.question, row[RESPONDENT].strip(), raw, value, **place)


def _value(cell: Cell, mapping: SurveyMapping, raw: str) -> float | None:
    value = number(raw)
    if value is None:
        return None
    kind = mapping.question(cell.question).kind_under(cell.framing)
    if kind in ("probability", "cdf_point"):
        return float(Decimal(raw.strip()) / 100)
    return float(CATEGORY_OF_CODE.get(cell.question, {}).get(value, value)) if kind == "ordered" else value
