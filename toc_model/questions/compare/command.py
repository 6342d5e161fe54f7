"""The command ``toc compare``."""

from pathlib import Path

import click

from toc_model.documents import as_number
from toc_model.present.terminal import progress_bar
from toc_model.questions import compare as question
from toc_model.questions.options import (
    Chosen,
    allocations_option,
    also_option,
    answer,
    delay_cost_option,
    figure_option,
    json_option,
    takes_beliefs,
)


@click.command()
@takes_beliefs
@also_option
@click.option("--weights", metavar="W,W,...", help="Of the worldviews in turn, for mean regret; equal by default.")
@allocations_option
@click.option("--only", multiple=True, metavar="NAME", help="Keep this allocation; may be repeated.")
@delay_cost_option
@json_option
@figure_option
def compare(
    chosen: Chosen,
    also: tuple[str, ...],
    weights: str | None,
    allocations: Path | None,
    only: tuple[str, ...],
    delay_cost: float | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Allocations by P(best), regret, risk and dominance, under one worldview or several."""
    named = chosen.documents.allocations(allocations)
    numbers = [as_number(weight) for weight in weights.split(",")] if weights else None
    with progress_bar("evaluating") as progress:
        found = question.compare(
            chosen.load_all(also),
            named.only(only) if only else named,
            weights=numbers,
            delay_cost=delay_cost,
            progress=progress,
        )
    answer(found, as_json=as_json, drawn_to=out)
