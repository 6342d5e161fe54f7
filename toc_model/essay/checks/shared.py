"""What several checks of the essay's claims say alike."""

import numpy as np
import xarray as xr

from toc_model.essay.dimensions import INTERVENTIONS
from toc_model.questions.claims.world import World
from toc_model.statistics.draws import ROUNDING

PATCHES = ("base", "essay", "critic")
"""Of what a claim is said that names no worldview."""
BOTH = ("base", "essay")
EVERY = (*PATCHES, "ml_authors", "safety_leaders", "superforecasters", "panel")
MARGIN = {"researchers": 0.22}
HALF = {"researchers": 0.50}
"""Half of the researchers buy time, and as many builders as now."""
MOST = 0.5
"""Share of draws."""
DOOM = "p_doom"
NO_PAUSE, PAUSE = {"branch": "no_pause"}, {"branch": "pause"}


def pinned(*nodes: str) -> str:
    """The override that holds nodes as they are in the reference world."""
    return "; ".join(f"do({node})=reference" for node in nodes)


def but(intervention: str) -> str:
    """The override that holds the reach of all other interventions."""
    return pinned(*(f"reach[{other}]" for other in INTERVENTIONS if other != intervention))


def where(so: xr.DataArray, *conditions: xr.DataArray) -> xr.DataArray:
    """Whether something is so, of those draws alone in which all conditions hold."""
    return so.isel(draw=np.flatnonzero(np.logical_and.reduce([one.values for one in conditions])))


def same(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Whether two are equal but for rounding."""
    return abs(one - other) <= ROUNDING * (1 + abs(one))


def at_least(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Whether one is no less than another but for rounding."""
    return one >= other - ROUNDING * (1 + abs(other))


def raised(world: World, node: str, low: float, high: float) -> tuple[World, World]:
    """Two worlds in which a node alone is held, lower and higher."""
    return world.given(f"do({node})={low}"), world.given(f"do({node})={high}")
