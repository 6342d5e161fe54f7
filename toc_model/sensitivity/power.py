"""Power-scaling: how much a posterior's outcomes hang on the strength of its priors.

The prior is raised to a power near 1 and the draws are reweighted (by Pareto-smoothed importance sampling), so nothing
is fitted again. The likelihood can't be scaled: a posterior's file holds no answers.
"""

import importlib
from typing import Any

import numpy as np
import xarray as xr

ALL = "(all)"
THRESHOLD = 0.05
"""Sensitivity from which ArviZ calls a posterior sensitive to its prior."""


def power_scaling(scores: xr.DataArray, outcomes: xr.DataArray) -> xr.Dataset:
    """Sensitivity of outcomes to the power of the priors, of all together and of each.

    Parameters
    ----------
    scores : xarray.DataArray
        Dims ``(draw, entry)``: posterior draws as scores that are independent and standard normal under the prior.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Returns
    -------
    xarray.Dataset
        ``sensitivity (entry, outcome)``, the first entry `ALL`: distance of the outcome's distribution (cumulative
        Jensen-Shannon) per doubling of the prior's power, as ArviZ's ``psense`` defines it.

    Notes
    -----
    Kallioinen et al. (2024), Detecting and diagnosing prior and likelihood sensitivity with power-scaling.
    """
    az: Any = importlib.import_module("arviz")
    names = [str(name) for name in scores["entry"].values]
    density = -(scores.transpose("draw", "entry").values ** 2) / 2
    columns = {name: density[:, place] for place, name in enumerate(names)}
    tree = xr.DataTree.from_dict(
        {
            "posterior": _chain({str(name): outcomes.sel(outcome=name).values for name in outcomes["outcome"].values}),
            "log_prior": _chain(columns),
        }
    )
    found = [az.psense(tree, group="prior")]
    found += [az.psense(tree, group="prior", group_var_names=[name]) for name in names]
    rows = np.array([[float(one[str(name)]) for name in outcomes["outcome"].values] for one in found])
    places = {"entry": [ALL, *names], "outcome": outcomes["outcome"].values}
    return xr.Dataset({"sensitivity": (("entry", "outcome"), rows)}, coords=places)


def _chain(columns: dict[str, np.ndarray]) -> xr.Dataset:
    return xr.Dataset({name: (("chain", "draw"), values[None]) for name, values in columns.items()})
