"""Tables of a page of feedback: rounds beside each other, pools of an event, and what was read back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from toc_model.present import signs, words
from toc_model.present.section import Cell, Number, Table
from toc_model.statistics.pooling.probabilities import AS_SAID, LEFT_OUT
from toc_model.survey.panel.panel import CONSENSUS

if TYPE_CHECKING:
    from toc_model.questions.elicit.feedback.answers import Answer, Belief
    from toc_model.questions.elicit.feedback.asked import Asked, Then

NOTHING = Table("", [], [])
DIGITS = 2
"""Significant, of probabilities in per cent, or of what they lack to be one."""
LEAST = 0.001
"""Per cent, below which a probability is small."""


def read_back(found: Asked) -> Table:
    """What was said, and what the curves that were fitted to it say."""
    if found.is_event:
        return NOTHING
    rows = [_read_back(one) for one in found.answers]
    if found.prior:
        rows.append(["prior", _said(found.prior), "", "", "", "", "", ""])
    if found.pool:
        rows.append(["pool", _said(found.pool), "", "", "", "", "", ""])
    return Table(
        f"What was said and what the fitted curves say, in {words.isolated(found.unit)}",
        ["expert", "said", "family", "misfit", "1 %", "33 %", "67 %", "99 %"],
        rows,
        "Misfit: the largest difference between a probability that was said and that of the curve. The last columns "
        "are values below which the curve has 1, 33, 67 and 99 %: one that surprises you is not what you mean.",
        folded="What the curves say: families, misfit, thirds and tails",
    )


def _read_back(one: Answer) -> list[Cell]:
    said = ", ".join(f"{words.percent_of(level)}: {words.sized(value)}" for level, value in one.said)
    back = one.read_back
    who = "all" if one.letter == CONSENSUS else one.letter
    if back is None:
        return [who, said, "none fits", "", "", "", "", ""]
    figures = (back.implied[0], *back.tertiles, back.implied[1])
    misfit = Number(words.percent(back.misfit, 1), back.misfit)
    return [who, said, words.named(back.family), misfit, *(_value(x) for x in figures)]


def _said(belief: Belief) -> str:
    low, high = (words.percent_of(level) for level in belief.ends)
    return f"{low}: {words.sized(belief.low)}, 50 %: {words.sized(belief.median)}, {high}: {words.sized(belief.high)}"


def _value(x: float) -> Number:
    return Number(words.sized(x) if math.isfinite(x) else "no limit", x)


# An event -----------------------------------------------------------------------------------------------------------


def treatments(found: Asked) -> Table:
    """An event's pools by method, and by what is made of zeros and ones."""
    if found.event is None or len(found.answers) < 2:
        return NOTHING
    names = list(next(iter(found.event.values.values())))
    rows = [
        [f"{words.named(method)}{' (drawn)' if method == found.method else ''}", *(_probability(row[k]) for k in names)]
        for method, row in found.event.values.items()
    ]
    said = [words.counted(found.event.zeros, "zero"), words.counted(found.event.ones, "one")]
    note = (
        f"Among the answers are {words.listed(said)}. Columns differ in what is made of these: pooled as they were "
        "said, left out, or replaced by a small probability (a one, by one less it). Nothing stands where a method is "
        "not defined. Which is right can't be told from the figures."
    )
    return Table(
        "The pooled probability, by method and treatment of zeros and ones",
        ["method", *map(_treatment, names)],
        rows,
        note if len(names) > 1 else "Nobody said 0 or 1.",
    )


def _treatment(name: str) -> str:
    told = {AS_SAID: "as said", LEFT_OUT: "0 and 1 left out"}
    return told.get(name) or f"0 as {words.percent_of(float(name))}"


def _probability(p: float) -> Cell:
    return "" if math.isnan(p) else Number(percent(p), p)


def percent(p: float) -> str:
    """A probability in per cent, with as many digits as tell it from 0 and from 1."""
    nearer = 100 * min(p, 1 - p)
    if 0 < nearer < LEAST:
        return f"{'below' if p < 0.5 else 'above'} {LEAST if p < 0.5 else 100 - LEAST:g} %"
    if not nearer:
        return f"{100 * p:.0f} %"
    decimals = DIGITS - 1 - math.floor(math.log10(nearer))
    return f"{100 * p:.{max(1, min(decimals, 4))}f} %"


# Rounds -------------------------------------------------------------------------------------------------------------


def rounds(found: Asked) -> Table:
    """The round before and this one: how far apart experts are, and the pool."""
    if not found.rounds:
        return NOTHING
    what = "probabilities" if found.is_event else "medians"
    unit = "" if found.is_event else f", in {words.isolated(found.unit)}"
    return Table(
        f"What changed since the round before{unit}",
        ["round", "answers", f"{what} from", "to", "apart by", "pool", *([] if found.is_event else ["pool's range"])],
        [_then(one, is_event=found.is_event) for one in found.rounds],
        "Answers that are carried forward count in both rounds.",
    )


def _then(one: Then, *, is_event: bool) -> list[Cell]:
    low, high = one.medians
    pool = one.pool.median if one.pool else math.nan
    figures = [_figure(x, is_event=is_event) for x in (low, high, high - low, pool)]
    spread = [_range(one.pool)] if not is_event else []
    return [words.isolated(signs.one_line(one.round)), Number(f"{one.answers}", one.answers), *figures, *spread]


def _figure(x: float, *, is_event: bool) -> Cell:
    if math.isnan(x):
        return ""
    return Number(percent(x) if is_event else words.sized(x), x)


def _range(pool: Belief | None) -> str:
    if pool is None:
        return ""
    low, high = (words.percent_of(level) for level in pool.ends)
    return f"{words.sized(pool.low)} to {words.sized(pool.high)} ({low} to {high})"
