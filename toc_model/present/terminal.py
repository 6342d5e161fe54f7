"""Sections as text for terminals and files alike, and progress for terminals only."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from toc_model.aliases import Progress
from toc_model.present.columns import GAP as NARROW_GAP
from toc_model.present.columns import fitting
from toc_model.present.section import Cell, Head, Section, Table, shown
from toc_model.present.signs import one_line, visible, visible_lines
from toc_model.present.words import with_minus

if TYPE_CHECKING:
    from rich.table import Table as RichTable

WIDTH = 100
"""Width of running text and of tables with texts, in characters."""
NO_BREAK = "\u00a0"
NARROWEST, WIDEST_NAME = 18, 44
"""Least width of a column of texts that is wrapped, and largest width of one that is not, in characters."""
WIDEST, GAP = 100_000, 3
"""Largest width of tables of figures, which are not wrapped, and what a column takes besides its texts."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What text is laid out for: a file or a pipe, unless it says otherwise.

    Attributes
    ----------
    text : int
        Width of running text, in characters.
    table : int or None
        What tables must fit; None shows them whole.
    minus : bool
        Whether figures below zero have a real minus, or "-", which programs read.
    """

    text: int = WIDTH
    table: int | None = None
    minus: bool = False


FILE = Paper()


def standard_output(*, wide: bool = False) -> Paper:
    """What standard output is: a terminal of some width, or a file.

    Parameters
    ----------
    wide : bool
        Whether tables are to be whole wherever they are shown.
    """
    if not sys.stdout.isatty():
        return FILE
    columns = shutil.get_terminal_size().columns
    return Paper(min(columns, WIDTH), None if wide else columns, minus=True)


def page(head: Head, sections: Sequence[Section]) -> str:
    """Several sections under one heading."""
    parts = map(filled, [head.title, head.about, *head.text])
    return (
        "\n\n".join([*(part for part in parts if part), *(text_of(section).rstrip("\n") for section in sections)])
        + "\n"
    )


def text_of(section: Section, paper: Paper = FILE) -> str:
    """A section as plain text without invisible characters; pictures are left out."""
    parts = [filled(text, paper) for text in (section.title, *section.text)]
    parts.append(_points(section.points, paper))
    parts += [table_text(table, paper) for table in section.tables if table.rows]
    parts += [*(filled(note, paper) for note in section.notes), visible_lines(section.verbatim)]
    return "\n\n".join(part for part in parts if part) + "\n"


def filled(text: str, paper: Paper = FILE) -> str:
    """Running text, wrapped."""
    return _wrapped(" ".join(_plain(text, paper).split()), paper)


def _plain(text: str, paper: Paper) -> str:
    return visible(with_minus(text) if paper.minus else text)


def _wrapped(text: str, paper: Paper, first: str = "", later: str = "") -> str:
    """Text in lines; a figure and its % stay together."""
    tied = re.sub(r"(?<=\d) (?=%)", NO_BREAK, text)
    return textwrap.fill(tied, paper.text, initial_indent=first, subsequent_indent=later).replace(NO_BREAK, " ")


def _points(points: Sequence[tuple[str, str]], paper: Paper) -> str:
    return "\n".join(_wrapped(_plain(f"{term}: {meaning}", paper), paper, "  ", "    ") for term, meaning in points)


def table_text(table: Table, paper: Paper = FILE) -> str:
    """A table below its caption, with its note below that."""
    laid_out, left_out = _laid_out(table, paper)
    parts = [filled(table.caption, paper), _rendered(laid_out).strip("\n"), left_out, filled(table.note, paper)]
    return "\n\n".join(part for part in parts if part)


def _laid_out(table: Table, paper: Paper) -> tuple["RichTable", str]:
    """A table, and what is said of columns that are left out."""
    headings = [_plain(heading, paper) for heading in table.headings]
    rows = [_texts(row, paper) for row in table.rows]
    if paper.table is None:
        return _whole(table, headings, rows), ""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    columns = fitting(table, headings, rows, paper.table)
    found = RichTable(box=SIMPLE_HEAD, padding=(0, NARROW_GAP - 1, 0, 0))
    for place, width in zip(columns.places, columns.widths, strict=True):
        found.add_column(headings[place], justify=_side(table, place), width=width, overflow="fold")
    _fill(found, [[row[place] for place in columns.places] for row in rows], last_apart=table.last_apart)
    return found, filled(f"also: {', '.join(columns.left_out)} (--wide)", paper) if columns.left_out else ""


def _whole(table: Table, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> "RichTable":
    """A table of all columns."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    found = RichTable(box=SIMPLE_HEAD)
    for place, (heading, limit) in enumerate(zip(headings, _limits(headings, rows, table.numeric), strict=True)):
        found.add_column(heading, justify=_side(table, place), no_wrap=limit is None, max_width=limit, overflow="fold")
    _fill(found, rows, last_apart=table.last_apart)
    return found


def _fill(found: "RichTable", rows: Sequence[Sequence[str]], *, last_apart: bool) -> None:
    for place, row in enumerate(rows):
        found.add_row(*row, end_section=last_apart and place == len(rows) - 2)


def _side(table: Table, place: int) -> Literal["left", "right"]:
    return "right" if table.numeric[place] else "left"


def _texts(row: Sequence[Cell], paper: Paper) -> list[str]:
    """Cells as texts of one line; the first one is a name."""
    return [_plain(shown(cell) if place else one_line(shown(cell)), paper) for place, cell in enumerate(row)]


def _limits(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[int | None]:
    """Largest width of each column of texts, so that the table fits; None for those that are not wrapped."""
    columns = list(zip(headings, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    room = WIDTH - GAP * len(widths)
    if sum(widths) <= room:
        return [None] * len(widths)
    wrapped = [
        place
        for place, column in enumerate(columns)
        if not numeric[place] and widths[place] > (NARROWEST if _has_texts(place, column) else WIDEST_NAME)
    ]
    if not wrapped:
        return [None] * len(widths)
    room -= sum(width for place, width in enumerate(widths) if place not in wrapped)
    share = room / sum(widths[place] for place in wrapped)
    return [max(NARROWEST, int(share * width)) if place in wrapped else None for place, width in enumerate(widths)]


def _has_texts(place: int, column: Sequence[str]) -> bool:
    """Whether a column holds texts that can be broken at spaces; the first one holds names."""
    return place > 0 and any(" " in cell for cell in column[1:])


def _rendered(renderable: Any) -> str:
    """Render at its natural width, without colours or trailing spaces."""
    from rich.console import Console

    buffer = StringIO()
    console = Console(
        file=buffer,
        width=WIDEST,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(renderable)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


_SHOWN: ContextVar[bool] = ContextVar("progress is shown", default=False)


@contextmanager
def progress_bar(description: str) -> Iterator[Progress | None]:
    """Give a callback that shows progress on a terminal's standard error, or None where there is no terminal.

    Until it is called the bar only shows that work goes on. Within another bar nothing is shown.
    """
    if _SHOWN.get() or not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    columns = (*progress.Progress.get_default_columns(), progress.TimeElapsedColumn())
    token = _SHOWN.set(True)
    try:
        with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(description, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        _SHOWN.reset(token)
