"""A reader of answers: a row for each, with the columns ``person``, ``question``, ``level`` and ``answer``."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.sources import answer_row, number


def read_neighbours(path: Path | str, mapping: SurveyMapping) -> pd.DataFrame:
    """Read what neighbours answered."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    return checked_frame([(f"{path}: row {line}", _answer(mapping, row)) for line, row in rows])


def _answer(mapping: SurveyMapping, row: dict[str, str]) -> dict[str, Any]:
    found = number(row["answer"])
    return answer_row(mapping, row["question"], row["person"], row["answer"], found, level=number(row["level"]))
