"""What FRI's adversarial collaboration says of two cruxes: a pause of six months, and a solution to alignment.

What forecasters say is evidential, what they would believe on learning of the crux; the model's is what the crux
would do. The full texts of the cruxes were not at hand, so that the comparison is by their names.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr
from scipy import special

from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.essay.external.check import Check, changed, drawn, p_doom
from toc_model.essay.external.published import CAMPS, crux

PAUSE, SOLUTION = "6 month pause", "Alignment solution"
RATIO = "log ratio of risk"
BY = 2030
"""The year by which FRI's cruxes come true, or do not."""


def cruxes(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> Iterator[Check]:
    """Risk with a crux over risk without it, and how likely a solution is, by camp."""
    paused, solved = _paused(beliefs, levers), _if_solved(beliefs, levers)
    chance = _solved_by(beliefs, levers)
    for camp, (name, whose) in CAMPS.items():
        ratio, people = crux(data, camp, PAUSE, "risk_ratio_crux_vs_not")
        for part, implied in paused.items():
            yield Check(
                f"six-month pause ({part}), {name}",
                float(np.log(ratio)),
                implied,
                RATIO,
                _source(people),
                whose,
            )
        ratio, people = crux(data, camp, SOLUTION, "risk_ratio_crux_vs_not")
        yield Check(
            f"alignment solved or not, {name}",
            float(np.log(ratio)),
            solved,
            "log risk, solved less not",
            _source(people),
            whose,
            note="In the model: P(doom) if a solution exists for certain, over that if none does.",
        )
        stated, people = crux(data, camp, SOLUTION, "p_crux")
        yield Check(
            f"alignment solved by {BY}, {name}",
            float(special.logit(stated)),
            chance,
            "log odds",
            _source(people),
            whose,
            "solved_by_reference",
            f"In the model: P(solved) without a pause if AGI arrives at the start of {BY}.",
        )


def _source(people: int) -> str:
    return f"FRI adversarial collaboration 2023, median of {people}; evidential"


def _paused(beliefs: Beliefs, levers: xr.Dataset) -> dict[str, xr.DataArray]:
    """Risk given a six-month pause over risk without one, in logs: what its time does, and what it does in all."""
    whole = p_doom(beliefs, levers, ("do(pause_probability)=1", "do(pause_length)=0.5"))
    without = {
        "its time": p_doom(beliefs, levers, ("do(pause_probability)=1", "do(pause_length)=0")),
        "in all": p_doom(beliefs, levers, ("do(pause_probability)=0",)),
    }
    return {part: drawn(np.log((whole / other).values), beliefs) for part, other in without.items()}


def _if_solved(beliefs: Beliefs, levers: xr.Dataset) -> xr.DataArray:
    """Risk if a solution exists over risk if none does, in logs."""
    ratio = p_doom(beliefs, levers, ("do(solved)=1",)) / p_doom(beliefs, levers, ("do(solved)=0",))
    return drawn(np.log(ratio.values), beliefs)


def _solved_by(beliefs: Beliefs, levers: xr.Dataset) -> xr.DataArray:
    """Log odds of a solution without a pause if AGI arrives at the beginning of the year."""
    date = beliefs.documents.date
    if date is None or date.year >= BY:
        held = date.label if date else "no date"
        raise InputError(f"external checks: found beliefs as of {held}; allowed: of a date before {BY}")
    early = changed(beliefs, (f"do(agi_arrival)={BY - date.year!r}",))
    solved = early.nodes(levers, ["solved"])["solved"].isel(allocation=0).sel(branch="no_pause")
    return drawn(special.logit(solved.values), beliefs)
