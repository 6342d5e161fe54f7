"""Sobol' indices by sampling, for independent inputs."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.statistics.averages import weights_of
from toc_model.statistics.draws import fail_if_no_draws
from toc_model.statistics.sensitivity.given_data import fail_if_constant
from toc_model.statistics.sensitivity.response import Model

BASE_SAMPLES = 1024
RESAMPLES = 100
LEVEL = 0.9


def sobol_indices(
    names: Sequence[str],
    from_uniform: Callable[[Floats], xr.DataArray],
    model: Model,
    *,
    base_samples: int = BASE_SAMPLES,
    seed: int = 1,
) -> xr.Dataset:
    """First-order and total indices of independent inputs, with bootstrap intervals.

    Parameters
    ----------
    names : sequence of str
        The inputs.
    from_uniform : callable
        From an array of shape ``(n, inputs)`` of levels between 0 and 1 to inputs, dims ``(draw, entry)``.
    model : callable
        From inputs to outcomes, dims ``(draw, outcome)``; run for ``base_samples * (inputs + 2)`` rows.
    base_samples : int
        A power of two.
    seed : int

    Returns
    -------
    xarray.Dataset
        ``first``, ``first_low``, ``first_high``, ``total``, ``total_low``, ``total_high`` (90 % intervals), dims
        ``(entry, outcome)``.

    Raises
    ------
    InputError
        If the number of samples is no power of two, draws have weights, for these are made to count alike, or an
        outcome does not vary.

    Notes
    -----
    SALib's Saltelli sampling over scrambled Sobol' points; Saltelli et al. (2010).
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if base_samples < 2 or base_samples & (base_samples - 1):
        raise InputError(f"sobol: found {base_samples} base samples; allowed: a power of two")
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    levels = sampling.sample(problem, base_samples, calc_second_order=False, seed=seed)
    y = model(from_uniform(np.asarray(levels)))
    fail_if_no_draws(y, "outcomes", "outcome")
    if weights_of(y) is not None:
        raise InputError("sobol: found draws with weights; allowed: draws that count alike (or indices from draws)")
    fail_if_constant(y)
    tables = []
    for outcome in y["outcome"].values:
        found = analysis.analyze(
            problem,
            y.sel(outcome=outcome).values,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            seed=seed,
        )
        tables.append(_table(names, found))
    return xr.concat(tables, dim=y["outcome"]).transpose("entry", "outcome")


def _table(names: Sequence[str], found: dict[str, Any]) -> xr.Dataset:
    columns: dict[str, Floats] = {}
    for name, key in (("first", "S1"), ("total", "ST")):
        index, half = np.asarray(found[key]), np.asarray(found[f"{key}_conf"])
        columns |= {name: index, f"{name}_low": index - half, f"{name}_high": index + half}
    return xr.Dataset({key: ("entry", values) for key, values in columns.items()}, coords={"entry": list(names)})
