"""Tables with a row for each respondent, or a column: what stands where, and the way to the long format."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from toc_model.documents import Document, checked, read_toml
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.cells import answered
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.reading import Reading, stated_in
from toc_model.survey.documents.rows import rows_of
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.sheets import Sheet, read_sheet
from toc_model.survey.documents.units import same
from toc_model.survey.kinds import KINDS

type About = Literal["question", "respondent", "group", "framing", "round", "level", "unit"]


class Column(Document):
    """What all answers in a column have in common; empty where their rows say it, or nobody needs to.

    Attributes
    ----------
    question, respondent, group, framing, round, unit : str
        As in the long format; the unit is that of the mapping where nothing states one.
    level : float, optional
        Of a quantile, or the threshold.
    """

    question: str = ""
    respondent: str = ""
    group: str = ""
    framing: str = ""
    round: str = ""
    unit: str = ""
    level: float | None = None

    def text(self, field: str) -> str:
        """A field as a cell has it."""
        value = getattr(self, field)
        return "" if value is None else str(value)


class Layout(Document):
    """Where answers stand in a table.

    Attributes
    ----------
    headers : int
        Rows of headers; the first names the columns, as Qualtrics, which has three, writes them.
    rows : dict of str to str
        Columns that say something about all answers in a row, by what they say: ``{ respondent = "Your name" }``.
        Where nothing says who answered, it is the number of the row.
    questions : dict of str to str
        For a column that names the question: identifiers in the mapping, by what stands there, where they differ.
    columns : dict of str to Column
        Columns that hold answers, by their names.
    """

    headers: int = Field(default=1, ge=1, le=10)
    rows: dict[About, str] = {}
    questions: dict[str, str] = {}
    columns: dict[str, Column] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_what_is_asked(self) -> "Layout":
        for name, column in self.columns.items():
            if not column.question and "question" not in self.rows:
                raise ValueError(f"columns.{name}: question: found nothing; allowed: a question of the mapping")
            for field in self.rows:
                if column.text(field):
                    raise ValueError(f"columns.{name}: {field}: found it here and in rows; allowed: once")
        return self

    @property
    def needed(self) -> list[str]:
        """Columns that the table must have."""
        return list(dict.fromkeys([*self.rows.values(), *self.columns]))


def read_layout(path: Path) -> Layout:
    """Read a document that says where answers stand.

    Raises
    ------
    InputError
        If it is malformed, or does not fit its schema.
    """
    return checked(Layout, read_toml(path), str(path))


def read_wide(path: Path, layout: Layout, mapping: SurveyMapping) -> tuple[pd.DataFrame, Reading]:
    """Read a table of answers.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.
    layout : Layout
    mapping : SurveyMapping
        Its questions say what the answers are about, of what kind, and in which unit.

    Returns
    -------
    frame : pandas.DataFrame
        In the long format: a row for each cell that holds an answer.
    reading : Reading

    Raises
    ------
    InputError
        If a column is missing, a question is not the mapping's, nobody answered, or an answer can't be one.
    """
    sheet = read_sheet(path, layout.needed)
    rows = list(_rows(sheet, layout, mapping))
    if not rows:
        raise InputError(f"{path}: found no answer in {', '.join(map(repr, layout.columns))}; allowed: at least one")
    stated, reading = stated_in(sheet, rows)
    return checked_frame(stated), reading


def cells_of(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Cells that hold an answer: the number of the row, the name of the column, and all of the row.

    Raises
    ------
    InputError
        As `toc_model.survey.documents.rows.rows_of` does.
    """
    numbered = rows_of(sheet, layout.needed, None)
    first = sheet.lines[0][0] + layout.headers
    for number, row in numbered:
        for name in layout.columns:
            if number >= first and answered(row[name]):
                yield number, name, row


def _rows(sheet: Sheet, layout: Layout, mapping: SurveyMapping) -> Iterator[tuple[str, dict[str, str]]]:
    for number, name, row in cells_of(sheet, layout):
        column, where = layout.columns[name], f"{sheet.path}: row {number}: {name}"
        who = said_of(row, column, layout, "respondent") or str(number)
        yield where, _row(row, row[name].strip(), column, layout, mapping, where) | {"respondent_id": who}


def said_of(row: Mapping[str, str], column: Column, layout: Layout, field: About) -> str:
    """What a row or a column says about an answer; empty for nothing."""
    return row[layout.rows[field]].strip() if field in layout.rows else column.text(field)


def _row(
    row: Mapping[str, str], raw: str, column: Column, layout: Layout, mapping: SurveyMapping, where: str
) -> dict[str, str]:
    """An answer's cells in the long format, but for who gave it."""
    named = said_of(row, column, layout, "question")
    name = layout.questions.get(named, named)
    try:
        question = mapping.question(name)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    fields: tuple[About, ...] = ("group", "framing", "round", "level")
    said: dict[str, str] = {field: said_of(row, column, layout, field) for field in fields}
    unit, kind = said_of(row, column, layout, "unit") or question.unit, question.kind_under(said["framing"])
    bounded = (same(unit, question.unit) or not KINDS[kind].in_unit) and "lower" not in KINDS[kind].quantities
    stated = {
        "source_id": mapping.source_id,
        "question_id": name,
        "target": question.target,
        "kind": kind,
        "value": _category(raw, question),
        "unit": unit,
        "lower": "" if question.lower is None or not bounded else repr(question.lower),
        "upper": "" if question.upper is None or not bounded else repr(question.upper),
        "condition": question.condition_text,
        "raw": raw,
    }
    return dict.fromkeys(COLUMNS, "") | said | stated


def _category(raw: str, question: Question) -> str:
    """The number of a category that is named, and any other answer as it stands."""
    names = [name.casefold() for name in question.categories]
    return str(names.index(raw.casefold()) + 1) if raw.casefold() in names else raw
