"""Figure 1 of the essay in decision units, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from toc_model.naming import called
from toc_model.present.figures import (
    COLOURS,
    DASHES,
    INK,
    label_panels,
    new_panels,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)
from toc_model.statistics import averages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.essay.steps.people import People

ACROSS = 2.2
"""Inches of a text above a panel."""
MARGIN = 0.15
"""Of the axis beyond its ends, in standard deviations of talent."""
TICKS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999)


def figure_one(found: Sequence[People]) -> Figure:
    """The essay's Figure 1 in micro-dooms: value of one person by technical talent, a panel a worldview."""
    with styled():
        figure = new_panels(len(found), 2.9, around=0.8)
        for axes, one in zip(figure.axes, found, strict=True):
            _percentiles(axes, one)
        label_panels(figure, "percentile of technical talent", "micro-dooms averted per FTE-year")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
        at = called(found[0].allocation)
        note = (
            f"At the margin of the {at}. One person, who has the talent for buying time that goes with the technical "
            "talent on average. Line of buying time: median of draws; that of technical work is as far from it as the "
            "median difference in the same draws, so that they cross at the mark, the median percentile above which "
            "technical work is better, with 90 % of draws (an arrow where that is beyond the axis). Bands: half of "
            "draws. A micro-doom is 10⁻⁶ of P(doom)."
        )
        worldviews = ", ".join(called(one.beliefs.worldview) for one in found)
        rests_on_line(figure, worldviews, note)
        return figure


def lines(one: People) -> dict[str, np.ndarray]:
    """The two lines, by percentile: they cross where the median of the paired difference is zero."""
    values = one.one_person
    technical, buying = (values.sel(work=work, drop=True) for work in ("technical", "buying_time"))
    bought, apart = (averages.quantiles(one, [0.5])[0] for one in (buying, technical - buying))
    return {"technical": bought + apart, "buying_time": bought}


def mark(one: People) -> dict[str, float]:
    """Median and ends of the crossing, in standard deviations of technical talent; those of the axis beyond it."""
    x = special.ndtri(one.one_person["percentile"].values)
    return {name: float(np.clip(special.ndtri(at), x[0], x[-1])) for name, at in one.cut.items()}


def _percentiles(axes: Axes, one: People) -> None:
    by, drawn = one.one_person, lines(one)
    x = special.ndtri(by["percentile"].values)
    for place, (work, label) in enumerate((("technical", "technical work"), ("buying_time", "buying time"))):
        low, high = averages.quantiles(by.sel(work=work), [0.25, 0.75])
        axes.fill_between(x, low, high, color=COLOURS[place], alpha=0.2, linewidth=0)
        axes.plot(x, drawn[work], color=COLOURS[place], linestyle=DASHES[place], linewidth=1.8, label=label)
    _cross(axes, one, x, drawn["buying_time"])
    axes.set_yscale("symlog", linthresh=10)
    axes.set_yticks([-10, 0, 10, 100, 1000], ["\N{MINUS SIGN}10", "0", "10", "100", "1,000"])
    axes.set_xticks(special.ndtri(TICKS), [f"{100 * tick:g}" for tick in TICKS])
    axes.set(xlim=(x[0] - MARGIN, x[-1] + MARGIN))
    low, cut, high = (100 * one.cut[name] for name in ("q05", "median", "q95"))
    title = f"{called(one.beliefs.worldview)}\ntechnical better above {cut:.1f} [{low:.0f}, {high:.2f}]"
    axes.set_title(wrapped(title, ACROSS))
    zero_line(axes)
    axes.grid(axis="y")


def _cross(axes: Axes, one: People, x: np.ndarray, line: np.ndarray) -> None:
    """Where the lines cross: the median as a point, 90 % of draws as a bar, an arrow where an end is off the axis."""
    at = mark(one)
    height = float(np.interp(at["median"], x, line))
    axes.plot([at["q05"], at["q95"]], [height, height], color=INK, linewidth=1.4)
    shapes = {x[0]: "<", x[-1]: ">"}
    for end in (at["q05"], at["q95"]):
        axes.plot(end, height, shapes.get(end, "|"), color=INK, markersize=6)
    axes.plot(at["median"], height, shapes.get(at["median"], "o"), color=INK, markersize=7, markeredgecolor="white")
