"""How figures look: colours that stay apart for colour-blind readers and in grey, labelled axes, one way to save."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.errors import InputError
from toc_model.files import write
from toc_model.naming import called
from toc_model.present.signs import visible_lines
from toc_model.present.words import with_minus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Okabe and Ito's, those that differ most in lightness first."""
DASHES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1, 1, 1)))
"""Line styles in the same order, so that no line needs its colour to be told apart."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "++")
INK, FAINT = "#222222", "#8a8a8a"
SETTINGS = {
    "font.size": 10.0,
    "font.family": ["DejaVu Sans"],
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.axisbelow": True,
    "grid.color": "#e2e2e2",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "toc_model",
}
ENDINGS = (".svg", ".png")
DPI = 150


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style."""
    import matplotlib as mpl

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    settings: Any = SETTINGS
    with mpl.rc_context(settings):
        yield


@contextmanager
def quietly() -> Iterator[None]:
    """In the house style, without a warning for letters that the reader may have and the font has not."""
    with warnings.catch_warnings(), styled():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def new_figure(width: float = 6.8, height: float = 4.0, *, rows: int = 1, columns: int = 1, **options: Any) -> Figure:
    """An empty figure with axes, in inches; call it, and all that draws on it, inside `styled`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.subplots(rows, columns, **options)
    return figure


def rests_on_line(figure: Figure, worldview: str, note: str = "") -> None:
    """Say below a figure which worldview it rests on."""
    text = f"Worldview: {called(worldview)}. {note}".strip()
    figure.supxlabel(text, x=0.01, ha="left", fontsize=8, color=FAINT)


def in_legend(name: str) -> str:
    """A name as a legend shows it; without a space before it, one that begins with "_" would be left out."""
    return f" {name}" if name.startswith("_") else name


def zero_line(axes: Axes, *, vertical: bool = False) -> None:
    """Mark zero."""
    (axes.axvline if vertical else axes.axhline)(0, color=INK, linewidth=0.9, zorder=1.5)


def typeset(figure: Figure) -> None:
    """Give figures in the texts of a drawing a real minus, and show what is hidden."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_text(visible_lines(with_minus(text.get_text())))


def fail_if_no_picture(path: Path) -> None:
    """Fail if the name of a picture does not end in ``.svg`` or ``.png``."""
    if path.suffix not in ENDINGS:
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: '.svg' or '.png'")


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure to a file, the same bytes for the same figure.

    Raises
    ------
    InputError
        If the name does not end in ``.svg`` or ``.png``, or the file can't be written.
    """
    fail_if_no_picture(path)
    undated: Any = {"metadata": {"Date": None}} if path.suffix == ".svg" else {}
    typeset(figure)
    with quietly():
        write(path, lambda part: figure.savefig(part, format=path.suffix[1:], dpi=DPI, **undated))
