"""The commands ``toc priors ...``."""

from pathlib import Path
from typing import Any

import click

from toc_model.documents import shipped_folder
from toc_model.errors import InputError
from toc_model.questions.options import (
    PATH,
    priors_option,
    worldview_option,
)


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
@priors_option
@click.pass_context
def priors(ctx: click.Context, worldview: str, priors: Path | None) -> None:
    """The priors: all of them as a table, or one by NAME with its question, source, history and density."""
    if ctx.invoked_subcommand is None:
        from toc_model.essay.story import STORY
        from toc_model.questions.priors.words import prior_table

        found = _loaded(worldview, priors)
        click.echo(prior_table(found, [chapter.name for chapter in STORY.chapters]), nl=False)


def _loaded(worldview: str, priors: Path | None) -> Any:
    from toc_model.beliefs.priors import load_priors
    from toc_model.essay.story import STORY

    found = load_priors(worldview, priors)
    found.fail_if_differ(STORY)
    return found


def _either(ctx: click.Context, worldview: str | None, priors: Path | None) -> Any:
    """The priors that the options name, before or after the name of the subcommand."""
    above: dict[str, Any] = ctx.parent.params if ctx.parent else {}
    return _loaded(worldview or above["worldview"], priors or above["priors"])


later_worldview = click.option("--worldview", help="Name, or a worldview's file.")


@priors.command(hidden=True)
@click.argument("name")
@later_worldview
@priors_option
@click.option("--out", type=PATH, help="Draw the density to this file (.svg or .png).")
@click.pass_context
def show(ctx: click.Context, name: str, worldview: str | None, priors: Path | None, out: Path | None) -> None:
    """One parameter in full."""
    from toc_model.present.figures import save_figure
    from toc_model.questions.priors.words import prior_figure, prior_page

    found = _either(ctx, worldview, priors)
    page = prior_page(found, name)
    if out:
        save_figure(prior_figure(found, name), out)
    click.echo(page, nl=False)


@priors.command()
@later_worldview
@priors_option
@click.pass_context
def check(ctx: click.Context, worldview: str | None, priors: Path | None) -> None:
    """Check all documents and show quantiles that a family can't meet."""
    from toc_model.questions.priors.words import prior_check

    click.echo(prior_check(_either(ctx, worldview, priors)), nl=False)


@priors.command()
@click.argument("folder", type=PATH)
def copy(folder: Path) -> None:
    """Copy the documents that ship with the package to a new folder, to edit and use with --priors."""
    import shutil

    try:
        shutil.copytree(shipped_folder(), folder)
    except OSError as error:
        raise InputError(f"{folder}: can't be written ({error.strerror or error})") from None
    click.echo(f"{folder}: {len(list(folder.rglob('*.toml')))} documents")
