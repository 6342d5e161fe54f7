"""What an analyst can set, and the two marks that tell pools and branches apart."""

from collections.abc import Mapping

from toc_model.engine.declare import Indicator, Lever
from toc_model.essay.dimensions import DIMENSIONS

DEFAULT_MIX: Mapping[str, Mapping[str, float]] = {
    "researchers": {"outreach": 0.35, "evaluations": 0.25, "grounding_papers": 0.25, "convening": 0.15},
    "builders": {"outreach": 0.60, "evaluations": 0.0, "grounding_papers": 0.0, "convening": 0.40},
}

LEVERS = (
    Lever(
        "buying_time_share",
        unit="fraction",
        dims=("allocation", "pool"),
        claims=("C01", "C16", "C17", "C47", "C99", "C101", "C104", "C105"),
        statement="The share of each pool of people who buy time; the other researchers do technical work, "
        "the other community builders grow the field.",
        prefix="",
        label="share of {pool} who buy time",
        margin=1e-6,
    ),
    Lever(
        "mix",
        unit="fraction",
        dims=("allocation", "pool", "intervention"),
        claims=("C21", "C52"),
        statement="How those who buy time divide their effort over the interventions; sums to one in each pool.",
        sums_over="intervention",
        label="share of {intervention} in the {pool}' mix",
        default=DEFAULT_MIX,
    ),
)

INDICATORS = (
    Indicator("is_researcher", dim="pool", values=(1.0, 0.0), statement="1 for researchers, 0 for builders."),
    Indicator("paused", dim="branch", values=(0.0, 1.0), statement="1 in the branch with a pause, 0 in the other."),
)

__all__ = ["DIMENSIONS", "INDICATORS", "LEVERS"]
