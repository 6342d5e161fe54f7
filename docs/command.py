"""The page of the command: the help of every command, from the commands themselves."""

from collections.abc import Iterator

import click

from docs.words import anchored, told
from toc_model.essay.home import HOME
from toc_model.present.markdown import escaped
from toc_model.questions.commands import commands_of

HEAD = """\
# The command

`toc` asks one question a command. What holds for one worldview is asked with `--worldview`, what holds at another date
with `--as-of`; `--json` prints figures, and `--case MODULE:NAME` before the command asks the same of another theory of
change. Errors are one line that names the entry, what was found and what is allowed, with exit code 2.
"""
NAME = "toc"


def page() -> str:
    """The page, with the flags of the essay's levers."""
    root = commands_of(HOME)
    context = click.Context(root, info_name=NAME, **root.context_settings)
    found = list(commands(root, context))
    listed = "\n".join(
        f"- [`{path}`](#{anchor(path)}): {escaped(command.get_short_help_str(200))}" for path, command, _ in found
    )
    parts = [HEAD, listed, *(_section(path, command, below) for path, command, below in found)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """All commands below a group, each with its path and its context, in the order of the help."""
    for name in group.list_commands(context):
        if (command := group.get_command(context, name)) is None:
            raise LookupError(name)
        below = click.Context(command, info_name=name, parent=context)
        yield below.command_path, command, below
        if isinstance(command, click.Group):
            yield from commands(command, below)


def anchor(path: str) -> str:
    """Where the page has a command."""
    return path.replace(" ", "-")


def _section(path: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    parts = [anchored(f"`{path}`", anchor(path), 2 + path.count(" ") - 1), f"```text\n{usage}\n```"]
    parts += [told(" ".join(part.split())) for part in (command.help or "").replace("\b", "").split("\n\n")]
    options = [found for one in command.get_params(context) if (found := one.get_help_record(context))]
    parts += [f"`{names}`\n:   {escaped(text)}" for names, text in options if text and names != "-h, --help"]
    return "\n\n".join(part for part in parts if part)
