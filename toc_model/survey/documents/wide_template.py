"""Questions for a new survey as a table with a row for each respondent, and the document of its columns."""

import math
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.documents import as_toml
from toc_model.files import write_text
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.schema import write_columns

WHO = "Your name"
"""The column that says who answers; its name holds a space, which no name of a question does."""
HEADERS = 2
"""Rows above the answers: names of columns, and what is asked."""
NOTE = """What stands where in {table}; 'toc survey import wide --columns' reads it. A column may state a unit of its
own, such as unit = "percent"; those without one are in the unit of the mapping."""


def write_wide(frame: pd.DataFrame, table: Path, columns: Path) -> None:
    """Write questions as a table to send and fill in, and the document of its columns.

    `toc_model.survey.documents.wide.read_wide` reads what is filled in, by this document.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `toc_model.survey.documents.template.template` makes it.
    table, columns : Path
        Where to write the table (CSV) and the document (TOML).

    Raises
    ------
    InputError
        If a file can't be written.
    """
    write_text(columns, layout_text(frame, table.name))
    wide = wide_frame(frame)
    write_columns(wide, wide.columns, table)


def wide_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The table: a column for each number that is asked for; the first row has the wordings, the others are people."""
    asked = _asked(frame)
    wordings = {WHO: "", **{name: _wording(row) for name, row in asked.items()}}
    people = [{WHO: name} | dict.fromkeys(asked, "") for name in frame["respondent_id"].unique()]
    return pd.DataFrame([wordings, *people], columns=list(wordings))


def layout_text(frame: pd.DataFrame, table: str) -> str:
    """The document of the columns, as TOML.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `toc_model.survey.documents.template.template` makes it.
    table : str
        Name of the file that the table is in, for people.
    """
    lines = [
        *(f"# {line}" for line in NOTE.format(table=as_toml(table)).splitlines()),
        f"headers = {HEADERS}",
        f"rows = {{ respondent = {as_toml(WHO)} }}",
    ]
    for name, row in _asked(frame).items():
        lines += ["", f"[columns.{as_toml(name)}]", f"question = {as_toml(row['question_id'])}"]
        if not math.isnan(row["level"]):
            lines.append(f"level = {row['level']!r}")
    return "\n".join(lines) + "\n"


def _asked(frame: pd.DataFrame) -> dict[str, Mapping[Hashable, Any]]:
    """The rows that different numbers are asked for in, by the name of the column for it."""
    rows = frame.drop_duplicates(["question_id", "level"]).to_dict("records")
    return {_column(row): row for row in rows}


def _column(row: Mapping[Hashable, Any]) -> str:
    name = str(row["question_id"])
    return name if math.isnan(row["level"]) else f"{name} {100 * row['level']:.6g}%"


def _wording(row: Mapping[Hashable, Any]) -> str:
    """What is asked, and between which bounds."""
    bounds = [(word, row[key]) for word, key in (("from", "lower"), ("to", "upper")) if not math.isnan(row[key])]
    between = " ".join(f"{word} {bound:g}" for word, bound in bounds)
    return f"{row[WORDING]} (Possible: {between}.)" if bounds else str(row[WORDING])
