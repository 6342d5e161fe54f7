"""The command ``toc run``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import beside
from toc_model.documents import fail_if_not_netcdf
from toc_model.present.terminal import progress_bar
from toc_model.questions import run as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import Chosen, answer, json_option, takes_beliefs
from toc_model.questions.outputs import out_option


@click.command()
@takes_beliefs
@allocations_option
@click.option("--to", metavar="NAME", show_default="the proposal", help="The allocation of the move that is shown.")
@click.option("--steps", is_flag=True, help="Show through what the move changes the outcome.")
@json_option
@out_option("Write all parameters and nodes, with provenance, to this file (.nc).", fits=fail_if_not_netcdf)
def run(
    chosen: Chosen,
    allocations: Choice,
    to: str | None,
    steps: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """One move under each worldview, then the outcome under each allocation.

    With --worldview only the allocations, under that one.
    """
    beliefs = chosen.load()
    named = allocations_of(beliefs.documents, allocations)
    others = () if chosen.worldview else beside(beliefs)
    with progress_bar("evaluating") as progress:
        result = question.run(beliefs, named, beside=others, to=to, steps=steps, progress=progress)
    if out:
        result.save(out)
    answer(result, as_json=as_json)
