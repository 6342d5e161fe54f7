"""Rows of a table, by the names of their columns."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from toc_model.errors import InputError, did_you_mean, unknown
from toc_model.survey.documents.sheets import Sheet, named_as, read_sheet


def read_rows(path: Path, needed: Iterable[str], also: Iterable[str] | None = None) -> list[tuple[int, dict[str, str]]]:
    """Read the rows of a table as text, with their numbers (the header is mostly row 1).

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.
    needed : iterable of str
        Columns that must be there.
    also : iterable of str, optional
        Columns that may be there too; any by default.

    Raises
    ------
    InputError
        If a column is missing, unknown or there twice, a row has more or fewer cells, or there is no row.
    """
    columns = list(needed)
    return rows_of(read_sheet(path, columns), columns, None if also is None else list(also))


def rows_of(sheet: Sheet, needed: Sequence[str], also: Sequence[str] | None) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table that is read already, as `read_rows` gives them."""
    path = sheet.path
    known = {*needed, *(also or ())}
    header = [named_as(cell, known) for cell in sheet.lines[0][1]] if sheet.lines else []
    _fail_if_header_differs(path, header, needed, also)
    if not sheet.lines[1:]:
        raise InputError(f"{path}: found a header and no rows; allowed: at least one row")
    for number, line in sheet.lines[1:]:
        if len(line) != len(header):
            raise InputError(f"{path}: row {number}: found {len(line)} cells; allowed: {len(header)}, as in the header")
    return [(number, dict(zip(header, line, strict=True))) for number, line in sheet.lines[1:]]


def _fail_if_header_differs(
    path: Path, header: Sequence[str], needed: Sequence[str], also: Sequence[str] | None
) -> None:
    there = set(header)
    for name in needed:
        if name not in there:
            raise InputError(f"{path}: missing column {name!r}{did_you_mean(name, header)}")
    times, known = Counter(header), {*needed, *(also or ())}
    for name in header:
        if times[name] > 1 and (also is not None or name in known):
            raise InputError(f"{path}: column {name!r}: found {times[name]} times; allowed: once")
        if also is not None and name not in known:
            raise InputError(f"{path}: {unknown('column', name, [*needed, *also])}")
