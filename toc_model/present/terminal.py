"""Sections as text for terminals and files alike, and progress for terminals only."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.present.section import Section, Table, shown
from toc_model.present.words import without_marks

if TYPE_CHECKING:
    from rich.table import Table as RichTable

WIDTH = 100
"""Width of running text and of tables with texts, in characters."""
NARROWEST = 18
"""Least width of a column of texts."""


def text_of(section: Section) -> str:
    """A section as plain text: its title, paragraphs, tables, points and notes; pictures are left out."""
    parts = [filled(section.title), *map(filled, section.text)]
    parts += [_points(section.points)] if section.points else []
    parts += [table_text(table) for table in section.tables if table.rows]
    parts += [filled(note) for note in section.notes]
    parts += [section.verbatim] if section.verbatim else []
    return without_marks("\n\n".join(part for part in parts if part)) + "\n"


def filled(text: str) -> str:
    """Running text, wrapped."""
    return textwrap.fill(" ".join(text.split()), WIDTH)


def _points(points: Any) -> str:
    return "\n".join(
        textwrap.fill(f"{term}: {meaning}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        for term, meaning in points
    )


def table_text(table: Table) -> str:
    """A table below its caption, with its note below that."""
    parts = [filled(table.caption), _rendered(_laid_out(table)).strip("\n"), filled(table.note)]
    return "\n\n".join(part for part in parts if part)


def _laid_out(table: Table) -> "RichTable":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    found = RichTable(box=SIMPLE_HEAD)
    limits = _limits(table)
    for heading, numeric, limit in zip(table.headings, table.numeric, limits, strict=True):
        found.add_column(
            heading,
            justify="right" if numeric else "left",
            no_wrap=limit is None,
            max_width=limit,
            overflow="fold",
        )
    last = len(table.rows) - 1
    for place, row in enumerate(table.rows):
        found.add_row(*map(shown, row), end_section=table.last_apart and place == last - 1)
    return found


def _limits(table: Table) -> list[int | None]:
    """Largest width of each column of texts, so that the table fits; None for those that are not wrapped."""
    columns = [[heading, *(shown(row[place]) for row in table.rows)] for place, heading in enumerate(table.headings)]
    widths = [max(max(map(len, cell.split("\n"))) for cell in column) for column in columns]
    wrapped = [
        place
        for place, numeric in enumerate(table.numeric)
        if place and not numeric and widths[place] > NARROWEST and any(" " in cell for cell in columns[place][1:])
    ]
    if sum(widths) + 2 * len(widths) <= WIDTH or not wrapped:
        return [None] * len(widths)
    room = WIDTH - 2 * len(widths) - sum(width for place, width in enumerate(widths) if place not in wrapped)
    share = room / sum(widths[place] for place in wrapped)
    return [max(NARROWEST, int(share * width)) if place in wrapped else None for place, width in enumerate(widths)]


def _rendered(renderable: Any) -> str:
    """Render at its natural width, without colours or trailing spaces."""
    from rich.console import Console

    buffer = StringIO()
    console = Console(
        file=buffer,
        width=250,
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
