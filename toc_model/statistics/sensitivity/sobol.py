"""Sobol' indices by sampling, for independent inputs."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy import special

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
    SALib's Saltelli sampling over scrambled Sobol' points; `saltelli_indices` are those of SALib's analysis.
    """
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
    found = saltelli_indices(y.transpose("draw", "outcome").values, len(names), seed)
    columns: dict[str, Floats] = {}
    for name, (index, half) in found.items():
        columns |= {name: index, f"{name}_low": index - half, f"{name}_high": index + half}
    coords = {"entry": list(names), "outcome": y["outcome"]}
    return xr.Dataset({key: (("entry", "outcome"), values) for key, values in columns.items()}, coords=coords)


def saltelli_indices(y: Floats, inputs: int, seed: int) -> dict[str, tuple[Floats, Floats]]:
    """First-order and total indices from outcomes of Saltelli's sample, and half the widths of their intervals.

    Each row of base samples has the outcome at one point, those where each input in turn is another's, and that at this
    other point (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018). Rows are drawn again for the intervals, the same
    ones for all inputs and outcomes.

    Parameters
    ----------
    y : array of shape (base samples * (inputs + 2), outcomes)
        Each of which varies.
    inputs : int
    seed : int

    Returns
    -------
    dict
        ``first`` and ``total``, each two arrays of shape (inputs, outcomes).
    """
    rows = ((y - y.mean(axis=0)) / y.std(axis=0)).reshape(-1, inputs + 2, y.shape[1])
    many = len(rows)
    picked = np.random.default_rng(seed).integers(many, size=(many, RESAMPLES))
    counts = np.stack([np.bincount(column, minlength=many) for column in picked.T])
    # The rows themselves, then those that are drawn again.
    shares = np.vstack([np.ones(many), counts]) / many
    here, mixed, there = rows[:, :1], rows[:, 1:-1], rows[:, -1:]
    ends = np.concatenate([here, there], axis=1)
    mean, squares = _means(shares, ends).mean(axis=1), _means(shares, ends**2).mean(axis=1)
    variance = (squares - mean**2)[:, None]
    parts = {"first": there * (mixed - here), "total": (here - mixed) ** 2 / 2}
    found = {}
    for name, part in parts.items():
        explained = _means(shares, part)
        index = np.divide(explained, variance, out=np.zeros_like(explained), where=variance > np.finfo(float).eps)
        found[name] = index[0], special.ndtri((1 + LEVEL) / 2) * index[1:].std(axis=0, ddof=1)
    return found


def _means(shares: Floats, values: Floats) -> Floats:
    """Means of rows by their shares, shape (means, ...)."""
    return np.tensordot(shares, values, axes=1)
