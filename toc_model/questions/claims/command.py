"""``toc claims --deny``: what the recommendation rests on, claim by claim."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from toc_model.documents import as_number
from toc_model.errors import InputError, unknown
from toc_model.questions.options import Chosen

if TYPE_CHECKING:
    from toc_model.beliefs.claims import Claim
    from toc_model.questions.claims.denials import Denials

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
