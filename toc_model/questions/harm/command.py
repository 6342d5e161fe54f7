"""The command ``toc harm``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.terminal import progress_bar
from toc_model.questions import harm as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    answer,
    figure_option,
    json_option,
    takes_beliefs,
)


@click.command()
@takes_beliefs
@allocations_option
@allocation_option
@click.option("--most", default=question.MOST, show_default=True, help="Most beliefs that the box limits.")
@click.option(
    "--support", default=question.SUPPORT, show_default=True, metavar="SHARE", help="Least share of draws in the box."
)
@click.option(
    "--density",
    type=float,
    metavar="SHARE",
    help="Take the largest box that has harm in such a share of its draws.  [default: the most harm beyond chance]",
)
@click.option(
    "--resamples",
    default=question.RESAMPLES,
    show_default=True,
    help="Times that the box is looked for again, to see how firm it is.",
)
@json_option
@figure_option
def harm(
    chosen: Chosen,
    allocations: Choice,
    allocation: str | None,
    most: int,
    support: float,
    density: float | None,
    resamples: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Under what beliefs a move makes the outcome worse: a box of a few of them, and how firm it is."""
    beliefs = chosen.load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar("looking for boxes") as progress:
        found = question.harm(
            beliefs,
            named,
            allocation=allocation,
            most=most,
            support=support,
            density=density,
            resamples=resamples,
            progress=progress,
        )
    answer(found, as_json=as_json, drawn_to=out)
