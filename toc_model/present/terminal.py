"""Text for terminals and files alike, and progress for terminals only."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from io import StringIO
from typing import Any

WIDTH = 100
"""Width of running text, in characters."""


def as_text(renderable: Any) -> str:
    """Render at its natural width, without colours or trailing spaces; a table with its title and caption, which are
    running text however narrow the table is."""
    title, caption = (getattr(renderable, part, None) for part in ("title", "caption"))
    if title or caption:
        bare = copy(renderable)
        bare.title = bare.caption = None
        return section(str(title or ""), bare, str(caption or ""))
    return _rendered(renderable)


def section(title: str, table: Any, note: str = "") -> str:
    """A table below its title, with a note below that."""
    parts = [textwrap.fill(title, WIDTH), _rendered(table).strip("\n"), textwrap.fill(" ".join(note.split()), WIDTH)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _rendered(renderable: Any) -> str:
    from rich.console import Console

    buffer = StringIO()
    Console(
        file=buffer, width=250, color_system=None, force_terminal=False, markup=False, emoji=False, highlight=False
    ).print(renderable)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def sized(value: float) -> str:
    """A number with three significant digits and no exponent where it is of everyday size."""
    if value == 0 or not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """A share in per cent; what rounds to zero has no sign."""
    return f"{100 * share:z.{digits}f}"


def points(change: float, digits: int = 1) -> str:
    """A change in percentage points, with its sign unless it rounds to zero."""
    text = f"{100 * change:+.{digits}f}"
    return text if float(text) else f"{0:.{digits}f}"


@contextmanager
def progress_bar(description: str) -> Iterator[Any]:
    """Give a callback that shows progress on a terminal's standard error, or None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description)
        yield lambda done, total: bar.update(task, completed=done, total=total)
