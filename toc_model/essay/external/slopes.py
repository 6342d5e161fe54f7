"""How fast risk falls with time for alignment: years of a pause in the model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.external.check import Check, changed, drawn, p_doom
from toc_model.essay.external.published import rows_of

DARK_COMPUTE = {1 / 12: 0.40, 1.0: 0.10, 10.0: 0.04}
"""Probability that AI is misaligned at handoff, by years of adjusted alignment time."""
UNIT = "logits per tenfold time"
SEEN_BY = "solved_elasticity"


def slopes(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> Iterator[Check]:
    """Fall of the log odds of risk over tenfold time, of two sources."""
    plans = _plans(data)
    for long, short in (("A", "B"), ("B", "C")):
        years = (plans[short][0], plans[long][0])
        implied = xr.concat([_taken_over(beliefs, levers, length) for length in years], dim="years")
        yield Check(
            f"takeover, {_time(years[0])} to {_time(years[1])}",
            float(_slope(years, np.array([plans[short][1], plans[long][1]]))),
            drawn(_slope(years, implied.values), beliefs),
            UNIT,
            "Greenblatt 2025, plans A to D",
            "one researcher in AI safety (R. Greenblatt)",
            SEEN_BY,
        )
    for years in ((1.0, 10.0), (1 / 12, 1.0)):
        implied = xr.concat([_misaligned(beliefs, levers, length) for length in years], dim="years")
        yield Check(
            f"misalignment, {_time(years[0])} to {_time(years[1])}",
            float(_slope(years, np.array([DARK_COMPUTE[length] for length in years]))),
            drawn(_slope(years, implied.values), beliefs),
            UNIT,
            "Clymer, dark_compute, slowdown model, parameters as of 2025",
            "one modeller in AI safety (J. Clymer), after a survey of experts that is not published",
            SEEN_BY,
        )


def _plans(data: Path) -> dict[str, tuple[float, float]]:
    """Years of time for safety (the middle of the range, in logs) and the probability of takeover, by plan."""
    rows = rows_of(data / "greenblatt_2025_plans.csv")
    return {
        row["plan"]: (
            float(
                np.sqrt(float(row["lead_time_for_safety_months_low"]) * float(row["lead_time_for_safety_months_high"]))
            )
            / 12,
            float(row["p_takeover_given_plan"]),
        )
        for row in rows
    }


def _taken_over(beliefs: Beliefs, levers: xr.Dataset, years: float) -> xr.DataArray:
    """P(doom) in a pause of so many years that nobody uses to overtake."""
    held = ("do(pause_probability)=1", f"do(pause_length)={years!r}", "do(overtaken)=0")
    return p_doom(beliefs, levers, held)


def _misaligned(beliefs: Beliefs, levers: xr.Dataset, years: float) -> xr.DataArray:
    """Probability that the leaders' AGI is not safe after a pause of so many years."""
    paused = changed(beliefs, (f"do(pause_length)={years!r}",))
    return 1 - paused.nodes(levers, ["safe"])["safe"].isel(allocation=0).sel(branch="pause")


def _slope(years: tuple[float, float], risks: Any) -> Any:
    logits = special.logit(risks)
    return (logits[1] - logits[0]) / np.log10(years[1] / years[0])


def _time(years: float) -> str:
    return f"{years:.2g} y" if years >= 1 else f"{12 * years:.2g} mo"
