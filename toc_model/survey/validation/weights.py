"""Weights of draws that stand in for a fit without some of the answers (PSIS)."""

import importlib
import math
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import log_sum_exp

MAX_K = 0.7
"""Pareto k above which importance weights can't stand in for another fit."""


def left_out_weights(log_density: xr.DataArray) -> tuple[xr.DataArray, Floats]:
    """Log weights of the draws that leave each place out (dims ``(draw, ...)``, summing to one), and Pareto k.

    Where the largest weights are all alike, as for an answer that only a slip explains, there is no tail to smooth and
    k is 0; where they are too far apart to have one, k is infinite.

    Parameters
    ----------
    log_density : xarray.DataArray
        Dims ``(draw, place)``: log density of what is to be left out.
    """
    array_stats: Any = importlib.import_module("arviz_stats.base").array_stats
    raw = -log_density.values.reshape(len(log_density), -1)
    weights, k = raw.copy(), np.zeros(raw.shape[1])
    tail = math.ceil(min(len(raw) / 5, 3 * math.sqrt(len(raw))))
    has_tail = np.ptp(np.sort(raw, axis=0)[-tail:], axis=0) > 1e-9
    for place in np.flatnonzero(has_tail):
        weights[:, place], k[place] = array_stats.psislw(-raw[:, place])  # it takes log densities, and turns the sign
    found = log_density.copy(data=weights.reshape(log_density.shape))
    return found - log_sum_exp_of(found), np.where(np.isnan(k), np.inf, k)


def log_sum_exp_of(x: xr.DataArray) -> xr.DataArray:
    """Logarithm of the sum of exponentials over draws."""
    found: Any = log_sum_exp(x, "draw")
    return xr.DataArray(found)


def chosen_draws(log_weights: Floats, many: int, rng: np.random.Generator) -> np.ndarray:
    """Choose draws by their weights.

    Parameters
    ----------
    log_weights : array of shape (draws, places)
        As `left_out_weights` gives them.
    many : int
        How many draws to choose for each place.
    rng : numpy.random.Generator

    Returns
    -------
    array of int, shape (places, many)
    """
    rising = np.cumsum(np.exp(log_weights), axis=0)
    at = (np.arange(many) + rng.random((rising.shape[1], many))) / many
    chosen = [np.searchsorted(sums, row * sums[-1]) for sums, row in zip(rising.T, at, strict=True)]
    return np.asarray(np.minimum(np.stack(chosen), len(rising) - 1))
