"""The command ``toc channels``."""

import json
from pathlib import Path

import click

from toc_model.questions.options import Chosen, allocations_option, json_option, takes_beliefs


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
