"""The change against one variable of a lever, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.figures import (
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    SMALL,
    label_panels,
    new_panels,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.curve import Curve

BEHIND: Any = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
LABEL_BELOW, LABEL_ABOVE = (0, -13), (0, 6)
"""Where the label of the best value stands, in points from it."""
NEAR = 0.25
"""Share of an axis at whose ends a label stands to one side."""
ACROSS = 2.2
"""Inches of a text below or above a panel."""
UP = 2.6
"""Inches of a text beside one."""


def curve_figure(found: Curve, places: Sequence[int] | None = None) -> Figure:
    """Change of the outcome against the variable, a panel a worldview.

    Parameters
    ----------
    found : Curve
    places : sequence of int, optional
        Which of the worldviews; all by default.
    """
    shown = range(len(found.beliefs)) if places is None else places
    objective, quo = found.objective, f"“{found.allocations.status_quo.replace('_', ' ')}”"
    scale = words.lever_measure(found.variable)
    names = [called(found.beliefs[place].worldview) for place in shown]
    with styled():
        figure = new_panels(len(shown), 2.6, around=0.6)
        for axes, place, worldview in zip(figure.axes, shown, names, strict=True):
            _curve(axes, found, place)
            now = words.with_unit(objective.measure, found.now[place], objective.measure.end_digits)
            axes.set_title(f"{wrapped(worldview, ACROSS)}\n{objective.label} now {now}")
            _mark(axes, found)
        label = f"change of {objective.label} from {quo}\n({objective.measure.change_unit})"
        label_panels(figure, wrapped(f"{found.variable.label} ({scale.sign})", ACROSS), wrapped(label, UP))
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=3)
        rests_on_line(figure, ", ".join(names), f"All else as under {quo}; same draws throughout.")
        return figure


def _mark(axes: Axes, found: Curve) -> None:
    """Where the status quo and the proposal are."""
    scale = words.lever_measure(found.variable)
    names: dict[float, list[str]] = {}
    for name, value in found.marks.items():
        names.setdefault(value, []).append(called(name))
    for (value, same), style in zip(names.items(), (":", "--"), strict=False):
        at = scale.factor * value
        axes.axvline(at, color=FAINT, linestyle=style, linewidth=1)
        axes.annotate(
            ", ".join(same), (at, 0.99), xycoords=("data", "axes fraction"), rotation=90, fontsize=SMALL,
            va="top", ha="right", color=INK,
        )  # fmt: skip


def _curve(axes: Axes, found: Curve, place: int) -> None:
    objective, scale = found.objective, words.lever_measure(found.variable)
    change = objective.measure.factor * found.changes[place].sortby("value")
    table = decisions.summary(change)
    quartiles = averages.quantiles(change, [0.25, 0.75])
    x = scale.factor * change["value"].values
    axes.fill_between(x, table["q05"], table["q95"], color=COLOURS[0], alpha=0.15, linewidth=0, label="90 % of draws")
    axes.fill_between(x, *quartiles, color=COLOURS[0], alpha=0.3, linewidth=0, label="half of draws")
    axes.plot(x, table["mean"], color=COLOURS[0], linewidth=2, label="mean")
    best = found.best[place].value
    at = (scale.factor * best, float(table["mean"].sel(value=best)))
    side = (at[0] - x.min()) / (x.max() - x.min())
    align: Literal["left", "right", "center"] = "left" if side < NEAR else "right" if side > 1 - NEAR else "center"
    axes.plot(*at, MARKERS[0], color=INK, markersize=5)
    axes.annotate(
        f"{words.extreme(objective)} at {words.with_unit(scale, best)}", at, textcoords="offset points",
        xytext=LABEL_BELOW if objective.lower_is_better else LABEL_ABOVE, ha=align, bbox=BEHIND,
    )  # fmt: skip
    zero_line(axes)
    axes.set_xlim(x[0], x[-1])
    axes.grid(axis="y")
