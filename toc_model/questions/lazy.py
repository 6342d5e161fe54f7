"""Groups of commands whose modules are imported when one is called, so that a help costs next to nothing."""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from toc_model.engine.later import LaterCase
from toc_model.questions.examples import with_examples
from toc_model.questions.looks import with_looks

if TYPE_CHECKING:
    from toc_model.engine.case import Case

TYPED = "typed"
"""Where a context keeps what users type before the name of a command."""

type Places = Mapping[str, tuple[str, str]]
"""By the name of a command, in the order of the help: where it is under ``toc_model.questions`` (a module, and
``:NAME`` where it is not called there as users call it), and what it does, as its docstring begins."""


class Lazy(click.Group):
    """A group whose commands are imported when they are called, each with the options that all commands have.

    Parameters
    ----------
    *args, **how
        As `click.Group` takes them.
    later : mapping
        Where its commands are, see `Places`.
    """

    def __init__(self, *args: Any, later: Places, **how: Any) -> None:
        super().__init__(*args, **how)
        self.later = later

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click asks for it)
        """Names, in the order of the help."""
        return list(self.later)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        return under_rivals(self.imported(cmd_name, ctx)) if cmd_name in self.later else None

    def imported(self, name: str, ctx: click.Context) -> click.Command:
        """A command of the table, as its module has it, and the case that it is about; a group needs none yet."""
        module, _, called = self.later[name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(f"toc_model.questions.{module}"), called or name)
        command, typed = " ".join([*ctx.command_path.split()[1:], name]), ctx.meta.get(TYPED, "toc")
        if isinstance(found, Lazy):
            return with_examples(found, command, None, typed)
        return with_examples(with_looks(found), command, case_of(ctx), typed)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List commands without importing them."""
        room = formatter.width - 6 - max(map(len, self.later))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=told).get_short_help_str(room))
                    for name, (_, told) in self.later.items()
                ]
            )


def case_of(ctx: click.Context) -> "Case":
    """The case that a command is about; it is imported by now."""
    if isinstance(ctx.obj, LaterCase):
        ctx.obj = ctx.obj.opened()
    found: Case = ctx.obj
    return found


def _switch(ctx: click.Context, _: click.Parameter, rivals: tuple[str, ...]) -> None:
    """Take the case under some rival mechanisms before any other option is read."""
    if rivals:
        ctx.obj = case_of(ctx).under(rivals)


def under_rivals(command: click.Command) -> click.Command:
    """Add the option of rival mechanisms to a command and its own commands, once."""
    if not any(option.name == "rival" for option in command.params):
        command.params.append(
            click.Option(
                ["--rival"],
                multiple=True,
                metavar="NAME",
                is_eager=True,
                expose_value=False,
                callback=_switch,
                help="Take a rival mechanism in the place of some laws; may be repeated (toc structure lists them).",
            )
        )
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        under_rivals(below)
    return command
