"""Sections as HTML that needs nothing else: a page of many, or a fragment of one for notebooks."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from toc_model.present.section import Cell, Head, Number, Section, shown
from toc_model.present.signs import END, ISOLATE, one_line, visible, visible_lines
from toc_model.present.words import with_minus

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SCRIPT_HASH = re.compile(r"script-src (?:'|&#39;)(sha256-[\w+/=]+)")
"""What an embedded page says of its own script, which the page around it must allow too."""
NAME = re.compile(f"{ISOLATE}([^{ISOLATE}{END}]*){END}")
TIED = re.compile(r"(?<=\d) (?=[%\[±])|(?<=\d,) (?=[\d+\u2212])")
"""Spaces at which no line ends: between a figure and what belongs to it."""
MAY_BREAK = re.compile(r"(?<=\w_)|(?<=\w:)(?=\w)|(?<=\w)(?=\[)")
"""Where a line may end within a name for code."""


def page(head: Head, sections: Sequence[Section]) -> str:
    """Sections as one file: styles, drawings and a few lines of script inline, nothing fetched.

    Parameters
    ----------
    head : Head
    sections : sequence of Section
    """
    script = _template("sort.js")
    return (
        environment()
        .get_template("page.html")
        .render(
            head=head,
            sections=sections,
            style=_template("page.css"),
            script=script,
            script_hashes=" ".join(f"'{one}'" for one in (hash_of(script), *SCRIPT_HASH.findall(head.embedded))),
        )
    )


def hash_of(text: str) -> str:
    """A text's hash, as policies name it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def fragment(*sections: Section) -> str:
    """Sections as part of another page, such as a notebook's: with their own style and without script.

    Parameters
    ----------
    *sections : Section
    """
    return environment().get_template("fragment.html").render(sections=sections, style=_template("fragment.css"))


def typeset(text: str) -> "Markup":
    """A text as markup: a real minus before figures, figures tied to their signs, and names kept apart.

    Lines may end within a name for code.
    """
    from markupsafe import Markup

    pieces = NAME.split(with_minus(text))
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(_breakable(visible(piece)))
        if place % 2
        else _breakable(TIED.sub("\xa0", visible(piece)))
        for place, piece in enumerate(pieces)
    )


def _breakable(text: str) -> "Markup":
    from markupsafe import Markup

    return Markup("<wbr>").join(MAY_BREAK.split(text))


def _sort_key(cell: Cell) -> str:
    return f"{cell.value:.9g}" if isinstance(cell, Number) else ""


def _template(name: str) -> str:
    return (resources.files("toc_model.present") / "templates" / name).read_text(encoding="utf-8")


@cache
def environment() -> "Environment":
    """What templates are rendered in, with the filters that they may use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("toc_model.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "shown": shown,
        "sort_key": _sort_key,
        "typeset": typeset,
        "plain": lambda text: visible(with_minus(text)),
        "visible_lines": visible_lines,
        "one_line": one_line,
    }
    return found
