"""The village by hand: what a few lines of NumPy say about any allocation, draw by draw."""

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs

TODAY, PLAN, ALL_ROUND = (3.0, 0.5), (6.0, 0.8), (12.0, 0.5)
"""Kilometres of fence, and the share of the watch that is in the valley."""


def values(beliefs: Beliefs) -> dict[str, Floats]:
    """Draws of all parameters, a place of ``watch_gain`` each, shape ``(draw,)``."""
    found = {str(name): draws.values for name, draws in beliefs.parameters.items() if name != "watch_gain"}
    gain: xr.DataArray = beliefs.parameters["watch_gain"]
    return found | {str(field): gain.sel(field=field).values for field in gain["field"].values}


def hunger(beliefs: Beliefs) -> Floats:
    """Draws of what deer that jump and those in the valley have in common, shape ``(draw,)``."""
    found: Floats = beliefs.priors.drawn_sources(beliefs.draws, beliefs.seed).sel(source="hunger").values
    return found


def own_jumping(beliefs: Beliefs) -> Floats:
    """Draws of what jumping has for itself, a standard normal, shape ``(draw,)``."""
    found: Floats = beliefs.priors.drawn_sources(beliefs.draws, beliefs.seed).sel(source="jumped").values
    return found


def jumping(hungry: Floats | float, own: Floats | float) -> Floats:
    """The share of deer that jump, 10 % to 50 % with .25 in the middle, given its two parts."""
    middle, spread = np.log(0.25 / 0.75), (np.log(0.5 / 0.5) - np.log(0.1 / 0.9)) / (2 * 1.6448536269514722)
    return np.asarray(1 / (1 + np.exp(-middle - spread * (0.6 * hungry + 0.8 * own))))


def spared(beliefs: Beliefs, fence: float, valley: float) -> Floats:
    """Tonnes that deer leave, more than before, when a kilometre was fenced and the watch was halved."""
    has = values(beliefs)
    watched = has["valley"] * (valley - 0.5) + has["hill"] * ((1 - valley) - 0.5)
    fenced: Floats = has["fence_gain"] * (1 - has["jumped"]) * (fence - 1)
    return fenced + watched


def sown(beliefs: Beliefs, fence: float) -> Floats:
    """Tonnes that are sown."""
    has = values(beliefs)
    found: Floats = has["sown_before"] - has["toil"] * (fence - 1) ** 2
    return found


def harvest(beliefs: Beliefs, fence: float, valley: float) -> Floats:
    """Tonnes that are brought in."""
    found: Floats = sown(beliefs, fence) + spared(beliefs, fence, valley)
    return found


def change(beliefs: Beliefs) -> Floats:
    """By how many tonnes the plan brings in more than today."""
    found: Floats = harvest(beliefs, *PLAN) - harvest(beliefs, *TODAY)
    return found


def best_fence(beliefs: Beliefs) -> float:
    """Kilometres at which the mean harvest is largest: where the mean slope is zero."""
    has = values(beliefs)
    return 1 + float((has["fence_gain"] * (1 - has["jumped"])).mean() / (2 * has["toil"].mean()))
