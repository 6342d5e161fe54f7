"""P(best), drawn: against the price of moving, or alone where the case does not count what moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from toc_model.engine.facets import Moving
from toc_model.naming import called
from toc_model.present.figures import COLOURS, DASHES, FAINT, INK, MARKERS, new_figure, rests_on_line, styled
from toc_model.present.words import labels
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from toc_model.questions.compare import Comparison

PRICES = 60
LEADERS = 5
HEADROOM = 2.5
"""How far prices go, as a multiple of what the best move earns."""
TITLE = "Which allocation is best, and how surely"


def p_best_figure(found: Comparison) -> Figure:
    """P(best) of each allocation under the first worldview."""
    moving = found.allocations.case.moving
    return _bars(found) if moving is None or found.moved is None else _curves(found, moving, found.moved)


def _bars(found: Comparison) -> Figure:
    """P(best) with two Monte Carlo errors, the likeliest at the top."""
    table = decisions.summary(decisions.is_best(found.losses[0]))
    order = np.argsort(table["mean"].values, kind="stable")
    means, errors = (100 * table[key].values[order] for key in ("mean", "mcse"))
    names = labels(called(str(name)) for name in table["allocation"].values[order])
    with styled():
        figure = new_figure(7.2, 1.6 + 0.32 * len(order))
        axes = figure.axes[0]
        axes.barh(range(len(order)), means, color=COLOURS[0], height=0.6)
        ends = [np.minimum(2 * errors, means), np.minimum(2 * errors, 100 - means)]
        axes.errorbar(means, range(len(order)), xerr=ends, fmt="none", ecolor=INK, elinewidth=1, capsize=2)
        axes.set_yticks(range(len(order)), names)
        axes.set(xlabel="P(best) (% of draws)", xlim=(0, 100))
        axes.set_title(TITLE)
        axes.grid(axis="x")
        rests_on_line(figure, found.beliefs[0].worldview, "Lines: two Monte Carlo errors.")
        return figure


def _curves(found: Comparison, moving: Moving, moved: xr.DataArray) -> Figure:
    """P(best) against what each unit that is moved must bring."""
    loss, small = found.losses[0], found.objective.small
    gained = -averages.mean(decisions.paired_change(loss, found.allocations.status_quo))
    earned = float(np.nan_to_num((gained / moved.where(moved > 0)).max().item()))
    top = HEADROOM * max(earned / small.size, 1.0)
    prices = np.linspace(0, top, PRICES)
    curve = decisions.p_best_curve(loss, moved, (small.size * prices).tolist())
    leaders = curve.max("price").sortby(curve.max("price"), ascending=False)["allocation"].values[:LEADERS]
    others = curve.drop_sel(allocation=leaders)
    with styled():
        figure = new_figure(7.2, 4.0)
        axes = figure.axes[0]
        for place, (name, label) in enumerate(zip(leaders, labels(called(str(n)) for n in leaders), strict=True)):
            axes.plot(
                prices, 100 * curve.sel(allocation=name), color=COLOURS[place], linestyle=DASHES[place],
                marker=MARKERS[place], markevery=(3 * place, 12), markersize=5, label=label,
            )  # fmt: skip
        if others.sizes["allocation"]:
            label = f"the other {others.sizes['allocation']} together"
            axes.plot(prices, 100 * others.sum("allocation"), color=FAINT, linewidth=1, label=label)
        axes.set(
            xlabel=f"what each {moving.unit} must bring to be worth moving ({small.name})",
            ylabel="P(best) (% of draws)",
            xlim=(0, top),
            ylim=(0, 100),
        )
        axes.set_title(TITLE)
        axes.grid(axis="y")
        figure.legend(loc="outside right center", fontsize=9)
        rests_on_line(figure, found.beliefs[0].worldview)
        return figure
