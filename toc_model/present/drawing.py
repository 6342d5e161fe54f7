"""Figures as drawings inside a page."""

from __future__ import annotations

import re
import textwrap
from io import StringIO
from typing import TYPE_CHECKING

from toc_model.present.figures import quietly, typeset, without_words
from toc_model.present.section import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANEL = (4.2, 3.6)
"""Size of a figure that stands beside others where there is room, in inches."""
SIGNS_PER_INCH = 13
"""Of titles and labels."""


def picture(
    name: str,
    figure: Figure,
    title: str,
    description: str,
    *,
    size: tuple[float, float] | None = None,
    caption: str | None = None,
) -> Picture:
    """Turn a figure into a drawing whose heading and note are text of the page, so that they wrap.

    Parameters
    ----------
    name : str
        Begins every identifier, so that several drawings don't clash.
    figure : matplotlib.figure.Figure
    title, description : str
    size : (float, float), optional
        In inches.
    caption : str, optional
        What stands below the figure by default.
    """
    note = " ".join(figure.get_supxlabel().split()) if caption is None else caption
    without_words(figure)
    if size:
        figure.set_size_inches(*size)
    width, height = (72 * float(inches) for inches in figure.get_size_inches())
    typeset(figure)
    _wrap(figure)
    return Picture(name, title, note, description, _svg(name, figure), width, height)


def _wrap(figure: Figure) -> None:
    """Break titles and labels that are wider than their axes."""
    with quietly():
        figure.draw_without_rendering()
    for axes in figure.axes:
        if axes.axison:
            signs = max(12, int(axes.get_position().width * figure.get_size_inches()[0] * SIGNS_PER_INCH))
            axes.set_title(_filled(axes.get_title(loc="left"), signs), loc="left")
            axes.set_xlabel(_filled(axes.get_xlabel(), signs))


def _filled(text: str, signs: int) -> str:
    return "\n".join(textwrap.fill(line, signs) for line in text.splitlines())


def _svg(name: str, figure: Figure) -> str:
    """What is inside the drawing: no metadata, no style, and only those identifiers that are referred to."""
    import matplotlib as mpl

    buffer = StringIO()
    with quietly(), mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.DOTALL)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", text))
    text = re.sub(r"<[^>]+>", lambda tag: _own(tag[0], name, used), text)
    return re.sub(r">\s+<", "><", text).strip()


def _own(tag: str, name: str, used: set[str]) -> str:
    """A tag with this drawing's identifiers, coordinates to a hundredth of a point, and the page's font."""
    tag = re.sub(r'\sid="([^"]*)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", tag)
    tag = tag.replace('xlink:href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    tag = re.sub(r"font-family: [^;\"]*; ?", "", tag).replace("font: ", "font-size: ")
    return re.sub(r"\s+", " ", re.sub(r"(\.\d\d)\d+", r"\1", tag))
