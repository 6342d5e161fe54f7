"""Cells that a spreadsheet would take for a formula: an apostrophe before them says that they are texts."""

import math
import re

from toc_model.documents import as_number

FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
"""How a formula begins, and a text that looks as if it had an apostrophe before one already."""


def as_text(cell: str) -> str:
    """A cell as it is written: with an apostrophe where it would be a formula; numbers stay as they are."""
    return f"'{cell}" if FORMULA.match(cell) and not math.isfinite(as_number(cell)) else cell


def as_meant(cell: str) -> str:
    """A cell as it was before `as_text`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
