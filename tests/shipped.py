"""The essay's documents and draws, as tests want them."""

from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.essay.dimensions import DIMENSIONS, POOLS
from toc_model.essay.levers import DEFAULT_MIX as MIXES

DEFAULT_MIX = np.array([list(MIXES[pool].values()) for pool in POOLS])
"""By pool and intervention."""
DOCUMENTS = Documents.of(ESSAY)
STORY = ESSAY.story

load_beliefs = partial(load_any_beliefs, ESSAY)


def load_priors(worldview: str = "base") -> Priors:
    """The priors of a worldview that ships."""
    return DOCUMENTS.priors(worldview)


def load_allocations(path: Path | None = None) -> Allocations:
    """The allocations that ship, or those of a file."""
    return DOCUMENTS.allocations(path)


def levers(names: list[str], shares: np.ndarray, mixes: np.ndarray | None = None) -> xr.Dataset:
    """Levers of any number of allocations, by shares (allocation, pool) and mixes; the default mix if none."""
    mixes = np.stack([DEFAULT_MIX] * len(names)) if mixes is None else mixes
    places = {dim: list(DIMENSIONS[dim]) for dim in ("pool", "intervention")}
    arrays = {
        "buying_time_share": (("allocation", "pool"), shares),
        "mix": (("allocation", "pool", "intervention"), mixes),
    }
    return xr.Dataset(arrays, coords={"allocation": names, **places})


def anchored(moved: xr.Dataset) -> xr.Dataset:
    """Levers of some allocations with those of the reference in front."""
    return joined(DOCUMENTS.anchor(), moved)
