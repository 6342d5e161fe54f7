"""Chains whose draws depend on those before, for tests of what their figures' errors are."""

import numpy as np
import xarray as xr
from scipy import signal

from toc_model.aliases import Floats


def chains(rho: float, rng: np.random.Generator, many: int, *, chains: int = 4, draws: int = 1000) -> Floats:
    """Standard normal draws of an autoregression, chains one after another; shape (chains * draws, many)."""
    noise = rng.standard_normal((chains, draws, many))
    noise[:, 1:] *= np.sqrt(1 - rho**2)
    return np.asarray(signal.lfilter([1.0], [1.0, -rho], noise, axis=1).reshape(-1, many))


def labelled(values: Floats, *dims: str, chains: int = 4) -> xr.DataArray:
    """The same with labels of draws and of chains."""
    draws = len(values)
    made = {"draw": np.arange(draws), "chain": ("draw", np.repeat(np.arange(chains), draws // chains))}
    return xr.DataArray(values, dims=("draw", *dims), coords=made)
