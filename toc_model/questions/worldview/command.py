"""The commands ``toc worldview ...``."""

from pathlib import Path

import click

from toc_model.beliefs.beliefs import load_beliefs
from toc_model.questions import worldview as question
from toc_model.questions.options import PATH, allocations_option, chosen_case


@click.group()
def worldview() -> None:
    """Worldviews: named patches on the base."""


@worldview.command("from-posterior")
@click.argument("posterior", type=PATH)
@click.option("--out", type=PATH, required=True, help="The worldview to write (.toml).")
@click.option("--description", default="", help="What the worldview is.")
@allocations_option
def from_posterior(posterior: Path, out: Path, description: str, allocations: Path | None) -> None:
    """Write a worldview that approximates a POSTERIOR, so that updates can be chained."""
    beliefs = load_beliefs(chosen_case(), posterior=posterior)
    named = beliefs.documents.allocations(allocations)
    found = question.from_posterior(beliefs, out, description=description, allocations=named)
    click.echo(str(found), nl=False)
