"""The command ``toc explore``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.present.streams import say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import explore as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import Chosen, as_called, as_of_option, priors_option, seed_option, worldview_option
from toc_model.questions.outputs import out_option


@click.command()
@out_option("The file to write (.html).", required=True, fits=question.fail_if_no_page)
@worldview_option
@as_of_option
@click.option("--draws", type=int, default=question.DRAWS, show_default=True, help="Draws that the page carries.")
@seed_option
@priors_option
@allocations_option
@click.option("--to", metavar="NAME", show_default="the proposal", help="The allocation that the page opens with.")
def explore(
    out: Path,
    worldview: str | None,
    as_of: str | None,
    draws: int,
    seed: int,
    priors: Path | None,
    allocations: Choice,
    to: str | None,
) -> None:
    """A page to play with: who does what, what to believe, and at once what follows.

    One file that opens in any browser and fetches nothing. What is set there is given back as a toc run command, and as
    documents.
    """
    beliefs = Chosen(worldview, draws, seed, priors, (), as_of, ()).load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar("making the page") as progress:
        made = question.explore(
            beliefs,
            named,
            to=to,
            command=as_called(),
            prefix=as_called(before="explore"),
            progress=progress,
        )
    made.save(out)
    say_line(f"{out}: {out.stat().st_size:,} bytes")
