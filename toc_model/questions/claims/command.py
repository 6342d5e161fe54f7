"""The command ``toc claims``."""

from pathlib import Path

import click
from click.core import ParameterSource

from toc_model.beliefs.choice import Choice
from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.present.terminal import progress_bar
from toc_model.questions import claims as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    answer,
    json_option,
    picture_option,
    takes_beliefs,
)

ALL_TOP = "all-top"
WITHOUT_DENY = {"name", "deny", "priors", "as_json"}


@click.command()
@click.argument("name", required=False)
@click.option("--deny", is_flag=True, help="Deny each claim (or the one) in turn: what the proposal rests on.")
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
    allocation: str | None,
    allocations: Choice,
    top: int | None,
    pairs: tuple[tuple[str, str], ...],
    out: Path | None,
    chosen: Chosen,
    as_json: bool,
) -> None:
    """The ledger of claims, or one of them (or of the contradictions) in full by its NAME."""
    if not deny:
        fail_if_options_need_deny(ctx)
        answer(question.ledger(chosen.documents, name or ""), as_json=as_json)
        return
    beliefs = chosen.load()
    together = [_numbered(pair) for pair in pairs]
    named = [word for pair in together if not isinstance(pair, int) for word in pair]
    with progress_bar("denying claims") as progress:
        found = question.claims(
            beliefs,
            allocations_of(beliefs.documents, allocations),
            allocation=allocation,
            deny=[name, *named] if name else None,
            pairs=together,
            top=top,
            progress=progress,
        )
    answer(found, as_json=as_json, drawn_to=out)


def fail_if_options_need_deny(ctx: click.Context) -> None:
    """Fail if an option was given that says nothing without ``--deny``."""
    for option in ctx.command.params:
        name = option.name or ""
        if name not in WITHOUT_DENY and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
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
