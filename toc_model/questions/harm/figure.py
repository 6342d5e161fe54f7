"""The box as ranges on the scale of quantiles; where there is none, the change over draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toc_model.present.figures import (
    COLOURS,
    FAINT,
    HATCHES,
    INK,
    headline,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)
from toc_model.statistics import averages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.harm import Harm
    from toc_model.questions.harm.limits import Limit

BINS = 40
END = 0.005
"""Share of draws at either end of the histogram that are shown in its last bin."""
ACROSS = 5.0
"""Inches of a text above a bar."""


def harm_figure(found: Harm) -> Figure:
    """A bar for each belief of the box, or a histogram of the change."""
    return _ranges(found) if found.verdict == "box" else _histogram(found)


def _ranges(found: Harm) -> Figure:
    with styled():
        figure = new_figure(1.2 + 0.75 * len(found.limits))
        axes = figure.axes[0]
        for place, limit in enumerate(found.limits):
            _range(axes, place, limit)
        axes.set(xlim=(0, 100), ylim=(len(found.limits) - 0.4, -0.75), yticks=[])
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("quantile of the belief (% of draws)")
        headline(figure, f"Where moving to {found.allocation.replace('_', ' ')} does harm")
        rests_on_line(figure, found.beliefs.worldview, _note(found))
        return figure


def _range(axes: Axes, place: int, limit: Limit) -> None:
    """All draws of a belief, the part that the box has, and what that is in its unit."""
    axes.barh(place, 100, height=0.3, color="#ededed", edgecolor=FAINT, linewidth=0.6)
    low, high = 100 * limit.below, 100 * limit.upto
    axes.barh(place, high - low, left=low, height=0.3, color=COLOURS[1], hatch=HATCHES[1], edgecolor=INK, linewidth=0.8)
    axes.annotate(
        wrapped(f"{limit.label}: {limit.told}", ACROSS), (0, place - 0.2), xytext=(0, 2), textcoords="offset points"
    )
    axes.annotate(
        f"{100 * limit.limited_in:.0f} %", (100, place), xytext=(5, 0), textcoords="offset points", va="center"
    )


def _note(found: Harm) -> str:
    firm = found.firm
    held = "" if firm is None else f"Harm in {100 * firm.density.value:.0f} % of the box and"
    return (
        f"{held} {100 * found.share.value:.0f} % of all draws.\nHatched: the box. Right: share of resamples whose box "
        "limits the belief."
    )


def _histogram(found: Harm) -> Figure:
    objective = found.beliefs.case.objective
    values, weights = objective.measure.factor * found.change.values, averages.weights_of(found.change)
    low, high = averages.quantiles_of(values, [END, 1 - END], weights)
    width = (max(high, 0.0) - min(low, 0.0)) / BINS or 1.0
    edges = (width * np.arange(np.floor(min(low, 0.0) / width), max(np.ceil(high / width), 1) + 1)).tolist()
    harmful = found.harmful.values
    with styled():
        figure = new_figure(3.1)
        axes = figure.axes[0]
        looks = (("harm", harmful, COLOURS[1], HATCHES[1]), ("no harm", ~harmful, COLOURS[4], HATCHES[0]))
        for label, some, colour, hatch in looks:
            axes.hist(
                values[some].clip(edges[0], edges[-1]),
                edges,
                weights=None if weights is None else weights[some],
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.5,
                label=label,
            )
        zero_line(axes, vertical=True)
        axes.set_xlabel(f"change of {objective.label} ({objective.measure.change_unit})")
        axes.set_ylabel("draws")
        headline(figure, f"Moving to {found.allocation.replace('_', ' ')}")
        axes.legend()
        often = f"Harm in {100 * found.share.value:.0f} % of draws."
        rests_on_line(figure, found.beliefs.worldview, f"{often} What lies beyond the ends is in the last bars.")
        return figure
