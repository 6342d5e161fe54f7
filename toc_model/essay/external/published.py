"""Published figures in files of a folder."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np

from toc_model.errors import InputError
from toc_model.files import read

CAMPS = {
    "Concerned": ("concerned", "FRI's 11 experts who are concerned"),
    "Skeptical": ("sceptics", "FRI's 11 sceptics, nine of them superforecasters"),
}
"""The camps of FRI's adversarial collaboration: in a check's name, and in full."""


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    return list(csv.DictReader(StringIO(read(path).text, newline="")))


def published(data: Path, quantity: str, definition: str, year: str) -> dict[str, str]:
    """A row of the table of published figures.

    Raises
    ------
    InputError
        If there is none.
    """
    path, name = data / "published-figures.csv", (quantity, definition, year)
    for row in rows_of(path):
        if (row["quantity"], row["definition"], row["year"]) == name:
            return row
    raise InputError(f"{path}: missing the row {', '.join(name)}")


def crux(data: Path, camp: str, name: str, column: str) -> tuple[float, int]:
    """The median of what a camp of FRI's adversarial collaboration says of a crux, and of how many people.

    Raises
    ------
    InputError
        If nobody of the camp says anything of it.
    """
    path = data / "fri_adversarial_collab_forecasts.csv"
    found = [row[column] for row in rows_of(path) if (row["camp"], row["crux"]) == (camp, name)]
    stated = [float(text) for text in found if text not in ("", "NA")]
    if not stated:
        raise InputError(f"{path}: missing the crux {name!r} of the camp {camp!r}")
    return float(np.median(stated)), len(found)
