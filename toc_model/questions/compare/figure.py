"""P(best), drawn: against the price of moving, or alone where the case does not count what moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.engine.facets import Moving
from toc_model.naming import called
from toc_model.present.figures import (
    COLOURS,
    DASHES,
    FAINT,
    HATCHES,
    INK,
    MARKERS,
    headline,
    in_legend,
    label_panels,
    new_figure,
    new_panels,
    rests_on_line,
    styled,
    wrapped,
)
from toc_model.present.words import labels
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.compare import Comparison

PRICES = 60
LEADERS = 5
HEADROOM = 2.5
"""How far prices go, as a multiple of what the best move earns."""
TITLE = "Which allocation is best, and how surely"
ACROSS, BESIDE = 2.2, 1.6
"""Inches of a text above a panel, and beside one."""


def p_best_figure(found: Comparison) -> Figure:
    """P(best) of each allocation under each worldview."""
    moving = found.allocations.case.moving
    return _bars(found) if moving is None or found.moved is None else _curves(found, moving, found.moved)


def _names(found: Comparison) -> str:
    return ", ".join(called(one.worldview) for one in found.beliefs)


def _bars(found: Comparison) -> Figure:
    """P(best) with two Monte Carlo errors, the likeliest under the first worldview at the top."""
    tables = [decisions.summary(decisions.is_best(loss)) for loss in found.losses]
    order = np.argsort(-tables[0]["mean"].values, kind="stable")
    names = labels(called(str(name)) for name in tables[0]["allocation"].values[order])
    many = len(tables)
    height = 0.8 / many
    with styled():
        figure = new_figure(1.0 + (0.18 + 0.2 * many) * len(order))
        axes = figure.axes[0]
        for place, (table, one) in enumerate(zip(tables, found.beliefs, strict=True)):
            means, errors = (100 * table[key].values[order] for key in ("mean", "mcse"))
            rows = np.arange(len(order)) - 0.4 + height * (place + 0.5)
            told = in_legend(called(one.worldview))
            look: dict[str, Any] = {"color": COLOURS[place % len(COLOURS)], "hatch": HATCHES[place % len(HATCHES)]}
            axes.barh(rows, means, height=0.9 * height, edgecolor=INK, linewidth=0.6, label=told, **look)
            ends = [np.minimum(2 * errors, means), np.minimum(2 * errors, 100 - means)]
            axes.errorbar(means, rows, xerr=ends, fmt="none", ecolor=INK, elinewidth=1, capsize=2)
        axes.set_yticks(range(len(order)), [wrapped(name, BESIDE) for name in names])
        axes.set(xlabel="P(best) (% of draws)", xlim=(0, 100))
        axes.invert_yaxis()
        axes.grid(axis="x")
        headline(figure, TITLE)
        if many > 1:
            figure.legend(loc="outside lower left", ncols=3)
        rests_on_line(figure, _names(found), "Lines: two Monte Carlo errors.")
        return figure


def _curves(found: Comparison, moving: Moving, moved: xr.DataArray) -> Figure:
    """P(best) against what each unit that is moved must bring, a panel a worldview."""
    small = found.objective.small
    top = HEADROOM * max(*(_earned(found, loss, moved) / small.size for loss in found.losses), 1.0)
    prices = np.linspace(0, top, PRICES)
    curves = [decisions.p_best_curve(loss, moved, (small.size * prices).tolist()) for loss in found.losses]
    highest = xr.concat([curve.max("price") for curve in curves], "worldview").max("worldview")
    leaders = highest.sortby(highest, ascending=False)["allocation"].values[:LEADERS]
    across = ACROSS if len(curves) > 1 else 2 * ACROSS
    with styled():
        figure = new_panels(len(curves), 2.3, around=0.9)
        for axes, curve, one in zip(figure.axes, curves, found.beliefs, strict=True):
            _panel(axes, prices, curve, leaders)
            axes.set(xlim=(0, top), ylim=(0, 100))
            if len(curves) > 1:
                axes.set_title(wrapped(called(one.worldview), ACROSS))
        headline(figure, TITLE)
        worth = wrapped(f"what each {moving.unit} must bring ({small.name})", across)
        label_panels(figure, worth, "P(best) (% of draws)")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
        rests_on_line(figure, _names(found))
        return figure


def _earned(found: Comparison, loss: xr.DataArray, moved: xr.DataArray) -> float:
    """The most that a unit that is moved gains."""
    gained = -averages.mean(decisions.paired_change(loss, found.allocations.status_quo))
    return float(np.nan_to_num((gained / moved.where(moved > 0)).max().item()))


def _panel(axes: Axes, prices: np.ndarray, curve: xr.DataArray, leaders: np.ndarray) -> None:
    others = curve.drop_sel(allocation=leaders)
    names = labels(called(str(name)) for name in leaders)
    for place, (name, label) in enumerate(zip(leaders, names, strict=True)):
        axes.plot(
            prices, 100 * curve.sel(allocation=name), color=COLOURS[place], linestyle=DASHES[place],
            marker=MARKERS[place], markevery=(3 * place, 12), markersize=5, label=label,
        )  # fmt: skip
    if others.sizes["allocation"]:
        label = f"the other {others.sizes['allocation']} together"
        axes.plot(prices, 100 * others.sum("allocation"), color=FAINT, linewidth=1, label=label)
    axes.grid(axis="y")
