"""Formats that experts' judgements come in, one file each. A new one is a file and a line here."""

from pathlib import Path

from toc_model.errors import InputError, unknown
from toc_model.survey.panel.formats import excalibur, idea, sheet, shelf, wide
from toc_model.survey.panel.formats.format import Format, Reader

SHEET = Format("sheet", (), sheet.read, "the sheets of this panel")
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        SHEET,
        Format("shelf", (), shelf.read, "SHELF's tables of several experts, about one question"),
        Format("excalibur", (".dtt",), excalibur.read, "EXCALIBUR's assessments, with realisations beside them"),
        Format("idea", (), idea.read, "the IDEA protocol: lowest, highest, best and confidence"),
        Format("wide", (), wide.read, "any table with a row for each expert, by a document of columns"),
    )
}
"""All formats, by name."""

__all__ = ["FORMATS", "SHEET", "Format", "Reader", "format_of"]


def format_of(path: Path, named: str = "") -> Format:
    """The format of a file: the one that is named, or that of its ending, or our own sheet.

    Raises
    ------
    InputError
        If no format has this name.
    """
    if named and named not in FORMATS:
        raise InputError(f"{path}: {unknown('format', named, FORMATS)}")
    by_ending = (one for one in FORMATS.values() if path.suffix.casefold() in one.suffixes)
    return FORMATS[named] if named else next(by_ending, SHEET)
