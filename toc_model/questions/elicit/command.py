"""The commands ``toc elicit ...``."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.distributions import FAMILIES
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number, fail_if_not_toml
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present.streams import say_line
from toc_model.present.words import counted
from toc_model.questions.elicit.changed import changed
from toc_model.questions.elicit.fits import Fits, fit_panel
from toc_model.questions.elicit.opened import Opened, opened, today
from toc_model.questions.elicit.panels import documents_before, most_valuable, save_new, save_sheets, take
from toc_model.questions.elicit.pools import pool_panel
from toc_model.questions.options import PATH, Chosen, answer, chosen_case, json_option, priors_option, takes_beliefs
from toc_model.questions.outputs import out_option
from toc_model.survey.documents.asked import levels_in, names_in, respondents_in
from toc_model.survey.documents.schema import write_long
from toc_model.survey.panel.answers import answers_of, mapping_of
from toc_model.survey.panel.fitted import CHOICES
from toc_model.survey.panel.making import new_panel, read_seeds
from toc_model.survey.panel.panel import ROUNDS
from toc_model.survey.panel.pooled import EQUAL, EVENT_METHODS, METHODS, WEIGHTINGS
from toc_model.survey.panel.sheets import SHEETS

MOST_BINS = 100

panel_argument = click.argument("panel", type=PATH)
round_option = click.option(
    "--round", "round_", default="", metavar="ROUND", help="Answers up to this round.  [default: the last]"
)


@click.group()
def elicit() -> None:
    """A panel of experts: from a question to a changed prior.

    new writes questions and sheets, read takes them back, fit and feedback show what was said, pool makes one
    distribution of it, and worldview puts that in the place of a prior; answers are for an update instead.
    """


def _pairs(_context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE, each name once."""
    found: dict[str, str] = {}
    for text in (part.strip() for one in texts for part in one.split(",")):
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value) or name in found:
            raise InputError(f"{option.opts[0]}: found {text!r}; allowed: NAME=VALUE, each name once")
        found[name] = value
    return found


def family_option(names: Any) -> Callable[[Any], Any]:
    """Add the option that names families by question."""
    return click.option(
        "--family",
        "families",
        multiple=True,
        callback=_pairs,
        metavar="QUESTION=FAMILY",
        help=f"Take this family for a question, one of {', '.join(names)}; may be repeated.  [default: what fits best]",
    )


@elicit.command("new")
@takes_beliefs
@click.option("--parameters", metavar="NAMES", help="Ask for the distributions of these, joined by commas.")
@click.option("--top", type=int, metavar="N", help="Ask for those N that are worth most to know (see toc voi).")
@click.option("--nodes", metavar="NAMES", help="Ask about these nodes too, for an update.")
@click.option("--levels", metavar="LEVELS", default="5,50,95", show_default=True, help="Quantiles, in per cent.")
@click.option("--experts", default="1", show_default=True, metavar="N", help="How many, or names joined by commas.")
@click.option("--rounds", default=",".join(ROUNDS), show_default=True, metavar="NAMES", help="In their order.")
@click.option("--seeds", type=PATH, help="Questions with answers that are known: question, wording, unit, truth (CSV).")
@click.option("--pairs", metavar="A:B", help="Ask how these parameters go together, joined by commas.")
@click.option(
    "--chips",
    multiple=True,
    callback=_pairs,
    metavar="QUESTION=LOW:HIGH:BINS",
    help="Ask for chips in so many bins instead of quantiles; may be repeated.",
)
@click.option("--name", default="", help="Of the panel.  [default: the name of its folder]")
@click.option("--population", default="", help="Who the experts are and how they were chosen.")
@click.option("--out", type=PATH, required=True, help="The folder to make.")
def new(
    chosen: Chosen,
    parameters: str | None,
    top: int | None,
    nodes: str | None,
    levels: str,
    experts: str,
    rounds: str,
    seeds: Path | None,
    pairs: str | None,
    chips: dict[str, str],
    name: str,
    population: str,
    out: Path,
) -> None:
    """Write a panel: questions in the parameters' own wording, and a sheet for each expert and round."""
    documents, worldview = documents_before(chosen.documents, chosen.worldview, is_dated=chosen.as_of is not None)
    asked = _asked(chosen, parameters, top, nodes)
    panel = new_panel(
        documents,
        asked,
        documents.priors(worldview),
        name=name or out.resolve().name,
        levels=levels_in(levels),
        experts=_experts(experts),
        rounds=names_in(rounds, "rounds", "names of rounds"),
        seeds=read_seeds(seeds) if seeds else (),
        pairs=_paired(pairs),
        bins={name: _edges(name, text) for name, text in chips.items()},
        population=population,
        made=today(),
    )
    sheets = save_new(panel, out)
    made = ((panel.asked, "question"), (panel.seeds, "seed"), (panel.experts, "expert"), (sheets, "sheet"))
    told = ", ".join(counted(len(things), noun) for things, noun in made)
    say_line(f"{out}: {told}; send what is in {out / SHEETS}, then: toc elicit read {out}")
    for warning in panel.warnings:
        say_line(f"warning: {warning}")


def _paired(text: str | None) -> list[tuple[str, str]]:
    found = []
    for part in names_in(text, "pairs", "pairs such as A:B") if text is not None else ():
        first, colon, second = (name.strip() for name in part.partition(":"))
        if not (first and colon and second) or first == second or ":" in second:
            raise InputError(f"--pairs: found {part!r}; allowed: two parameters, A:B")
        found.append((first, second))
    return found


def _edges(name: str, text: str) -> list[float]:
    parts = text.split(":")
    low, high, bins = (as_number(part) for part in parts) if len(parts) == 3 else (0.0, 0.0, 0.0)
    if not (low < high and 2 <= bins <= MOST_BINS and bins.is_integer() and math.isfinite(high - low)):
        raise InputError(f"--chips: {name}: found {text!r}; allowed: LOW:HIGH:BINS, such as 0:1:10")
    return [low + (high - low) * k / bins for k in range(int(bins) + 1)]


def _asked(chosen: Chosen, parameters: str | None, top: int | None, nodes: str | None) -> list[str]:
    if (parameters is None) == (top is None) and (top is not None or nodes is None):
        raise InputError("found both --parameters and --top, or neither; allowed: one of them, or --nodes")
    named = names_in(parameters, "parameters", "names of parameters") if parameters is not None else []
    valued = most_valuable(chosen.load_one_prior(), top) if top is not None else []
    return [*named, *valued, *(names_in(nodes) if nodes is not None else [])]


def _experts(text: str) -> tuple[str, ...]:
    number = as_number(text)
    if number == number:  # noqa: PLR0124 (a number)
        return respondents_in(int(number) if text.strip().isdecimal() else 0, ())
    return tuple(names_in(text, "experts", "a number, or names"))


@elicit.command("sheets")
@panel_argument
@priors_option
def sheets(panel: Path, priors: Path | None) -> None:
    """Write the sheets once more, after you changed panel.toml and before anybody has answered."""
    found = opened(chosen_case(), panel, priors)
    say_line(f"{found.folder / SHEETS}: {counted(len(save_sheets(found)), 'sheet')} written")


@elicit.command("read")
@panel_argument
@click.argument("files", type=PATH, nargs=-1)
@click.option(
    "--replace", "replacing", is_flag=True, help="Other answers of the same round take the place of those kept."
)
@priors_option
def read(panel: Path, files: tuple[Path, ...], replacing: bool, priors: Path | None) -> None:
    """Take sheets back: all in the PANEL's folder, or these FILES. Every round is kept."""
    found = opened(chosen_case(), panel, priors)
    taken = take(found, files, replacing=replacing)
    added = taken.added
    replaced = f", in place of others {added.replaced}" if added.replaced else ""
    blank = f"; not filled in: {counted(len(taken.blank), 'sheet')}" if taken.blank else ""
    say_line(
        f"{found.folder}: answers that are new {added.added}{replaced}, there already {added.known}, from "
        f"{counted(len(taken.files), 'sheet')}{blank}; next: toc elicit fit {panel}"
    )
    for problem in taken.problems:
        say_line(f"recorded as incoherent: {problem}")


def _fits(panel: Opened, round_: str, families: dict[str, str]) -> Fits:
    return fit_panel(panel, round_, families)


@elicit.command("fit")
@panel_argument
@round_option
@family_option(CHOICES)
@priors_option
@json_option
def fit(panel: Path, round_: str, families: dict[str, str], priors: Path | None, as_json: bool) -> None:
    """A distribution for each expert and question, how well it fits, and what it implies."""
    answer(_fits(opened(chosen_case(), panel, priors), round_, families), as_json=as_json)


@elicit.command("pool")
@panel_argument
@round_option
@family_option(CHOICES)
@click.option(
    "--method",
    default="",
    type=click.Choice(["", *dict.fromkeys((*METHODS, *EVENT_METHODS))]),
    metavar="METHOD",
    help=f"For quantities {', '.join(METHODS)}; for events {', '.join(EVENT_METHODS)}.  "
    "[default: linear, and geometric_odds for events]",
)
@click.option(
    "--weighting",
    default=EQUAL,
    type=click.Choice(WEIGHTINGS),
    show_default=True,
    help="Alike, or by scores on seeds (see weights).",
)
@click.option(
    "--weights", multiple=True, callback=_pairs, metavar="EXPERT=NUMBER", help="Of your own, for all; joined by commas."
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
    fits = _fits(opened(chosen_case(), panel, priors), round_, families)
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


@elicit.command("worldview")
@click.argument("pool", type=PATH)
@click.option("--questions", metavar="NAMES", help="Those to replace, joined by commas.  [default: all of parameters]")
@family_option(FAMILIES)
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
    documents = Documents.of(chosen_case(), priors)
    names = names_in(questions, "questions", "names of questions") if questions is not None else []
    found = changed(documents, pool, questions=names, families=families, based_on=based_on)
    found.save(out)
    answer(found, as_json=as_json)


@elicit.command("answers")
@panel_argument
@round_option
@out_option("The answers to write (CSV, the long format).", required=True)
@out_option("The mapping document to write, to complete (.toml).", "--map-out", fits=fail_if_not_toml, required=True)
@priors_option
def answers(panel: Path, round_: str, out: Path, map_out: Path, priors: Path | None) -> None:
    """Write what was said as answers of a survey, whose respondents may be wrong together, for toc update."""
    found = opened(chosen_case(), panel, priors)
    frame = answers_of(found.panel, found.latest(round_))
    write_long(frame, out)
    write_text(map_out, mapping_of(found.panel, frame, found.documents.case.status_quo))
    many = counted(frame["respondent_id"].nunique(), "expert")
    say_line(
        f"{out}: answers {len(frame)} by {many}, which update a worldview and replace no prior; complete the blanks of "
        f"{map_out}, then: toc update {out} --map {map_out}"
    )
