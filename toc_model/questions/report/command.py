"""The command ``toc report``."""

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import click

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import DRAWS, default_first
from toc_model.beliefs.posterior import is_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.folders import fail_if_folder_taken, folder_beside
from toc_model.present.streams import say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import explore
from toc_model.questions import report as question
from toc_model.questions.asking import allocations_of, allocations_option, say_back, set_option
from toc_model.questions.explore import fail_if_no_page
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    as_called,
    as_of_option,
    chosen_case,
    delay_cost_option,
    override_option,
    posterior_option,
    priors_option,
    seed_option,
)
from toc_model.questions.outputs import out_option
from toc_model.questions.report.sections import fail_if_few_draws, fail_if_section_unknown
from toc_model.questions.working import takes_resume


@click.command()
@out_option("The file to write.", required=True)
@click.option(
    "--worldview",
    "worldviews",
    multiple=True,
    help="A name, a file or a mixture; may be repeated, the first is the main one.  [default: those of the case]",
)
@as_of_option
@posterior_option
@click.option("--sections", metavar="NAME,...", help="Make these sections alone, joined by commas.")
@click.option("--format", "form", type=click.Choice(list(question.FORMATS)), help="Default: as --out ends.")
@allocations_option
@allocation_option
@delay_cost_option
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
@seed_option
@priors_option
@set_option
@override_option
@click.option("--interactive", is_flag=True, help="Put a page to play with (toc explore) at the end of the report.")
@out_option(
    "Write a page to play with to this file (.html) too, and link to it.", "--explore", "page", fits=fail_if_no_page
)
@takes_resume
def report(
    out: Path,
    worldviews: tuple[str, ...],
    as_of: str | None,
    sections: str | None,
    form: str | None,
    allocations: Choice,
    allocation: str | None,
    delay_cost: float | None,
    draws: int,
    seed: int,
    priors: Path | None,
    sets: tuple[str, ...],
    overrides: tuple[str, ...],
    interactive: bool,
    page: Path | None,
) -> None:
    """One page with the answer, its uncertainty and grounds, that opens in any browser; a posterior comes first."""
    form = question.form_of(out, form)
    if interactive and form != "html":
        raise InputError(f"--interactive: found the format {form!r}; allowed: 'html'")
    if form == "md":
        fail_if_folder_taken(out)
    case = chosen_case()
    documents = Documents.of(case, priors, as_of)
    names = [name.strip() for name in sections.split(",")] if sections is not None else None
    fail_if_section_unknown(case, documents.claims(), names or ())
    posteriors = [name for name in worldviews if is_posterior(name)]
    if not posteriors:
        fail_if_few_draws(case, documents.claims(), names, draws)
    named = allocations_of(documents, allocations)
    chosen = Chosen(None, draws, seed, priors, overrides, as_of, sets)
    others = [name for name in worldviews if name not in posteriors]
    beliefs = [
        *(chosen.load_as(name) for name in posteriors),
        *([chosen.load_as(name) for name in others] if others else default_first(chosen.load())),
    ]
    first = replace(chosen, worldview=next(iter(worldviews), None))
    explored = _page(first, named) if interactive or page else None
    with progress_bar("writing the report") as progress:
        made = question.report(
            beliefs,
            named,
            allocation=allocation,
            sections=names,
            delay_cost=delay_cost,
            progress=progress,
            command=as_called(),
            page=explored if interactive else None,
            link=quote(os.path.relpath(page.resolve(), out.resolve().parent)) if page else "",
        )
    if page and explored:
        explored.save(page)
    made.save(out, form)
    say_back()
    for path in (out, *([page] if page else [])):
        say_line(f"{path}: {path.stat().st_size:,} bytes")
    if form == "md" and (pictures := sum(len(section.pictures) for section in made.sections)):
        say_line(f"{folder_beside(out)}: {pictures} pictures")


def _page(chosen: Chosen, allocations: Allocations) -> explore.Explored:
    """A page to play with, of as many draws as such pages have."""
    beliefs = replace(chosen, draws=explore.DRAWS).load()
    return explore.explore(beliefs, allocations, command=as_called(), prefix=as_called(before="report"))
