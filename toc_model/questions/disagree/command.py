"""``toc disagree``: why two worldviews come to different results."""

import json
from pathlib import Path

import click

from toc_model.questions.options import (
    PATH,
    Chosen,
    allocations_option,
    json_option,
    override_option,
    priors_option,
    seed_option,
)

DRAWS = 1000
"""Fewer than elsewhere: a thousand hybrids of the two worldviews are evaluated on all of them."""


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--allocation", default="recommended", show_default=True, help="What to compare with the status quo.")
@allocations_option
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
@seed_option
@priors_option
@override_option
@click.option("--exact", is_flag=True, help="Evaluate all sets of a chapter's parameters, not drawn orders; slow.")
@click.option(
    "--experts", type=int, default=100, show_default=True, help="Respondents of the surveys that might be made."
)
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Cruxes to show.")
@json_option
@click.option("--out", type=PATH, help="Draw what chapters and cruxes add to this file (.svg or .png).")
def disagree(
    first: str,
    second: str,
    allocation: str,
    allocations: Path | None,
    draws: int,
    seed: int,
    priors: Path | None,
    overrides: tuple[str, ...],
    exact: bool,
    experts: int,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Why two worldviews differ in P(doom) and in an allocation's change of it: chapters, cruxes and what to ask.

    FIRST and SECOND are names of worldviews, or their files.
    """
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.disagree import result as disagreement
    from toc_model.questions.disagree.agreement import what_to_ask
    from toc_model.questions.disagree.agreement_words import agreement_text
    from toc_model.questions.disagree.figure import disagree_figure
    from toc_model.questions.disagree.words import disagree_text
    from toc_model.survey.documents.mapping import questions_about
    from toc_model.survey.planning.planned import fail_if_no_survey

    fail_if_no_survey([experts])
    if out:
        fail_if_no_picture(out)
    named = load_allocations(allocations)
    chosen = Chosen(first, draws, seed, priors, None, overrides)
    one, other = chosen.load(), chosen.load_as(second)
    with progress_bar("swapping beliefs") as progress:
        found = disagreement.disagree(one, other, named.levers(), allocation, exact=exact, progress=progress)
    with progress_bar("asking experts") as progress:
        asked = what_to_ask(found, named, experts, progress=progress)
    if out:
        save_figure(disagree_figure(found), out)
    surveys = questions_about([crux.parameter for crux in found.cruxes], priors)
    if as_json:
        about = [beliefs.provenance(allocations=dict(named.digests)) for beliefs in (one, other)]
        questions = {"experts": experts, "questions": [each.to_dict() for each in asked]}
        figures = {**found.to_dict(), "surveys": surveys, "what_to_ask": questions, "provenance": about}
        click.echo(json.dumps(figures, indent=2))
    else:
        click.echo(disagree_text(found, surveys, top, agreement_text(found, asked, experts)), nl=False)
