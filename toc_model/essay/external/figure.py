"""External checks, drawn."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.essay.external.words import FAR, label
from toc_model.present.figures import (
    COLOURS,
    FAINT,
    MARKERS,
    headline,
    in_legend,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from toc_model.essay.external.check import Check

BESIDE = 2.3
"""Inches of a text beside a row."""


def external_figure(found: "Mapping[str, Sequence[Check]]") -> "Figure":
    """Distance of each check in standard deviations, a mark a worldview."""
    labels = [label(check) for check in next(iter(found.values()))]
    with styled():
        figure = new_figure(1.2 + 0.4 * len(labels))
        (axes,) = figure.axes
        axes.axvspan(-FAR, FAR, color=FAINT, alpha=0.15, linewidth=0)
        for place, (name, checks) in enumerate(found.items()):
            rows = [row + 0.2 * (place - 1) for row in range(len(checks))]
            distances = [check.distance_in_sd for check in checks]
            axes.plot(distances, rows, MARKERS[place], color=COLOURS[place], label=in_legend(name), markersize=6)
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(labels)), [wrapped(one, BESIDE) for one in labels])
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("model less published\n(standard deviations of the model)")
        headline(figure, "How far the model is from what others published")
        figure.legend(loc="outside lower left", ncols=3)
        rests_on_line(figure, " / ".join(found), "Band: 90 % of a normal belief. * a prior has seen this source.")
    return figure
