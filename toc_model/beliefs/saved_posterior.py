"""A posterior written to its file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.beliefs.posterior import Posterior, answers_group
from toc_model.beliefs.seal import write_sealed
from toc_model.labels import without_draw_labels


def save_posterior(path: Path, posterior: Posterior, about: Mapping[str, Any], group: str) -> None:
    """Write a posterior to a netCDF file that ArviZ opens.

    Parameters
    ----------
    path : Path
    posterior : Posterior
    about : mapping
        How it was made, ready for JSON, as `toc_model.beliefs.schema.SavedPosterior` reads it.
    group : str
        ``prior`` for weighted draws of the priors, ``posterior`` for those of a sampler.
    """
    parameters, likelihood = posterior.parameters, posterior.log_likelihood
    groups = {group: _in_chains(parameters, parameters)}
    if likelihood is not None:
        groups["log_likelihood"] = _in_chains(likelihood, parameters)
    if "weight" in parameters.coords:
        weight = xr.Dataset(
            {"weight": ("draw", parameters["weight"].values)}, coords={"draw": np.arange(parameters.sizes["draw"])}
        )
        groups["importance"] = _in_chains(weight, parameters)
    groups["answers"] = answers_group(posterior.answers)
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"update": json.dumps(dict(about))}
    write_sealed(path, tree)


def _in_chains(draws: xr.Dataset, parameters: xr.Dataset) -> xr.Dataset:
    """Draws by chain, dims ``(chain, draw, ...)``; independent ones as those of one chain."""
    many = draws.sizes["draw"]
    chains = len(np.unique(parameters["chain"].values)) if "chain" in parameters.coords else 1
    bare = without_draw_labels(draws)
    rows = np.arange(many).reshape(chains, -1)
    found = bare.isel(draw=xr.DataArray(rows, dims=("chain", "step"))).rename(step="draw")
    return found.assign_coords(chain=np.arange(chains), draw=np.arange(many // chains)).transpose("chain", "draw", ...)
