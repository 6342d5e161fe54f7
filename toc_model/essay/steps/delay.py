"""What a year is worth: one year of delay, early or at the end, of the leaders alone or of everyone."""

from dataclasses import replace

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.interventions import do, fail_if_held
from toc_model.essay.dimensions import PAUSE

MONTHS_PER_YEAR = 12
HELD = ("agi_arrival", "lead_spent", "pause_probability", "pause_length", "deployment_risk")
"""Nodes that a year of delay sets."""
DELAYS = ("early, field-wide", "early, unilateral", "at the end, field-wide", "at the end, unilateral")


def value_of_a_year(beliefs: Beliefs, allocations: Allocations, *, years: float = 1.0) -> xr.DataArray:
    """P(doom) without a pause, and with one year more.

    Early delay is AGI so much later; delay at the end is a certain pause of that length. Unilateral delay uses up the
    leaders' lead month by month, field-wide delay does not. Later AGI erodes the lead as it does in the story, and
    the risk of deployment is held at its status quo, so that only the time counts.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
        Whose status quo is used.
    years : float
        Length of the delay.

    Returns
    -------
    xarray.DataArray
        P(doom), dims ``(draw, allocation)``, with ``no delay`` and `DELAYS` as allocations, paired.
    """
    names = ["no delay", *DELAYS]
    levers = allocations.levers().isel(allocation=[0] * len(names)).assign_coords(allocation=names)
    fail_if_held(beliefs.story, HELD, "a year of delay can't change it")
    base = beliefs.nodes(levers, ["agi_arrival", "lead_spent", "deployment_risk"])
    early = _marks([name.startswith("early") for name in names])
    end = _marks([name.startswith("at the end") for name in names])
    alone = _marks([name.endswith("unilateral") for name in names])
    in_pause = xr.DataArray(np.eye(2)[PAUSE], dims="branch")
    spent = MONTHS_PER_YEAR * years * alone * (early + end * in_pause)
    unpaused = base["lead_spent"].isel(branch=1 - PAUSE, drop=True)
    held = {
        "agi_arrival": base["agi_arrival"] + years * early,
        "lead_spent": unpaused + spent,
        "pause_probability": end,
        "pause_length": years * end,
        "deployment_risk": base["deployment_risk"],
    }
    story = beliefs.story
    for name, value in held.items():
        story = do(story, name, value.drop_vars(list(value.coords)))
    return replace(beliefs, story=story).outcome(levers)


def _marks(places: list[bool]) -> xr.DataArray:
    return xr.DataArray(np.array(places, float), dims="allocation")
