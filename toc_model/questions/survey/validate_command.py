"""The command ``toc survey validate``."""

import sys
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.shipped import Documents
from toc_model.present.streams import say, say_json, say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions.asking import allocations_option, set_option
from toc_model.questions.keeping import keep
from toc_model.questions.options import PATH, chosen_case, json_option, posterior_option, priors_option
from toc_model.questions.saying import say_section
from toc_model.questions.survey import validation as question
from toc_model.questions.working import takes_resume, takes_workers
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.validation import fit as fits


@click.command()
@click.argument("files", metavar="SURVEY...", type=PATH, nargs=-1, required=True)
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@click.option("--worldview", help="To fit and simulate with; the base by default.")
@set_option
@allocations_option
@priors_option
@posterior_option
@click.option(
    "--bias-scale", type=float, default=1.0, show_default=True, help="Multiply the stated scales of common biases."
)
@click.option(
    "--pooled/--no-pooled", default=True, help="Fit once more without camps, where there are any, to compare."
)
@click.option(
    "--refit", is_flag=True, help="Where weights can't be trusted, fit anew without what is left out; exact, but slow."
)
@click.option(
    "--replications",
    type=click.IntRange(0, 10_000),
    default=0,
    show_default=True,
    help="Simulate and fit so many surveys to see how often the truth is found; 50 take about two minutes.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@takes_workers
@takes_resume
@json_option
def validate(
    files: tuple[Path, ...], pooled: bool, refit: bool, replications: int, as_json: bool, **options: Any
) -> None:
    """Whether the observation model describes the answers: what is left out, rounding, heaping, recovery."""
    settings = Settings(seed=options["seed"], progress=sys.stderr.isatty())
    fit = _fresh(files, settings, **options)
    found = question.validate(fit, pooled=pooled, refit=refit, settings=settings)
    for problem in found.problems:
        say_line(f"not a good fit: {problem}", err=True)
    if not as_json:
        say_section(found.section())
    recovered = None
    if replications:
        with progress_bar("Simulating surveys") as progress:
            recovered = question.recover(chosen_case(), fit.priors, replications, seed=settings.seed, progress=progress)
    figures = found.to_dict() | ({"recovery": recovered.to_dict()} if recovered else {})
    keep(lambda: figures)
    if as_json:
        say_json(figures)
    elif recovered:
        say("")
        say_section(recovered.section())


def _fresh(files: tuple[Path, ...], settings: Settings, **options: Any) -> Fitted:
    documents = Documents.of(chosen_case(), options["priors"], sets=options["sets"])
    return fits.fitted(
        documents,
        files,
        options["worldview"],
        maps=options["maps"],
        allocations=documents.allocations(options["allocations"]),
        common=Common(options["bias_scale"]),
        settings=settings,
    )
