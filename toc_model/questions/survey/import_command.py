"""The commands ``toc survey import ...``: bring files of answers into the long format."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case, Reader
from toc_model.present.streams import say_line
from toc_model.questions.looks import with_looks
from toc_model.questions.options import PATH, chosen_case, priors_option
from toc_model.questions.outputs import out_option
from toc_model.questions.saying import say_section
from toc_model.questions.survey.checking import check
from toc_model.questions.survey.options import map_option
from toc_model.questions.survey.reading_words import reading as told
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_files, write_long
from toc_model.survey.documents.usable import usable
from toc_model.survey.documents.wide import read_layout, read_wide

if TYPE_CHECKING:
    import pandas as pd

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


class Readers(click.Group):
    """A group with a command for each reader of the case, and those that are there for every case."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of readers, then the others."""
        return [*_readers(ctx), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a reader, or another one."""
        reader = _readers(ctx).get(cmd_name)
        return with_looks(_reading(cmd_name, reader)) if reader else super().get_command(ctx, cmd_name)


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


@click.group("import", cls=Readers)
def import_() -> None:
    """Bring a file of answers into the long format."""


@import_.command()
@click.argument("files", type=PATH, nargs=-1, required=True)
@out_option("Write the answers of all files to this one (CSV).")
def long(files: tuple[Path, ...], out: Path | None) -> None:
    """Files that are in the long format already, such as filled-in templates: check them and join them."""
    frame = read_files(files)
    say_section(check(frame).section())
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
