"""The command ``toc elicit weights``."""

from pathlib import Path

import click

from toc_model.questions.elicit import weights as question
from toc_model.questions.elicit.opened import opened
from toc_model.questions.options import PATH, answer, chosen_case, figure_option, json_option, priors_option


@click.command()
@click.argument("panel", type=PATH)
@click.option(
    "--round",
    "round_",
    default="",
    metavar="NAME",
    show_default="the last before a consensus",
    help="Score the last answers of each expert up to this round.",
)
@click.option(
    "--kind",
    type=click.Choice(question.KINDS),
    default=question.GLOBAL,
    show_default=True,
    help="Whose weights are told: by calibration and mean information, by calibration and the information of each "
    "question, or alike.",
)
@click.option(
    "--cutoff",
    type=float,
    metavar="X",
    show_default="the best",
    help="The least calibration of experts who count; 0 for all.",
)
@priors_option
@figure_option
@json_option
def weights(
    panel: Path, round_: str, kind: str, cutoff: float | None, priors: Path | None, out: Path | None, as_json: bool
) -> None:
    """What each expert counts for, by what they said of questions whose answers are known (Cooke's classical model)."""
    found = opened(chosen_case(), panel, priors)
    told = question.weights(found.panel, found.records, round_=round_, kind=kind, cutoff=cutoff)
    answer(told, as_json=as_json, drawn_to=out)
