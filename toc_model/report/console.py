"""Text for terminals and files alike, and progress for terminals only."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

WIDTH = 100
"""Width of running text, in characters."""


def as_text(renderable: Any) -> str:
    """Render at its natural width, without colours or trailing spaces."""
    from rich.console import Console

    buffer = StringIO()
    Console(
        file=buffer, width=250, color_system=None, force_terminal=False, markup=False, emoji=False, highlight=False
    ).print(renderable)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def section(title: str, table: Any, note: str = "") -> str:
    """A table below its title, with a note below that, both as running text however narrow the table is."""
    parts = [textwrap.fill(title, WIDTH), "", as_text(table).strip("\n")]
    return "\n".join([*parts, *(["", textwrap.fill(note, WIDTH)] if note else []), ""])


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
