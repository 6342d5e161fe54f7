"""A disagreement of two worldviews as a figure: what chapters and cruxes add to the difference."""

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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.disagree import Disagreement

CRUXES = 12
BESIDE, ACROSS = 1.5, 1.7
"""Inches of a text beside the bars, and above a panel."""


def disagree_figure(found: Disagreement, top: int = CRUXES) -> Figure:
    """Bars of each chapter's and each crux's part of the difference, with Monte Carlo errors of two sizes.

    Parameters
    ----------
    found : Disagreement
    top : int
        How many cruxes to show.
    """
    figures = found.to_dict()
    measure = found.first.case.objective.measure
    one, other = figures["worldviews"]
    chapters, cruxes = figures["chapters"], figures["cruxes"][:top]
    rows = len(chapters) + len(cruxes) + 1
    with styled():
        figure = new_figure(1.7 + 0.33 * rows, columns=2, sharey=True)
        for axes, (name, title) in zip(figure.axes, _titles(found, figures).items(), strict=True):
            _bars(axes, 0, [chapter[name] for chapter in chapters], measure.factor, 0)
            _bars(axes, len(chapters) + 1, [crux[name] for crux in cruxes], measure.factor, 1)
            axes.set_title(wrapped(title, ACROSS))
            axes.set_xlabel(wrapped(f"part of the difference ({measure.change_unit})", ACROSS))
            axes.grid(visible=True, axis="x")
            axes.locator_params(axis="x", nbins=4)
            axes.tick_params(axis="y", length=0)
            zero_line(axes, vertical=True)
        places = [*range(len(chapters)), *range(len(chapters) + 1, rows)]
        labels = [chapter["chapter"] for chapter in chapters] + [found.called(crux) for crux in cruxes]
        figure.axes[0].set_yticks(places, [wrapped(label, BESIDE) for label in labels])
        figure.axes[0].set_ylim(rows - 0.4, -0.6)
        headline(figure, f"From '{called(one)}' to '{called(other)}': what chapters (top) and parameters (below) add")
        rests_on_line(
            figure,
            f"{called(one)} and {called(other)}",
            f"{found.first.counted('paired draws')}; lines: two Monte Carlo errors.",
        )
    return figure


def _titles(found: Disagreement, figures: dict[str, Any]) -> dict[str, str]:
    """What each panel is of, and how much there is in all."""
    objective = found.first.case.objective
    measure, (outcome, change) = objective.measure, found.measures
    whole = {name: figures["difference"][name]["mean"] for name in found.measures}
    return {
        outcome: f"{objective.label}, '{called(found.allocations.status_quo)}': "
        f"{words.signed(measure, whole[outcome], measure.digits)} in all",
        change: f"change by '{called(found.allocation)}': {words.signed(measure, whole[change])} in all",
    }


def _bars(axes: Axes, start: int, parts: list[dict[str, Any]], factor: float, kind: int) -> None:
    axes.barh(
        range(start, start + len(parts)),
        [factor * part["mean"] for part in parts],
        xerr=[2 * factor * part["mcse"] for part in parts],
        height=0.66,
        color=COLOURS[kind],
        hatch=HATCHES[kind],
        edgecolor="white",
        error_kw={"ecolor": INK, "elinewidth": 1.0},
    )
