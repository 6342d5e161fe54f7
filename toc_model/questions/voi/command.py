"""``toc voi``: what to find out next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toc_model.errors import InputError, unknown
from toc_model.questions.options import PATH, Chosen, allocations_option, json_option, takes_beliefs

if TYPE_CHECKING:
    from toc_model.beliefs.allocations import Allocations
    from toc_model.beliefs.beliefs import Beliefs
    from toc_model.beliefs.claims import Claim
    from toc_model.survey.planning.plans import Plan

ASK_ABOUT = 3
"""Parameters that questions are planned about by default."""


@click.command()
@takes_beliefs
@allocations_option
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Choose between this allocation and the status quo; may be repeated.  [default: recommended; with "
    "--allocations, all]",
)
@click.option("--parameters", metavar="NAMES", help="Value these, joined by commas, or 'none'.  [default: all]")
@click.option("--claims", metavar="IDS", help="Value these claims, joined by commas, or 'none'.  [default: all]")
@click.option(
    "--survey",
    "surveys",
    multiple=True,
    metavar="MAPPING[:QUESTION]",
    help="Value the questions of this mapping document, or 'none'; may be repeated.  [default: all that ship, and one "
    "about each of the three most valuable parameters; with --ask, none]",
)
@click.option("--ask", multiple=True, metavar="NODE", help="Value asking about this node or parameter; repeatable.")
@click.option("--experts", default="10,100,1000", show_default=True, help="Numbers of respondents, joined by commas.")
@click.option("--bias-sd", type=float, help="Shared bias of all respondents, on the question's scale.")
@click.option("--spread", type=float, help="Standard deviation between respondents, on that scale.")
@click.option(
    "--fte-value",
    type=float,
    help="Micro-dooms that an FTE-year is worth elsewhere.  [default: of an average technical researcher]",
)
@click.option("--cost", type=float, help="FTE-years that asking one expert costs.")
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Parameters and claims to show.")
@json_option
@click.option("--out", type=PATH, help="Draw the values to this file (.svg or .png).")
def voi(
    chosen: Chosen,
    allocations: Path | None,
    only: tuple[str, ...],
    parameters: str | None,
    claims: str | None,
    surveys: tuple[str, ...],
    ask: tuple[str, ...],
    experts: str,
    bias_sd: float | None,
    spread: float | None,
    fte_value: float | None,
    cost: float | None,
    top: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """What to ask next: the value of knowing parameters, settling claims and asking experts."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.marginal.result import exchange_rate
    from toc_model.questions.voi.figure import voi_figure
    from toc_model.questions.voi.result import value_information
    from toc_model.questions.voi.words import voi_text

    if out:
        fail_if_no_picture(out)
    beliefs, every = chosen.load(), load_allocations(allocations)
    between = every if allocations and not only else every.only(list(only) or ["recommended"])
    with progress_bar("valuing information") as progress:
        result = value_information(
            beliefs,
            between,
            parameters=_names(parameters),
            claims=_claims(chosen, claims),
            plans=_plans(beliefs, every, surveys, ask, bias_sd, spread),
            experts=[_count(text) for text in _names(experts) or []],
            ask_about=0 if surveys or ask else ASK_ABOUT,
            fte_value=fte_value if fte_value is not None else exchange_rate(beliefs, every),
            cost=cost,
            progress=progress,
        )
    if out:
        save_figure(voi_figure(result, top), out)
    click.echo(json.dumps(result.to_dict(), indent=2) if as_json else voi_text(result, top), nl=as_json)


def _names(text: str | None) -> list[str] | None:
    """Names joined by commas; none at all for 'none'."""
    if text is None:
        return None
    return [] if text == "none" else [part.strip() for part in text.split(",") if part.strip()]


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"experts: found {text!r}; allowed: whole numbers from 1, joined by commas")
    return int(text)


def _claims(chosen: Chosen, text: str | None) -> dict[str, Claim]:
    """The claims of the ledger that the option names."""
    from toc_model.beliefs.claims import load_claims

    every = load_claims(chosen.priors)
    names = _names(text)
    for name in names or []:
        if name not in every:
            raise InputError(unknown("claim", name, every))
    return {name: claim for name, claim in every.items() if names is None or name in names}


def _plans(
    beliefs: Beliefs,
    every: Allocations,
    surveys: tuple[str, ...],
    ask: tuple[str, ...],
    bias_sd: float | None,
    spread: float | None,
) -> list[Plan]:
    """The questions that the options name; where they name none, those of all mapping documents that ship."""
    from toc_model.survey.planning.plans import ad_hoc_plan, plans_of, shipped_plans

    if not surveys and not ask:
        found = shipped_plans(beliefs, every)
    else:
        found = [plan for text in surveys if text != "none" for plan in plans_of(beliefs, every, text)]
    return [
        *(plan.with_bias(bias_sd, spread) for plan in found),
        *(ad_hoc_plan(beliefs, every, node, bias_sd).with_bias(None, spread) for node in ask),
    ]
