"""The command ``toc claims``."""

from collections.abc import Mapping
from pathlib import Path

import click
from click.core import ParameterSource

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import default_first
from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.terminal import progress_bar
from toc_model.questions import claims as question
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import (
    Chosen,
    allocation_option,
    also_option,
    answer,
    json_option,
    picture_option,
    takes_beliefs,
)

ALL_TOP, ALL = "all-top", "all"
ALWAYS = {"name", "deny", "grant", "check", "priors", "as_json", "save"}
NEEDS = {
    "top": ("--deny",),
    "pairs": ("--deny",),
    "also": ("--grant",),
    "allocation": ("--deny", "--grant"),
    "out": ("--deny", "--grant"),
}
"""What options need to say something; all others that do not always say something take any of the three."""


@click.command()
@click.argument("name", required=False)
@click.option("--deny", is_flag=True, help="Deny each claim (or the one) in turn: what the proposal rests on.")
@click.option(
    "--grant",
    is_flag=False,
    flag_value=ALL,
    metavar="[ID,...]",
    help="Grant objections: each (or those named) alone, and all of these together.",
)
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
@picture_option("the denials that matter most, or the grants,")
@takes_beliefs
@also_option
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    name: str | None,
    deny: bool,
    grant: str | None,
    check: bool,
    allocation: str | None,
    allocations: Choice,
    top: int | None,
    pairs: tuple[tuple[str, str], ...],
    out: Path | None,
    chosen: Chosen,
    also: tuple[str, ...],
    as_json: bool,
) -> None:
    """The ledger of claims, or one of them (or of the contradictions) in full by its NAME."""
    fail_if_options_say_nothing(ctx, {"--deny": deny, "--grant": grant is not None, "--check": check})
    found: Result
    if deny:
        found = denied(chosen, name, pairs, allocation=allocation, allocations=allocations, top=top)
    elif check:
        found = checked(chosen, allocations, name or "")
    elif grant is not None:
        found = granted(chosen, named_in(name, grant), also, allocation=allocation, allocations=allocations)
    else:
        found = question.ledger(chosen.documents, name or "")
    answer(found, as_json=as_json, drawn_to=out)


def denied(
    chosen: Chosen,
    name: str | None,
    pairs: tuple[tuple[str, str], ...],
    *,
    allocation: str | None,
    allocations: Choice,
    top: int | None,
) -> question.Denials:
    """Deny each claim, or one and those of the pairs."""
    beliefs = chosen.load()
    together = [_numbered(pair) for pair in pairs]
    named = [word for pair in together if not isinstance(pair, int) for word in pair]
    with progress_bar("denying claims") as progress:
        return question.claims(
            beliefs,
            allocations_of(beliefs.documents, allocations),
            allocation=allocation,
            deny=[name, *named] if name else None,
            pairs=together,
            top=top,
            progress=progress,
        )


def granted(
    chosen: Chosen,
    objections: list[str] | None,
    also: tuple[str, ...],
    *,
    allocation: str | None,
    allocations: Choice,
) -> question.Grants:
    """Grant objections under the worldview that was asked for, others by name, and those of the case with a density."""
    beliefs = chosen.load_all(also)
    names = [one.worldview for one in beliefs]
    beliefs += [one for one in default_first(beliefs[0], camps=False) if one.worldview not in names]
    with progress_bar("granting objections") as progress:
        return question.grant(
            beliefs,
            allocations_of(beliefs[0].documents, allocations),
            allocation=allocation,
            objections=objections,
            progress=progress,
        )


def checked(chosen: Chosen, allocations: Choice, name: str) -> question.Checks:
    """Check claims under the worldviews of which they are said, or under the one that was asked for."""
    under = [chosen.worldview or ""] if chosen.worldview else []
    with progress_bar("checking claims") as progress:
        return question.check(
            chosen.documents,
            lambda view: chosen.load_as(view or None),
            allocations_of(chosen.documents, allocations),
            one=name,
            under=under,
            progress=progress,
        )


def named_in(name: str | None, grant: str) -> list[str] | None:
    """Objections that the argument and the option name; None for all."""
    named = [] if grant == ALL else [word.strip() for word in grant.split(",")]
    return [*([name] if name else []), *named] or None


def fail_if_options_say_nothing(ctx: click.Context, chosen: Mapping[str, bool]) -> None:
    """Fail if two of what can be asked were, or an option was given that says nothing beside the others."""
    asked = [option for option, given in chosen.items() if given]
    if len(asked) > 1:
        raise InputError(f"claims: found {' and '.join(asked)}; allowed: one of them")
    for option in ctx.command.params:
        name = option.name or ""
        needs = NEEDS.get(name, tuple(chosen))
        if name in ALWAYS or ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if not any(chosen[one] for one in needs):
            raise InputError(f"claims: {option.opts[0]} needs {' or '.join(needs)}")


def _numbered(pair: tuple[str, str]) -> tuple[str, str] | int:
    """A pair as it stands, or the number behind ``all-top``."""
    first, second = pair
    if first != ALL_TOP:
        return pair
    number = as_number(second)
    if not number.is_integer():
        raise InputError(f"--pairs {ALL_TOP}: found {second!r}; allowed: a whole number")
    return int(number)
