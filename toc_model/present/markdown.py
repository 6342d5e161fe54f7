"""Sections as one page of Markdown, each drawing as a file beside it, or as the sentences that describe it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from toc_model.present.section import Head, Picture, Section, shown
from toc_model.present.signs import one_line, visible, visible_lines
from toc_model.present.words import with_minus

if TYPE_CHECKING:
    from jinja2 import Environment

MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", **{sign: f"\\{sign}" for sign in "\\`*|~$"}})
IN_BRACKETS = re.compile(r"[\[\]_]")
FONTS = "DejaVu Sans, Verdana, sans-serif"
LINKS_AND_STRESS = re.compile(r"(?<=\])[(\[]|(?<!\w)_|_(?!\w)")
AT_THE_START = re.compile(r"^(\d{0,9})(?=[.)](?:\s|$)|(?<!\d)(?:[#+=>-](?!\d)|\[[^\]]*\]:))")
"""Where a paragraph would become a heading, a list, a rule or the definition of a link."""


def page(head: Head, sections: Sequence[Section], folder: str = "") -> str:
    """Sections as one text without invisible characters, ended by a line break.

    Parameters
    ----------
    head : Head
    sections : sequence of Section
    folder : str
        Name of that with the `files` of the drawings, beside the page; without one, what they show is said.
    """
    text = _environment().get_template("page.md").render(head=head, sections=sections, folder=quote(folder))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", text)).strip() + "\n"


def escaped(text: str) -> str:
    """A text on one line in which Markdown sees no markup; brackets and underscores that mean nothing stay.

    Figures below zero have a real minus.
    """
    return LINKS_AND_STRESS.sub(lambda sign: f"\\{sign[0]}", visible(with_minus(text)).strip().translate(MARKUP))


def files(sections: Sequence[Section]) -> dict[str, str]:
    """The drawings as pictures that stand alone (SVG), by the names of their files."""
    return {f"{one.name}.svg": _alone(one) for section in sections for one in section.pictures}


def _alone(picture: Picture) -> str:
    size = f"{picture.width:.2f} {picture.height:.2f}"
    inches = (f'{name}="{value:.2f}pt"' for name, value in (("width", picture.width), ("height", picture.height)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {" ".join(inches)} viewBox="0 0 {size}" font-family="{FONTS}">'
        f"<style>* {{ stroke-linejoin: round; stroke-linecap: butt }}</style>"
        f'<rect width="100%" height="100%" fill="white"/>{picture.svg}</svg>\n'
    )


def alternative(text: str) -> str:
    """A text that stands for a picture, within brackets."""
    return IN_BRACKETS.sub(r"\\\g<0>", visible(text).strip().translate(MARKUP))


def paragraph(text: str) -> str:
    """A text that begins a line; what is marked as `escaped` does, and makes neither heading nor list."""
    return AT_THE_START.sub(r"\1\\", escaped(text))


def fenced(text: str) -> str:
    """A text as a block of code, whatever it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{visible_lines(text)}\n{fence}"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    found = Environment(
        loader=PackageLoader("toc_model.present"),
        autoescape=select_autoescape([]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "shown": shown,
        "inline": escaped,
        "one_line": one_line,
        "alternative": alternative,
        "paragraph": paragraph,
        "fenced": fenced,
    }
    return found
