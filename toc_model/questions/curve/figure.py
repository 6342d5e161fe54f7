"""The change against one variable of a lever, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from toc_model.present.figures import COLOURS, FAINT, INK, MARKERS, new_figure, rests_on_line, styled, zero_line
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def curve_figure(
    curves: Mapping[str, xr.DataArray], status_quo: Mapping[str, float], pool: str, marks: Mapping[str, float]
) -> Figure:
    """Change of P(doom) against the share of a pool that buys time, a panel a worldview.

    Parameters
    ----------
    curves : mapping of str to DataArray
        By worldview: paired change of P(doom), dims ``(draw, share)``.
    status_quo : mapping of str to float
        Mean P(doom) under the status quo, by worldview.
    pool : str
    marks : mapping of str to float
        Shares to point out, such as those of the status quo and the recommendation.
    """
    with styled():
        figure = new_figure(3.1 * max(len(curves), 2), 3.8, columns=len(curves), sharey=True, squeeze=False)
        for place, (axes, (worldview, change)) in enumerate(zip(figure.axes, curves.items(), strict=True)):
            _curve(axes, change)
            axes.set_title(f"{worldview}\nP(doom) now {100 * status_quo[worldview]:.0f} %")
            axes.set_xlabel(f"{pool} who buy time (%)")
            for (name, share), style in zip(marks.items(), (":", "--"), strict=False):
                axes.axvline(100 * share, color=FAINT, linestyle=style, linewidth=1)
                axes.annotate(
                    name, (100 * share, 0.99), xycoords=("data", "axes fraction"), rotation=90, fontsize=8,
                    va="top", ha="right", color=INK,
                )  # fmt: skip
            if place == 0:
                axes.set_ylabel("change of P(doom) from the status quo\n(percentage points)")
        figure.axes[-1].legend(loc="lower left", fontsize=8)
        rests_on_line(figure, ", ".join(curves), "All else as under the status quo; same draws throughout.")
        return figure


def _curve(axes: Axes, change: xr.DataArray) -> None:
    table = 100 * decisions.summary(change)
    quartiles = 100 * change.quantile([0.25, 0.75], "draw")
    x = 100 * change["share"].values
    axes.fill_between(x, table["q05"], table["q95"], color=COLOURS[0], alpha=0.15, linewidth=0, label="90 % of draws")
    axes.fill_between(
        x, quartiles[0].values, quartiles[1].values, color=COLOURS[0], alpha=0.3, linewidth=0, label="half of draws"
    )
    axes.plot(x, table["mean"], color=COLOURS[0], linewidth=2, label="mean")
    best = int(np.argmin(table["mean"].values))
    axes.plot(x[best], table["mean"][best], MARKERS[0], color=INK, markersize=5)
    axes.annotate(
        f"least at {x[best]:.0f} %", (x[best], float(table["mean"][best])), textcoords="offset points",
        xytext=(0, -13), ha="center", fontsize=8,
    )  # fmt: skip
    zero_line(axes)
    axes.set_xlim(x[0], x[-1])
    axes.grid(axis="y")
