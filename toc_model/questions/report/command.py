"""The command ``toc report``."""

import shlex
import sys
from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import DRAWS, default_first
from toc_model.beliefs.posterior import is_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.present.streams import say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import report as question
from toc_model.questions.asking import allocations_of, allocations_option, say_back, set_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
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
) -> None:
    """One page with the answer, its uncertainty and grounds, that opens in any browser; a posterior comes first."""
    form = question.form_of(out, form)
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
    with progress_bar("writing the report") as progress:
        made = question.report(
            beliefs,
            named,
            allocation=allocation,
            sections=names,
            delay_cost=delay_cost,
            progress=progress,
            command=shlex.join(["toc", *sys.argv[1:]]),
        )
    made.save(out, form)
    say_back()
    say_line(f"{out}: {out.stat().st_size:,} bytes")
