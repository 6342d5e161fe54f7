"""External checks in words: a table and a headline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.present.section import Cell, Number, Section, Table

if TYPE_CHECKING:
    from toc_model.essay.external import External
    from toc_model.essay.external.checks import Check

FAR = 1.645
"""Standard deviations: outside it, a published figure is beyond the model's central 90 %."""


def section(found: "External") -> Section:
    """The table of all worldviews' checks, and a headline."""
    rows: list[list[Cell]] = []
    for checks in zip(*found.checks.values(), strict=True):
        for place, (name, check) in enumerate(zip(found.checks, checks, strict=True)):
            row = check.to_dict()
            about: list[Cell] = ["", "", ""]
            if place == 0:
                about = [label(check), check.unit, Number(f"{check.published:.2f}", check.published)]
            implied = f"{row['implied_mean']:.2f} [{row['implied_q05']:.2f}, {row['implied_q95']:.2f}]"
            distances = [Number(f"{check.distance:+.2f}", check.distance)]
            distances.append(Number(f"{check.distance_in_sd:+.1f}", check.distance_in_sd))
            rows.append([*about, name, Number(implied, row["implied_mean"]), *distances])
    table = Table(
        "",
        ["check", "unit", "published", "worldview", "model", "distance", "in sd"],
        rows,
        note="Model: mean [5 %, 95 %]. Distance: model less published, in the unit and in the model's own standard "
        "deviations. * a prior has seen this source, so that agreement is no evidence.",
    )
    notes = [headline(found.checks), *(one.rests_on() for one in found.beliefs)]
    return Section("external", "Published", "Implied by the model and published by others", tables=[table], notes=notes)


def headline(found: "Mapping[str, Sequence[Check]]") -> str:
    """How many published figures that no prior has seen lie within the model's central 90 %, by worldview."""
    counts = []
    for name, checks in found.items():
        unseen = [check.to_dict() for check in checks if not check.seen_by]
        near = sum(row["implied_q05"] <= row["published"] <= row["implied_q95"] for row in unseen)
        counts.append(f"{name} {near} of {len(unseen)}")
    return f"Published figures that no prior has seen, within the model's 5-95 %: {', '.join(counts)}."


def label(check: "Check") -> str:
    """Its name, marked if a prior has seen the source."""
    return check.name + (" *" if check.seen_by else "")
