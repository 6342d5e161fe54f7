"""``toc evaluate``: all nodes for parameter values of one's own."""

import json
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.levers import joined
from toc_model.beliefs.provenance import provenance
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.tables import read_parameters
from toc_model.documents import fail_if_not_netcdf, write_netcdf
from toc_model.engine.evaluate import evaluate
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.files import TABLE, each_read_once, read


@each_read_once()
def evaluate_table(
    documents: Documents,
    parameters: Path,
    named: Allocations,
    out: Path,
    *,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> xr.Dataset:
    """Evaluate all nodes for the parameter values of a CSV file and write them to a netCDF file.

    Parameters
    ----------
    documents : Documents
        For the story and constants.
    parameters : Path
        As `toc_model.beliefs.tables.read_parameters` takes it.
    named : Allocations
    out : Path
        Ends in ``.nc``.
    overrides : sequence of str

    Returns
    -------
    xarray.Dataset
        What was written: a variable a node, dims ``(draw, allocation, ...)``.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    fail_if_not_netcdf(out)
    original = documents.case.story
    values = read_parameters(parameters, original, documents.priors())
    changes = parse_overrides(overrides, original.reference)
    story, values = apply_overrides(original, values, changes)
    levers = named.levers()
    anchored = story.reference in named.named
    nodes = evaluate(story, values, levers if anchored else joined(documents.anchor(), levers), progress=progress)
    about = provenance(
        story,
        case=documents.case.name,
        as_of=documents.date.name if documents.date else "",
        parameters={parameters.name: read(parameters, TABLE).digest},
        allocations=dict(named.digests),
        overrides=[change.text for change in changes],
    )
    nodes = nodes.sel(allocation=list(named.named)).assign_attrs(provenance=json.dumps(about))
    write_netcdf(out, nodes)
    return nodes
