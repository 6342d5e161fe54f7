"""The command ``toc compare``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.documents import as_number
from toc_model.present.terminal import progress_bar
from toc_model.questions import compare as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.compare.spending import parsed_costs
from toc_model.questions.options import (
    Chosen,
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
@delay_cost_option
@click.option(
    "--costs",
    metavar="NAME=AMOUNT,...",
    help="What each allocation costs you, in your currency, for what is gained by it; nothing is assumed.",
)
@click.option(
    "--unit-cost",
    type=float,
    metavar="AMOUNT",
    help="The same by what is moved: what one unit of it costs you.",
)
@json_option
@figure_option
def compare(
    chosen: Chosen,
    also: tuple[str, ...],
    weights: str | None,
    allocations: Choice,
    delay_cost: float | None,
    costs: str | None,
    unit_cost: float | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Allocations by P(best), regret, risk and dominance, under one worldview or several."""
    named = allocations_of(chosen.documents, allocations)
    numbers = [as_number(weight) for weight in weights.split(",")] if weights else None
    amounts = None if costs is None else parsed_costs(costs)
    with progress_bar("evaluating") as progress:
        found = question.compare(
            chosen.load_all(also),
            named,
            weights=numbers,
            delay_cost=delay_cost,
            costs=amounts,
            unit_cost=unit_cost,
            progress=progress,
        )
    answer(found, as_json=as_json, drawn_to=out)
