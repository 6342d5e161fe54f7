"""The command ``toc voi``."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.choice import Choice
from toc_model.beliefs.claims import Claim
from toc_model.documents import as_number
from toc_model.errors import InputError, unknown
from toc_model.present.terminal import progress_bar
from toc_model.questions import voi as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    also_option,
    answer,
    figure_option,
    json_option,
    takes_beliefs,
)
from toc_model.questions.voi.several import Wanted, voi_of_several
from toc_model.questions.voi.words import TOP
from toc_model.questions.working import takes_workers
from toc_model.survey.planning.plans import Plan, ad_hoc_plan, plans_of, shipped_plans


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option("--parameters", metavar="NAMES", help="Value these, joined by commas, or 'none'.  [default: all]")
@click.option("--claims", metavar="IDS", help="Value these claims, joined by commas, or 'none'.  [default: all]")
@click.option(
    "--survey",
    "surveys",
    multiple=True,
    metavar="MAPPING[:QUESTION]",
    help="Value the questions of this mapping document, or 'none'; may be repeated.  [default: those of all mapping "
    "documents, and one about each of the three most valuable parameters; with --ask, none]",
)
@click.option("--ask", multiple=True, metavar="NODE", help="Value asking about this node or parameter; repeatable.")
@click.option(
    "--experts",
    default=",".join(map(str, question.EXPERTS)),
    show_default=True,
    help="Numbers of respondents, joined by commas.",
)
@click.option("--bias-sd", type=float, help="Shared bias of all respondents, on the question's scale.")
@click.option("--spread", type=float, help="Standard deviation between respondents, on that scale.")
@click.option(
    "--worth",
    type=float,
    help="Small amounts of the outcome that a unit of cost is worth elsewhere.  [default: as the case says]",
)
@click.option("--fte-value", "worth", type=float, hidden=True)
@click.option("--cost", type=float, help="Units of cost that asking one expert takes.")
@click.option("--top", type=click.IntRange(1), default=TOP, show_default=True, help="Parameters and claims to show.")
@json_option
@figure_option
@takes_workers
def voi(
    chosen: Chosen,
    also: tuple[str, ...],
    allocations: Choice,
    parameters: str | None,
    claims: str | None,
    surveys: tuple[str, ...],
    ask: tuple[str, ...],
    experts: str,
    bias_sd: float | None,
    spread: float | None,
    worth: float | None,
    cost: float | None,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """What to ask next: the value of knowing parameters, settling claims and asking experts.

    The choice is between the status quo and the proposal, or all allocations of your own, or those of --only.
    """
    held = chosen.load_all(also)
    every = allocations_of(held[0].documents, replace(allocations, only=()))
    plans = [_plans(beliefs, every, surveys, ask, bias_sd, spread) for beliefs in held]
    wanted: Wanted = {
        "between": [*every.meant, *(allocations.only or every.own)] or None,
        "parameters": _names(parameters),
        "claims": _claims(held[0], claims),
        "experts": [_count(text) for text in _names(experts) or []],
        "ask_about": 0 if surveys or ask else question.ASK_ABOUT,
        "worth": worth,
        "cost": cost,
    }
    with progress_bar("valuing information") as progress:
        found = (
            voi_of_several(held, every, plans=plans, progress=progress, **wanted)
            if also
            else question.voi(held[0], every, plans=plans[0], progress=progress, **wanted)
        )
    answer(found, as_json=as_json, drawn_to=out, top=top)


def _names(text: str | None) -> list[str] | None:
    """Names joined by commas; none at all for 'none'."""
    if text is None:
        return None
    return [] if text == "none" else [part.strip() for part in text.split(",") if part.strip()]


def _count(text: str) -> int:
    number = as_number(text)
    if not text.isdecimal() or not 1 <= number < math.inf:
        raise InputError(f"experts: found {text!r}; allowed: whole numbers from 1, joined by commas")
    return int(number)


def _claims(beliefs: Beliefs, text: str | None) -> dict[str, Claim]:
    """The claims of the ledger that the option names."""
    every = beliefs.documents.claims()
    names = _names(text)
    for name in names or []:
        if name not in every:
            raise InputError(unknown("claim", name, every))
    return {name: claim for name, claim in every.items() if names is None or name in names}


def _plans(
    beliefs: Beliefs,
    every: Allocations,
    surveys: Sequence[str],
    ask: Sequence[str],
    bias_sd: float | None,
    spread: float | None,
) -> list[Plan]:
    """The questions that the options name; where they name none, those of all mapping documents."""
    if not surveys and not ask:
        found = shipped_plans(beliefs, every)
    else:
        found = [plan for text in surveys if text != "none" for plan in plans_of(beliefs, every, text)]
    return [
        *(plan.with_bias(bias_sd, spread) for plan in found),
        *(ad_hoc_plan(beliefs, every, node, bias_sd).with_bias(None, spread) for node in ask),
    ]
