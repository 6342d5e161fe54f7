"""Files in the long format as people send them: cells read or flagged, and what was understood kept to be said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS, NUMBERS, TEXTS, flags_of
from toc_model.survey.documents.cells import UNCLEAR, Cell, Sign, answered, decimal_sign, read_cell, read_range
from toc_model.survey.documents.flags import joined
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.rows import rows_of
from toc_model.survey.documents.sheets import Sheet, read_sheet
from toc_model.survey.documents.units import conversion
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.patterns import PEOPLE

WORDING = "wording"
"""A column that may stand beside those of the long format, as in the file of `toc survey template`."""

type Rows = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a file.

    Attributes
    ----------
    path : Path
    understood : str
        Its encoding, and what stands between columns.
    sign : Sign
        Of decimals.
    converted : tuple of str
        Cells with a number as people write it, which was read.
    unclear : tuple of str
        Answers that are no number, flagged as impossible.
    unanswered : int
        Answers that only say that there is none, such as "NA".
    units : tuple of (str, int)
        Units of probabilities that were turned into ones, and how many were.
    """

    path: Path
    understood: str
    sign: Sign
    converted: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    unanswered: int = 0
    units: tuple[tuple[str, int], ...] = ()


def read_stated(path: Path) -> tuple[Rows, Reading]:
    """Read the rows of a file in the long format, with their numbers as people write them.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.

    Returns
    -------
    rows : list of (str, dict)
        Where each row stands, for messages, and its fields, as `toc_model.survey.documents.answers.Answer` has them.
    reading : Reading

    Raises
    ------
    InputError
        As `toc_model.survey.documents.rows.read_rows` does, or if a level or bound is no number. An answer that is
        none is flagged as impossible, and keeps its text.
    """
    sheet = read_sheet(path, COLUMNS)
    numbered = rows_of(sheet, COLUMNS, (PEOPLE, WORDING))
    return stated_in(sheet, [(f"{path}: row {number}", row) for number, row in numbered])


def stated_in(sheet: Sheet, texts: Sequence[tuple[str, Mapping[str, str]]]) -> tuple[Rows, Reading]:
    """Read the numbers of rows of the long format that came from a table, as `read_stated` does.

    Parameters
    ----------
    sheet : Sheet
    texts : sequence of (str, mapping of str to str)
        Where each row stands, and its cells by column.
    """
    rows = [(place, {name: as_meant(cell) for name, cell in row.items()}) for place, row in texts]
    sign = decimal_sign((row[name] for _, row in rows for name in NUMBERS), sheet.separator)
    cells = [_cells(row, place, sign) for place, row in rows]
    stated = [(row["value"].strip(), found["value"]) for (_, row), found in zip(rows, cells, strict=True)]
    reading = Reading(
        path=sheet.path,
        understood=sheet.understood,
        sign=sign,
        converted=tuple(
            row[name].strip()
            for (_, row), found in zip(rows, cells, strict=True)
            for name, cell in found.items()
            if cell.is_converted
        ),
        unclear=tuple(text for text, cell in stated if not cell.is_clear),
        unanswered=sum(bool(text) and cell.is_clear and cell.value is None for text, cell in stated),
    )
    fields = [
        (place, _fields(row, found) | {PEOPLE: _people(row, place, sign)})
        for (place, row), found in zip(rows, cells, strict=True)
    ]
    turned = Counter(
        row["unit"].strip()
        for (_, row), (_, found) in zip(rows, fields, strict=True)
        if found["value"] is not None and row["unit"].strip() != found["unit"]
    )
    return fields, replace(reading, units=tuple(turned.items()))


def _cells(row: Mapping[str, str], place: str, sign: Sign) -> dict[str, Cell]:
    """The numbers of a row, in its own unit."""
    kind, unit = KINDS.get(row["kind"].strip()), row["unit"].strip()
    if kind is None:
        return {name: read_cell(row[name], unit, sign) for name in NUMBERS}
    units = dict.fromkeys(NUMBERS, unit or "probability")
    if kind.is_probability and kind.has_unit:
        units["value"] = "probability"
    elif kind.has_levels:
        units["level"] = "probability"
    found = {name: read_cell(row[name], units[name], sign) for name in NUMBERS}
    for name, cell in found.items():
        if name != "value" and not cell.is_clear:
            raise InputError(f"{place}: {name}: found {row[name].strip()!r}; allowed: a number, or nothing")
    if kind.is_range and row["value"].strip():
        found |= _range(row, units["value"], place, sign)
    value = found["value"].value
    if kind.is_counted and value is not None and value % 1:
        found["value"] = UNCLEAR
    return found


def _range(row: Mapping[str, str], unit: str, place: str, sign: Sign) -> dict[str, Cell]:
    """The bounds that a value says, such as "10-20 %"; it is unclear where it says none."""
    if not answered(row["value"]):
        return {"value": Cell()}
    ends = read_range(row["value"], unit, sign)
    if ends and (answered(row["lower"]) or answered(row["upper"])):
        raise InputError(f"{place}: value: found {row['value'].strip()!r} beside bounds; allowed: either of them")
    if ends:
        return {"value": Cell(), "lower": ends[0], "upper": ends[1]}
    found = read_cell(row["value"], unit, sign)
    return {"value": found if found.is_clear else UNCLEAR}


def _people(row: Mapping[str, str], place: str, sign: Sign) -> float | None:
    text = row.get(PEOPLE, "")
    cell = read_cell(text, "", sign)
    if not cell.is_clear:
        raise InputError(f"{place}: {PEOPLE}: found {text.strip()!r}; allowed: a whole number, or nothing")
    return cell.value


def _fields(row: Mapping[str, str], cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The row as an answer has it; one of a probability in ones."""
    found: dict[str, Any] = {name: row[name].strip() for name in TEXTS}
    found["raw"] = row["raw"] or (row["value"].strip() if answered(row["value"]) else "")
    if not cells["value"].is_clear:
        found["flags"] = joined({*flags_of(found["flags"]), "impossible"})
    return _in_ones(found | {name: cell.value for name, cell in cells.items()})


def _in_ones(row: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS.get(row["kind"])
    if kind is None or not kind.is_probability or kind.has_unit or not row["unit"]:
        return row
    try:
        found = conversion(row["unit"], "probability")
    except InputError:  # of which the question's target has more to say
        return row
    if not found.is_needed:
        return row
    numbers = {name: row[name] if row[name] is None else found.of(row[name]) for name in ("value", "lower", "upper")}
    return row | numbers | {"unit": "probability"}
