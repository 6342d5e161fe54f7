"""Tables as people save them: whichever encoding, whichever sign between columns, and workbooks of spreadsheets."""

import csv
import importlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from toc_model.errors import InputError
from toc_model.files import TABLE, Content, read

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
"""How a text begins that names its encoding."""
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How workbooks begin."""
STATED = "sep="
"""How the line begins with which a spreadsheet states the sign between columns."""

TOP = 10
"""Rows among which the header is looked for."""
IDENTIFIER = '{"ImportId"'
"""How cells begin that Qualtrics puts below the header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text.

    Attributes
    ----------
    path : Path
    lines : list of (int, list of str)
        Cells, with the number of the row; the first holds the header.
    understood : str
        How it was read, for people.
    separator : str
        The sign between columns; a comma for a workbook.
    """

    path: Path
    lines: list[tuple[int, list[str]]]
    understood: str
    separator: str = ","


def read_sheet(path: Path, needed: Iterable[str], *, from_top: bool = False) -> Sheet:
    """Read a table of text; which sign stands between columns is told by the columns that it must have.

    Parameters
    ----------
    path : Path
        Text in UTF-8, UTF-16, UTF-32 or Windows-1252, or a workbook (.xlsx).
    needed : iterable of str
        Columns that must be there.
    from_top : bool
        Whether the first row that is not blank is the header, whatever stands in the rows below.

    Raises
    ------
    InputError
        If it is neither, or not well formed, or nothing is installed that reads workbooks.
    """
    content, columns = read(path, TABLE), list(needed)
    if content.data.startswith(OLD_WORKBOOK):
        raise InputError(f"{path}: found a workbook of an old kind (.xls); allowed: .xlsx, or a CSV file in UTF-8")
    if content.data.startswith(WORKBOOK):
        return _trimmed(_workbook(content, columns), () if from_top else columns)
    text, encoding = text_of(content)
    return _trimmed(_separated(path, text, encoding, columns), () if from_top else columns)


def _trimmed(sheet: Sheet, needed: Sequence[str]) -> Sheet:
    """The table from its header on, without blank and further rows of headers, and columns without name and content."""
    filled = [(number, line) for number, line in sheet.lines if any(map(str.strip, line))]
    if not filled:
        return replace(sheet, lines=[])
    top = max(range(min(TOP, len(filled))), key=lambda place: _names_in(filled[place][1], needed))
    header, rows = filled[top], filled[top + 1 :]
    people = [(number, line) for number, line in rows if not (_is_identifiers(line) or line == header[1])]
    kept = [header, *people]
    used = {place for _, line in kept for place, cell in enumerate(line) if cell.strip()}
    lines = [(number, [cell for place, cell in enumerate(line) if place in used]) for number, line in kept]
    without = [
        *(["what stands above the header"] if top else []),
        *(["further rows of headers"] if len(people) < len(rows) else []),
    ]
    more = f", without {' and '.join(without)}" if without else ""
    return replace(sheet, lines=lines, understood=sheet.understood + more)


def _is_identifiers(line: Sequence[str]) -> bool:
    return all(cell.strip().startswith(IDENTIFIER) for cell in line if cell.strip())


# Text ---------------------------------------------------------------------------------------------------------------


def text_of(content: Content) -> tuple[str, str]:
    """The text of a file and the name of its encoding, with plain ends of lines.

    Raises
    ------
    InputError
        If it is no text.
    """
    data = content.data
    for mark, codec, name in (*MARKS, *_unmarked(data)):
        if data.startswith(mark):
            return _plain(_decoded(content, codec, name)), name
    try:
        return content.text, "UTF-8"
    except InputError:
        if b"\0" in data:
            raise
    return _plain(_decoded(content, "cp1252", "UTF-8 or Windows-1252")), "Windows-1252"


def _unmarked(data: bytes) -> Iterator[tuple[bytes, str, str]]:
    """UTF-16 that does not name itself: every other byte of its first signs is nil."""
    start = data[:64]
    even, odd = (Counter(start[side::2])[0] * 2 > len(start) // 2 for side in (0, 1))
    if even != odd:
        yield b"", "utf-16-be" if even else "utf-16-le", "UTF-16"


def _decoded(content: Content, codec: str, name: str) -> str:
    try:
        return content.data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(f"{content.path}: not {name} text (byte {error.start})") from None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separated(path: Path, text: str, encoding: str, needed: Sequence[str]) -> Sheet:
    stated, first = "", 1
    head, _, rest = text.partition("\n")
    if head.strip().strip('"').lower().startswith(STATED):
        stated, text, first = head.strip().strip('"')[len(STATED) :] or "\t", rest, 2
        if stated not in SEPARATORS:
            raise InputError(f"{path}: {STATED}: found {stated!r}; allowed: one of , ; | or a tab")
    separator = stated or _separator(text, needed)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError(f"{path}: malformed CSV: {error}") from None
    understood = f"{encoding}, {SEPARATORS[separator]} between columns"
    return Sheet(path, list(enumerate(rows, start=first)), understood, separator)


def _separator(text: str, needed: Sequence[str]) -> str:
    """The sign that splits some first line into most of the columns that must be there, and into most cells."""

    def fit(separator: str) -> tuple[int, int]:
        lines = _first_lines(text, separator)
        return _known(lines, needed), max(map(len, lines), default=0)

    return max(SEPARATORS, key=fit)


def _first_lines(text: str, separator: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(StringIO(text, newline=""), delimiter=separator), TOP))
    except csv.Error:
        return []


def _known(lines: Sequence[Sequence[str]], needed: Sequence[str]) -> int:
    """How many of the columns that must be there some first line has."""
    return max((_names_in(line, needed) for line in lines[:TOP]), default=0)


def _names_in(line: Sequence[str], needed: Sequence[str]) -> int:
    known = frozenset(needed)
    named = {named_as(cell, known) for cell in line}
    return sum(name in named for name in needed)


def named_as(cell: str, known: Container[str]) -> str:
    """The name of a column: as it is known, whatever its capitals and spaces, or as it stands there."""
    name = "_".join(cell.casefold().split())
    return name if name in known else cell.strip()


# Workbooks ----------------------------------------------------------------------------------------------------------


def _workbook(content: Content, needed: Sequence[str]) -> Sheet:
    """The first sheet of a workbook that has the columns, or its first."""
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ImportError:
        raise InputError(
            f"{content.path}: found a workbook, which needs openpyxl (pip install 'toc-model[xlsx]'); allowed without "
            "it: a CSV file in UTF-8"
        ) from None
    try:
        book = openpyxl.load_workbook(BytesIO(content.data), data_only=True)
        tables = {
            sheet.title: [[_shown(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
        }
    except Exception as error:  # noqa: BLE001 (openpyxl documents none, and raises what its parsers raise)
        raise InputError(f"{content.path}: malformed workbook: {error or type(error).__name__}") from None
    if not tables:
        raise InputError(f"{content.path}: found a workbook without a sheet; allowed: one with a table")
    title = max(tables, key=lambda name: _known(tables[name], needed))
    return Sheet(content.path, list(enumerate(tables[title], start=1)), f"a workbook, sheet {title!r}")


def _shown(cell: Any) -> str:
    """A cell as people see it: per cents as such, whole numbers without a point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_percent = "%" in str(cell.number_format)
        text = repr(float(f"{value * 100:.12g}") if is_percent else value).removesuffix(".0")
        return f"{text}%" if is_percent else text
    return str(value)
