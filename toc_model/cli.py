"""The command ``toc``."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from toc_model.documents import fail_if_not_netcdf, shipped_folder, write
from toc_model.errors import InputError
from toc_model.runs import DRAWS, SEED
from toc_model.survey.commands import survey

PATH = click.Path(path_type=Path)

worldview_option = click.option(
    "--worldview", default="neutral", show_default=True, help="Name, or a worldview's file."
)
priors_option = click.option("--priors", type=PATH, help="A folder of prior documents of your own.")
allocations_option = click.option("--allocations", type=PATH, help="A document of allocations of your own (TOML).")
override_option = click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="TEXT",
    help="Change the model: 'tax_now*=2', 'do(concern)=status_quo', 'cut(reach->concern)'; may be repeated.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="toc-model")
def cli() -> None:
    """What happens to P(doom) if people are allocated differently, how sure we are, and what it rests on."""


@cli.command()
@worldview_option
@allocations_option
@click.option(
    "--only", multiple=True, metavar="NAME", help="Keep this allocation (and the status quo); may be repeated."
)
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Seed of the draws.")
@priors_option
@click.option("--posterior", type=PATH, help="Rest on the posterior in this file (of toc update), not on a worldview.")
@override_option
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
@click.option("--out", type=PATH, help="Write all parameters and nodes, with provenance, to this file (.nc).")
def run(
    worldview: str,
    allocations: Path | None,
    only: tuple[str, ...],
    draws: int,
    seed: int,
    priors: Path | None,
    posterior: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
    out: Path | None,
) -> None:
    """P(doom) under each allocation, and its paired change from the status quo."""
    from toc_model.allocations import load_allocations
    from toc_model.report.console import progress_bar
    from toc_model.runs import run as evaluate_run

    if out:
        fail_if_not_netcdf(out)
    named = load_allocations(allocations)
    with progress_bar("evaluating") as progress:
        result = evaluate_run(
            worldview,
            named.only(list(only)) if only else named,
            draws=draws,
            seed=seed,
            priors=priors,
            posterior=posterior,
            overrides=overrides,
            progress=progress,
        )
    if out:
        result.save(out)
    click.echo(json.dumps(result.to_dict(), indent=2) if as_json else str(result), nl=as_json)


@cli.command()
@click.argument("parameters", type=PATH)
@allocations_option
@click.option("--out", type=PATH, required=True, help="The file to write (.nc).")
@priors_option
@override_option
def evaluate(
    parameters: Path, allocations: Path | None, out: Path, priors: Path | None, overrides: tuple[str, ...]
) -> None:
    """Exact values of all nodes for the parameter values in a CSV file, a row a draw."""
    from toc_model.report.console import progress_bar
    from toc_model.runs import evaluate_table

    with progress_bar("evaluating") as progress:
        nodes = evaluate_table(parameters, allocations, out, priors=priors, overrides=overrides, progress=progress)
    sizes = ", ".join(f"{size} {dim}s" for dim, size in nodes.sizes.items() if dim in ("draw", "allocation"))
    click.echo(f"{out}: {len(nodes.data_vars)} nodes, {sizes}")


@cli.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "svg", "png"]), help="Default: as --out ends, or text."
)
@click.option("--out", type=PATH, help="The file to write; standard output by default.")
def graph(form: str | None, out: Path | None) -> None:
    """The story as a graph: chapters, levers, nodes, outcomes."""
    from toc_model.story import STORY

    form = form or {".svg": "svg", ".png": "png", ".mmd": "mermaid"}.get(out.suffix if out else "", "text")
    if form in ("svg", "png"):
        _emit(_picture(STORY, form), out)
    else:
        from toc_model.report.graph_text import mermaid, outline

        _emit((mermaid(STORY) if form == "mermaid" else outline(STORY)).encode(), out)


def _picture(story: Any, form: str) -> bytes:
    from toc_model.report.graph_figure import save_graph

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


@cli.group(cls=_OrName, invoke_without_command=True, subcommand_metavar="[NAME | COMMAND]")
@worldview_option
@priors_option
@click.pass_context
def priors(ctx: click.Context, worldview: str, priors: Path | None) -> None:
    """The priors: all of them as a table, or one by NAME with its question, source, history and density."""
    if ctx.invoked_subcommand is None:
        from toc_model.report.prior_text import prior_table
        from toc_model.story import STORY

        found = _loaded(worldview, priors)
        click.echo(prior_table(found, [chapter.name for chapter in STORY.chapters]), nl=False)


def _loaded(worldview: str, priors: Path | None) -> Any:
    from toc_model.priors import load_priors
    from toc_model.story import STORY

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
    from toc_model.report.prior_text import prior_figure, prior_page

    found = _either(ctx, worldview, priors)
    page = prior_page(found, name)
    if out:
        if out.suffix not in (".svg", ".png"):
            raise InputError(f"{out}: found the ending {out.suffix!r}; allowed: '.svg' or '.png'")
        figure: Any = prior_figure(found, name)
        write(out, lambda path: figure.savefig(path, dpi=150))
    click.echo(page, nl=False)


@priors.command()
@later_worldview
@priors_option
@click.pass_context
def check(ctx: click.Context, worldview: str | None, priors: Path | None) -> None:
    """Check all documents and show quantiles that a family can't meet."""
    from toc_model.report.prior_text import prior_check

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


@cli.command()
@click.argument("name", required=False)
@priors_option
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
def claims(name: str | None, priors: Path | None, as_json: bool) -> None:
    """The ledger of the essay's claims, or one (C28) or one of its contradictions (X05) by NAME."""
    from toc_model.claims import fail_if_claims_differ, load_claims, load_contradictions
    from toc_model.report.claim_text import claim_ledger, claim_page
    from toc_model.story import STORY

    found = load_claims(priors)
    fail_if_claims_differ(STORY, found, str((priors or shipped_folder()) / "claims.toml"))
    if as_json:
        click.echo(
            json.dumps({"claims": [{"id": key, **claim.model_dump()} for key, claim in found.items()]}, indent=2)
        )
    else:
        click.echo(claim_page(found, load_contradictions(priors), name) if name else claim_ledger(found), nl=False)


@cli.command()
@click.argument("surveys", nargs=-1, required=True, type=PATH)
@worldview_option
@click.option("--map", "maps", multiple=True, metavar="FILE", help="A mapping document of your own; may be repeated.")
@allocations_option
@priors_option
@click.option("--out", type=PATH, required=True, help="The posterior to write (.nc).")
@click.option("--draws", type=click.IntRange(50), default=1000, show_default=True, help="Draws of each chain.")
@click.option("--tune", type=click.IntRange(50), default=1000, show_default=True, help="Steps of adaptation.")
@click.option("--chains", type=click.IntRange(2), default=4, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True)
@click.option("--target-accept", type=click.FloatRange(0.5, 0.999), default=0.9, show_default=True)
@click.option(
    "--bias-scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Multiply the stated scales of biases that respondents share; 0 denies them (for comparison).",
)
@click.option(
    "--shared-bias",
    is_flag=True,
    help="Let all answers of one respondent share a bias (a step takes about three times as long).",
)
@click.option(
    "--bias-sweep", default="", metavar="SCALES", help="Fit once more for each of these, joined by commas: 0.5,1,2."
)
def update(
    surveys: tuple[Path, ...],
    worldview: str,
    maps: tuple[str, ...],
    allocations: Path | None,
    priors: Path | None,
    out: Path,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
    target_accept: float,
    bias_scale: float,
    shared_bias: bool,
    bias_sweep: str,
) -> None:
    """Update a worldview from SURVEYS (answers in the long format) and say how the recommendation moved."""
    from toc_model.report.update_text import sweep_text, update_text
    from toc_model.survey.update import Settings, Update, scales_in
    from toc_model.survey.update import update as learn

    def fit(scale: float) -> Update:
        return learn(
            surveys,
            worldview,
            maps=maps,
            allocations=allocations,
            priors=priors,
            bias_scale=scale,
            shared_bias=shared_bias,
            settings=settings,
        )

    fail_if_not_netcdf(out)
    settings = Settings(draws, tune, chains, seed, target_accept, progress=sys.stderr.isatty())
    scales = scales_in(bias_sweep)
    result = fit(bias_scale)
    result.save(out)
    click.echo(update_text(result), nl=False)
    if scales:
        swept = [result if scale == bias_scale else fit(scale) for scale in scales]
        click.echo("\n" + sweep_text(swept), nl=False)
    if result.problems:
        raise InputError(f"{out}: written, but not a good run: {'; '.join(result.problems)}")


@cli.group()
def worldview() -> None:
    """Worldviews: named patches on the neutral base."""


@worldview.command("from-posterior")
@click.argument("posterior", type=PATH)
@click.option("--out", type=PATH, required=True, help="The worldview to write (.toml).")
@click.option("--description", help="What the worldview is.")
def from_posterior(posterior: Path, out: Path, description: str | None) -> None:
    """Write a worldview that approximates a POSTERIOR, so that updates can be chained."""
    from toc_model.posterior import load_posterior, worldview_document
    from toc_model.report.update_text import copula_text
    from toc_model.story import STORY

    if out.suffix != ".toml":
        raise InputError(f"{out}: found the ending {out.suffix!r}; allowed: '.toml'")
    found = load_posterior(posterior, STORY)
    text = worldview_document(STORY, found, description or f"Posterior of {found.label}.")
    write(out, lambda path: path.write_text(text, encoding="utf-8"))
    click.echo(copula_text(found, out), nl=False)


cli.add_command(survey)


def main() -> None:
    """Run the command; what a user can get wrong ends with one line and exit code 2."""
    try:
        cli.main(standalone_mode=False)
    except InputError as error:
        _fail(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except MemoryError as error:
        _fail(f"not enough memory: {error}")
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        click.echo("toc: interrupted; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"can't write ({error.strerror or error})")


def _fail(message: str) -> None:
    click.echo("toc: " + " ".join(message.split()), err=True)
    sys.exit(2)
