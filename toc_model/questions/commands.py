"""All commands, imported when they are called: a line each."""

import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING

import click

from toc_model.engine.later import LaterCase
from toc_model.errors import InputError, unknown
from toc_model.questions.examples import START
from toc_model.questions.lazy import TYPED, Lazy, Places, case_of, under_rivals

if TYPE_CHECKING:
    from toc_model.engine.case import Case

ARGUMENTS = "arguments of the command"
"""Where a context keeps the words of the command."""
COMMANDS: Places = {
    "run": ("run.command", "The outcome under each allocation, and its paired change."),
    "compare": ("compare.command", "Allocations by P(best), regret, risk and dominance."),
    "curve": ("curve.command", "The change against one variable of a lever."),
    "sweep": ("sweep.command", "Many allocations, worldviews and mechanisms, by many workers."),
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
    "explore": ("explore.command", "A page to play with: who does what, and what to believe."),
    "update": ("update.command", "Learn from surveys."),
    "worldviews": ("worldviews.command", "Whose beliefs there are, and documents of one's own."),
    "survey": ("survey.group", "Answers: read, check, ask for, validate."),
    "elicit": ("elicit.group", "A panel of experts, from a question to a changed prior."),
    "graph": ("graph.command", "The story as a graph."),
    "priors": ("priors.command", "The elicited beliefs."),
    "rerun": ("rerun.command", "A saved answer once more: is it the same?"),
    "evaluate": ("evaluate.command", "All nodes for parameter values of one's own."),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Look at the answer": ("run", "report", "explore"),
    "Decide": ("compare", "curve", "sweep", "optimise", "marginal"),
    "Doubt": ("sensitivity", "harm", "claims", "structure", "disagree"),
    "Learn": ("voi", "survey", "elicit", "update"),
    "Explain": ("channels", "graph", "evaluate"),
    "Documents": ("worldviews", "priors", "rerun"),
}
"""Commands by what they are for, in the order of the help."""
RERUN = "rerun"
"""The one command that takes its rivals from a file."""


class Commands(Lazy):
    """The group of all commands, which give the words of the one that is called to whoever keeps its answer."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, and give it the flags of the case's levers."""
        if cmd_name not in self.later:
            return None
        found = self.imported(cmd_name, ctx)
        if not isinstance(found, Lazy):
            found = _later("questions.asking").with_levers(found, case_of(ctx))
        return found if cmd_name == RERUN else under_rivals(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Keep the words of the command, by which its answer can be made again."""
        ctx.meta[ARGUMENTS] = list(args)
        if args and not args[0].startswith("-") and args[0] not in self.later:
            raise InputError(unknown("command", args[0], self.later))
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the case asks."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(ctx.obj.question)
            formatter.write_paragraph()
            formatter.write_text(f"Start here: {ctx.meta.get(TYPED, 'toc')} {START[0]}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands by what they are for, each with all that is said of it."""
        widest = max(map(len, self.later))
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{widest}}", self.later[name][1]) for name in names])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say where to start, and give examples."""
        typed = ctx.meta.get(TYPED, "toc")
        with formatter.section("Examples"):
            formatter.write_dl([(f"{typed} {text}", self.later[text.split()[0]][1]) for text in START])


def _later(module: str) -> ModuleType:
    """A module that no help needs, imported by now."""
    return importlib.import_module(f"toc_model.{module}")


def _take(ctx: click.Context, _: click.Parameter, home: str | None) -> None:
    """Take another case before any help is printed, for the help says what it asks."""
    if home:
        ctx.obj = _later("engine.case").load_case(home)
        ctx.meta[TYPED] = f"toc --case {home}"


def commands_of(case: "Case | LaterCase") -> Commands:
    """The command of a case.

    Parameters
    ----------
    case : Case or LaterCase
        What it is about, unless ``--case`` names another.
    """

    @click.command(
        cls=Commands,
        later=COMMANDS,
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
