"""The command ``toc sensitivity``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.errors import InputError
from toc_model.present.terminal import progress_bar
from toc_model.questions import sensitivity as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    answer,
    figure_option,
    json_option,
    takes_beliefs,
)
from toc_model.questions.sensitivity.words import TOP
from toc_model.questions.working import takes_workers


@click.command()
@takes_beliefs
@allocations_option
@allocation_option
@click.option(
    "--method",
    type=click.Choice(list(question.METHODS)),
    default="tornado",
    show_default=True,
    help="tornado, sobol and flip want one prior (the base's by default), power-scaling a posterior.",
)
@click.option("--top", type=click.IntRange(1), default=TOP, show_default=True, help="Parameters to show.")
@json_option
@figure_option
@takes_workers
def sensitivity(
    chosen: Chosen,
    allocations: Choice,
    allocation: str | None,
    method: str,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Which parameters the outcome and its paired change between two allocations hang on."""
    if out and method != "tornado":
        raise InputError(f"{out}: --method {method} has no picture; allowed with --out: tornado")
    beliefs = chosen.load_one_prior() if method in question.OF_ONE_PRIOR else chosen.load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar(method) as progress:
        found = question.sensitivity(beliefs, named, allocation=allocation, method=method, progress=progress)
    answer(found, as_json=as_json, drawn_to=out, top=top)
