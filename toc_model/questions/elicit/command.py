"""The commands ``toc elicit fit``, ``pool``, ``worldview`` and ``answers``."""

from pathlib import Path

import click

from toc_model.beliefs.families import KINDS
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number, fail_if_not_toml
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present.streams import say_line
from toc_model.present.words import counted
from toc_model.questions.elicit.changed import changed
from toc_model.questions.elicit.fits import fit_panel
from toc_model.questions.elicit.opened import opened
from toc_model.questions.elicit.options import (
    family_option,
    method_option,
    named_values,
    panel_argument,
    round_option,
    weighting_option,
)
from toc_model.questions.elicit.pools import pool_panel
from toc_model.questions.options import PATH, answer, chosen_case, json_option, priors_option
from toc_model.questions.outputs import fail_if_input, out_option
from toc_model.survey.documents.asked import names_in
from toc_model.survey.documents.schema import write_long
from toc_model.survey.panel.answers import answers_of, mapping_of
from toc_model.survey.panel.fitted import CHOICES


@click.command("fit")
@panel_argument
@round_option
@family_option(CHOICES)
@priors_option
@json_option
def fit(panel: Path, round_: str, families: dict[str, str], priors: Path | None, as_json: bool) -> None:
    """A distribution for each expert and question, how well it fits, and what it implies."""
    answer(fit_panel(opened(chosen_case(), panel, priors), round_, families), as_json=as_json)


@click.command("pool")
@panel_argument
@round_option
@family_option(CHOICES)
@method_option
@weighting_option
@click.option(
    "--weights",
    multiple=True,
    callback=named_values,
    metavar="EXPERT=NUMBER",
    help="Of your own, for all; joined by commas.",
)
@click.option("--cutoff", type=float, help="Least calibration of experts who count, by scores.  [default: the best]")
@out_option("The document to write, for 'toc elicit worldview' (.toml).", fits=fail_if_not_toml)
@priors_option
@json_option
def pool(
    panel: Path,
    round_: str,
    families: dict[str, str],
    method: str,
    weighting: str,
    weights: dict[str, str],
    cutoff: float | None,
    out: Path | None,
    priors: Path | None,
    as_json: bool,
) -> None:
    """What the experts believe in common, beside the prior before, and how much the method matters."""
    asked = opened(chosen_case(), panel, priors)
    fail_if_input(out, panel, *asked.paths)
    fits = fit_panel(asked, round_, families)
    found = pool_panel(fits, method=method, weighting=weighting, weights=_numbers(weights), cutoff=cutoff)
    if out:
        found.save(out)
    answer(found, as_json=as_json)


def _numbers(weights: dict[str, str]) -> dict[str, float] | None:
    found = {name: as_number(text) for name, text in weights.items()}
    for name, value in found.items():
        if not value >= 0:
            raise InputError(f"--weights: {name}: found {weights[name]!r}; allowed: a number from 0")
    return found or None


@click.command("worldview")
@click.argument("pool", type=PATH)
@click.option("--questions", metavar="NAMES", help="Those to replace, joined by commas.  [default: all of parameters]")
@family_option(KINDS)
@click.option("--based-on", default="", metavar="WORLDVIEW", help="The worldview to change.  [default: the panel's]")
@out_option("The worldview to write (.toml).", fits=fail_if_not_toml, required=True)
@priors_option
@json_option
def worldview(
    pool: Path,
    questions: str | None,
    families: dict[str, str],
    based_on: str,
    out: Path,
    priors: Path | None,
    as_json: bool,
) -> None:
    """Put a POOL in the place of priors: a worldview with who said it, when, how asked and how pooled."""
    fail_if_input(out, pool)
    documents = Documents.of(chosen_case(), priors)
    names = names_in(questions, "questions", "names of questions") if questions is not None else []
    found = changed(documents, pool, questions=names, families=families, based_on=based_on)
    found.save(out)
    answer(found, as_json=as_json)


@click.command("answers")
@panel_argument
@round_option
@out_option("The answers to write (CSV, the long format).", required=True)
@out_option("The mapping document to write, to complete (.toml).", "--map-out", fits=fail_if_not_toml, required=True)
@priors_option
def answers(panel: Path, round_: str, out: Path, map_out: Path, priors: Path | None) -> None:
    """Write what was said as answers of a survey, whose respondents may be wrong together, for toc update."""
    found = opened(chosen_case(), panel, priors)
    for path in (out, map_out):
        fail_if_input(path, panel, *found.paths)
    frame = answers_of(found.panel, found.latest(round_))
    write_long(frame, out)
    write_text(map_out, mapping_of(found.panel, frame, found.documents.case.status_quo))
    many = counted(frame["respondent_id"].nunique(), "expert")
    say_line(
        f"{out}: answers {len(frame)} by {many}, which update a worldview and replace no prior; complete the blanks of "
        f"{map_out}, then: toc update {out} --map {map_out}"
    )
