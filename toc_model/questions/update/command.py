"""The command ``toc update``."""

import sys
from pathlib import Path

import click

from toc_model.beliefs.beliefs import SEED
from toc_model.documents import fail_if_not_netcdf
from toc_model.errors import InputError
from toc_model.questions.options import PATH, allocations_option, priors_option, worldview_option


@click.command()
@click.argument("surveys", nargs=-1, required=True, type=PATH)
@worldview_option
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@allocations_option
@priors_option
@click.option("--out", type=PATH, required=True, help="The posterior to write (.nc).")
@click.option("--draws", type=click.IntRange(50), default=1000, show_default=True, help="Draws of each chain.")
@click.option("--tune", type=click.IntRange(50), default=1000, show_default=True, help="Steps of adaptation.")
@click.option("--chains", type=click.IntRange(2), default=4, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True)
@click.option("--target-accept", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
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
def update(
    surveys: tuple[Path, ...],
    worldview: str,
    maps: tuple[str, ...],
    allocations: Path | None,
    priors: Path | None,
    out: Path,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
    target_accept: float,
    bias_scale: float,
    shared_bias: bool,
    bias_sweep: str,
) -> None:
    """Update a worldview from SURVEYS (answers in the long format) and say how the recommendation moved."""
    from toc_model.questions.update.words import sweep_text, update_text
    from toc_model.survey.learning.update import Settings, Update, scales_in
    from toc_model.survey.learning.update import update as learn

    def fit(scale: float) -> Update:
        return learn(
            surveys,
            worldview,
            maps=maps,
            allocations=allocations,
            priors=priors,
            bias_scale=scale,
            shared_bias=shared_bias,
            settings=settings,
        )

    fail_if_not_netcdf(out)
    settings = Settings(draws, tune, chains, seed, target_accept, progress=sys.stderr.isatty())
    scales = scales_in(bias_sweep)
    result = fit(bias_scale)
    result.save(out)
    click.echo(update_text(result), nl=False)
    if scales:
        swept = [result if scale == bias_scale else fit(scale) for scale in scales]
        click.echo("\n" + sweep_text(swept), nl=False)
    if result.problems:
        raise InputError(f"{out}: written, but not a good run: {'; '.join(result.problems)}")
