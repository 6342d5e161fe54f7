"""External checks in words: a table and a headline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.words import listed, named, percent

if TYPE_CHECKING:
    from toc_model.essay.external import External
    from toc_model.essay.external.check import Check

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
            distances.append(Number(f"{check.distance_in_sd:+z.1f}", check.distance_in_sd))
            rows.append([*about, called(name), Number(implied, row["implied_mean"]), *distances])
    table = Table(
        "",
        ["check", "unit", "published", "worldview", "model", "distance", "in sd"],
        rows,
        goes=["unit", "distance"],
        note="Model: mean [5 %, 95 %]. Distance: model less published, in the unit and in the model's own standard "
        "deviations. * a prior has seen this source, so that agreement is no evidence.",
    )
    notes = [headline(found.checks), *(one.rests_on() for one in found.beliefs)]
    by_check = zip(*found.checks.values(), strict=True)
    points = [(label(checks[0]), told(dict(zip(found.checks, checks, strict=True)))) for checks in by_check]
    title = "Implied by the model and published by others"
    return Section("external", "Published", title, tables=[table], notes=notes, points=points)


def told(checks: "Mapping[str, Check]") -> str:
    """Whose figure it is, and by how many standard deviations the model misses it, by worldview."""
    first = next(iter(checks.values()))
    misses = [f"{check.distance_in_sd:+z.1f} under {named(name)}" for name, check in checks.items()]
    parts = [
        f"{percent(check.share)} of draws under {named(name)}" for name, check in checks.items() if check.share < 1
    ]
    return " ".join(
        [
            f"From {first.camp} ({first.source}).",
            f"The model misses it by {listed(misses)}, in its own standard deviations.",
            *([first.note] if first.note else []),
            *([f"That is {listed(parts)}."] if parts else []),
        ]
    )


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
