"""Figures and names in running text."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from toc_model.present.section import Number
from toc_model.present.terminal import points, sized
from toc_model.questions.marginal.words import amount

ISOLATE, END = "\u2068", "\u2069"
"""Around a name, so that its direction of writing does not leak into the sentence."""
MINUS = "\u2212"
LONGEST = 40


def labels(names: Iterable[str]) -> list[str]:
    """Names of a user's own as labels that fit a figure: no control characters, not too long, none twice."""
    found: list[str] = []
    for name in names:
        plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip() or "unnamed"
        label = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
        found.append(label if label not in found else f"{label} ({len(found) + 1})")
    return found


def isolated(text: str) -> str:
    """A text of somebody's own within a sentence."""
    return f"{ISOLATE}{text}{END}"


def named(name: str) -> str:
    """A name in a sentence, its underscores as spaces."""
    return isolated(name.replace("_", " "))


def quoted(name: str) -> str:
    """A name of somebody's own in a sentence, in quotation marks."""
    return f"“{named(name)}”"


def listed(parts: Sequence[str]) -> str:
    """Parts joined by commas and a last "and"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def signed(change: float, digits: int = 2) -> str:
    """A change in percentage points."""
    return points(change, digits).replace("-", MINUS)


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent."""
    return f"{100 * share:.{digits}f} %"


def interval(row: dict[str, Any], digits: int = 2) -> str:
    """A change with its 90 % interval, in percentage points."""
    return f"{signed(row['mean'], digits)} [{signed(row['q05'], 1)}, {signed(row['q95'], 1)}]"


def change(row: dict[str, Any]) -> Number:
    """The same as a cell."""
    return Number(interval(row), row["mean"])


def share(value: float, digits: int = 0) -> Number:
    """A share in per cent as a cell."""
    return Number(percent(value, digits), value)


def micro(row: dict[str, float]) -> Number:
    """Micro-dooms with their interval as a cell."""
    mean, low, high = (amount(row[key]).replace("-", MINUS) for key in ("mean", "q05", "q95"))
    return Number(f"{mean} [{low}, {high}]", row["mean"])


def level(value: float) -> Number:
    """A parameter's value as a cell."""
    return Number(sized(float(f"{value:.2g}")).replace("-", MINUS), value)


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
