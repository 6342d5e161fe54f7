"""``toc sensitivity`` and ``toc channels``: what a change hangs on, and what it goes through."""

import json
from pathlib import Path

import click

from toc_model.errors import InputError
from toc_model.questions.options import PATH, Chosen, allocations_option, json_option, takes_beliefs

allocation_option = click.option(
    "--allocation", default="recommended", show_default=True, help="The allocation to compare with the status quo."
)
figure_option = click.option("--out", type=PATH, help="Draw to this file (.svg or .png).")


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
    from toc_model.questions.sensitivity.figure import tornado_figure
    from toc_model.questions.sensitivity.subject import subject_of
    from toc_model.questions.sensitivity.words import sensitivity_text

    if out:
        fail_if_no_picture(out)
        if method != "tornado":
            raise InputError(f"{out}: --method {method} has no picture; allowed with --out: tornado")
    subject = subject_of(chosen.load(), load_allocations(allocations), allocation)
    with progress_bar(method) as progress:
        found = METHODS[method](subject, progress)
    if out:
        save_figure(tornado_figure(found, top), out)
    click.echo(json.dumps(found.to_dict(), indent=2) if as_json else sensitivity_text(found, top), nl=as_json)


@click.command()
@takes_beliefs
@allocations_option
@allocation_option
@json_option
@figure_option
def channels(chosen: Chosen, allocations: Path | None, allocation: str, as_json: bool, out: Path | None) -> None:
    """How much of a change of P(doom) goes through time, adoption, deployment, the race, lost research and growth."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.channels.figure import channels_figure
    from toc_model.questions.channels.result import channel_figures
    from toc_model.questions.channels.words import channels_text

    if out:
        fail_if_no_picture(out)
    named = load_allocations(allocations)
    with progress_bar("cutting arrows") as progress:
        figures = channel_figures(chosen.load(), named, allocation, progress=progress)
    if out:
        save_figure(channels_figure(figures), out)
    click.echo(json.dumps(figures, indent=2) if as_json else channels_text(figures), nl=as_json)
