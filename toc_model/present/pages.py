"""A report as one page: HTML that needs nothing else, or Markdown."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Cell, Number, Section
from toc_model.questions.report.material import Material

if TYPE_CHECKING:
    from jinja2 import Environment


def html(material: Material, sections: Sequence[Section]) -> str:
    """The report as one HTML file: styles, drawings and a few lines of script inline, nothing fetched."""
    script = _template("sort.js")
    return (
        _environment()
        .get_template("report.html")
        .render(
            **_shared(material, sections),
            style=_template("report.css"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def markdown(material: Material, sections: Sequence[Section]) -> str:
    """The report as Markdown, each drawing as the sentences that describe it."""
    text = _environment().get_template("report.md").render(**_shared(material, sections))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", text)).strip() + "\n"


FORMATS: dict[str, Callable[[Material, Sequence[Section]], str]] = {"html": html, "md": markdown}


def _shared(material: Material, sections: Sequence[Section]) -> dict[str, object]:
    return {
        "sections": sections,
        "allocation": words.named(material.allocation),
        "status_quo": words.named(material.status_quo),
        "worldviews": words.listed([words.named(one.worldview) for one in material.beliefs]),
        "many": len(material.beliefs),
        "draws": f"{material.first.draws:,}",
        "seed": material.first.seed,
    }


def _template(name: str) -> str:
    return (resources.files("toc_model.present") / "templates" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    found = Environment(
        loader=PackageLoader("toc_model.present"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"shown": _shown, "sort_key": _sort_key, "tied": _tied, "md": _escaped, "fenced": _fenced}
    return found


def _shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Number) else cell


def _sort_key(cell: Cell) -> str:
    return f"{cell.value:.9g}" if isinstance(cell, Number) else ""


def _tied(text: str) -> str:
    """A text whose figures are not parted from their signs and brackets at the end of a line."""
    return re.sub(r"(?<=\d) (?=[%\[])|(?<=\d,) (?=[\d+\u2212])", "\xa0", text)


MARKUP = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " ", **{sign: f"\\{sign}" for sign in "\\`*|"}}
)
LINKS_AND_STRESS = re.compile(r"(?<=\])[(\[]|(?<!\w)_|_(?!\w)|^[#+-]")


def _escaped(text: str) -> str:
    """A text in which Markdown sees no markup; brackets and underscores that mean nothing stay as they are."""
    return LINKS_AND_STRESS.sub(lambda sign: f"\\{sign[0]}", text.translate(MARKUP))


def _fenced(text: str) -> str:
    """A text as a block of code, whatever it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
