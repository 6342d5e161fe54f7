"""The command ``toc optimise``."""

from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.allocations import document
from toc_model.beliefs.choice import Choice
from toc_model.documents import as_number, fail_if_not_toml
from toc_model.engine.case import Case
from toc_model.files import write_text
from toc_model.present.terminal import progress_bar
from toc_model.present.words import lever_measure
from toc_model.questions import optimise as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    also_option,
    answer,
    chosen_case,
    delay_cost_option,
    json_option,
    takes_beliefs,
)
from toc_model.questions.outputs import out_option


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option(
    "--objective",
    type=click.Choice(["mean", "cvar", "worst", "regret"]),
    default="mean",
    show_default=True,
    help="Mean outcome, its worst draws, the worst worldview, or the largest regret over worldviews.",
)
@click.option("--level", type=click.FloatRange(0, 0.999), default=0.95, show_default=True, help="Of CVaR.")
@click.option(
    "--free",
    multiple=True,
    metavar="LEVERS",
    help="A variable that may change, or a group that adds up to one; all by default; may be repeated.",
)
@click.option(
    "--bound", "bounds", multiple=True, metavar="LEVER=LOW:HIGH", help="Least and largest value of a free variable."
)
@click.option(
    "--at-most-moved",
    type=float,
    metavar="AMOUNT",
    help="All levers without a sum together move by at most so much: points for fractions, else in their unit.",
)
@click.option(
    "--base",
    default=lambda: chosen_case().status_quo,
    show_default="the status quo",
    help="The allocation to improve.",
)
@click.option("--starts", type=click.IntRange(0, 200), default=4, show_default=True, help="Random starts.")
@delay_cost_option
@json_option
@out_option("Write the optimum as a document of allocations (.toml), for --allocations.", fits=fail_if_not_toml)
def optimise(
    chosen: Chosen,
    also: tuple[str, ...],
    allocations: Choice,
    objective: Any,
    level: float,
    free: tuple[str, ...],
    bounds: tuple[str, ...],
    at_most_moved: float | None,
    base: str,
    starts: int,
    delay_cost: float | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """The best allocation, all that is as good, and how much of the gain was the optimiser's curse."""
    named = allocations_of(chosen.documents, allocations)
    with progress_bar("optimising") as progress:
        found = question.optimise(
            chosen.load_all(also),
            named,
            kind=objective,
            level=level,
            free=free,
            bounds=dict(_bound(text) for text in bounds),
            at_most_moved=None if at_most_moved is None else at_most_moved / _factor(named.case),
            base=base,
            starts=starts,
            seed=chosen.seed,
            delay_cost=delay_cost,
            progress=progress,
        )
    if out:
        write_text(out, document({found.name: found.allocation()}))
    answer(found, as_json=as_json)


def _factor(case: Case) -> float:
    """What an amount that moves is multiplied by when it is told: 100 for fractions."""
    factors = {lever_measure(variable).factor for variable in case.story.variables if not variable.lever.sums_over}
    return factors.pop() if len(factors) == 1 else 1.0


def _bound(text: str) -> tuple[str, tuple[float, float]]:
    name, _, limits = text.partition("=")
    low, _, high = limits.partition(":")
    return name.strip(), (as_number(low), as_number(high))
