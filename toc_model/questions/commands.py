"""All commands, imported when they are called: a line each."""

import importlib

import click

from toc_model.engine.case import Case, load_case
from toc_model.questions.asking import with_levers
from toc_model.questions.keeping import ARGUMENTS

COMMANDS = {
    "run": ("run.command", "The outcome under each allocation, and its paired change."),
    "compare": ("compare.command", "Allocations by P(best), regret, risk and dominance."),
    "curve": ("curve.command", "The change against one variable of a lever."),
    "optimise": ("optimise.command", "The best allocation, and all that is as good."),
    "marginal": ("marginal.command", "What a little more of each thing is worth."),
    "voi": ("voi.command", "What to ask next."),
    "channels": ("channels.command", "What a change goes through."),
    "sensitivity": ("sensitivity.command", "Which parameters a change hangs on."),
    "harm": ("harm.command", "Under what beliefs a move does harm."),
    "claims": ("claims.command", "The ledger of claims, and what follows without each."),
    "structure": ("structure.command", "What other mechanisms would make of it."),
    "disagree": ("disagree.command", "Why two worldviews differ."),
    "report": ("report.command", "The whole analysis on one page."),
    "update": ("update.command", "Learn from surveys."),
    "worldviews": ("worldviews.command", "Whose beliefs there are, and documents of one's own."),
    "survey": ("survey.command", "Answers: read, check, ask for, validate."),
    "elicit": ("elicit.command", "A panel of experts, from a question to a changed prior."),
    "graph": ("graph.command", "The story as a graph."),
    "priors": ("priors.command", "The elicited beliefs."),
    "rerun": ("rerun.command", "A saved answer once more: is it the same?"),
    "evaluate": ("evaluate.command", "All nodes for parameter values of one's own."),
}
"""Module under ``toc_model.questions`` and what the command does, in the order of the help."""
RERUN = "rerun"
"""The one command that takes its rivals from a file."""


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, and give it the flags of the case's levers."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"toc_model.questions.{COMMANDS[cmd_name][0]}")
        found = with_levers(getattr(module, cmd_name), ctx.find_object(Case))
        return found if cmd_name == RERUN else _under_rivals(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Keep the words of the command, by which its answer can be made again."""
        ctx.meta[ARGUMENTS] = list(args)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the case asks."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(ctx.ensure_object(Case).question)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _switch(ctx: click.Context, _: click.Parameter, rivals: tuple[str, ...]) -> None:
    """Take the case under some rival mechanisms before any other option is read."""
    if rivals:
        ctx.obj = ctx.ensure_object(Case).under(rivals)


def _under_rivals(command: click.Command) -> click.Command:
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
        _under_rivals(below)
    return command


def _take(ctx: click.Context, _: click.Parameter, home: str | None) -> None:
    """Take another case before any help is printed, for the help says what it asks."""
    if home:
        ctx.obj = load_case(home)


def commands_of(case: Case) -> Commands:
    """The command of a case.

    Parameters
    ----------
    case : Case
        What it is about, unless ``--case`` names another.
    """

    @click.command(
        cls=Commands,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "obj": case},
    )
    @click.version_option(package_name="toc-model")
    @click.option(
        "--case",
        metavar="MODULE:NAME",
        is_eager=True,
        expose_value=False,
        callback=_take,
        help="Another theory of change, such as mine.case:CASE.",
    )
    def toc() -> None:
        pass

    found: Commands = toc
    return found
