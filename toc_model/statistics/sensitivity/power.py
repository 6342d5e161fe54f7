"""Power-scaling: how much a posterior's outcomes hang on the strength of its priors and of the answers.

The prior or the likelihood is raised to a power near 1 and the draws are reweighted (by Pareto-smoothed importance
sampling), so nothing is fitted again. Weights that draws have already are multiplied by the new ones.

Notes
-----
Kallioinen et al. (2024), Detecting and diagnosing prior and likelihood sensitivity with power-scaling.
"""

import importlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import xarray as xr

from toc_model.labels import aligned
from toc_model.statistics.averages import shifted, weighed_alike, weights_of
from toc_model.statistics.draws import fail_if_no_draws, fail_if_unfit
from toc_model.statistics.sensitivity.scaling import sensitivities

ALL = "(all)"
THRESHOLD = 0.05
"""Sensitivity from which ArviZ calls a posterior sensitive."""
FLAT = 1e-9
"""Log densities that differ by no more say nothing, whatever their power."""
SHIFTS, CHANCE = 40, 0.95
NO_PROBLEM = "no problem found"


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
    parts: dict[str, list[str]] = {ALL: list(map(str, densities.data_vars))}
    parts |= {name: [name] for name in parts[ALL]}
    rows = np.array([_sensitivities(group, densities[names], outcomes) for names in parts.values()])
    return xr.Dataset(
        {"sensitivity": (("entry", "outcome"), rows)},
        coords={"entry": list(parts), "outcome": outcomes["outcome"].values},
    )


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
    outcomes, _ = _together(outcomes, {group: densities})
    rng = np.random.default_rng(seed)
    many = outcomes.sizes["draw"]
    steps = rng.integers(many // 10, many - many // 10, SHIFTS)
    every = xr.concat([shifted(outcomes, int(step)) for step in steps], "shift")
    if weights_of(outcomes) is not None:
        chance = np.array([_sensitivities(group, densities, one) for one in every])
        names = map(str, outcomes["outcome"].values)
        return dict(zip(names, np.quantile(chance, CHANCE, axis=0).tolist(), strict=True))
    az: Any = importlib.import_module("arviz")
    found = az.psense(_tree(every, {group: densities}), group=group)
    return {str(name): float(values.quantile(CHANCE)) for name, values in found.data_vars.items()}


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
    if weights_of(_together(outcomes, {"prior": prior, "likelihood": likelihood})[0]) is not None:
        sides = _sensitivities("prior", prior, outcomes), _sensitivities("likelihood", likelihood, outcomes)
        names = map(str, outcomes["outcome"].values)
        return {name: _diagnosis(*both) for name, *both in zip(names, *sides, strict=True)}
    az: Any = importlib.import_module("arviz")
    with _silent("arviz_stats.psense"):
        found = az.psense_summary(_tree(outcomes, {"prior": prior, "likelihood": likelihood}), threshold=THRESHOLD)
    said = found["diagnosis"].replace("✓", NO_PROBLEM)
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


def _diagnosis(by_prior: float, by_answers: float) -> str:
    """What ArviZ says of these two sensitivities."""
    if by_prior >= THRESHOLD and by_answers >= THRESHOLD:
        return "potential prior-data conflict"
    if by_prior > THRESHOLD > by_answers:
        return "potential strong prior / weak likelihood"
    return NO_PROBLEM


def _sensitivities(group: str, densities: xr.Dataset, outcomes: xr.DataArray) -> list[float]:
    """Sensitivity of each outcome to the power of some parts together."""
    outcomes, every = _together(outcomes, {group: densities})
    weights = weights_of(outcomes)
    density = np.sum([found.values for found in every[group].data_vars.values()], axis=0)
    if np.ptp(density) < FLAT:
        return [0.0] * outcomes.sizes["outcome"]
    if weights is not None:
        return list(map(float, sensitivities(density, outcomes.transpose("draw", "outcome").values, weights)))
    az: Any = importlib.import_module("arviz")
    found = az.psense(_tree(outcomes, every), group=group)
    return [float(found[str(name)]) for name in outcomes["outcome"].values]


def _together(
    outcomes: xr.DataArray, densities: Mapping[str, xr.Dataset]
) -> tuple[xr.DataArray, dict[str, xr.Dataset]]:
    """Outcomes with the weights that any side states, and densities in the order of their draws."""
    fail_if_no_draws(outcomes, "outcomes", "outcome")
    found = {}
    for key, density in densities.items():
        fail_if_unfit(density, f"log {key}")
        names = (f"log {key}", "the table of outcomes")
        found[key], outcomes = weighed_alike(aligned(density, outcomes, names, ["draw"]), outcomes, names)
    return outcomes, found


def _tree(outcomes: xr.DataArray, densities: Mapping[str, xr.Dataset]) -> xr.DataTree:
    outcomes, every = _together(outcomes, densities)
    groups = {"posterior": outcomes.to_dataset("outcome")} | {f"log_{key}": found for key, found in every.items()}
    return xr.DataTree.from_dict(
        {name: group.drop_vars("chain", errors="ignore").expand_dims(chain=[0]) for name, group in groups.items()}
    )
