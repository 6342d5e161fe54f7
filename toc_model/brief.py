"""What things are on one short line or in a small table, however much they hold."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any

MOST, OF_A_PART = 120, 28
"""Characters of a line, and of what is told of a part."""


class Brief:
    """What is told of on one short line: its name, and its fields as far as they fit."""

    __slots__ = ()

    def __repr__(self) -> str:
        told: list[str] = []
        left = MOST - len(type(self).__name__) - len("(, ...)")
        for name in _fields(self):
            part = f"{name}={part_of(getattr(self, name))}"
            if len(part) > left:
                told.append("...")
                break
            told.append(part)
            left -= len(part) + len(", ")
        return f"{type(self).__name__}({', '.join(told)})"


def _fields(holder: Any) -> list[str]:
    """Names of the fields of a dataclass, or of what pydantic checks."""
    model = getattr(type(holder), "model_fields", None)
    return [one.name for one in fields(holder)] if model is None else list(model)


def part_of(value: Any) -> str:
    """What a part is: itself where that is short, and else what it is and how large.

    Parameters
    ----------
    value : object
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= OF_A_PART else f"{value[: OF_A_PART - 3]!r}..."
    if shape := _shape(value):
        return shape
    if isinstance(value, Mapping | AbstractSet | list | tuple):
        return f"<{len(value)} in {type(value).__name__}>" if len(value) else repr(value)
    if is_dataclass(value) or callable(value):
        return f"<{getattr(value, '__name__', type(value).__name__)}>"
    found = " ".join(repr(value).split())
    return found if len(found) <= OF_A_PART else f"<{type(value).__name__}>"


def _shape(value: Any) -> str:
    """Dims and sizes of an array or of several."""
    sizes = getattr(value, "sizes", None)
    if sizes is not None and hasattr(value, "dims"):
        return f"<{type(value).__name__} {', '.join(f'{dim} {size}' for dim, size in sizes.items())}".rstrip() + ">"
    if hasattr(value, "shape") and hasattr(value, "dtype") and value.shape:
        return f"<{type(value).__name__} {' x '.join(map(str, value.shape))}>"
    return ""


class Shown(ABC):
    """What a notebook shows as a small table."""

    __slots__ = ()

    @abstractmethod
    def facts(self) -> Mapping[str, str]:
        """What it is, in a few words each."""

    def _repr_html_(self) -> str:
        return small_table(repr(self), ("", ""), self.facts().items())


def small_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML, whatever its texts hold.

    Parameters
    ----------
    caption : str
    headings : sequence of str
        One a column; without a row of headings where all are empty.
    rows : iterable of sequence of str
        The first cell of a row names it.
    """
    named = f"<thead><tr>{_cells('th', headings)}</tr></thead>" if any(headings) else ""
    body = "".join(f'<tr><th style="text-align:left">{_plain(row[0])}</th>{_cells("td", row[1:])}</tr>' for row in rows)
    return f"<table><caption>{_plain(caption)}</caption>{named}<tbody>{body}</tbody></table>"


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f'<{tag} style="text-align:left">{_plain(text)}</{tag}>' for text in texts)


def _plain(text: str) -> str:
    """A text without markup, in which what would not be seen stands as its number."""
    seen = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return escape(" ".join(seen.split()))
