"""What was counted: researchers, leads, and promises that labs kept."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr
from scipy import special

from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.external.check import Check, drawn
from toc_model.essay.external.published import published, rows_of

KEPT, PLEDGES = 2, 8
"""Pledges made by several labs together, and how many of them were kept."""
COMPLIANCE = ("p_lab_adopts_safety", "average disclosed compliance with 8 White House commitments", "2025")
RESEARCHERS = ("n_alignment_researchers", "technical AI safety FTE (active orgs)", "2025")


def observed(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> Iterator[Check]:
    """Counts beside what the model takes or implies for them."""
    yield _researchers(beliefs, data)
    yield from _leads(beliefs, data)
    yield from _compliance(beliefs, levers, data)


def _researchers(beliefs: Beliefs, data: Path) -> Check:
    row = published(data, *RESEARCHERS)
    now, growth = (beliefs.parameters[parameter].values for parameter in ("researchers_now", "field_growth"))
    return Check(
        "technical researchers in 2025",
        float(np.log(float(row["value"]))),
        drawn(np.log(now) + 3 * growth, beliefs),
        "log FTE",
        row["source"].partition(" (")[0],
        "no camp: a count",
        "researchers_now, field_growth",
    )


def _leads(beliefs: Beliefs, data: Path) -> Iterator[Check]:
    """Median lead of the leading labs, with leads that nobody has closed yet as lower bounds."""
    from scipy import stats

    rows = rows_of(data / "epoch_eci_lead_months.csv")
    comparisons = {"OpenAI_GDM_Anthropic_to_all_others": "all others", "US_frontier_to_China": "China"}
    for comparison, name in comparisons.items():
        own = [row for row in rows if row["comparison"] == comparison]
        months = stats.CensoredData.right_censored(
            [float(row["lead_months"]) for row in own], [row["status"] != "matched" for row in own]
        )
        survival = stats.ecdf(months).sf
        median = survival.quantiles[np.argmax(survival.probabilities <= 0.5)]
        yield Check(
            f"lead over {name}",
            float(np.log(median)),
            drawn(np.log(beliefs.parameters["lead_now"].values), beliefs),
            "log months",
            f"Epoch capabilities index, {len(own)} models, median with unmatched ones as bounds",
            "no camp: a count",
            "lead_now",
        )


def _compliance(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> Iterator[Check]:
    """Promises that labs kept beside P(adopted), which is about a whole solution and no single promise."""
    row = published(data, *COMPLIANCE)
    adopted = beliefs.nodes(levers, ["adopted"])["adopted"].isel(allocation=0).sel(branch="no_pause")
    implied = drawn(special.logit(adopted.values), beliefs)
    figures = (
        ("compliance of 16 companies", float(row["value"]) / 100, "Wang et al. 2025, disclosures on 8 commitments"),
        (f"{KEPT} of {PLEDGES} joint pledges kept", KEPT / PLEDGES, "a count as of 2026, read in an excerpt alone"),
    )
    for name, share, source in figures:
        yield Check(
            name,
            float(special.logit(share)),
            implied,
            "log odds",
            source,
            "no camp: observed of companies",
            "adoption_reference",
            "In the model: P(adopted) of a solution that exists, which asks more of a lab than a promise does.",
        )
