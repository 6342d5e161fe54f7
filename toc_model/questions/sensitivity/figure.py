"""The tornado as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.errors import InputError
from toc_model.naming import called
from toc_model.present import words
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.sensitivity.analysis import Analysis

BESIDE = 1.8
"""Inches of a text beside a bar."""


def tornado_figure(found: Analysis, top: int) -> Figure:
    """Bars from the change at each parameter's 5 % quantile to that at its 95 % quantile.

    Raises
    ------
    InputError
        If the analysis is no tornado.
    """
    if found.method != "tornado":
        raise InputError(f"picture: found the method {found.method!r}; allowed: 'tornado'")
    inputs = found.inputs
    objective = inputs.beliefs.case.objective
    names = found.ranked("swing")[:top]
    with styled():
        figure = new_figure(1.2 + 0.36 * len(names))
        axes = figure.axes[0]
        measure, mean = objective.measure, objective.measure.factor * inputs.mean_change
        for row, name in enumerate(names):
            expected = measure.factor * found.table["expected"].sel(entry=name, outcome=inputs.names[1])
            ends = [found.shown(name, end) for end in found.table["value"].sel(entry=name).values.tolist()]
            _bar(axes, row, mean, expected.values.tolist(), ends)
        axes.axvline(mean, color=FAINT, linewidth=1.2, linestyle="--", zorder=1)
        axes.annotate(
            f"mean {words.signed(measure, inputs.mean_change)}",
            (mean, 1.01),
            xycoords=("data", "axes fraction"),
            ha="center",
        )
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(names)), [wrapped(inputs.label(name), BESIDE) for name in names])
        axes.invert_yaxis()
        axes.grid(axis="x")
        axes.margins(x=0.3, y=0.02)
        quo, moved = (called(name) for name in (inputs.allocations.status_quo, inputs.allocation))
        headline(figure, f"What moves the change of {objective.label}, {quo} to {moved}")
        axes.set_xlabel(f"change of {objective.label} ({measure.change_unit})")
        figure.legend(loc="outside lower left", ncols=2)
        shared = " (sd: standard deviations of what several share)" if inputs.factors else ""
        note = f"Figures at the bars: the parameter's values{shared}.\nThe change there: {found.more['how']}."
        rests_on_line(figure, inputs.beliefs.worldview, note)
    return figure


def _bar(axes: Axes, row: int, mean: float, changes: list[float], values: list[str]) -> None:
    """One parameter: from the mean to the change at each end, labelled with the value there."""
    for end, (change, quantile) in enumerate(zip(changes, ("5 %", "95 %"), strict=True)):
        axes.barh(
            row,
            change - mean,
            left=mean,
            height=0.68,
            color=COLOURS[4] if end else COLOURS[0],
            hatch=HATCHES[1] if end else HATCHES[0],
            edgecolor=INK,
            linewidth=0.6,
            label=f"at its {quantile} quantile" if row == 0 else None,
        )
    low, high = sorted(range(2), key=changes.__getitem__)
    for end, align, offset in ((low, "right", -4), (high, "left", 4)):
        axes.annotate(
            values[end],
            (min(changes[end], mean) if end == low else max(changes[end], mean), row),
            xytext=(offset, 0),
            textcoords="offset points",
            ha=align,
            va="center",
        )
