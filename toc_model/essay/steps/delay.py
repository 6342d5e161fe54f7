"""What a year is worth: one year of delay, early or at the end, of the leaders alone or of everyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined
from toc_model.engine.case import Finding
from toc_model.engine.evaluate import evaluate, everywhere
from toc_model.engine.interventions import fail_if_held
from toc_model.essay.dimensions import PAUSE
from toc_model.essay.steps import words
from toc_model.present.section import Section
from toc_model.statistics import decisions

MONTHS_PER_YEAR = 12
HELD = ("agi_arrival", "lead_spent", "pause_probability", "pause_length", "deployment_risk")
"""Nodes that a year of delay sets."""
NO_DELAY = "no delay"
DELAYS = ("early, field-wide", "early, unilateral", "at the end, field-wide", "at the end, unilateral")


@dataclass(frozen=True, slots=True)
class Delay(Finding):
    """The value of one year of delay under the status quo.

    Attributes
    ----------
    beliefs : Beliefs
    change : xarray.DataArray
        Paired change of P(doom) from a world without a pause, dims ``(draw, allocation)``, a place for each of
        `DELAYS`.
    """

    beliefs: Beliefs
    change: xr.DataArray

    def to_dict(self) -> dict[str, Any]:
        """Changes of P(doom), as ``toc marginal --json`` prints them."""
        table = decisions.summary(self.change)
        return {"year_of_delay": {name: decisions.row(table, allocation=name) for name in DELAYS}}

    @override
    def section(self, beside: Sequence["Delay"] = (), *, pictures: bool = False) -> Section:
        """What a year would change, early and at the end, alone and together."""
        return words.delay([self, *beside])


def one_more_year(beliefs: Beliefs, allocations: Allocations, _: str) -> Delay:
    """Value a year of delay under the status quo, whatever margin is asked about.

    Raises
    ------
    InputError
        If an override holds what a delay would change.
    """
    doom = value_of_a_year(beliefs, allocations)
    return Delay(beliefs, decisions.paired_change(doom, NO_DELAY).isel(allocation=slice(1, None)))


def value_of_a_year(beliefs: Beliefs, allocations: Allocations, *, years: float = 1.0) -> xr.DataArray:
    """P(doom) without a pause, and with one year more.

    Early delay is AGI so much later; delay at the end is a certain pause of that length. Unilateral delay uses up the
    leaders' lead month by month, field-wide delay does not. Later AGI erodes the lead as it does in the story, and
    the risk of deployment is that without a pause under the status quo, so that only the time counts.

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
        P(doom), dims ``(draw, allocation)``, with `NO_DELAY` and `DELAYS` as allocations, paired.
    """
    names = [beliefs.story.reference, NO_DELAY, *DELAYS]
    quo = allocations.levers().sel(allocation=[allocations.status_quo] * (len(names) - 1))
    levers = joined(beliefs.anchor, quo.assign_coords(allocation=names[1:]))
    fail_if_held(beliefs.story, HELD, "a year of delay can't change it")
    base = beliefs.nodes(levers, ["agi_arrival", "lead_spent", "deployment_risk"])
    early = _marks([name.startswith("early") for name in names])
    end = _marks([name.startswith("at the end") for name in names])
    alone = _marks([name.endswith("unilateral") for name in names])
    in_pause = xr.DataArray(np.eye(2)[PAUSE], dims="branch")
    spent = MONTHS_PER_YEAR * years * alone * (early + end * in_pause)
    unpaused = base["lead_spent"].isel(branch=1 - PAUSE, drop=True)
    known = xr.Dataset(
        {
            "agi_arrival": base["agi_arrival"] + years * early,
            "lead_spent": unpaused + spent,
            "pause_probability": end,
            "pause_length": years * end,
            "deployment_risk": base["deployment_risk"].isel(branch=1 - PAUSE, drop=True),
        }
    )
    outcome = beliefs.case.objective.node
    found = evaluate(beliefs.story, beliefs.parameters, levers, [outcome], known=known)[outcome]
    return everywhere(found, beliefs.parameters, levers).isel(allocation=slice(1, None))


def _marks(places: list[bool]) -> xr.DataArray:
    return xr.DataArray(np.array(places, float), dims="allocation")
