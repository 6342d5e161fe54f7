"""The command ``toc claims``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from click.core import ParameterSource

from toc_model.documents import as_number, shipped_folder
from toc_model.errors import InputError, unknown
from toc_model.questions.options import (
    PATH,
    Chosen,
    allocations_option,
    json_option,
    takes_beliefs,
)


@click.command()
@click.argument("name", required=False)
@click.option("--deny", is_flag=True, help="Deny each claim (or the one) in turn: what the recommendation rests on.")
@click.option("--allocation", default="recommended", show_default=True, help="What to compare with the status quo.")
@allocations_option
@click.option("--top", type=click.IntRange(min=1), help="Show the claims that matter most; all by default.")
@click.option(
    "--pairs",
    type=(str, str),
    multiple=True,
    metavar="ID ID",
    help="Deny two claims together; 'all-top N' for all pairs of the N that matter most; may be repeated.",
)
@click.option("--out", type=PATH, help="Draw the denials that matter most to this file (.svg or .png).")
@takes_beliefs
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    name: str | None,
    deny: bool,
    allocation: str,
    allocations: Path | None,
    top: int | None,
    pairs: tuple[tuple[str, str], ...],
    out: Path | None,
    chosen: Chosen,
    as_json: bool,
) -> None:
    """The ledger of the essay's claims, or one (C28) or one of its contradictions (X05) by NAME."""
    from toc_model.beliefs.claims import fail_if_claims_differ, load_claims, load_contradictions
    from toc_model.essay.story import STORY
    from toc_model.questions.claims.words import claim_ledger, claim_page

    found = load_claims(chosen.priors)
    fail_if_claims_differ(STORY, found, str((chosen.priors or shipped_folder()) / "claims.toml"))
    if deny:
        deny_and_print(found, name, Denying(allocation, allocations, top, pairs, out), chosen, as_json)
        return
    fail_if_options_need_deny(ctx)
    if as_json:
        click.echo(
            json.dumps({"claims": [{"id": key, **claim.model_dump()} for key, claim in found.items()]}, indent=2)
        )
    else:
        contradictions = load_contradictions(chosen.priors)
        click.echo(claim_page(found, contradictions, name) if name else claim_ledger(found), nl=False)


ALL_TOP = "all-top"


WITHOUT_DENY = {"name", "deny", "priors", "as_json"}


@dataclass(frozen=True, slots=True)
class Denying:
    """What is to be denied, compared and written."""

    allocation: str
    allocations: Path | None
    top: int | None
    pairs: Sequence[tuple[str, str]]
    out: Path | None


def fail_if_options_need_deny(ctx: click.Context) -> None:
    """Fail if an option was given that says nothing without ``--deny``."""
    for option in ctx.command.params:
        name = option.name or ""
        if name not in WITHOUT_DENY and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise InputError(f"claims: {option.opts[0]} needs --deny")


def deny_and_print(
    claims: Mapping[str, "Claim"], name: str | None, wanted: Denying, chosen: Chosen, as_json: bool
) -> None:
    """Deny claims (one, if named), then print a table or JSON, and draw a figure if asked to."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.claims.denial_words import denial_text
    from toc_model.questions.claims.denials import deny, deny_pairs, top_pairs

    if wanted.out:
        fail_if_no_picture(wanted.out)
    kept = _kept(claims, name, wanted.pairs)
    allocations = load_allocations(wanted.allocations)
    levers = allocations.levers()
    beliefs = chosen.load()
    with progress_bar("denying claims") as progress:
        found = deny(beliefs, kept, levers, wanted.allocation, progress=progress)
    pairs = [
        pair
        for words in wanted.pairs
        for pair in (top_pairs(found, _count(words[1])) if words[0] == ALL_TOP else [words])
    ]
    found = deny_pairs(found, levers, pairs)
    if wanted.out:
        _draw(found, wanted.out)
    if as_json:
        about = beliefs.provenance(allocations=dict(allocations.digests))
        click.echo(json.dumps({**found.to_dict(wanted.top), "provenance": about}, indent=2))
    else:
        click.echo(denial_text(found, wanted.top), nl=False)


def _kept(claims: Mapping[str, "Claim"], name: str | None, pairs: Sequence[tuple[str, str]]) -> Mapping[str, "Claim"]:
    """All claims, or the named one and those of explicit pairs."""
    if name is None:
        return claims
    if name not in claims:
        raise InputError(unknown("claim", name, claims))
    wanted = {name, *(word for pair in pairs for word in pair)}
    return {key: claim for key, claim in claims.items() if key in wanted}


def _count(text: str) -> int:
    number = as_number(text)
    if not number.is_integer():
        raise InputError(f"--pairs {ALL_TOP}: found {text!r}; allowed: a whole number")
    return int(number)


def _draw(found: "Denials", out: Path) -> None:
    from toc_model.present.figures import save_figure
    from toc_model.questions.claims.figure import denial_figure

    save_figure(denial_figure(found), out)
