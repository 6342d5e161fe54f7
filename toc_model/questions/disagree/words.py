"""A disagreement of two worldviews as text: results, chapters, cruxes, and what would bring them together."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent, points, sized

if TYPE_CHECKING:
    from toc_model.questions.disagree.result import Disagreement

CRUXES = 10
CLOSEST = 3
DIGITS = {"p_doom": 1, "change": 2}
HEADINGS = {"p_doom": "P(doom)", "change": "change"}


def disagree_text(
    found: Disagreement, surveys: Mapping[str, Sequence[str]], top: int = CRUXES, questions: str = ""
) -> str:
    """All that `toc disagree` prints.

    Parameters
    ----------
    found : Disagreement
    surveys : mapping of str to sequence of str
        Questions of surveys that ask about a parameter, by parameter.
    top : int
        How many cruxes to show.
    questions : str
        What `toc_model.questions.disagree.agreement_words` says of questions to experts, to stand before what all rests
        on.
    """
    figures = found.to_dict()
    shown, (one, other) = figures["cruxes"][:top], figures["worldviews"]
    return (
        "\n".join(
            [
                f"Why '{one}' and '{other}' disagree ({found.first.draws:,} paired draws, seed {found.first.seed})",
                as_text(result_table(figures)),
                textwrap.fill(
                    f"P(doom): per cent under the status quo. Change: of '{found.allocation}' from it, in percentage "
                    "points. Chapters: exact Shapley values, which add up to the difference; +-Monte Carlo error.",
                    WIDTH,
                ),
                "",
                as_text(crux_table(figures, shown)),
                *(_reason(crux, figures["worldviews"]) for crux in shown),
                "",
                *closest(figures, surveys),
                "",
                *([questions] if questions else []),
                *(textwrap.fill(sentence, WIDTH) for sentence in figures["rests_on"]),
            ]
        )
        + "\n"
    )


def result_table(figures: dict[str, Any]) -> Table:
    """Lay out both results, their difference, and each chapter's part of it."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    for heading in HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for name in figures["worldviews"]:
        result = figures["results"][name]
        table.add_row(name, percent(result["p_doom"]["mean"]), points(result["change"]["mean"], 2))
    table.add_row("difference", *_parts(figures["difference"]), end_section=True)
    for chapter in figures["chapters"]:
        table.add_row(f"  {chapter['chapter']}", *_parts(chapter))
    return table


def crux_table(figures: dict[str, Any], cruxes: Sequence[dict[str, Any]]) -> Table:
    """Lay out cruxes: what each adds to the difference, what both believe, and the gap that knowing it leaves."""
    one, other = figures["worldviews"]
    sampled = [chapter["chapter"] for chapter in figures["chapters"] if chapter["sampled_within"]]
    within = f"; within {', '.join(sampled)} over drawn orders" if sampled else ", exact"
    table = Table(
        title=f"Cruxes: {len(cruxes)} of {len(figures['cruxes'])} parameters on which they differ",
        caption=f"P(doom) and change: part of the difference, percentage points (Owen values{within}).\n"
        "Beliefs: median [5 %, 95 %]. Gap left: expected distance of their results if both knew the parameter, "
        "percentage points.",
        box=SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("parameter", no_wrap=True)
    for heading in (*HEADINGS.values(), f"{one} believes", f"{other} believes", "gap left", "in change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for crux in cruxes:
        first, *rest = crux["believed"].items()
        gaps = [percent(crux["gap_if_known"][measure], digits) for measure, digits in DIGITS.items()]
        beliefs = [_belief(first[1][name]) for name in (one, other)]
        table.add_row(crux["parameter"] if not rest else first[0], *_parts(crux), *beliefs, *gaps)
        for entry, belief in rest:
            table.add_row(entry, "", "", *(_belief(belief[name]) for name in (one, other)))
    return table


def closest(figures: dict[str, Any], surveys: Mapping[str, Sequence[str]]) -> list[str]:
    """Say, for each result, which answers would bring the two worldviews closest."""
    lines = []
    for measure, digits in DIGITS.items():
        now = abs(figures["difference"][measure]["mean"])
        lines.append(
            f"What would bring them closest in {HEADINGS[measure]} (now {percent(now, digits)} points apart), if both "
            "learned the answer:"
        )
        ranked = sorted(figures["cruxes"], key=lambda crux: float(crux["gap_if_known"][measure]))
        for crux in ranked[:CLOSEST]:
            left = crux["gap_if_known"][measure]
            if left < now:
                entry, belief = next(iter(crux["believed"].items()))
                asked = f" Asked in {', '.join(surveys[crux['parameter']])}." if surveys.get(crux["parameter"]) else ""
                text = f"{entry}: {percent(left, digits)} points left. {belief['question']}{asked}"
                lines.append(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    "))
    return lines


def _reason(crux: dict[str, Any], worldviews: Sequence[str]) -> str:
    entry, belief = next(iter(crux["believed"].items()))
    reasons = [f"{name}: {belief[name]['reason']}" for name in worldviews if belief[name]["reason"]]
    return textwrap.fill(f"{entry}. {' '.join(reasons)}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _parts(figures: dict[str, Any]) -> list[str]:
    return [
        f"{points(figures[measure]['mean'], digits)} +-{percent(figures[measure]['mcse'], digits)}"
        for measure, digits in DIGITS.items()
    ]


def _belief(belief: dict[str, Any]) -> str:
    median, low, high = (sized(float(f"{belief[level]:.2g}")) for level in ("q50", "q05", "q95"))
    return f"{median} [{low}, {high}]"
