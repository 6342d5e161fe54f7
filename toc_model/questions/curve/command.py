"""The command ``toc curve``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.documents import as_number
from toc_model.present.terminal import progress_bar
from toc_model.questions import curve as question
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
    "--lever",
    "--pool",
    "lever",
    metavar="NAME",
    default=lambda: chosen_case().lever,
    show_default="the case's own",
    help="The variable of a lever that moves.",
)
@click.option("--values", metavar="X,X,...", help="Where to, in the lever's unit; all of its range by default.")
@json_option
@figure_option
def curve(
    chosen: Chosen,
    also: tuple[str, ...],
    allocations: Choice,
    lever: str,
    values: str | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """The change of the outcome against one variable of a lever, and its best value; a panel a worldview."""
    numbers = [as_number(value) for value in values.split(",")] if values else None
    named = allocations_of(chosen.documents, allocations)
    with progress_bar("evaluating") as progress:
        found = question.curve(chosen.load_all(also), named, lever=lever, values=numbers, progress=progress)
    answer(found, as_json=as_json, drawn_to=out)
