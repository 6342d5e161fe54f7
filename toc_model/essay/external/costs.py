"""What a micro-doom costs, beside what others estimate; both only where anything is gained."""

import math
from collections.abc import Iterator

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.essay.external.check import Check
from toc_model.essay.steps.people import one_more_person
from toc_model.statistics import averages

IMPACT_LIST, RANGE = 1.2e6, (0.2e6, 70e6)
"""Dollars per micro-doom: Impact List's estimate, and its range where anything is gained."""
WORKS = {"technical": "technical work", "buying_time": "buying time"}
FEWEST = 2
"""Draws in which anything is gained, for a spread of what it costs."""


def costs(beliefs: Beliefs, allocations: Allocations, fte_cost: float) -> Iterator[Check]:
    """Dollars per micro-doom of one more average person at the status quo.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    fte_cost : float
        Dollars that an FTE-year costs, as the caller says.

    Raises
    ------
    InputError
        If the cost is no amount, or next to no draw gains anything.
    """
    if not 0 < fte_cost < math.inf:
        raise InputError(f"cost of one FTE-year: found {fte_cost:g}; allowed: more than 0")
    average = one_more_person(beliefs, allocations, allocations.status_quo).average
    for work, name in WORKS.items():
        averted = average.sel(work=work, drop=True)
        gaining = averted.isel(draw=np.flatnonzero(averted > 0))
        if gaining.size < FEWEST:
            raise InputError(f"cost of a micro-doom by {name}: found {gaining.size} draws that gain; allowed: {FEWEST}")
        spent: xr.DataArray = np.log10(fte_cost / gaining)  # type: ignore[assignment]
        low, high = (f"{end / 1e6:g}" for end in RANGE)
        yield Check(
            f"cost of a micro-doom, {name}",
            float(np.log10(IMPACT_LIST)),
            spent,
            "log10 dollars",
            f"Impact List, ai_risk: 1.2 million dollars, {low} to {high} where anything is gained",
            "Impact List's own estimate, of all effective spending so far",
            note=(
                f"In the model: one more average person at {fte_cost:,.0f} dollars an FTE-year, which is the caller's "
                "figure, in those draws alone that gain anything."
            ),
            share=float(averages.mean(averted > 0)),
        )
