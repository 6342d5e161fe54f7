"""Allocations compared, as text."""

import textwrap
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.beliefs.beliefs import Beliefs
from toc_model.present.terminal import WIDTH, percent, points, section
from toc_model.questions.compare.result import Comparison

COLUMNS = (
    "Per cent and percentage points; changes are paired, with their Monte Carlo error and [5 %, 95 %]. P(best): share "
    "of draws in which nothing else is better, ties shared. Regret: how much worse than the best of the draw, in the "
    "mean and at the 95 % quantile. Worst 5 %: mean P(doom) of the worst draws (CVaR). * none of the others has less "
    "of both mean and spread."
)


def compare_text(found: Comparison) -> str:
    """A table a worldview, one across worldviews, and what they rest on."""
    figures = found.to_dict()
    texts = [
        section(_title(beliefs), _table(rows), COLUMNS) + "\n" + textwrap.fill(_dominated(rows), WIDTH) + "\n"
        for beliefs, rows in zip(found.beliefs, figures["worldviews"].values(), strict=True)
    ]
    texts += [section(*_across(figures))] if len(texts) > 1 else []
    texts += [textwrap.fill(sentence, WIDTH) + "\n" for sentence in figures["rests_on"]]
    return "\n".join(texts)


def _title(beliefs: Beliefs) -> str:
    sample = f"{beliefs.draws:,} paired draws, seed {beliefs.seed}"
    return f"Allocations compared, worldview '{beliefs.worldview}' ({sample})"


def _table(rows: dict[str, Any]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("allocation", no_wrap=True)
    for heading in ("P(doom)", "change", "better in", "P(best)", "regret", "95 %", "worst 5 %", "spread (sd)"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in rows.items():
        change = row["change"]
        mean = f"{points(change['mean'], 2)} ±{100 * change['mcse']:.2f}"
        moved = f"{mean} [{points(change['q05'])}, {points(change['q95'])}]"
        table.add_row(
            name,
            percent(row["p_doom"]),
            "" if name == "status_quo" else moved,
            "" if name == "status_quo" else f"{percent(row['share_better'], 0)} %",
            f"{percent(row['p_best'], 0)} %",
            percent(row["opportunity_loss"], 2),
            percent(row["regret_q95"]),
            percent(row["cvar95"]),
            percent(row["sd"]) + ("*" if row["efficient"] else " "),
        )
    return table


KINDS = {"statewise": "in every draw", "first_order": "at every quantile", "second_order": "for all who avoid risk"}


def _dominated(rows: dict[str, Any]) -> str:
    """Which allocations are worse than another, by the strictest kind of dominance that holds."""
    strictest = {name: next((kind for kind in KINDS if row["dominated_by"][kind]), None) for name, row in rows.items()}
    said = [
        f"worse than another {text}: {', '.join(names)}"
        for kind, text in KINDS.items()
        if (names := [name for name, found in strictest.items() if found == kind])
    ]
    left = ", ".join(name for name, found in strictest.items() if not found)
    return f"Dominance: {'; '.join([*said, f'not dominated: {left}'])}."


def _across(figures: dict[str, Any]) -> tuple[str, Table, str]:
    names = list(figures["worldviews"])
    weights = ", ".join(f"{name} {weight:g}" for name, weight in zip(names, figures["weights"], strict=True))
    note = (
        f"Weights for the mean: {weights}. Least mean regret: {figures['least_mean_regret']}; least largest regret "
        f"(minimax): {figures['minimax_regret']}."
    )
    table = Table(box=SIMPLE_HEAD)
    table.add_column("allocation", no_wrap=True)
    for heading in ("mean", "largest", "where"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in figures["across"].items():
        table.add_row(name, percent(row["mean_regret"], 2), percent(row["largest_regret"], 2), row["worst_worldview"])
    return "Regret of the mean P(doom) across worldviews, in percentage points", table, note
