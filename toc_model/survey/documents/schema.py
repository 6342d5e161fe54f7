"""The long answer format as a table: reading, checking and writing.

One row an answer; the columns are `COLUMNS`, explained at `toc_model.survey.documents.answers.Answer`. In a file they
may stand in any order. Beside them may stand ``people``, which counts and summaries need, and ``wording``, as in the
file of `toc survey template`."""

import csv
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.documents import checked
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.survey.documents.answers import COLUMNS, NUMBERS, Answer
from toc_model.survey.documents.camps import with_camps
from toc_model.survey.documents.flags import with_flags
from toc_model.survey.documents.formulas import as_text
from toc_model.survey.documents.reading import Reading, read_stated
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.patterns import PEOPLE

KEY = ["source_id", "respondent_id", "question_id", "framing", "level", "round"]
"""What no two answers share."""
BAR = [*KEY, "lower", "upper"]
"""What no two bars of a histogram share."""


def read_long(path: Path | str) -> pd.DataFrame:
    """Read a file of answers in the long format.

    Parameters
    ----------
    path : Path
        A table with the columns of `COLUMNS` in any order, and ``people`` and ``wording`` if there are, in any of the
        forms that
        `toc_model.survey.documents.reading.read_stated` understands. Where ``raw`` is empty, it becomes the text of
        ``value``.

    Returns
    -------
    pandas.DataFrame
        Columns as `COLUMNS`, and ``people`` if any row states it; text as text, ``level``, ``value``, ``lower``,
        ``upper`` and ``people`` as numbers (NaN where empty), probabilities in ones. Flags that follow from the values
        are added; nothing is dropped or repaired.

    Raises
    ------
    InputError
        The first cell that can't be: file, row, column, what was found, what is allowed. Impossible values, and
        those that are no number, are flagged instead.
    """
    return read_answers(path)[0]


def read_answers(path: Path | str) -> tuple[pd.DataFrame, Reading]:
    """Read a file of answers as `read_long` does, and say what was understood of it."""
    rows, reading = read_stated(Path(path))
    return checked_frame(rows), reading


def read_files(paths: Iterable[Path | str]) -> pd.DataFrame:
    """Read files of answers in the long format as one, as `read_long` reads each.

    Raises
    ------
    InputError
        As `read_long` does, also where two files have the same answer or contradict each other.
    """
    return checked_frame([row for path in paths for row in read_stated(Path(path))[0]])


def checked_frame(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> pd.DataFrame:
    """Check answers row by row and against each other, flag what is odd, and make them a table.

    Parameters
    ----------
    rows : sequence of (str, mapping)
        Where each row stands, for messages, and the fields of `Answer`; None for a number that is not there.

    Raises
    ------
    InputError
        If a row does not fit, an answer is there twice, or rows contradict each other.
    """
    places = [place for place, _ in rows]
    frame = with_camps(_frame([checked(Answer, dict(row), place) for place, row in rows]))
    _fail_if_repeated(frame, places)
    _fail_if_at_odds(frame, ["source_id", "question_id"], ["target", "condition"], places)
    _fail_if_at_odds(frame[frame["respondent_id"] != ""], ["source_id", "respondent_id"], ["group"], places)
    return with_flags(frame)


def _frame(answers: list[Answer]) -> pd.DataFrame:
    names = columns_of(PEOPLE) if any(answer.people is not None for answer in answers) else COLUMNS
    columns: dict[str, Any] = {name: [getattr(answer, name) for answer in answers] for name in names}
    types = {name: "float64" if name in (*NUMBERS, PEOPLE) else "str" for name in names}
    return pd.DataFrame(columns, columns=list(names)).astype(types)


def columns_of(names: Collection[str]) -> tuple[str, ...]:
    """The columns of the long format that a table with these has."""
    return (*COLUMNS, PEOPLE) if PEOPLE in names else COLUMNS


def _fail_if_repeated(frame: pd.DataFrame, places: list[str]) -> None:
    given = frame[frame["respondent_id"] != ""]
    bars = given["kind"].isin([name for name, kind in KINDS.items() if kind.is_range and kind.of_many])
    repeated = given[given.assign(lower=given["lower"].where(bars), upper=given["upper"].where(bars)).duplicated(BAR)]
    if len(repeated):
        row = repeated.iloc[0].to_dict()
        key = ", ".join(f"{name} {_cell(row[name])!r}" for name in KEY if _cell(row[name]))
        raise InputError(f"{places[repeated.index[0]]}: found a second answer for {key}; allowed: one")


def _fail_if_at_odds(frame: pd.DataFrame, keys: list[str], columns: list[str], places: list[str]) -> None:
    for column in columns:
        first = frame.groupby(keys)[column].transform("first")
        differing = frame[frame[column] != first]
        if len(differing):
            row = differing.iloc[0].to_dict()
            raise InputError(
                f"{places[differing.index[0]]}: {column}: found {row[column]!r}; allowed: "
                f"{first[differing.index[0]]!r}, as in the first row of {keys[-1]} {row[keys[-1]]!r}"
            )


def write_long(frame: pd.DataFrame, path: Path | str) -> None:
    """Write answers in the long format; whole or not at all.

    Raises
    ------
    InputError
        If a column is missing or the file can't be written.
    """
    for name in COLUMNS:
        if name not in frame.columns:
            raise InputError(f"{path}: the answers have no column {name!r}")
    write_columns(frame, columns_of(frame.columns), Path(path))


def write_columns(frame: pd.DataFrame, columns: Iterable[str], path: Path) -> None:
    """Write columns of a table as CSV, numbers as short as they can be read back, and nothing as a formula."""
    names, file = list(columns), StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in frame[names].itertuples(index=False):
        writer.writerow([_cell(value) if isinstance(value, float) else as_text(_cell(value)) for value in row])
    write_text(path, file.getvalue())


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value)).removesuffix(".0")
    return str(value)
