"""The commands ``toc survey ...``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.shipped import Documents
from toc_model.documents import fail_if_not_toml
from toc_model.engine.case import Case, Reader
from toc_model.present.streams import say, say_json, say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import survey as question
from toc_model.questions.asking import allocations_of, allocations_option, say_back, set_option
from toc_model.questions.keeping import keep
from toc_model.questions.options import PATH, answer, chosen_case, json_option, posterior_option, priors_option
from toc_model.questions.outputs import out_option
from toc_model.questions.survey.reading_words import reading as told
from toc_model.survey.documents.asked import conditions_in, levels_in, names_in, respondents_in
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_answers, read_files, write_long
from toc_model.survey.documents.skeleton import write_mapping
from toc_model.survey.documents.template import template as questions
from toc_model.survey.documents.template import write_template
from toc_model.survey.documents.usable import fail_if_nothing_counts, usable
from toc_model.survey.documents.wide import read_layout, read_wide
from toc_model.survey.documents.wide_template import write_wide
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.validation import fit as fits

if TYPE_CHECKING:
    import pandas as pd

map_option = click.option(
    "--map", "mapping", help="A mapping document: one of the folder's, by name, or the path of your own (.toml)."
)
WIDE = """A table with a row for each respondent, or a column, as Qualtrics, Google Forms, IDEA or SHELF write it.

The document of columns names those that hold answers, and those that say something about a row:

\b
headers = 1                             # 3 for Qualtrics
rows = { respondent = "Your name" }     # or question, group, framing, round, level, unit
[columns."How likely is it?"]
question = "how_likely"                 # as in the mapping
unit = "percent"                        # if it is another than the mapping's
[columns."How many? Your median"]
question = "how_many"
level = 0.5
"""


@click.group()
def survey() -> None:
    """Surveys of experts: reading their answers, checking them, and asking for more."""


# Import -------------------------------------------------------------------------------------------------------------


class Readers(click.Group):
    """A group with a command for each reader of the case, and those that are there for every case."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of readers, then the others."""
        return [*_readers(ctx), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a reader, or another one."""
        reader = _readers(ctx).get(cmd_name)
        return _reading(cmd_name, reader) if reader else super().get_command(ctx, cmd_name)


def _readers(ctx: click.Context) -> dict[str, Reader]:
    case = ctx.find_object(Case)
    return dict(case.readers) if case else {}


def _reading(name: str, reader: Reader) -> click.Command:
    @click.command(name, help=reader.statement)
    @click.argument("file", type=PATH)
    @map_option
    @priors_option
    @out_option("The file to write (CSV, the long format).", required=True)
    def read(file: Path, mapping: str | None, priors: Path | None, out: Path) -> None:
        documents = Documents.of(chosen_case(), priors)
        _save(reader.read(file, load_mapping(documents, mapping or reader.mapping)), out)

    return read


@survey.group(name="import", cls=Readers)
def import_() -> None:
    """Bring a file of answers into the long format."""


@import_.command()
@click.argument("files", type=PATH, nargs=-1, required=True)
@out_option("Write the answers of all files to this one (CSV).")
def long(files: tuple[Path, ...], out: Path | None) -> None:
    """Files that are in the long format already, such as filled-in templates: check them and join them."""
    frame = read_files(files)
    say(str(question.check(frame)), end="")
    if out:
        _save(frame, out)


@import_.command(help=WIDE)
@click.argument("file", type=PATH)
@click.option("--columns", "layout", type=PATH, required=True, help="A document that says what stands where (.toml).")
@click.option("--map", "mapping", required=True, help="The mapping document of the survey: a name, or a path (.toml).")
@priors_option
@out_option("The file to write (CSV, the long format).", required=True)
def wide(file: Path, layout: Path, mapping: str, priors: Path | None, out: Path) -> None:
    """A table with a row for each respondent, or a column."""
    frame, reading = read_wide(file, read_layout(layout), load_mapping(Documents.of(chosen_case(), priors), mapping))
    say_line(told(reading))
    _save(frame, out)


def _save(frame: "pd.DataFrame", out: Path) -> None:
    write_long(frame, out)
    left_out = len(frame) - len(usable(frame))
    say_line(
        f"{out}: answers {len(frame):,}, respondents {frame['respondent_id'].nunique():,}, questions "
        f"{frame['question_id'].nunique()}; that can't be used: {left_out:,}"
    )


# Template, check ----------------------------------------------------------------------------------------------------


@survey.command()
@click.option("--nodes", required=True, metavar="NAMES", help="Nodes or parameters, joined by commas.")
@out_option("The file to write (CSV), to send and fill in.", required=True)
@click.option("--source", default="survey", show_default=True, help="Identifier of the survey.")
@click.option(
    "--respondent",
    "names",
    multiple=True,
    help="Who is asked; left for them to fill in by default; may be repeated.",
)
@click.option("--experts", type=int, metavar="N", help="Ask so many: expert_1 to expert_N.")
@click.option(
    "--levels",
    metavar="LEVELS",
    help="Quantiles to ask for, in per cent, joined by commas: 5,50,95.  [default: 10,50,90]",
)
@click.option(
    "--under",
    "conditions",
    multiple=True,
    metavar="TEXT",
    help="Ask about nodes under 'allocation=NAME' or 'do(node)=value' ('' for the status quo); may be repeated.",
)
@click.option(
    "--under-each", metavar="NAMES", help="Ask about nodes under each of these allocations, joined by commas."
)
@allocations_option
@priors_option
@out_option(
    "Write a mapping document to complete, too, which explains all that it may state (.toml).",
    "--map-out",
    fits=fail_if_not_toml,
)
@out_option(
    "Write a row for each respondent, a column for each number, and to this file (.toml) the document of columns that "
    "'toc survey import wide' takes.",
    "--wide",
    metavar="COLUMNS",
    fits=fail_if_not_toml,
)
def template(
    nodes: str,
    out: Path,
    source: str,
    names: tuple[str, ...],
    experts: int | None,
    levels: str | None,
    conditions: tuple[str, ...],
    under_each: str | None,
    allocations: Choice,
    priors: Path | None,
    map_out: Path | None,
    wide: Path | None,
) -> None:
    """Questions for a new survey: wording, unit and bounds, a row for each number to fill in."""
    documents = Documents.of(chosen_case(), priors)
    frame = questions(
        documents,
        names_in(nodes),
        allocations=allocations_of(documents, allocations),
        source=source,
        respondents=respondents_in(experts, names),
        conditions=conditions_in(conditions, under_each),
        levels=() if levels is None else levels_in(levels),
    )
    say_back()
    if map_out:
        write_mapping(frame, map_out, documents.case.status_quo)
        say_line(f"{map_out}: complete its blanks before use")
    many = f"{out}: questions {frame['question_id'].nunique()}, numbers to fill in"
    if wide:
        write_wide(frame, out, wide)
        say_line(f"{wide}: for 'toc survey import wide --columns'")
        say_line(f"{many} {len(frame)}, a row for each respondent")
    else:
        write_template(frame, out)
        say_line(f"{many} under 'value' {len(frame)}")


@survey.command()
@click.argument("file", type=PATH)
@map_option
@allocations_option
@priors_option
@json_option
def check(file: Path, mapping: str | None, allocations: Choice, priors: Path | None, as_json: bool) -> None:
    """What each question of a file targets, who answered, and which answers are odd."""
    documents = Documents.of(chosen_case(), priors)
    frame, reading = read_answers(file)
    mapped = question.mapping_for(frame, documents, allocations_of(documents, allocations), mapping)
    converted = in_target_units(frame, documents, mapped)
    found = question.check(converted.frame, converted.mapping, reading=reading, changes=converted.changes)
    fail_if_nothing_counts(found.tallies, str(file))
    answer(found, as_json=as_json)


# Validate -----------------------------------------------------------------------------------------------------------


@survey.command()
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
    "--replications",
    type=click.IntRange(0, 10_000),
    default=0,
    show_default=True,
    help="Simulate and fit so many surveys to see how often the truth is found; 50 take about two minutes.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@json_option
def validate(files: tuple[Path, ...], pooled: bool, replications: int, as_json: bool, **options: Any) -> None:
    """Whether the observation model describes the answers: what is left out, rounding, heaping, recovery."""
    settings = Settings(seed=options["seed"], progress=sys.stderr.isatty())
    fit = _fresh(files, settings, **options)
    with progress_bar("Scoring") as progress:
        found = question.validate(fit, pooled=pooled, settings=settings, progress=progress)
    for problem in found.problems:
        say_line(f"not a good fit: {problem}", err=True)
    if not as_json:
        say(str(found), end="")
    recovered = None
    if replications:
        with progress_bar("Simulating surveys") as progress:
            recovered = question.recover(chosen_case(), fit.priors, replications, seed=settings.seed, progress=progress)
    figures = found.to_dict() | ({"recovery": recovered.to_dict()} if recovered else {})
    keep(lambda: figures)
    if as_json:
        say_json(figures)
    elif recovered:
        say(f"\n{recovered}", end="")


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
