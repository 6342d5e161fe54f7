"""Power-scaling: how much a posterior's outcomes hang on the strength of its priors and of the answers.

The prior or the likelihood is raised to a power near 1 and the draws are reweighted (by Pareto-smoothed importance
sampling), so nothing is fitted again.

Notes
-----
Kallioinen et al. (2024), Detecting and diagnosing prior and likelihood sensitivity with power-scaling.
"""

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import xarray as xr

from toc_model.labels import aligned
from toc_model.statistics.draws import fail_if_no_draws, fail_if_unfit

ALL = "(all)"
THRESHOLD = 0.05
"""Sensitivity from which ArviZ calls a posterior sensitive."""
SHIFTS = 40


def log_prior(scores: xr.DataArray) -> xr.Dataset:
    """Log densities of priors, up to a constant.

    Parameters
    ----------
    scores : xarray.DataArray
        Dims ``(draw, entry)``: posterior draws as scores that are independent and standard normal under the prior.

    Returns
    -------
    xarray.Dataset
        Dims ``(draw,)``, one variable an entry.
    """
    return xr.Dataset({str(name): -(scores.sel(entry=name, drop=True) ** 2) / 2 for name in scores["entry"].values})


def power_scaling(group: Literal["prior", "likelihood"], densities: xr.Dataset, outcomes: xr.DataArray) -> xr.Dataset:
    """Sensitivity of outcomes to the power of the priors, or of the likelihood, of all parts together and of each.

    Parameters
    ----------
    group : str
        ``"prior"`` or ``"likelihood"``.
    densities : xarray.Dataset
        Log densities of the group's parts at the posterior draws, dims ``(draw,)``.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Returns
    -------
    xarray.Dataset
        ``sensitivity (entry, outcome)``, the first entry `ALL`: distance of the outcome's distribution (cumulative
        Jensen-Shannon) per doubling of the power, as ArviZ's ``psense`` defines it.

    Raises
    ------
    InputError
        If densities and outcomes are of different draws.
    """
    az: Any = importlib.import_module("arviz")
    tree = _tree(outcomes, {group: densities})
    parts: dict[str, list[str] | None] = {ALL: None} | {str(name): [str(name)] for name in densities.data_vars}
    found = [az.psense(tree, group=group, group_var_names=names) for names in parts.values()]
    labels = outcomes["outcome"].values
    rows = np.array([[float(one[str(name)]) for name in labels] for one in found])
    return xr.Dataset({"sensitivity": (("entry", "outcome"), rows)}, coords={"entry": list(parts), "outcome": labels})


def by_chance(
    group: Literal["prior", "likelihood"], densities: xr.Dataset, outcomes: xr.DataArray, *, seed: int
) -> dict[str, float]:
    """How large a sensitivity to all parts together looks by chance, where draws are few for so many parts.

    Parameters
    ----------
    group, densities, outcomes
        As in `power_scaling`.
    seed : int

    Returns
    -------
    dict of str to float
        By outcome, the 95 % quantile where the outcome's draws are shifted against the densities', so that they have
        nothing to do with each other and are as autocorrelated as they were.

    Raises
    ------
    InputError
        If densities and outcomes are of different draws.
    """
    az: Any = importlib.import_module("arviz")
    rng = np.random.default_rng(seed)
    many = outcomes.sizes["draw"]
    steps = rng.integers(many // 10, many - many // 10, SHIFTS)
    shifted = xr.concat([outcomes.roll(draw=int(step)) for step in steps], "shift")
    found = az.psense(_tree(shifted, {group: densities}), group=group)
    return {str(name): float(values.quantile(0.95)) for name, values in found.data_vars.items()}


def diagnoses(prior: xr.Dataset, likelihood: xr.Dataset, outcomes: xr.DataArray) -> dict[str, str]:
    """What ArviZ's ``psense_summary`` says about each outcome, with words for its tick.

    Parameters
    ----------
    prior, likelihood : xarray.Dataset
        Log densities at the posterior draws, dims ``(draw,)``.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.

    Raises
    ------
    InputError
        If densities and outcomes are of different draws.
    """
    az: Any = importlib.import_module("arviz")
    with _silent("arviz_stats.psense"):
        found = az.psense_summary(_tree(outcomes, {"prior": prior, "likelihood": likelihood}), threshold=THRESHOLD)
    said = found["diagnosis"].replace("✓", "no problem found")
    return {str(name): str(said[str(name)]) for name in outcomes["outcome"].values}


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Keep a logger quiet: that of ArviZ says where to read about the diagnosis, which would come before the tables."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _tree(outcomes: xr.DataArray, densities: dict[str, xr.Dataset]) -> xr.DataTree:
    fail_if_no_draws(outcomes, "outcomes", "outcome")
    groups = {"posterior": outcomes.to_dataset("outcome")}
    for key, found in densities.items():
        fail_if_unfit(found, f"log {key}")
        groups[f"log_{key}"] = aligned(found, outcomes, (f"log {key}", "the table of outcomes"), ["draw"])
    return xr.DataTree.from_dict(
        {name: group.drop_vars("chain", errors="ignore").expand_dims(chain=[0]) for name, group in groups.items()}
    )
