"""``toc report``: one page for readers who have not met the model."""

import shlex
import sys
from pathlib import Path

import click

from toc_model.beliefs.beliefs import DRAWS
from toc_model.errors import InputError
from toc_model.questions.options import (
    PATH,
    Chosen,
    allocations_option,
    override_option,
    posterior_option,
    priors_option,
    seed_option,
)

WORLDVIEWS = ("neutral", "essay", "outside")


@click.command()
@click.option("--out", type=PATH, required=True, help="The file to write.")
@click.option(
    "--worldview",
    "worldviews",
    multiple=True,
    help="A name, a file or a mixture; may be repeated, the first is the main one.  [default: neutral, essay, outside]",
)
@posterior_option
@click.option("--sections", metavar="NAME,...", help="Make these sections alone, joined by commas.")
@click.option("--format", "form", type=click.Choice(["html", "md"]), help="Default: as --out ends.")
@allocations_option
@click.option("--allocation", default="recommended", show_default=True, help="What to compare with the status quo.")
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
@seed_option
@priors_option
@override_option
def report(
    out: Path,
    worldviews: tuple[str, ...],
    posterior: Path | None,
    sections: str | None,
    form: str | None,
    allocations: Path | None,
    allocation: str,
    draws: int,
    seed: int,
    priors: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """One page with the answer, its uncertainty and grounds, that opens in any browser; a posterior comes first."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.beliefs.claims import fail_if_claims_differ, load_claims, load_contradictions
    from toc_model.documents import shipped_folder, write
    from toc_model.essay.story import STORY
    from toc_model.present.pages import FORMATS
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.report.build import SECTIONS, fail_if_section_unknown, sections_of
    from toc_model.questions.report.material import material_of

    form = form or out.suffix.removeprefix(".")
    if form not in FORMATS:
        raise InputError(f"{out}: found the ending {out.suffix!r}; allowed: '.html' or '.md', or any with --format")
    names = [name.strip() for name in sections.split(",")] if sections is not None else list(SECTIONS)
    fail_if_section_unknown(names)
    if not out.parent.is_dir():
        raise InputError(f"{out}: can't be written (no such folder)")
    claims = load_claims(priors)
    fail_if_claims_differ(STORY, claims, str((priors or shipped_folder()) / "claims.toml"))
    named = load_allocations(allocations)
    chosen = Chosen(WORLDVIEWS[0], draws, seed, priors, None, overrides)
    updated = [Chosen(WORLDVIEWS[0], draws, seed, priors, posterior, overrides).load()] if posterior else []
    beliefs = [*updated, *(chosen.load_as(name) for name in worldviews or WORLDVIEWS)]
    command = shlex.join(["toc", *sys.argv[1:]])
    material = material_of(beliefs, named, allocation, claims, load_contradictions(priors), command)
    with progress_bar("writing the report") as progress:
        page = FORMATS[form](material, sections_of(material, names, progress=progress))
    write(out, lambda path: path.write_text(page, encoding="utf-8"))
    click.echo(f"{out}: {len(page.encode()):,} bytes")
