"""The commands ``toc elicit new``, ``sheets`` and ``read``."""

import math
from pathlib import Path

import click

from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.present.streams import say_line
from toc_model.present.words import counted
from toc_model.questions.elicit.opened import opened, today
from toc_model.questions.elicit.options import named_values, panel_argument
from toc_model.questions.elicit.panels import How, Taken, documents_before, most_valuable, save_new, save_sheets, take
from toc_model.questions.options import PATH, Chosen, chosen_case, priors_option, takes_beliefs
from toc_model.survey.documents.asked import levels_in, names_in, respondents_in
from toc_model.survey.documents.wide import read_layout
from toc_model.survey.panel.formats import FORMATS
from toc_model.survey.panel.formats.excalibur import read_panel_of
from toc_model.survey.panel.making import new_panel, read_seeds
from toc_model.survey.panel.panel import ROUNDS
from toc_model.survey.panel.sheets import SHEETS

MOST_BINS = 100


@click.command("new")
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
    callback=named_values,
    metavar="QUESTION=LOW:HIGH:BINS",
    help="Ask for chips in so many bins instead of quantiles; may be repeated.",
)
@click.option("--excalibur", "study", type=PATH, help="Make it of an old study instead (.dtt, with .rls beside it).")
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
    study: Path | None,
    name: str,
    population: str,
    out: Path,
) -> None:
    """Write a panel: questions in the parameters' own wording, and a sheet for each expert and round."""
    documents, worldview = documents_before(chosen.documents, chosen.worldview, is_dated=chosen.as_of is not None)
    if study:
        _from_study(study, out, documents, worldview, name, population)
        return
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


def _from_study(study: Path, out: Path, documents: Documents, worldview: str, name: str, population: str) -> None:
    """Make a panel of an old study, and read its answers at once."""
    case = documents.case
    panel = read_panel_of(study, case=case.name, worldview=worldview, made=today(), name=name, population=population)
    save_new(panel, out, with_sheets=False)
    _say_taken(out, take(opened(case, out, documents.folder), [study], How("excalibur", panel.rounds[0])))


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


@click.command("sheets")
@panel_argument
@priors_option
def sheets(panel: Path, priors: Path | None) -> None:
    """Write the sheets once more, after you changed panel.toml and before anybody has answered."""
    found = opened(chosen_case(), panel, priors)
    say_line(f"{found.folder / SHEETS}: {counted(len(save_sheets(found)), 'sheet')} written")


def _formats() -> str:
    return "; ".join(f"{one.name}: {one.about}" for one in FORMATS.values())


@click.command("read")
@panel_argument
@click.argument("files", type=PATH, nargs=-1)
@click.option("--format", "form", default="", metavar="NAME", help=f"{_formats()}.  [default: by the ending, or sheet]")
@click.option("--round", "round_", default="", metavar="ROUND", help="In which it was said, where files don't say it.")
@click.option("--question", default="", metavar="NAME", help="What a file is about, for shelf.")
@click.option("--columns", "layout", type=PATH, help="The document of columns of a table of yours (.toml), for wide.")
@click.option("--replace", "replacing", is_flag=True, help="Other answers of a round take the place of those kept.")
@priors_option
def read(
    panel: Path,
    files: tuple[Path, ...],
    form: str,
    round_: str,
    question: str,
    layout: Path | None,
    replacing: bool,
    priors: Path | None,
) -> None:
    """Take sheets back: all in the PANEL's folder, or these FILES, of other tools too. Every round is kept."""
    found = opened(chosen_case(), panel, priors)
    columns = read_layout(layout) if layout else None
    how = How("wide" if columns and not form else form, round_, question, columns)
    _say_taken(panel, take(found, files, how, replacing=replacing))


def _say_taken(panel: Path, taken: Taken) -> None:
    added = taken.added
    replaced = f", in place of others {added.replaced}" if added.replaced else ""
    blank = f"; not filled in: {counted(len(taken.blank), 'sheet')}" if taken.blank else ""
    say_line(
        f"{panel}: answers that are new {added.added}{replaced}, there already {added.known}, from "
        f"{counted(len(taken.files), 'sheet')}{blank}; next: toc elicit fit {panel}"
    )
    for problem in taken.problems:
        say_line(f"recorded as incoherent: {problem}")
