"""How figures look: colours that stay apart for colour-blind readers and in grey, labelled axes, one way to save."""

from __future__ import annotations

import logging
import math
import textwrap
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
INK, FAINT, QUIET = "#222222", "#8a8a8a", "#666666"
"""Of what is said, of lines that are not looked at first, and of notes."""
WIDTH, SMALL, LARGE = 5.5, 9.0, 10.5
"""Inches of every figure, and sizes of its letters in points: shown 400 pixels wide, the smallest have nine pixels."""
SIGNS_PER_INCH = {SMALL: 13.5, LARGE: 11.5}
"""Of a line, by the size of its letters."""
LINE = 1.3 * SMALL / 72
"""From a line of a note to the next, in inches."""
SETTINGS = {
    "font.size": SMALL,
    "font.family": ["DejaVu Sans"],
    "axes.titlesize": SMALL,
    "figure.titlesize": LARGE,
    "axes.labelsize": SMALL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
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


def new_figure(height: float, *, width: float = WIDTH, rows: int = 1, columns: int = 1, **options: Any) -> Figure:
    """An empty figure with axes, in inches; call it, and all that draws on it, inside `styled`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.subplots(rows, columns, **options)
    return figure


def new_panels(many: int, height: float, *, around: float) -> Figure:
    """The same with panels that share their axes, two beside each other; those without axes below get their ticks.

    Parameters
    ----------
    many : int
    height : float
        Of a row of panels, in inches.
    around : float
        What headings and labels need.
    """
    columns = min(many, 2)
    rows = math.ceil(many / columns)
    figure = new_figure(around + height * rows, rows=rows, columns=columns, sharex=True, sharey=True, squeeze=False)
    for spare in figure.axes[many:]:
        spare.remove()
    for axes in lowest(figure):
        axes.tick_params(labelbottom=True)
    return figure


def lowest(figure: Figure) -> list[Axes]:
    """Panels with none below."""
    return figure.axes[-2:] if len(figure.axes) > 1 else figure.axes


def leftmost(figure: Figure) -> list[Axes]:
    """Panels with none to the left."""
    return figure.axes[::2]


def label_panels(figure: Figure, across: str, up: str) -> None:
    """Say below the lowest panels and beside the leftmost ones what their axes are."""
    for axes in leftmost(figure):
        axes.set_ylabel(up)
    for axes in lowest(figure):
        axes.set_xlabel(across)


def wrapped(text: str, inches: float = WIDTH, size: float = SMALL, *, most: int | None = None) -> str:
    """A text on lines that are no longer than that, no more than the most."""
    signs = max(10, int(SIGNS_PER_INCH[size] * inches))
    return "\n".join(textwrap.fill(line, signs, max_lines=most, placeholder=" ...") for line in text.splitlines())


def headline(figure: Figure, text: str) -> None:
    """Say above a figure what it is of."""
    figure.suptitle(wrapped(text, size=LARGE), x=0.01, ha="left", fontsize=LARGE, color=INK)


def rests_on_line(figure: Figure, worldview: str, note: str = "") -> None:
    """Say below a figure which worldview it rests on."""
    note_line(figure, f"Worldview: {called(worldview)}. {note}")


def note_line(figure: Figure, text: str) -> None:
    """Say below a figure how to read it, and below the legend, if there is one yet; it grows by what both need."""
    told = wrapped(text.strip())
    lines, above = told.count("\n") + 1, 0
    typeset(figure)
    for legend in figure.legends:
        with quietly():
            height = legend.get_window_extent().height / figure.dpi
        above = max(above, math.ceil(height / LINE + 0.5))
    figure.set_figheight(figure.get_figheight() + LINE * (lines + above))
    for legend in figure.legends:
        low = LINE * (lines + 0.5) / figure.get_figheight()
        legend.set_bbox_to_anchor((0, low, 1, 1 - low), figure.transFigure)
    figure.supxlabel("\n" * above + told, x=0.01, ha="left", fontsize=SMALL, color=QUIET)


def without_words(figure: Figure) -> None:
    """Take away headline and note, for a page that says both, and the room that the note took."""
    if note := figure.get_supxlabel().strip():
        figure.set_figheight(figure.get_figheight() - LINE * (note.count("\n") + 1))
    for told, forget in ((figure.get_suptitle, figure.suptitle), (figure.get_supxlabel, figure.supxlabel)):
        if told():
            forget("")
    for legend in figure.legends:
        legend.set_bbox_to_anchor(None)


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
