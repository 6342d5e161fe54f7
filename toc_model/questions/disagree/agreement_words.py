"""What to ask experts, so that two worldviews come closest, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent
from toc_model.questions.disagree.words import DIGITS, HEADINGS
from toc_model.questions.voi.words import bias_text, experts_text

if TYPE_CHECKING:
    from toc_model.questions.disagree.agreement import Probe
    from toc_model.questions.disagree.result import Disagreement

CLEAR = 2.0
"""Standard errors by which a question must close the gap to be named."""
READING = """Expected distance of the two results once both have learnt the answers, +-its standard error; small
gaps come out somewhat too large, by that error, and answers can also widen a gap. Known: the same if both were told
what the question is about. Truth is a draw of either worldview, with equal weight. Answers are simulated with the
bias that all respondents share, their spread and their rounding; each worldview regresses its own results on their
summaries within its own draws, and takes the same shared bias. The two may also be far apart in what they expect
the survey to find. Beyond: answers (in brackets: values, if known) that no draw of one of them would give; it is
then taken to be told the nearest that one would, which moves it too little, so that the gap left is rather too
large. The gaps of cruxes above need no such limit, for there the model is run at the value."""
DEFERRING = """A question about p_doom asks for the result itself: who learns from it defers to the answers, and need
not agree why."""


def agreement_text(found: Disagreement, asked: Sequence[Probe], experts: int) -> str:
    """The table of questions, how to read it, and which one closes most of the gap in each result.

    Parameters
    ----------
    found : Disagreement
    asked : sequence of Probe
    experts : int
        How many answer.
    """
    rows = [each.to_dict() for each in asked]
    now = {name: abs(figures["mean"]) for name, figures in found.to_dict()["difference"].items()}
    reading = [READING, *([DEFERRING] if any(row["about"] == "p_doom" for row in rows) else [])]
    worldviews = (found.first.worldview, found.second.worldview)
    return "\n".join(
        [
            as_text(_table(asked, now, experts)),
            textwrap.fill(" ".join(" ".join(reading).split()), WIDTH),
            "",
            textwrap.fill(closing(rows, now, experts, worldviews), WIDTH),
            "",
        ]
    )


def closing(rows: Sequence[dict[str, Any]], now: dict[str, float], experts: int, worldviews: tuple[str, str]) -> str:
    """Say which question closes most of the gap in each result, if any does by more than its error."""
    clauses = []
    for measure, digits in DIGITS.items():
        best = min(rows, key=lambda row: float(row["gap_left"][measure]["gap"]))
        left = best["gap_left"][measure]
        clauses.append(
            f"in {HEADINGS[measure]}, '{best['question']}' (from {percent(now[measure], digits)} to "
            f"{percent(left['gap'], digits)} +-{percent(left['se'], digits)} points)"
            if now[measure] - left["gap"] > CLEAR * left["se"]
            else f"in {HEADINGS[measure]}, none by more than the error of the estimate"
        )
    one, other = worldviews
    return f"Asked of {experts_text(experts)}, these bring '{one}' and '{other}' closest: {'; '.join(clauses)}."


def _table(asked: Sequence[Probe], now: dict[str, float], experts: int) -> Table:
    table = Table(
        title=f"What to ask: gap left after {experts_text(experts)}, percentage points",
        box=SIMPLE_HEAD,
        title_justify="left",
    )
    table.add_column("question", no_wrap=True)
    table.add_column("about", no_wrap=True)
    for heading in ("shared bias", *(text for name in HEADINGS.values() for text in (name, "known")), "beyond, %"):
        table.add_column(heading, justify="right", no_wrap=True)
    nothing = [cell for name, digits in DIGITS.items() for cell in (percent(now[name], digits), "")]
    table.add_row("(none: the gap now)", "", "", *nothing, "", end_section=True)
    for each in asked:
        row = each.to_dict()
        cells = [
            _gap(row[key][name], digits) for name, digits in DIGITS.items() for key in ("gap_left", "gap_if_known")
        ]
        beyond = f"{percent(row['beyond'], 0)} ({percent(row['beyond_if_known'], 0)})"
        table.add_row(row["question"], row["about"], bias_text(each.plan), *cells, beyond)
    return table


def _gap(figures: dict[str, float], digits: int) -> str:
    return f"{percent(figures['gap'], digits)} +-{percent(figures['se'], digits)}"
