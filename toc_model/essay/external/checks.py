"""What the model implies for quantities that others have published, and how far apart the two are."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from toc_model.beliefs.beliefs import Beliefs
from toc_model.documents import read_text
from toc_model.engine.overrides import parse_overrides
from toc_model.errors import InputError

DARK_COMPUTE = {1 / 12: 0.40, 1.0: 0.10, 10.0: 0.04}
"""Probability that AI is misaligned at handoff, by years of adjusted alignment time."""
DARK_COMPUTE_SOURCE = "Clymer, dark_compute, slowdown model, parameters as of 2025"
CAMPS = {"Concerned": "concerned", "Skeptical": "sceptics"}


@dataclass(frozen=True, slots=True)
class Check:
    """A published figure beside what the model implies.

    Attributes
    ----------
    name : str
    published : float
        On the scale of the comparison.
    implied : xarray.DataArray
        On the same scale, dims ``(draw,)``.
    unit : str
        Of the scale.
    source : str
        Of the published figure.
    seen_by : str
        The parameter whose prior cites the same source, so that agreement is no evidence; empty if none does.
    """

    name: str
    published: float
    implied: xr.DataArray
    unit: str
    source: str
    seen_by: str = ""

    @property
    def distance(self) -> float:
        """Mean of what is implied less what is published, in `unit`."""
        return float(self.implied.mean()) - self.published

    @property
    def distance_in_sd(self) -> float:
        """The same in standard deviations of what is implied."""
        return self.distance / float(self.implied.std())

    def to_dict(self) -> dict[str, Any]:
        """Figures of one row."""
        low, high = np.quantile(self.implied.values, [0.05, 0.95])
        return {
            "check": self.name,
            "unit": self.unit,
            "published": self.published,
            "implied_mean": float(self.implied.mean()),
            "implied_q05": float(low),
            "implied_q95": float(high),
            "distance": self.distance,
            "distance_in_sd": self.distance_in_sd,
            "seen_by": self.seen_by,
            "source": self.source,
        }


def external_checks(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> list[Check]:
    """All checks.

    Parameters
    ----------
    beliefs : Beliefs
    levers : xarray.Dataset
        Of the status quo, under which all is compared; dims ``(allocation, ...)``, one place.
    data : Path
        Folder of the published figures.

    Raises
    ------
    InputError
        If a file of the folder is missing or lacks a row.
    """
    return [
        *_slopes(beliefs, levers, _plans(data)),
        *_pauses(beliefs, levers, data),
        _researchers(beliefs, data),
        *_leads(beliefs, data),
    ]


def _slopes(beliefs: Beliefs, levers: xr.Dataset, plans: Mapping[str, tuple[float, float]]) -> list[Check]:
    """Fall of the log odds of risk over tenfold time for alignment: in the model, years of a pause."""
    greenblatt = "Greenblatt 2025, plans A to D; one expert"
    checks = []
    for long, short in (("A", "B"), ("B", "C")):
        years = (plans[short][0], plans[long][0])
        published = _slope(years, np.array([plans[short][1], plans[long][1]]))
        implied = xr.concat([_taken_over(beliefs, levers, length) for length in years], dim="years")
        checks.append(
            Check(
                f"takeover, {_time(years[0])} to {_time(years[1])}",
                float(published),
                _drawn(_slope(years, implied.values)),
                "logits per tenfold time",
                greenblatt,
                "solved_elasticity",
            )
        )
    for years in ((1.0, 10.0), (1 / 12, 1.0)):
        published = _slope(years, np.array([DARK_COMPUTE[length] for length in years]))
        implied = xr.concat([_misaligned(beliefs, levers, length) for length in years], dim="years")
        checks.append(
            Check(
                f"misalignment, {_time(years[0])} to {_time(years[1])}",
                float(published),
                _drawn(_slope(years, implied.values)),
                "logits per tenfold time",
                DARK_COMPUTE_SOURCE,
                "solved_elasticity",
            )
        )
    return checks


def _pauses(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> list[Check]:
    """Risk given a six-month pause over risk without one: what its time does, and what it does in all."""
    paused = ("do(pause_probability)=1", "do(pause_length)=0.5")
    whole = _p_doom(beliefs, levers, paused)
    ratios = {
        "its time": whole / _p_doom(beliefs, levers, ("do(pause_probability)=1", "do(pause_length)=0")),
        "in all": whole / _p_doom(beliefs, levers, ("do(pause_probability)=0",)),
    }
    rows = _rows(data / "fri_adversarial_collab_forecasts.csv")
    checks = []
    for camp, name in CAMPS.items():
        found = [row["risk_ratio_crux_vs_not"] for row in rows if (row["camp"], row["crux"]) == (camp, "6 month pause")]
        published = float(np.median([float(text) for text in found if text not in ("", "NA")]))
        checks += [
            Check(
                f"six-month pause ({part}), {name}",
                float(np.log(published)),
                _drawn(np.log(ratio.values)),
                "log ratio of risk",
                f"FRI adversarial collaboration 2023, median of {len(found)}; evidential",
            )
            for part, ratio in ratios.items()
        ]
    return checks


def _researchers(beliefs: Beliefs, data: Path) -> Check:
    rows = _rows(data / "published-figures.csv")
    name = ("n_alignment_researchers", "technical AI safety FTE (active orgs)", "2025")
    found = [row for row in rows if (row["quantity"], row["definition"], row["year"]) == name]
    if not found:
        raise InputError(f"{data / 'published-figures.csv'}: missing the row {', '.join(name)}")
    now, growth = (beliefs.parameters[parameter].values for parameter in ("researchers_now", "field_growth"))
    return Check(
        "technical researchers in 2025",
        float(np.log(float(found[0]["value"]))),
        _drawn(np.log(now) + 3 * growth),
        "log FTE",
        found[0]["source"].partition(" (")[0],
        "researchers_now, field_growth",
    )


def _leads(beliefs: Beliefs, data: Path) -> list[Check]:
    """Median lead of the leading labs, with leads that nobody has closed yet as lower bounds."""
    from scipy import stats

    rows = _rows(data / "epoch_eci_lead_months.csv")
    comparisons = {"OpenAI_GDM_Anthropic_to_all_others": "all others", "US_frontier_to_China": "China"}
    checks = []
    for comparison, name in comparisons.items():
        own = [row for row in rows if row["comparison"] == comparison]
        months = stats.CensoredData.right_censored(
            [float(row["lead_months"]) for row in own], [row["status"] != "matched" for row in own]
        )
        survival = stats.ecdf(months).sf
        median = survival.quantiles[np.argmax(survival.probabilities <= 0.5)]
        checks.append(
            Check(
                f"lead over {name}",
                float(np.log(median)),
                _drawn(np.log(beliefs.parameters["lead_now"].values)),
                "log months",
                f"Epoch capabilities index, {len(own)} models, median with unmatched ones as bounds",
                "lead_now",
            )
        )
    return checks


def _plans(data: Path) -> dict[str, tuple[float, float]]:
    """Years of time for safety (the middle of the range, in logs) and the probability of takeover, by plan."""
    rows = _rows(data / "greenblatt_2025_plans.csv")
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
    return _p_doom(beliefs, levers, held)


def _misaligned(beliefs: Beliefs, levers: xr.Dataset, years: float) -> xr.DataArray:
    """Probability that the leaders' AGI is not safe after a pause of so many years."""
    changed = _with(beliefs, (f"do(pause_length)={years!r}",))
    return 1 - changed.nodes(levers, ["safe"])["safe"].isel(allocation=0).sel(branch="pause")


def _p_doom(beliefs: Beliefs, levers: xr.Dataset, overrides: Sequence[str]) -> xr.DataArray:
    return _with(beliefs, overrides).outcome(levers).isel(allocation=0)


def _with(beliefs: Beliefs, overrides: Sequence[str]) -> Beliefs:
    return beliefs.with_overrides(parse_overrides(overrides))


def _slope(years: tuple[float, float], risks: Any) -> Any:
    logits = special.logit(risks)
    return (logits[1] - logits[0]) / np.log10(years[1] / years[0])


def _drawn(values: Any) -> xr.DataArray:
    return xr.DataArray(values, dims="draw")


def _time(years: float) -> str:
    return f"{years:.2g} y" if years >= 1 else f"{12 * years:.2g} mo"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(read_text(path), newline="")))
