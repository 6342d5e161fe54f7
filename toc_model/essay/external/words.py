"""External checks as a table and a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.figures import COLOURS, FAINT, MARKERS, new_figure, rests_on_line, styled, zero_line
from toc_model.present.terminal import as_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from toc_model.essay.external.checks import Check

FAR = 1.645
"""Standard deviations: outside it, a published figure is beyond the model's central 90 %."""


def external_text(found: Mapping[str, Sequence[Check]]) -> str:
    """The table of all worldviews' checks, and a headline."""
    table = Table(
        title="Implied by the model and published by others",
        caption="Model: mean [5 %, 95 %]. Distance: model less published, in the unit and in the model's own standard "
        "deviations.\n* a prior has seen this source, so that agreement is no evidence.",
        box=SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    for heading in ("check", "unit"):
        table.add_column(heading, no_wrap=True)
    table.add_column("published", justify="right")
    table.add_column("worldview", no_wrap=True)
    for heading in ("model", "distance", "in sd"):
        table.add_column(heading, justify="right", no_wrap=True)
    for checks in zip(*found.values(), strict=True):
        for place, (name, check) in enumerate(zip(found, checks, strict=True)):
            row = check.to_dict()
            about = [_label(check), check.unit, f"{check.published:.2f}"] if place == 0 else ["", "", ""]
            implied = f"{row['implied_mean']:.2f} [{row['implied_q05']:.2f}, {row['implied_q95']:.2f}]"
            table.add_row(
                *about,
                name,
                implied,
                f"{check.distance:+.2f}",
                f"{check.distance_in_sd:+.1f}",
                end_section=place == len(found) - 1,
            )
    return as_text(table) + "\n" + headline(found)


def headline(found: Mapping[str, Sequence[Check]]) -> str:
    """How many published figures that no prior has seen lie within the model's central 90 %, by worldview."""
    counts = []
    for name, checks in found.items():
        unseen = [check for check in checks if not check.seen_by]
        near = sum(row["implied_q05"] <= row["published"] <= row["implied_q95"] for row in map(_row, unseen))
        counts.append(f"{name} {near} of {len(unseen)}")
    return f"Published figures that no prior has seen, within the model's 5-95 %: {', '.join(counts)}."


def external_figure(found: Mapping[str, Sequence[Check]]) -> Figure:
    """Distance of each check in standard deviations, a mark a worldview."""
    labels = [_label(check) for check in next(iter(found.values()))]
    with styled():
        figure = new_figure(8.6, 1.7 + 0.36 * len(labels))
        (axes,) = figure.axes
        axes.axvspan(-FAR, FAR, color=FAINT, alpha=0.15, linewidth=0)
        for place, (name, checks) in enumerate(found.items()):
            rows = [row + 0.2 * (place - 1) for row in range(len(checks))]
            distances = [check.distance_in_sd for check in checks]
            axes.plot(distances, rows, MARKERS[place], color=COLOURS[place], label=name, markersize=6)
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Model less published, in the model's standard deviations")
        figure.suptitle("How far the model is from what others published", x=0.01, ha="left", fontsize=11)
        figure.legend(loc="outside upper right", ncols=len(found))
        rests_on_line(figure, " / ".join(found), "Band: 90 % of a normal belief. * a prior has seen this source.")
    return figure


def _label(check: Check) -> str:
    return check.name + (" *" if check.seen_by else "")


def _row(check: Check) -> dict[str, float]:
    found: dict[str, float] = check.to_dict()
    return found
