"""The commands ``toc priors ...``."""

from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.shipped import Documents
from toc_model.present.streams import say_line
from toc_model.questions import priors as question
from toc_model.questions.asking import set_option
from toc_model.questions.options import (
    PATH,
    answer,
    as_of_option,
    chosen_case,
    picture_option,
    priors_option,
    worldview_option,
)
from toc_model.questions.saying import say_section


class _OrName(click.Group):
    """A group in which a word that is no command is a name to show."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


@click.group(cls=_OrName, invoke_without_command=True, subcommand_metavar="[NAME | COMMAND]")
@worldview_option
@as_of_option
@priors_option
@set_option
@click.pass_context
def priors(
    ctx: click.Context, worldview: str | None, as_of: str | None, priors: Path | None, sets: tuple[str, ...]
) -> None:
    """The priors: all of them as a table, or one by NAME with its question, source, history and density."""
    if ctx.invoked_subcommand is None:
        documents, chosen = _of(worldview, as_of, priors, sets)
        say_section(question.priors(documents, chosen).section())


def _of(worldview: str | None, as_of: str | None, priors: Path | None, sets: tuple[str, ...]) -> tuple[Documents, str]:
    """Documents at the date that is asked for, or that the worldview states; the base by default."""
    chosen = worldview or chosen_case().base
    documents = Documents.of(chosen_case(), priors, as_of, sets)
    return documents if as_of else documents.at_date_of(chosen), chosen


def _either(
    ctx: click.Context, worldview: str | None, as_of: str | None, priors: Path | None, sets: tuple[str, ...]
) -> tuple[Documents, str]:
    """The documents and worldview that the options name, before or after the name of the subcommand."""
    above: dict[str, Any] = ctx.parent.params if ctx.parent else {}
    return _of(
        worldview or above["worldview"], as_of or above["as_of"], priors or above["priors"], (*above["sets"], *sets)
    )


later_worldview = click.option("--worldview", help="Name, or a worldview's file.")


@priors.command(hidden=True)
@click.argument("name")
@later_worldview
@as_of_option
@priors_option
@set_option
@picture_option("the density")
@click.pass_context
def show(
    ctx: click.Context,
    name: str,
    worldview: str | None,
    as_of: str | None,
    priors: Path | None,
    sets: tuple[str, ...],
    out: Path | None,
) -> None:
    """One parameter in full."""
    documents, chosen = _either(ctx, worldview, as_of, priors, sets)
    found = question.prior(documents, name, chosen)
    answer(found, as_json=False, drawn_to=out)


@priors.command()
@later_worldview
@as_of_option
@priors_option
@set_option
@click.pass_context
def check(
    ctx: click.Context, worldview: str | None, as_of: str | None, priors: Path | None, sets: tuple[str, ...]
) -> None:
    """Check all documents and show quantiles that a family can't meet; of one worldview, or of all in the folder."""
    documents, chosen = _either(ctx, worldview, as_of, priors, sets)
    named = worldview or (ctx.parent.params["worldview"] if ctx.parent else None)
    say_section(question.check(documents, chosen if named else None).section())


@priors.command()
@click.argument("folder", type=PATH)
def copy(folder: Path) -> None:
    """Copy the documents that ship to a new folder, to edit and use with --priors."""
    say_line(f"{folder}: {question.copy(chosen_case(), folder)} documents")
