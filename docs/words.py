"""Texts and names as Markdown."""

import re
from collections.abc import Iterable, Sequence

from toc_model.present.markdown import escaped

CODE = re.compile(r"``(.+?)``")
BETWEEN = re.compile(r"(`[^`]*`)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |" for line in lines) + "\n"


def told(docstring: str) -> str:
    """A sentence of a docstring: what stands in backticks is code, all else is text."""
    parts = BETWEEN.split(CODE.sub(r"`\1`", docstring))
    return "".join(part.replace("|", "\\|") if part.startswith("`") else escaped_within(part) for part in parts)


def escaped_within(text: str) -> str:
    """A part of a sentence in which Markdown sees no markup, with the spaces at its ends."""
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{left}{escaped(text)}{right}" if text.strip() else text


def in_words(name: str) -> str:
    """A name of the code as people read it."""
    return escaped(name.replace("_", " "))


def anchored(heading: str, anchor: str, depth: int) -> str:
    """A heading with an anchor of its own."""
    return f"{'#' * depth} {heading} {{ #{anchor} }}\n"
