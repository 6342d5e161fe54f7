"""Any table with a row for each expert, by a document that says what stands in its columns.

The document is that of `toc_model.survey.documents.wide`: each column that holds answers has a question, and for a
quantile its level between 0 and 1; rows say who answers (``respondent``) and, if the table has it, in which ``round``::

    rows = { respondent = "Your name", round = "Round" }
    columns."Jobs, low" = { question = "jobs", level = 0.05 }
    columns."Jobs, middle" = { question = "jobs", level = 0.5 }
    columns."Will it happen?" = { question = "event", unit = "percent" }

A probability has no level, and chips have none either: their cell holds a count for each bin, such as "0 2 5 3".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from toc_model.errors import InputError
from toc_model.statistics.elicitation.judgements import fail_if_units_differ
from toc_model.survey.documents.cells import Sign, decimal_sign, read_cell
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.sheets import Sheet, read_sheet
from toc_model.survey.documents.units import same
from toc_model.survey.documents.wide import About, Column, Layout, cells_of, said_of
from toc_model.survey.panel.formats.format import fail_if_given, round_of
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import cell_number, counted, unit_change

STRANGE: tuple[About, ...] = ("group", "framing")
"""What a document of columns may say of a survey, and a panel has no use for."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A cell with an answer, and what is said about it."""

    where: str
    place: tuple[str, str, str]
    level: str
    unit: str
    text: str


def read(
    path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
) -> list[Said]:
    """Read a table by a document of columns.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.
    panel : Panel
    round_ : str
        Of all answers, where neither rows nor columns say it.
    question : str
        Not for this format.
    columns : Layout
        What stands where.

    Returns
    -------
    list of Said
        One for each round, expert and question with an answer.

    Raises
    ------
    InputError
        Naming row and column, if there is no document, an expert, a question or a round is not the panel's, a level is
        missing, there twice or none, a cell is no number, an answer is given in several units or can't be meant.
    """
    fail_if_given(path, "a document of columns names the questions", question=question)
    if columns is None:
        raise InputError(f"{path}: columns: found no document; allowed: one that says what stands in which column")
    _fail_if_strange(path, columns)
    sheet = read_sheet(path, columns.needed)
    cells = list(_answers(sheet, panel, columns, round_))
    if not cells:
        raise InputError(f"{path}: found no answer in {len(columns.columns)} columns; allowed: at least one")
    numbers = [cell.text for cell in cells if panel.question(cell.place[2]).form != "chips"]
    sign = decimal_sign(numbers, sheet.separator)
    ordered = sorted(cells, key=lambda cell: cell.place)
    grouped = {place: list(own) for place, own in groupby(ordered, key=lambda cell: cell.place)}
    return [
        _said(grouped[place], panel.question(place[2]), sign) for place in dict.fromkeys(cell.place for cell in cells)
    ]


def _fail_if_strange(path: Path, columns: Layout) -> None:
    for field in STRANGE:
        named = [name for name, column in columns.columns.items() if column.text(field)]
        if named or field in columns.rows:
            where = f"columns.{named[0]}" if named else "rows"
            raise InputError(
                f"{path}: {where}: {field}: found it; allowed: question, respondent, round, level and unit, for a panel"
            )


def _answers(sheet: Sheet, panel: Panel, layout: Layout, round_: str) -> Iterator[_Answer]:
    for number, name, row in cells_of(sheet, layout):
        where, column = f"{sheet.path}: row {number}: {name}", layout.columns[name]
        said = _about(row, column, layout)
        question = layout.questions.get(said["question"], said["question"])
        place = round_of(said["round"], round_, where), said["respondent"], question
        if not place[1]:
            raise InputError(f"{where}: respondent: found nothing; allowed: an expert of the panel")
        panel.fail_if_unknown(question, place[1], place[0], where)
        yield _Answer(where, place, said["level"], said["unit"], as_meant(row[name].strip()))


def _about(row: Mapping[str, str], column: Column, layout: Layout) -> dict[str, str]:
    fields: tuple[About, ...] = ("question", "respondent", "round", "level", "unit")
    return {field: as_meant(said_of(row, column, layout, field)) for field in fields}


def _said(cells: Sequence[_Answer], question: Question, sign: Sign) -> Said:
    """What the cells for one round, expert and question say."""
    first = cells[0]
    round_, expert, name = first.place
    if question.form != "quantiles":
        _fail_if_several(cells, question)
    if question.form == "chips":
        below = counted(first.text, question, first.where)
        return Said.of_cdf(round_, expert, name, below, note=f"chips {first.text}")
    note = f"said in {first.unit}" if first.unit and not same(first.unit, question.unit) else ""
    if question.form == "probability":
        said = Said.of_probability(round_, expert, name, _value(first, question, sign), note)
    else:
        said = Said.of_quantiles(round_, expert, name, _values(cells, question, sign), note)
    said.fail_if_impossible(question, f"{first.where}: {name}")
    return said


def _values(cells: Sequence[_Answer], question: Question, sign: Sign) -> dict[float, float]:
    """Values by level."""
    fail_if_units_differ([cell.unit or question.unit for cell in cells], f"{cells[0].where}: unit")
    values: dict[float, float] = {}
    for cell in cells:
        level = read_cell(cell.level, "probability").value
        if level is None or not 0 < level < 1:
            raise InputError(f"{cell.where}: level: found {cell.level!r}; allowed: above 0 and below 1, for a quantile")
        if level in values:
            raise InputError(f"{cell.where}: found the level {level:g} of {question.name!r} twice; allowed: once")
        values[level] = _value(cell, question, sign)
    return values


def _value(cell: _Answer, question: Question, sign: Sign) -> float:
    change = unit_change(cell.unit, question, f"{cell.where}: unit")
    return float(change.of(cell_number(cell.text, cell.unit or question.unit, sign, cell.where)))


def _fail_if_several(cells: Sequence[_Answer], question: Question) -> None:
    if len(cells) > 1:
        raise InputError(
            f"{cells[1].where}: found a second answer by {cells[1].place[1]} to {question.name!r} in round "
            f"{cells[1].place[0]}; allowed: one"
        )
    if cells[0].level:
        raise InputError(
            f"{cells[0].where}: level: found {cells[0].level!r}; allowed: none, for {question.name!r} asks for "
            f"{question.form}"
        )
