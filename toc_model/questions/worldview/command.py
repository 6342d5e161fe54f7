"""The commands ``toc worldview ...``."""

from pathlib import Path

import click

from toc_model.documents import write
from toc_model.errors import InputError
from toc_model.questions.options import PATH


@click.group()
def worldview() -> None:
    """Worldviews: named patches on the neutral base."""


@worldview.command("from-posterior")
@click.argument("posterior", type=PATH)
@click.option("--out", type=PATH, required=True, help="The worldview to write (.toml).")
@click.option("--description", help="What the worldview is.")
def from_posterior(posterior: Path, out: Path, description: str | None) -> None:
    """Write a worldview that approximates a POSTERIOR, so that updates can be chained."""
    from toc_model.beliefs.posterior import load_posterior, worldview_document
    from toc_model.essay.story import STORY
    from toc_model.questions.update.words import copula_text

    if out.suffix != ".toml":
        raise InputError(f"{out}: found the ending {out.suffix!r}; allowed: '.toml'")
    found = load_posterior(posterior, STORY)
    text = worldview_document(STORY, found, description or f"Posterior of {found.label}.")
    write(out, lambda path: path.write_text(text, encoding="utf-8"))
    click.echo(copula_text(found, out), nl=False)
