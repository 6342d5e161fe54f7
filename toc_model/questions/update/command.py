"""The command ``toc update``."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import SEED, load_beliefs
from toc_model.documents import fail_if_not_netcdf
from toc_model.errors import InputError
from toc_model.present.streams import say, say_json
from toc_model.questions import update as question
from toc_model.questions.asking import allocations_of, allocations_option, note_sets, say_back, set_option
from toc_model.questions.keeping import keep
from toc_model.questions.options import (
    PATH,
    chosen_case,
    json_option,
    priors_option,
    worldview_option,
)
from toc_model.questions.outputs import out_option
from toc_model.survey.learning.surveys import scales_in
from toc_model.survey.learning.update import Settings

MOST_SEED = 2**32 - 1
"""Larger ones the sampler does not take."""
SAMPLING = (
    click.option("--draws", type=click.IntRange(50), default=1000, show_default=True, help="Draws of each chain."),
    click.option("--tune", type=click.IntRange(50), default=1000, show_default=True, help="Steps of adaptation."),
    click.option("--chains", type=click.IntRange(2), default=4, show_default=True),
    click.option("--seed", type=click.IntRange(0, MOST_SEED), default=SEED, show_default=True),
    click.option("--target-accept", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True),
)


def samples[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that say how to sample."""
    for option in reversed(SAMPLING):
        command = option(command)
    return command


@click.command()
@click.argument("surveys", nargs=-1, required=True, type=PATH)
@worldview_option
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@allocations_option
@priors_option
@set_option
@out_option("The posterior to write (.nc).", fits=fail_if_not_netcdf, required=True)
@samples
@click.option(
    "--bias-scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Multiply the stated scales of biases that respondents share; 0 denies them (for comparison).",
)
@click.option(
    "--shared-bias",
    is_flag=True,
    help="Let all answers of one respondent share a bias (a step takes about three times as long).",
)
@click.option(
    "--bias-sweep", default="", metavar="SCALES", help="Fit once more for each of these, joined by commas: 0.5,1,2."
)
@json_option
def update(
    surveys: tuple[Path, ...],
    worldview: str | None,
    maps: tuple[str, ...],
    allocations: Choice,
    priors: Path | None,
    sets: tuple[str, ...],
    out: Path,
    bias_scale: float,
    shared_bias: bool,
    bias_sweep: str,
    as_json: bool,
    **sampling: Any,
) -> None:
    """Update a worldview from SURVEYS (answers in the long format) and say how the recommendation moved."""
    scales = scales_in(bias_sweep)
    settings = Settings(**sampling, progress=sys.stderr.isatty())
    case = chosen_case()
    beliefs = load_beliefs(case, worldview or case.base, seed=settings.seed, priors=priors, sets=sets)
    note_sets(beliefs)
    named = allocations_of(beliefs.documents, allocations)

    def fit(scale: float) -> question.Update:
        return question.update(
            beliefs,
            surveys,
            maps=maps,
            allocations=named,
            bias_scale=scale,
            shared_bias=shared_bias,
            settings=settings,
        )

    found = fit(bias_scale)
    found.save(out)
    if not as_json:
        say_back()
        say(str(found), end="")
    swept = question.bias_sweep([found if scale == bias_scale else fit(scale) for scale in scales]) if scales else None
    figures = found.to_dict() | ({"bias_sweep": swept.to_dict()} if swept else {})
    keep(lambda: figures)
    if as_json:
        say_json(figures)
    elif swept:
        say(f"\n{swept}", end="")
    if found.problems:
        raise InputError(f"{out}: written, but not a good run: {'; '.join(found.problems)}")
