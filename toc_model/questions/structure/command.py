"""The command ``toc structure``."""

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.terminal import progress_bar
from toc_model.questions import structure as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import Chosen, allocation_option, answer, json_option, takes_beliefs


@click.command()
@takes_beliefs
@allocations_option
@allocation_option
@json_option
def structure(chosen: Chosen, allocations: Choice, allocation: str | None, as_json: bool) -> None:
    """What rival mechanisms would make of a change: how much is structure, and how much is numbers."""
    beliefs = chosen.load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar("trying mechanisms") as progress:
        found = question.structure(beliefs, named, allocation=allocation, progress=progress)
    answer(found, as_json=as_json)
