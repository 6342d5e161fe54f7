"""The command ``toc evaluate``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.shipped import Documents
from toc_model.documents import fail_if_not_netcdf
from toc_model.present.streams import say_line
from toc_model.present.terminal import progress_bar
from toc_model.questions.asking import allocations_of, allocations_option, say_back
from toc_model.questions.evaluate import evaluate_table
from toc_model.questions.options import (
    PATH,
    as_of_option,
    chosen_case,
    override_option,
    priors_option,
)
from toc_model.questions.outputs import out_option


@click.command()
@click.argument("parameters", type=PATH)
@allocations_option
@out_option("The file to write (.nc).", fits=fail_if_not_netcdf, required=True)
@as_of_option
@priors_option
@override_option
def evaluate(
    parameters: Path,
    allocations: Choice,
    out: Path,
    as_of: str | None,
    priors: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Exact values of all nodes for the parameter values in a CSV file, a row a draw."""
    documents = Documents.of(chosen_case(), priors, as_of)
    named = allocations_of(documents, allocations)
    with progress_bar("evaluating") as progress:
        nodes = evaluate_table(documents, parameters, named, out, overrides=overrides, progress=progress)
    sizes = ", ".join(f"{size} {dim}s" for dim, size in nodes.sizes.items() if dim in ("draw", "allocation"))
    say_back()
    say_line(f"{out}: {len(nodes.data_vars)} nodes, {sizes}")
