"""The command ``toc sensitivity``."""

import json
from pathlib import Path

import click

from toc_model.errors import InputError
from toc_model.questions.options import Chosen, allocations_option, json_option, takes_beliefs


@click.command()
@takes_beliefs
@allocations_option
@allocation_option
@click.option(
    "--method",
    type=click.Choice(["tornado", "sobol", "given-data", "flip", "power-scaling"]),
    default="tornado",
    show_default=True,
    help="sobol wants independent parameters, power-scaling a posterior.",
)
@click.option("--top", type=click.IntRange(1), default=15, show_default=True, help="Parameters to show.")
@json_option
@figure_option
def sensitivity(
    chosen: Chosen,
    allocations: Path | None,
    allocation: str,
    method: str,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Which parameters P(doom) and its paired change between two allocations hang on."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.sensitivity.analyses import METHODS
    from toc_model.questions.sensitivity.asked import question_of
    from toc_model.questions.sensitivity.figure import tornado_figure
    from toc_model.questions.sensitivity.words import sensitivity_text

    if out:
        fail_if_no_picture(out)
        if method != "tornado":
            raise InputError(f"{out}: --method {method} has no picture; allowed with --out: tornado")
    question = question_of(chosen.load(), load_allocations(allocations), allocation)
    with progress_bar(method) as progress:
        found = METHODS[method](question, progress)
    if out:
        save_figure(tornado_figure(found, top), out)
    click.echo(json.dumps(found.to_dict(), indent=2) if as_json else sensitivity_text(found, top), nl=as_json)
