"""``toc graph``, ``toc priors`` and ``toc claims``: what the model is made of."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from toc_model.documents import shipped_folder, write
from toc_model.errors import InputError
from toc_model.questions.claims.command import Denying, deny_and_print, fail_if_options_need_deny
from toc_model.questions.options import (
    PATH,
    Chosen,
    allocations_option,
    json_option,
    priors_option,
    takes_beliefs,
    worldview_option,
)


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "svg", "png"]), help="Default: as --out ends, or text."
)
@click.option("--out", type=PATH, help="The file to write; standard output by default.")
def graph(form: str | None, out: Path | None) -> None:
    """The story as a graph: chapters, levers, nodes, outcomes."""
    from toc_model.essay import STORY

    form = form or {".svg": "svg", ".png": "png", ".mmd": "mermaid"}.get(out.suffix if out else "", "text")
    if form in ("svg", "png"):
        _emit(_picture(STORY, form), out)
    else:
        from toc_model.present.graph.text import mermaid, outline

        _emit((mermaid(STORY) if form == "mermaid" else outline(STORY)).encode(), out)


def _picture(story: Any, form: str) -> bytes:
    from toc_model.present.graph.figure import save_graph

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{form}"
        save_graph(story, path)
        return path.read_bytes()


def _emit(content: bytes, out: Path | None) -> None:
    if out:
        write(out, lambda path: path.write_bytes(content))
        click.echo(f"{out}: {len(content):,} bytes")
    elif content.startswith(b"\x89PNG") and sys.stdout.isatty():
        raise InputError("a picture can't be shown in a terminal; name a file with --out")
    else:
        click.echo(content, nl=False)


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
        from toc_model.essay import STORY
        from toc_model.questions.priors.words import prior_table

        found = _loaded(worldview, priors)
        click.echo(prior_table(found, [chapter.name for chapter in STORY.chapters]), nl=False)


def _loaded(worldview: str, priors: Path | None) -> Any:
    from toc_model.beliefs.priors import load_priors
    from toc_model.essay import STORY

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
    from toc_model.essay import STORY
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
