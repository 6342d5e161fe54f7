"""Figure 1 of the essay in decision units, drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from toc_model.present.figures import COLOURS, DASHES, FAINT, INK, MARKERS, new_figure, rests_on_line, styled, zero_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.essay.steps.people import People

SIGNS_PER_INCH = 15
"""Of the note."""
TICKS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999)


def figure_one(found: Sequence[People]) -> Figure:
    """The essay's Figure 1 in micro-dooms: value of a person by percentile of talent, a panel a worldview."""
    with styled():
        figure = new_figure(3.6 * max(len(found), 2), 4.2, columns=len(found), sharey=True, squeeze=False)
        for axes, one in zip(figure.axes, found, strict=True):
            _percentiles(axes, one)
        figure.axes[0].set_ylabel("micro-dooms averted per FTE-year")
        figure.axes[0].legend(loc="upper left", fontsize=8)
        at = found[0].allocation.replace("_", " ")
        note = (
            f"At the margin of the {at}. Lines: means; coloured bands: half of draws. Dotted, with 90 % of draws in "
            "grey: the percentile of technical talent above which technical work is better for a person with the other "
            "talent that goes with it on average. A micro-doom is 10⁻⁶ of P(doom)."
        )
        worldviews = ", ".join(one.beliefs.worldview for one in found)
        rests_on_line(figure, worldviews, "\n" + textwrap.fill(note, int(SIGNS_PER_INCH * figure.get_figwidth())))
        return figure


def _percentiles(axes: Axes, one: People) -> None:
    by = one.by_percentile
    x = special.ndtri(by["percentile"].values)
    for place, (work, label) in enumerate((("technical", "technical work"), ("buying_time", "buying time"))):
        values = by.sel(work=work)
        low, high = values.quantile([0.25, 0.75], "draw").values
        axes.fill_between(x, low, high, color=COLOURS[place], alpha=0.2, linewidth=0)
        axes.plot(
            x, values.mean("draw"), color=COLOURS[place], linestyle=DASHES[place], marker=MARKERS[place],
            markersize=4, markevery=2, label=label,
        )  # fmt: skip
    low, cut, high = (100 * float(one.crossing.quantile(q)) for q in (0.05, 0.5, 0.95))
    edge = np.clip(special.ndtri(np.clip([low, cut, high], 0.01, 99.99) / 100), x[0], x[-1])
    axes.axvspan(edge[0], edge[2], color=FAINT, alpha=0.12, linewidth=0)
    axes.axvline(edge[1], color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.set_yscale("symlog", linthresh=10)
    axes.set_yticks([-10, 0, 10, 100, 1000], ["\N{MINUS SIGN}10", "0", "10", "100", "1,000"])
    axes.set_xticks(special.ndtri(TICKS), [f"{100 * tick:g}" for tick in TICKS])
    axes.set(xlim=(x[0], x[-1]), xlabel="percentile of talent for the work")
    axes.set_title(f"{one.beliefs.worldview}\ntechnical better above {cut:.1f} [{low:.0f}, {high:.2f}]", fontsize=10)
    zero_line(axes)
    axes.grid(axis="y")
