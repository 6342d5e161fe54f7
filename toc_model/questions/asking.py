"""What is asked in flags: allocations by the levers of the case, and numbers of the caller's own; said back first."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.allocations import OWN, Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.choice import ASKED, Choice, parse_moves
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.declare import Lever, Variable
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.present import words
from toc_model.present.section import Section
from toc_model.present.streams import say_line

FLAGS, NOTED = "flags of levers", "said back"
"""Where a context keeps what flags of levers ask for, and what was asked for as it is meant."""

set_option = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="NAME=VALUE",
    help="A number of your own: 'NAME=0.4', 'NAME=4..20' (5 to 95 %), or a calendar year for a date; may be repeated.",
)


# Allocations --------------------------------------------------------------------------------------------------------


def allocations_option[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that say which allocations, and pass them on as one argument, ``allocations``."""

    @click.option(
        "--allocations",
        type=click.Path(path_type=Path),
        help="A document of allocations of your own (TOML), beside those that ship.",
    )
    @click.option(
        "--move",
        "moves",
        multiple=True,
        metavar="NAME=LEVER:VALUE,...",
        help="An allocation of your own, as it differs from the status quo; may be repeated.",
    )
    @click.option(
        "--only",
        multiple=True,
        metavar="NAME",
        help=f"Keep this allocation of a document ('{OWN}' for all of your own) beside the status quo and what flags "
        "ask for; may be repeated.",
    )
    @wraps(command)
    def gathered(*args: Any, **options: Any) -> T:
        document, only, texts = (options.pop(name) for name in ("allocations", "only", "moves"))
        options["allocations"] = Choice(document, {**_of_flags(), **_named(texts)}, only)
        return command(*args, **options)

    return gathered


def _of_flags() -> dict[str, dict[str, str]]:
    """The allocation that flags of levers ask for, if they do: values as written, by variable."""
    stated: dict[str, str] = click.get_current_context().meta.get(FLAGS, {})
    return {ASKED: stated} if stated else {}


def _named(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    found = parse_moves(texts)
    if ASKED in found and _of_flags():
        raise InputError(f"move {ASKED!r}: found it beside flags of levers, which have this name; allowed: another")
    return found


def allocations_of(documents: Documents, asked: Choice) -> Allocations:
    """The allocations that options ask about; what is meant is kept to be said."""
    found = documents.allocations(asked)
    quo = words.quoted(found.status_quo)
    _note(
        f"Asked: {words.quoted(name)} is {meant.told(documents.case.story)}; all else as in {quo}."
        for name, meant in found.meant.items()
    )
    return found


# Flags of levers ----------------------------------------------------------------------------------------------------


def with_levers(command: click.Command, case: Case | None) -> click.Command:
    """A command that takes allocations, with flags for the levers of a case; any other as it is.

    Parameters
    ----------
    command : click.Command
    case : Case or None
    """
    place = next((at for at, param in enumerate(command.params) if param.name == "moves"), None)
    if case is None or place is None:
        return command
    taken = {option for param in command.params for option in param.opts}
    found = copy.copy(command)
    found.params = [*command.params[:place], *_flags(case.story, taken), *command.params[place:]]
    return found


def _flags(story: Story, taken: set[str]) -> list[click.Option]:
    """One for each variable of a lever that is free, and one for each lever whose values add up to one."""
    free = [_of_variable(variable, taken) for variable in story.variables if not variable.lever.sums_over]
    return [*free, *(_of_rows(story, lever, taken) for lever in story.levers.values() if lever.sums_over)]


def _of_variable(variable: Variable, taken: set[str]) -> click.Option:
    def keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            _state(ctx, variable.name, value)

    told = f"{words.begun(variable.label)}, in an allocation called '{ASKED}'."
    return click.Option([_option(variable.name, taken)], metavar="VALUE", help=told, callback=keep, expose_value=False)


def _of_rows(story: Story, lever: Lever, taken: set[str]) -> click.Option:
    names = {".".join(variable.places): variable.name for variable in lever.variables(story.dimensions)}

    def keep(ctx: click.Context, flag: click.Parameter, values: tuple[str, ...]) -> None:
        for text in values:
            place, equals, value = (part.strip() for part in text.partition("="))
            if not (place and equals and value):
                raise InputError(f"{flag.opts[0]} {text!r}: allowed: PLACE=VALUE, such as {next(iter(names))}=60")
            known = place if place in names else place.removeprefix(f"{lever.name}.")
            if known not in names:
                raise InputError(f"{flag.opts[0]} {text!r}: {unknown(lever.name.replace('_', ' '), place, names)}")
            _state(ctx, names[known], value)

    told = f"One share in '{ASKED}', such as {next(iter(names))}=60; the others scale in proportion; may be repeated."
    return click.Option(
        [_option(lever.name, taken)],
        metavar="PLACE=VALUE",
        multiple=True,
        help=told,
        callback=keep,
        expose_value=False,
    )


def _state(ctx: click.Context, name: str, value: str) -> None:
    stated: dict[str, str] = ctx.meta.setdefault(FLAGS, {})
    if name in stated:
        raise InputError(f"{name}: found it twice among flags; allowed: once")
    stated[name] = value


def _option(name: str, taken: set[str]) -> str:
    """What a flag is called: as its lever, unless the command has an option of this name."""
    option = name.replace("_", "-").replace(".", "-")
    return f"--lever-{option}" if f"--{option}" in taken else f"--{option}"


# Said back ----------------------------------------------------------------------------------------------------------


def note_sets(beliefs: Beliefs) -> None:
    """Keep what the caller's own numbers mean, to be said."""
    whose = f" under {words.quoted(beliefs.worldview)}" if len(beliefs.members) > 1 else ""
    named = {change.entry: change for change in beliefs.changed}
    _note(
        f"Assumed by the caller{whose}: {entry} ({beliefs.label_of(entry)}, {_unit(beliefs, entry)}) as {change.to}."
        for entry, change in named.items()
    )


def _unit(beliefs: Beliefs, entry: str) -> str:
    return beliefs.documents.unit(beliefs.members[0].priors.entries[entry].entry.unit)


def _note(lines: Iterable[str]) -> None:
    noted: dict[str, None] = click.get_current_context().meta.setdefault(NOTED, {})
    noted.update(dict.fromkeys(lines))


def noted() -> list[str]:
    """What was asked in flags, as it is meant, a sentence each."""
    return list(click.get_current_context().meta.get(NOTED, {}))


def said_back(section: Section) -> Section:
    """A section that first says what was asked in flags."""
    return replace(section, text=[*noted(), *section.text])


def say_back() -> None:
    """Print what was asked in flags, for commands that print no section."""
    for line in noted():
        say_line(line)
