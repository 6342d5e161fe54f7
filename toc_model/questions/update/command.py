"""The command ``toc update``."""

import sys
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import DRAWS, SEED, load_beliefs
from toc_model.beliefs.posterior import is_posterior
from toc_model.documents import fail_if_not_netcdf
from toc_model.errors import InputError
from toc_model.present.streams import say_json, say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import update as question
from toc_model.questions.asking import allocations_of, allocations_option, note_sets, say_back, set_option
from toc_model.questions.keeping import keep
from toc_model.questions.options import (
    PATH,
    chosen_case,
    json_option,
    posterior_option,
    priors_option,
    worldview_option,
)
from toc_model.questions.outputs import out_option
from toc_model.questions.saying import say_section
from toc_model.questions.working import takes_resume
from toc_model.survey.learning.settings import SAMPLERS, SHAPES, Common, scales_in
from toc_model.survey.learning.update import common_of, settings_of
from toc_model.work.pieces import forget

MOST_SEED = 2**32 - 1
"""Larger ones the sampler does not take."""


@click.command()
@click.argument("surveys", nargs=-1, type=PATH)
@worldview_option
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@click.option(
    "--without", multiple=True, metavar="SOURCE", help="Take out a source that a posterior rests on; may be repeated."
)
@allocations_option
@priors_option
@posterior_option
@set_option
@out_option("The posterior to write (.nc).", fits=fail_if_not_netcdf, required=True)
@click.option(
    "--draws",
    type=click.IntRange(50),
    show_default=f"{DRAWS}, or as the posterior has them",
    help="Draws of the priors that are weighted; more are taken where too few of them count.",
)
@click.option("--seed", type=click.IntRange(0, MOST_SEED), show_default=f"{SEED}, or as the posterior has it")
@click.option(
    "--sampler",
    type=click.Choice(SAMPLERS),
    show_default="auto",
    help="Weights of prior draws, a sampler (NUTS), or weights as far as these can be trusted.",
)
@click.option("--tune", type=click.IntRange(50), show_default="1000", help="Of a sampler: steps before.")
@click.option("--chains", type=click.IntRange(2), show_default="4", help="Of a sampler.")
@click.option("--target-accept", type=click.FloatRange(0.5, 0.999), show_default="0.95", help="Of a sampler.")
@click.option("--accept-problems", is_flag=True, help="Go on with a run that is not good; every output then says so.")
@click.option(
    "--bias-scale",
    type=float,
    show_default="1, or as the posterior has it",
    help="Multiply the stated scales of biases that respondents share; 0 denies them (for comparison).",
)
@click.option(
    "--bias-shape",
    type=click.Choice(SHAPES),
    show_default="normal, or as the posterior has it",
    help="Shape of these biases: student has heavy tails (4 degrees of freedom).",
)
@click.option("--shared-bias", is_flag=True, help="Let all answers of one respondent share a bias (takes a sampler).")
@click.option(
    "--bias-sweep",
    default="",
    metavar="SCALES",
    help="Show these scales of common biases beside, joined by commas.  [default: 0.5, 2, and heavy tails]",
)
@takes_resume
@json_option
def update(
    surveys: tuple[Path, ...],
    worldview: str | None,
    maps: tuple[str, ...],
    without: tuple[str, ...],
    allocations: Choice,
    priors: Path | None,
    sets: tuple[str, ...],
    out: Path,
    bias_scale: float | None,
    bias_shape: Any,
    shared_bias: bool,
    bias_sweep: str,
    accept_problems: bool,
    as_json: bool,
    **sampling: Any,
) -> None:
    """Update a worldview from SURVEYS (answers in the long format) and say how the recommendation moved.

    Any command takes the posterior by --worldview FILE.nc; so does toc update, to add surveys or take some out.
    """
    scales = scales_in(bias_sweep)
    case = chosen_case()
    name = worldview or case.base
    if not surveys and not (without and is_posterior(name)):
        raise InputError("surveys: found none; allowed: one or more files, or --without SOURCE of a posterior")
    few = {key: sampling[key] for key in ("draws", "seed") if sampling[key] is not None}
    beliefs = load_beliefs(case, name, priors=priors, sets=sets, **few)
    note_sets(beliefs)
    settings = settings_of(beliefs.members[0].priors, **sampling, progress=sys.stderr.isatty())
    common = common_of(beliefs, bias_scale, bias_shape)
    with progress_bar("Reading answers") as progress:
        found = question.update(
            beliefs,
            surveys,
            maps=maps,
            without=without,
            allocations=allocations_of(beliefs.documents, allocations),
            common=common,
            shared_bias=shared_bias,
            settings=settings,
            progress=progress,
            swept=[Common(scale, common.shape) for scale in scales] or None,
        )
    found.save(out, accepted=accept_problems)
    keep(found.to_dict)
    if as_json:
        say_json(found.to_dict())
    else:
        say_back()
        say_section(found.section())
    if found.problems:
        told = "; ".join(found.problems)
        if not accept_problems:
            forget()
            raise InputError(f"{out}: written, but not a good run: {told} (--accept-problems rests on it all the same)")
        say_line(f"{out}: not a good run, and accepted: {told}", err=True)
