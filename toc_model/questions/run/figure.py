"""The answer as a figure: an allocation's change of the outcome under each worldview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import xarray as xr

from toc_model.engine.facets import Objective
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.figures import (
    COLOURS,
    INK,
    MARKERS,
    QUIET,
    headline,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BESIDE = 1.5
"""Inches of a text beside a row."""


def answer_figure(objective: Objective, changes: Mapping[str, xr.DataArray], title: str, worldview: str = "") -> Figure:
    """Mean, half and 90 % of the draws of the paired change, a row a worldview, or an allocation under one.

    Parameters
    ----------
    objective : Objective
    changes : mapping of str to DataArray
        By worldview or allocation: change of the outcome, dims ``(draw,)``, in its unit.
    title : str
        What changes it.
    worldview : str
        Under which; those of the rows by default.
    """
    with styled():
        figure = new_figure(1.0 + 0.46 * len(changes))
        axes = figure.axes[0]
        for place, change in enumerate(changes.values()):
            _row(axes, place, objective, change)
        zero_line(axes, vertical=True)
        _sides(axes, objective)
        axes.set_yticks(range(len(changes)), [wrapped(called(name), BESIDE) for name in changes])
        axes.set_ylim(len(changes) - 0.5, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"change of {objective.label}, {objective.measure.change_unit}")
        axes.grid(axis="x")
        figure.legend(loc="outside lower center", ncols=3)
        headline(figure, title)
        rests_on_line(figure, worldview or ", ".join(map(called, changes)), "Same draws with and without the change.")
    return figure


def _row(axes: Axes, place: int, objective: Objective, change: xr.DataArray) -> None:
    measure, row = objective.measure, decisions.figures(change)
    low, high, mean = (measure.factor * row[key] for key in ("q05", "q95", "mean"))
    half = measure.factor * averages.quantiles(change, [0.25, 0.75])
    axes.plot([low, high], [place, place], color=COLOURS[0], linewidth=1.6, label=_once("90 % of draws", place))
    axes.plot(half, [place, place], color=COLOURS[0], linewidth=7, alpha=0.45, label=_once("half of draws", place))
    axes.plot(mean, place, MARKERS[0], color=INK, markersize=6, linestyle="none", label=_once("mean", place))
    axes.annotate(
        words.signed(measure, row["mean"]), (mean, place), textcoords="offset points", xytext=(0, 8), ha="center",
    )  # fmt: skip


def _sides(axes: Axes, objective: Objective) -> None:
    for what, x, align in (("falls", -6, "right"), ("rises", 6, "left")):
        axes.annotate(
            f"{objective.label} {what}", (0, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
            xytext=(x, 4), ha=align, color=QUIET, annotation_clip=False,
        )  # fmt: skip


def _once(label: str, place: int) -> str | None:
    return None if place else label
