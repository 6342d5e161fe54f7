"""The command ``toc claims``."""

from collections.abc import Collection
from pathlib import Path

import click
from click.core import ParameterSource

from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.present.terminal import progress_bar
from toc_model.questions import claims as question
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    allocations_option,
    answer,
    json_option,
    picture_option,
    takes_beliefs,
)

ALL_TOP = "all-top"
WITHOUT_DENY = {"name", "deny", "check", "priors", "as_json"}
CHECKING = {"allocations", "worldview", "as_of", "draws", "seed", "posterior", "overrides"}
"""Options that ``--check`` takes besides those."""


@click.command()
@click.argument("name", required=False)
@click.option("--deny", is_flag=True, help="Deny each claim (or the one) in turn: what the proposal rests on.")
@click.option("--check", is_flag=True, help="Check each claim (or the one) against what the model does.")
@allocation_option
@allocations_option
@click.option("--top", type=click.IntRange(min=1), help="Show the claims that matter most; all by default.")
@click.option(
    "--pairs",
    type=(str, str),
    multiple=True,
    metavar="ID ID",
    help="Deny two claims together; 'all-top N' for all pairs of the N that matter most; may be repeated.",
)
@picture_option("the denials that matter most")
@takes_beliefs
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    name: str | None,
    deny: bool,
    check: bool,
    allocation: str | None,
    allocations: Path | None,
    top: int | None,
    pairs: tuple[tuple[str, str], ...],
    out: Path | None,
    chosen: Chosen,
    as_json: bool,
) -> None:
    """The ledger of claims, or one of them (or of the contradictions) in full by its NAME."""
    if check:
        fail_if_options_need_deny(ctx, WITHOUT_DENY | CHECKING)
        fail_if_both(deny=deny)
        answer(checked(chosen, allocations, name or ""), as_json=as_json)
        return
    if not deny:
        fail_if_options_need_deny(ctx, WITHOUT_DENY)
        answer(question.ledger(chosen.documents, name or ""), as_json=as_json)
        return
    beliefs = chosen.load()
    together = [_numbered(pair) for pair in pairs]
    named = [word for pair in together if not isinstance(pair, int) for word in pair]
    with progress_bar("denying claims") as progress:
        found = question.claims(
            beliefs,
            beliefs.documents.allocations(allocations),
            allocation=allocation,
            deny=[name, *named] if name else None,
            pairs=together,
            top=top,
            progress=progress,
        )
    answer(found, as_json=as_json, drawn_to=out)


def checked(chosen: Chosen, allocations: Path | None, name: str) -> question.Checks:
    """Check claims under the worldviews of which they are said, or under the one that was asked for."""
    under = [chosen.worldview or ""] if chosen.worldview or chosen.posterior else []
    with progress_bar("checking claims") as progress:
        return question.check(
            chosen.documents,
            lambda view: chosen.load_as(view or None),
            chosen.documents.allocations(allocations),
            one=name,
            under=under,
            progress=progress,
        )


def fail_if_both(*, deny: bool) -> None:
    """Fail if claims are to be checked and denied at once."""
    if deny:
        raise InputError("claims: found --check and --deny; allowed: one of them")


def fail_if_options_need_deny(ctx: click.Context, allowed: Collection[str]) -> None:
    """Fail if an option was given that says nothing without ``--deny``."""
    for option in ctx.command.params:
        name = option.name or ""
        if name not in allowed and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise InputError(f"claims: {option.opts[0]} needs --deny")


def _numbered(pair: tuple[str, str]) -> tuple[str, str] | int:
    """A pair as it stands, or the number behind ``all-top``."""
    first, second = pair
    if first != ALL_TOP:
        return pair
    number = as_number(second)
    if not number.is_integer():
        raise InputError(f"--pairs {ALL_TOP}: found {second!r}; allowed: a whole number")
    return int(number)
