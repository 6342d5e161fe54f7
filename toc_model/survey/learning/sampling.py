"""Sampling a posterior, and whether the run was good."""

import importlib
import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

MAX_RHAT = 1.01
MIN_ESS = 400


def sample(
    model: pm.Model, *, draws: int, tune: int, chains: int, seed: int, target_accept: float, progress: bool
) -> xr.DataTree:
    """Sample a model by NUTS (nutpie).

    Returns
    -------
    xarray.DataTree
        ``posterior`` and ``sample_stats``, dims ``(chain, draw, ...)``.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        tree: xr.DataTree = pm.sample(
            draws,
            tune=tune,
            chains=chains,
            cores=min(chains, os.cpu_count() or 1),
            random_seed=seed,
            nuts_sampler="nutpie",
            nuts={"target_accept": target_accept},
            progressbar=progress,
            compute_convergence_checks=False,
            quiet=not progress,
            model=model,
        )
    return tree


def problems(tree: xr.DataTree, names: Sequence[str]) -> list[str]:
    """Why a run can't be called good: divergences, R-hat above 1.01, or an effective sample size below 400.

    Parameters
    ----------
    tree : xarray.DataTree
    names : sequence of str
        Variables to check, in ``posterior``.

    Returns
    -------
    list of str
        What is wrong and what to do; empty for a good run.
    """
    az: Any = importlib.import_module("arviz")
    draws = tree["posterior"].to_dataset()[list(names)]
    found: list[str] = []
    divergent = int(tree["sample_stats"]["diverging"].sum())
    if divergent:
        found.append(f"{divergent} divergences; allowed: none; raise --target-accept")
    found += _beyond("R-hat", az.rhat(draws), MAX_RHAT, "take more --tune")
    for kind in ("bulk", "tail"):
        found += _beyond(f"{kind} ESS", -az.ess(draws, method=kind), -MIN_ESS, "take more --draws")
    return found


def _beyond(what: str, table: xr.Dataset, limit: float, advice: str) -> list[str]:
    """Say which variable is worst, if it is beyond the limit; what should be large comes in with its sign changed."""
    worst = {str(name): float(np.max(values.values)) for name, values in table.data_vars.items()}
    name = max(worst, key=lambda key: worst[key] if np.isfinite(worst[key]) else np.inf)
    if worst[name] <= limit:
        return []
    return [f"{what} of {name} is {abs(worst[name]):.4g}; allowed: {abs(limit):g}; {advice}"]
