"""The command ``toc channels``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.terminal import progress_bar
from toc_model.questions import channels as question
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
@json_option
@figure_option
def channels(chosen: Chosen, allocations: Choice, allocation: str | None, as_json: bool, out: Path | None) -> None:
    """How much of a change of the outcome goes through each of the ways by which it may come about."""
    beliefs = chosen.load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar("cutting arrows") as progress:
        result = question.channels(beliefs, named, allocation=allocation, progress=progress)
    answer(result, as_json=as_json, drawn_to=out)
