"""How any command shows its answer: columns that fit or all of them, labels or names for code."""

import click

from toc_model.naming import code_names

WIDE = "whole tables"
"""Where a context keeps that tables are to be whole."""


def _keep_wide(ctx: click.Context, _: click.Parameter, wide: bool) -> None:
    if wide:
        ctx.meta[WIDE] = True


def _take_names(ctx: click.Context, _: click.Parameter, names: bool) -> None:
    if names:
        ctx.with_resource(code_names())


def with_looks(command: click.Command) -> click.Command:
    """Add the options that say how answers look to a command and its own commands, once."""
    taken = {flag for option in command.params for flag in option.opts}
    command.params += [option for option in _options() if not taken & {*option.opts}]
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        with_looks(below)
    return command


def _options() -> list[click.Option]:
    return [
        click.Option(
            ["--wide", "whole_tables"],
            is_flag=True,
            expose_value=False,
            callback=_keep_wide,
            help="Show all columns of tables, whatever the terminal's width; files and pipes get them anyway.",
        ),
        click.Option(
            ["--names", "names_as_typed"],
            is_flag=True,
            expose_value=False,
            callback=_take_names,
            help="Show names as they are typed in place of labels.",
        ),
    ]
