"""``toc run`` and ``toc evaluate``."""

import json
from pathlib import Path

import click

from toc_model.documents import fail_if_not_netcdf
from toc_model.questions.options import (
    PATH,
    Chosen,
    allocations_option,
    json_option,
    override_option,
    priors_option,
    takes_beliefs,
)


@click.command()
@takes_beliefs
@allocations_option
@click.option(
    "--only", multiple=True, metavar="NAME", help="Keep this allocation (and the status quo); may be repeated."
)
@json_option
@click.option("--out", type=PATH, help="Write all parameters and nodes, with provenance, to this file (.nc).")
def run(chosen: Chosen, allocations: Path | None, only: tuple[str, ...], as_json: bool, out: Path | None) -> None:
    """P(doom) under each allocation, and its paired change from the status quo."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.run.result import run_of

    if out:
        fail_if_not_netcdf(out)
    named = load_allocations(allocations)
    with progress_bar("evaluating") as progress:
        result = run_of(chosen.load(), named.only(list(only)) if only else named, progress=progress)
    if out:
        result.save(out)
    click.echo(json.dumps(result.to_dict(), indent=2) if as_json else str(result), nl=as_json)


@click.command()
@click.argument("parameters", type=PATH)
@allocations_option
@click.option("--out", type=PATH, required=True, help="The file to write (.nc).")
@priors_option
@override_option
def evaluate(
    parameters: Path, allocations: Path | None, out: Path, priors: Path | None, overrides: tuple[str, ...]
) -> None:
    """Exact values of all nodes for the parameter values in a CSV file, a row a draw."""
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.run.result import evaluate_table

    with progress_bar("evaluating") as progress:
        nodes = evaluate_table(parameters, allocations, out, priors=priors, overrides=overrides, progress=progress)
    sizes = ", ".join(f"{size} {dim}s" for dim, size in nodes.sizes.items() if dim in ("draw", "allocation"))
    click.echo(f"{out}: {len(nodes.data_vars)} nodes, {sizes}")
