"""Sections as text for terminals and files alike, and progress for terminals only."""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.present.section import Cell, Head, Section, Table, shown
from toc_model.present.signs import one_line, visible, visible_lines

if TYPE_CHECKING:
    from rich.table import Table as RichTable

WIDTH = 100
"""Width of running text and of tables with texts, in characters."""
NO_BREAK = "\u00a0"
NARROWEST, WIDEST_NAME = 18, 44
"""Least width of a column of texts that is wrapped, and largest width of one that is not, in characters."""
WIDEST, GAP = 100_000, 3
"""Largest width of tables of figures, which are not wrapped, and what a column takes besides its texts."""


def page(head: Head, sections: Sequence[Section]) -> str:
    """Several sections under one heading."""
    parts = map(filled, [head.title, head.about, *head.text])
    return (
        "\n\n".join([*(part for part in parts if part), *(text_of(section).rstrip("\n") for section in sections)])
        + "\n"
    )


def text_of(section: Section) -> str:
    """A section as plain text without invisible characters; pictures are left out."""
    parts = [filled(section.title), *map(filled, section.text), _points(section.points)]
    parts += [table_text(table) for table in section.tables if table.rows]
    parts += [*map(filled, section.notes), visible_lines(section.verbatim)]
    return "\n\n".join(part for part in parts if part) + "\n"


def filled(text: str) -> str:
    """Running text, wrapped."""
    return _wrapped(" ".join(visible(text).split()))


def _wrapped(text: str, first: str = "", later: str = "") -> str:
    """Text in lines; a figure and its % stay together."""
    tied = re.sub(r"(?<=\d) (?=%)", NO_BREAK, text)
    return textwrap.fill(tied, WIDTH, initial_indent=first, subsequent_indent=later).replace(NO_BREAK, " ")


def _points(points: Sequence[tuple[str, str]]) -> str:
    return "\n".join(_wrapped(visible(f"{term}: {meaning}"), "  ", "    ") for term, meaning in points)


def table_text(table: Table) -> str:
    """A table below its caption, with its note below that."""
    parts = [filled(table.caption), _rendered(_laid_out(table)).strip("\n"), filled(table.note)]
    return "\n\n".join(part for part in parts if part)


def _laid_out(table: Table) -> "RichTable":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    found = RichTable(box=SIMPLE_HEAD)
    headings = [visible(heading) for heading in table.headings]
    rows = [_texts(row) for row in table.rows]
    limits = _limits(headings, rows, table.numeric)
    for heading, numeric, limit in zip(headings, table.numeric, limits, strict=True):
        found.add_column(
            heading,
            justify="right" if numeric else "left",
            no_wrap=limit is None,
            max_width=limit,
            overflow="fold",
        )
    for place, row in enumerate(rows):
        found.add_row(*row, end_section=table.last_apart and place == len(rows) - 2)
    return found


def _texts(row: Sequence[Cell]) -> list[str]:
    """Cells as texts of one line; the first one is a name."""
    return [visible(shown(cell) if place else one_line(shown(cell))) for place, cell in enumerate(row)]


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


@contextmanager
def progress_bar(description: str) -> Iterator[Progress | None]:
    """Give a callback that shows progress on a terminal's standard error, or None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    with progress.Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description)
        yield lambda done, total: bar.update(task, completed=done, total=total)
