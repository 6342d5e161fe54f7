"""The command ``toc survey template``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.shipped import Documents
from toc_model.documents import fail_if_not_toml
from toc_model.present.streams import say_line
from toc_model.questions.asking import allocations_of, allocations_option, say_back
from toc_model.questions.options import chosen_case, priors_option
from toc_model.questions.outputs import out_option
from toc_model.survey.documents.asked import conditions_in, levels_in, names_in, respondents_in
from toc_model.survey.documents.skeleton import write_mapping
from toc_model.survey.documents.template import template as questions
from toc_model.survey.documents.template import write_template
from toc_model.survey.documents.wide_template import write_wide


@click.command()
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
