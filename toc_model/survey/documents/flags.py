"""What can be odd about an answer: found, marked and never repaired."""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from toc_model.survey.documents.answers import FLAGS, flags_of
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.patterns import falling

HEAP = 0.05
"""Probabilities that are a multiple of this are heaped."""


def has_flag(frame: pd.DataFrame, flag: str) -> "pd.Series[bool]":
    """Mark the rows that carry a flag."""
    return pd.Series([flag in flags_of(text) for text in frame["flags"]], index=frame.index, dtype=bool)


def with_flags(frame: pd.DataFrame) -> pd.DataFrame:
    """Add to the flags that rows carry those that follow from their values."""
    disordered = frame.index.isin(_disordered(frame))
    flags = [
        joined({*flags_of(str(row.flags)), *_found(row), *(["incoherent"] if out_of_order else [])})
        for row, out_of_order in zip(frame.itertuples(), disordered, strict=True)
    ]
    return frame.assign(flags=pd.array(flags, dtype="str"))


def joined(flags: Iterable[str]) -> str:
    """Join flags in their usual order."""
    given = set(flags)
    return ";".join(flag for flag in FLAGS if flag in given)


def is_multiple(value: float, step: float) -> bool:
    """Whether a number is zero or a whole multiple of a step, but for rounding."""
    steps = round(value / step)
    return value == 0 or (steps > 0 and math.isclose(value, steps * step, rel_tol=1e-9))


def _found(row: Any) -> list[str]:
    value = row.value
    if math.isnan(value):
        return []
    kind = KINDS[row.kind]
    least, largest = kind.possible(row.lower, row.upper, flags_of(row.flags))
    marks = {
        "impossible": not least <= value <= largest,
        "zero": value == 0,
        "one": kind.is_probability and value == 1,
        "heaped": kind.is_probability and least <= value <= largest and is_multiple(value, HEAP),
    }
    return [flag for flag, holds in marks.items() if holds]


def _disordered(frame: pd.DataFrame) -> list[object]:
    """Rows of a respondent's quantiles or probabilities that fall where they can't."""
    with_levels = [name for name, kind in KINDS.items() if kind.has_levels]
    points = frame[frame["kind"].isin(with_levels) & frame["value"].notna()]
    keys = ["source_id", "respondent_id", "question_id", "framing", "kind", "round"]
    return list(points.index[falling(points, keys)])
