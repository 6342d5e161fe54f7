"""The commands `toc survey ...`."""

import sys
from pathlib import Path
from typing import Any

import click

from toc_model.errors import InputError

PATH = click.Path(path_type=Path)

out_option = click.option("--out", type=PATH, required=True, help="The file to write (CSV, the long format).")


@click.group()
def survey() -> None:
    """Surveys of experts: reading their answers, checking them, and asking for more."""


@survey.group(name="import")
def import_() -> None:
    """Bring a file of answers into the long format."""


@import_.command()
@click.argument("file", type=PATH)
@out_option
def espai(file: Path, out: Path) -> None:
    """The individual responses to AI Impacts' survey of 2023."""
    from toc_model.essay.readers.espai import read_espai

    _save(read_espai(file), out)


@import_.command()
@click.argument("file", type=PATH)
@click.option("--map", "mapping", help="A mapping document of your own (.toml) that names columns and cruxes.")
@out_option
def fri(file: Path, mapping: str | None, out: Path) -> None:
    """The forecasts of FRI's adversarial collaboration."""
    from toc_model.essay.readers.fri import NAME, read_fri

    _save(read_fri(file, _mapping(mapping or NAME)), out)


@import_.command()
@click.argument("files", type=PATH, nargs=-1, required=True)
@click.option("--out", type=PATH, help="Write the answers of all files to this one (CSV).")
def long(files: tuple[Path, ...], out: Path | None) -> None:
    """Files that are in the long format already, such as filled-in templates: check them and join them."""
    from toc_model.questions.survey.check import survey_check
    from toc_model.survey.documents.schema import read_files

    frame = read_files(files)
    click.echo(survey_check(frame), nl=False)
    if out:
        _save(frame, out)


@survey.command()
@click.option("--nodes", required=True, metavar="NAMES", help="Nodes or parameters, joined by commas.")
@click.option("--out", type=PATH, required=True, help="The file to write (CSV), to send and fill in.")
@click.option("--source", default="survey", show_default=True, help="Identifier of the survey.")
@click.option("--respondent", default="", help="Who is asked; left for them to fill in by default.")
@click.option(
    "--under",
    "conditions",
    multiple=True,
    metavar="TEXT",
    help="Ask about nodes under 'allocation=NAME' or 'do(node)=value' ('' for the status quo); may be repeated.",
)
@click.option("--map-out", type=PATH, help="Write a mapping document to complete, too (.toml).")
def template(
    nodes: str, out: Path, source: str, respondent: str, conditions: tuple[str, ...], map_out: Path | None
) -> None:
    """Questions for a new survey: wording, unit and bounds, a row for each number to fill in."""
    from toc_model.essay.story import STORY
    from toc_model.survey.documents.skeleton import write_mapping
    from toc_model.survey.documents.template import names_in, write_template
    from toc_model.survey.documents.template import template as questions

    under = conditions or ("",)
    frame = questions(STORY, names_in(nodes), source=source, respondent=respondent, conditions=under)
    write_template(frame, out)
    if map_out:
        write_mapping(frame, map_out)
        click.echo(f"{map_out}: complete its blanks before use")
    click.echo(f"{out}: questions {frame['question_id'].nunique()}, numbers to fill in under 'value' {len(frame)}")


@survey.command()
@click.argument("file", type=PATH)
@click.option("--map", "mapping", help="A mapping document: one that ships, by name, or the path of your own.")
def check(file: Path, mapping: str | None) -> None:
    """What each question of a file targets, who answered, and which answers are odd."""
    from toc_model.essay.story import STORY
    from toc_model.questions.survey.check import survey_check
    from toc_model.survey.documents.mapping import fail_if_answers_differ, fail_if_mapping_unknown
    from toc_model.survey.documents.schema import read_long

    frame = read_long(file)
    found = _mapping(mapping or _shipped_for(set(frame["source_id"])))
    if found:
        fail_if_mapping_unknown(STORY, found)
        fail_if_answers_differ(frame, found)
    click.echo(survey_check(frame, found), nl=False)


@survey.command()
@click.argument("files", metavar="SURVEY...", type=PATH, nargs=-1, required=True)
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@click.option("--posterior", type=PATH, help="The posterior of toc update from these surveys; else they are fitted.")
@click.option("--worldview", default="neutral", show_default=True, help="To fit and simulate with.")
@click.option("--allocations", type=PATH, help="Allocations of your own that questions are about (.toml).")
@click.option("--priors", type=PATH, help="A folder of prior documents of your own.")
@click.option("--bias-scale", type=float, help="What to multiply the stated scales of common biases by; 1 by default.")
@click.option(
    "--pooled/--no-pooled", default=True, help="Fit once more without camps, where there are any, to compare."
)
@click.option(
    "--replications",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Simulate and fit so many surveys to see how often the truth is found; 50 take about two minutes.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def validate(
    files: tuple[Path, ...],
    maps: tuple[str, ...],
    posterior: Path | None,
    worldview: str,
    allocations: Path | None,
    priors: Path | None,
    bias_scale: float | None,
    pooled: bool,
    replications: int,
    seed: int,
) -> None:
    """Whether the observation model describes the answers: what is left out, rounding, heaping, recovery."""
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.survey.validation_words import recovery_text, validation_text
    from toc_model.survey.learning.update import Settings, update
    from toc_model.survey.validation import fit as fits
    from toc_model.survey.validation.recovery import calibration
    from toc_model.survey.validation.whole import validate as validated

    settings = Settings(seed=seed, progress=sys.stderr.isatty())
    if posterior and (priors or bias_scale is not None):
        raise InputError(f"{posterior}: names its own priors and bias scale; allowed: no --priors and no --bias-scale")
    if posterior:
        fit = fits.read_fitted(posterior, files, maps, allocations)
    else:
        scale = 1.0 if bias_scale is None else bias_scale
        fit = fits.fitted(
            update(
                files,
                worldview,
                maps=maps,
                allocations=allocations,
                priors=priors,
                bias_scale=scale,
                settings=settings,
            )
        )
    baseline = fits.without_camps(fit, settings) if pooled and fits.has_camps(fit) else None
    for problem in (*fit.problems, *(baseline.problems if baseline else ())):
        click.echo(f"not a good fit: {problem}", err=True)
    with progress_bar("Scoring") as progress:
        found = validated(fit, baseline, seed=seed, progress=progress)
    click.echo(validation_text(found), nl=False)
    if replications:
        with progress_bar("Simulating surveys") as progress:
            recovered = calibration(replications, worldview=worldview, priors=priors, seed=seed, progress=progress)
        click.echo("\n" + recovery_text(recovered), nl=False)


def _shipped_for(sources: set[str]) -> str | None:
    from toc_model.survey.documents.mapping import shipped_mappings

    return next((name for name in shipped_mappings() if sources == {name}), None)


def _mapping(path_or_name: str | None) -> Any:
    from toc_model.survey.documents.mapping import load_mapping

    return load_mapping(path_or_name) if path_or_name else None


def _save(frame: Any, out: Path) -> None:
    from toc_model.survey.documents.schema import usable, write_long

    write_long(frame, out)
    left_out = len(frame) - len(usable(frame))
    click.echo(
        f"{out}: answers {len(frame):,}, respondents {frame['respondent_id'].nunique():,}, questions "
        f"{frame['question_id'].nunique()}; blank or flagged as impossible: {left_out:,}"
    )
