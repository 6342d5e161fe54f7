"""The main job's table, as text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent, points

if TYPE_CHECKING:
    from toc_model.questions.run.result import Run

PARTS = {"no_solution": "no solution", "not_adopted": "not adopted", "overtaken": "overtaken"}


def run_table(figures: dict[str, Any]) -> Table:
    """Lay out the figures of `Run.to_dict`: probabilities in per cent, changes in percentage points."""
    table = Table(
        title=f"P(doom) by allocation, worldview '{figures['worldview']}' "
        f"({figures['draws']:,} paired draws, seed {figures['seed']})",
        caption="Per cent; changes from the status quo in percentage points, same draws; [5 %, 95 %]; "
        "the last three columns add up to P(doom).",
        box=SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("allocation", no_wrap=True)
    for heading in ("P(doom)", "change", "better in", *PARTS.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in figures["allocations"].items():
        table.add_row(name, *_cells(name, row))
    return table


def run_text(result: Run) -> str:
    """The table and the sentence below it, as plain text."""
    figures = result.to_dict()
    return as_text(run_table(figures)) + "\n" + textwrap.fill(figures["rests_on"], WIDTH) + "\n"


def _cells(name: str, row: dict[str, Any]) -> list[str]:
    doom, change = row["p_doom"], row["change"]
    p_doom = f"{percent(doom['mean'])} [{percent(doom['q05'], 0)}, {percent(doom['q95'], 0)}]"
    parts = [percent(row["parts"][part]) for part in PARTS]
    if name == "status_quo":
        return [p_doom, "", "", *parts]
    moved = f"{points(change['mean'], 2)} [{points(change['q05'])}, {points(change['q95'])}]"
    return [p_doom, moved, f"{percent(row['share_better'], 0)} %", *parts]
