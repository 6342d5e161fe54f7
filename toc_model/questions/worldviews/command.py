"""The commands ``toc worldviews ...``."""

from pathlib import Path

import click

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.choice import Choice
from toc_model.beliefs.loading import beside, drawn_alike, load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.documents import fail_if_not_toml
from toc_model.present.streams import say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions import worldviews as question
from toc_model.questions.asking import allocations_of, allocations_option, say_back, set_option
from toc_model.questions.options import (
    PATH,
    Chosen,
    answer,
    as_of_option,
    chosen_case,
    draws_option,
    json_option,
    override_option,
    priors_option,
    seed_option,
)
from toc_model.questions.outputs import out_option
from toc_model.questions.saying import say_section
from toc_model.questions.worldviews.copying import from_posterior as copied
from toc_model.questions.worldviews.own import check as checked
from toc_model.questions.worldviews.own import new_document


@click.group(invoke_without_command=True)
@as_of_option
@draws_option
@seed_option
@priors_option
@set_option
@override_option
@allocations_option
@click.option("--to", metavar="NAME", show_default="the proposal", help="The allocation of the move that is shown.")
@json_option
@click.pass_context
def worldviews(
    ctx: click.Context,
    as_of: str | None,
    draws: int,
    seed: int,
    priors: Path | None,
    sets: tuple[str, ...],
    overrides: tuple[str, ...],
    allocations: Choice,
    to: str | None,
    as_json: bool,
) -> None:
    """Whose beliefs there are, with the outcome and one move under each; documents of one's own."""
    if ctx.invoked_subcommand:
        return
    beliefs = Chosen(None, draws, seed, priors, overrides, as_of, sets).load()
    named = allocations_of(beliefs.documents, allocations)
    with progress_bar("evaluating") as progress:
        found = question.worldviews(_every(beliefs), named, to=to, progress=progress)
    answer(found, as_json=as_json)


def _every(beliefs: Beliefs) -> list[Beliefs]:
    """Those that the case tells, and all others of the folder."""
    told = beside(beliefs)
    names = {one.worldview for one in told}
    others = [name for name in beliefs.documents.worldviews() if name not in names]
    return [*told, *(drawn_alike(beliefs, name) for name in others)]


@worldviews.command("new")
@click.argument("name")
@click.option("--based-on", show_default="the base", help="The worldview to start from.")
@out_option("The document to write.", fits=fail_if_not_toml, show_default="NAME.toml")
@priors_option
@as_of_option
def new(name: str, based_on: str | None, out: Path | None, priors: Path | None, as_of: str | None) -> None:
    """Write a document NAME.toml to edit, with all that could be changed in it as comments."""
    documents = Documents.of(chosen_case(), priors, as_of)
    path = out or Path(name if name.endswith(".toml") else f"{name}.toml")
    new_document(documents, path, based_on or chosen_case().base)
    say_line(f"{path}: written; edit it, then: toc worldviews check {path}")


@worldviews.command("check")
@click.argument("worldview")
@priors_option
@as_of_option
@json_option
def check(worldview: str, priors: Path | None, as_of: str | None, as_json: bool) -> None:
    """Read a WORLDVIEW (a document or a name) and say what it changes."""
    answer(checked(Documents.of(chosen_case(), priors, as_of), worldview), as_json=as_json)


@worldviews.command("from-posterior")
@click.argument("posterior", type=PATH)
@out_option("The worldview to write (.toml).", fits=fail_if_not_toml, required=True)
@click.option("--description", default="", help="What the worldview is.")
@allocations_option
def from_posterior(posterior: Path, out: Path, description: str, allocations: Choice) -> None:
    """Write a worldview that approximates a POSTERIOR, as a document that can be read and patched."""
    beliefs = load_beliefs(chosen_case(), str(posterior))
    named = allocations_of(beliefs.documents, allocations)
    say_back()
    say_section(copied(beliefs, out, description=description, allocations=named).section())
