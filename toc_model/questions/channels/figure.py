"""Channels as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.figures import (
    COLOURS,
    HATCHES,
    INK,
    headline,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.engine.measures import Measure
    from toc_model.questions.channels import Channels

BESIDE = 1.9
"""Inches of a text beside a bar."""


def channels_figure(found: Channels) -> Figure:
    """What each channel contributes to the change, and the change, in the measure of the outcome."""
    case, figures = found.beliefs.case, found.to_dict()
    rows = {channel.label: figures["channels"][channel.name]["attribution"] for channel in case.channels}
    kinds = _kinds(found)
    with styled():
        figure = new_figure(1.1 + 0.36 * len(rows))
        axes = figure.axes[0]
        for place, (row, kind) in enumerate(zip(rows.values(), kinds, strict=True)):
            _bar(axes, place, row, case.objective.measure, _look(kind))
        _bar(axes, len(rows), figures["change"], case.objective.measure, {"color": "#b9b9b9", "hatch": HATCHES[2]})
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(rows) + 1), [*(wrapped(label, BESIDE) for label in rows), "all channels"])
        axes.invert_yaxis()
        axes.margins(x=0.16)
        axes.grid(axis="x")
        quo, moved = (called(name) for name in (found.allocations.status_quo, found.allocation))
        headline(figure, f"Through what {case.objective.label} changes, {quo} to {moved}")
        axes.set_xlabel(f"change of {case.objective.label} ({case.objective.measure.change_unit})")
        if case.groups:
            _legend(figure, found, kinds)
        rests_on_line(figure, figures["worldview"], _note(found))
    return figure


def _kinds(found: Channels) -> list[int]:
    """The group that each channel belongs to, counted from one; zero for those that are told alone."""
    grouped = {name: place for place, group in enumerate(found.beliefs.case.groups, start=1) for name in group.channels}
    return [grouped.get(channel.name, 0) for channel in found.beliefs.case.channels]


def _look(kind: int) -> dict[str, Any]:
    return {"color": COLOURS[5 * kind % len(COLOURS)], "hatch": HATCHES[kind % len(HATCHES)]}


def _bar(axes: Axes, place: int, row: Mapping[str, float], measure: Measure, look: Mapping[str, Any]) -> None:
    mean, low, high = (measure.factor * row[key] for key in ("mean", "q05", "q95"))
    axes.barh(place, mean, height=0.66, edgecolor=INK, linewidth=0.6, **look)
    axes.plot([low, high], [place, place], color=INK, linewidth=1.1)
    axes.annotate(
        words.signed(measure, row["mean"]), (max(high, 0), place), xytext=(6, 0), textcoords="offset points",
        va="center",
    )  # fmt: skip


def _legend(figure: Figure, found: Channels, kinds: list[int]) -> None:
    labels = ["other channels", *(group.label.partition(" (")[0] for group in found.beliefs.case.groups)]
    shown = list(dict.fromkeys(kinds))
    axes = figure.axes[0]
    bars = [axes.containers[kinds.index(kind)] for kind in shown]
    handles: list[Any] = [*bars, axes.containers[-1]]
    figure.legend(handles, [*(labels[kind] for kind in shown), "the whole change"], loc="outside lower left", ncols=2)


def _note(found: Channels) -> str:
    return " ".join(["Bars: means; lines: 90 % intervals over draws.", *found.beliefs.case.marked("channels")])
