"""The command ``toc disagree``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.terminal import progress_bar
from toc_model.questions import disagree as question
from toc_model.questions.asking import allocations_of, allocations_option, set_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    answer,
    as_of_option,
    json_option,
    override_option,
    picture_option,
    priors_option,
    seed_option,
)

DRAWS = 1000
"""Fewer than elsewhere: a thousand hybrids of the two worldviews are evaluated on all of them."""


@click.command()
@click.argument("first")
@click.argument("second")
@as_of_option
@allocation_option
@allocations_option
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
@seed_option
@priors_option
@set_option
@override_option
@click.option("--exact", is_flag=True, help="Evaluate all sets of a chapter's parameters, not drawn orders; slow.")
@click.option(
    "--experts", type=int, default=100, show_default=True, help="Respondents of the surveys that might be made."
)
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Cruxes to show.")
@json_option
@picture_option("what chapters and cruxes add")
def disagree(
    first: str,
    second: str,
    as_of: str | None,
    allocation: str | None,
    allocations: Choice,
    draws: int,
    seed: int,
    priors: Path | None,
    sets: tuple[str, ...],
    overrides: tuple[str, ...],
    exact: bool,
    experts: int,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Why two worldviews differ in the outcome and in an allocation's change of it: chapters, cruxes, what to ask.

    FIRST and SECOND are names of worldviews, or their files.
    """
    chosen = Chosen(first, draws, seed, priors, overrides, as_of, sets)
    named = allocations_of(chosen.documents, allocations)
    both = [chosen.load(), chosen.load_as(second)]
    with progress_bar("swapping beliefs") as progress:
        found = question.disagree(
            both, named, allocation=allocation, exact=exact, experts=experts, top=top, progress=progress
        )
    answer(found, as_json=as_json, drawn_to=out)
