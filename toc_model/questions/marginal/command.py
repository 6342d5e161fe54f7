"""The command ``toc marginal``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.terminal import progress_bar
from toc_model.questions import marginal as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    also_option,
    answer,
    chosen_case,
    figure_option,
    json_option,
    takes_beliefs,
)


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option(
    "--at",
    default=lambda: chosen_case().status_quo,
    show_default="the status quo",
    help="The allocation at whose margin things change.",
)
@click.option(
    "--unit-cost",
    type=float,
    metavar="AMOUNT",
    help="What a unit of effort costs you, in your currency, for what the outcome then costs; nothing is assumed.",
)
@click.option("--fte-cost", "unit_cost", type=float, hidden=True)
@json_option
@figure_option
def marginal(
    chosen: Chosen,
    also: tuple[str, ...],
    allocations: Choice,
    at: str,
    unit_cost: float | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """What a little more of each thing is worth, in small amounts of the outcome."""
    beliefs = chosen.load_all(also)
    named = allocations_of(beliefs[0].documents, allocations)
    with progress_bar("moving levers") as progress:
        result = question.marginal(beliefs, named, at=at, unit_cost=unit_cost, progress=progress)
    answer(result, as_json=as_json, drawn_to=out)
