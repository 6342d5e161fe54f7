"""Values at the margin as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present.figures import (
    COLOURS,
    HATCHES,
    INK,
    in_legend,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)
from toc_model.questions.marginal.names import gained, headed
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from toc_model.questions.marginal import Marginal


BESIDE = 1.9
"""Inches of a text beside a bar."""


def marginal_figure(found: Marginal) -> Figure:
    """The figure of the case's first step that has one, or else that of the levers."""
    for findings in zip(*(one.findings for one in found.margins), strict=True):
        draw = findings[0].draw
        if draw:
            drawn: Figure = draw(findings)
            return drawn
    return slopes_figure(found)


def slopes_figure(found: Marginal) -> Figure:
    """What a step of each variable of a lever gains: bars of means with 90 % of draws, a colour a worldview."""
    many, names = len(found.margins), [variable.name for variable in found.variables]
    height = 0.8 / many
    with styled():
        figure = new_figure(0.8 + (0.3 + 0.12 * many) * len(names))
        axes = figure.axes[0]
        for place, one in enumerate(found.margins):
            rows = [decisions.figures(one.gained.sel(variable=name)) for name in names]
            y = [row - 0.4 + height * (place + 0.5) for row in range(len(names))]
            axes.barh(
                y, [row["mean"] for row in rows], height=0.9 * height, color=COLOURS[place % len(COLOURS)],
                hatch=HATCHES[place % len(HATCHES)], edgecolor=INK, linewidth=0.6,
                label=in_legend(called(one.beliefs.worldview)),
            )  # fmt: skip
            for where, row in zip(y, rows, strict=True):
                axes.plot([row["q05"], row["q95"]], [where, where], color=INK, linewidth=1.1)
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(names)), [wrapped(headed(variable), BESIDE) for variable in found.variables])
        axes.invert_yaxis()
        axes.grid(axis="x")
        axes.set_xlabel(gained(found.case))
        if many > 1:
            figure.legend(loc="outside lower left", ncols=3)
        at = called(found.allocation)
        note = f"At the margin of {at}. Bars: means; lines: 90 % of draws. Right of zero is better."
        rests_on_line(figure, ", ".join(called(one.beliefs.worldview) for one in found.margins), note)
    return figure
