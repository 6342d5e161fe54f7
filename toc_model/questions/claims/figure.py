"""Denied claims as a figure: the allocation's change of the outcome without each of those that matter most."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.figures import COLOURS, INK, new_figure, rests_on_line, styled, zero_line
from toc_model.questions.claims.denying import Consequence, Denial
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.claims import Denials

CLAIMS = 15
WIDTH = 9.6
"""Inches."""
LABEL = 62
"""Characters a line of a label."""


def denial_figure(found: Denials, top: int = CLAIMS, *, width: float = WIDTH, label: int = LABEL) -> Figure:
    """Mean and 5-95 % range of the paired change under each denial, beside the undenied change.

    Parameters
    ----------
    found : Denials
    top : int
        How many denials to show; claims that are denied alike share one.
    width : float
        In inches.
    label : int
        Characters a line of a label.
    """
    objective = found.beliefs.case.objective
    factor = objective.measure.factor
    shown = [(denial, _figures(denial.consequence)) for denial in found.denials if denial.consequence][:top]
    with styled():
        figure = new_figure(width, 1.6 + 0.42 * len(shown))
        (axes,) = figure.axes
        undenied = _figures(found.undenied)
        axes.axvline(factor * undenied["mean"], color=COLOURS[0], linewidth=1.2, linestyle="--", zorder=1)
        _range(axes, 0, factor, undenied, COLOURS[0], "s")
        for place, (_, change) in enumerate(shown, start=1):
            _range(axes, place, factor, change, COLOURS[1], "o")
        zero_line(axes, vertical=True)
        axes.set_yticks(
            range(len(shown) + 1),
            ["nothing denied", *(_label(found, denial, label) for denial, _ in shown)],
            fontsize=8.5,
        )
        axes.set_ylim(len(shown) + 0.6, -0.6)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"Change of {objective.label}, {objective.measure.change_unit}: mean and 5-95 %")
        figure.suptitle(
            f"'{found.allocation}' with one claim denied at a time", x=0.01, ha="left", fontsize=11, color=INK
        )
        rests_on_line(
            figure,
            found.beliefs.worldview,
            f"{found.beliefs.draws:,} paired draws. {words.better_side(objective)} Dashed: nothing denied.",
        )
    return figure


def _figures(consequence: Consequence) -> dict[str, float]:
    return decisions.figures(consequence.change)


def _range(axes: Axes, place: int, factor: float, change: dict[str, float], colour: str, marker: str) -> None:
    ends = [factor * change["q05"], factor * change["q95"]]
    axes.plot(ends, [place, place], color=colour, linewidth=2.2, alpha=0.55)
    axes.plot(factor * change["mean"], place, marker, color=colour, markersize=6, markeredgecolor="white")


def _label(found: Denials, denial: Denial, width: int) -> str:
    text = f"{' = '.join(denial.claims)} {found.claims[denial.claims[0]].text}"
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder=" ..."))
