"""What information would be worth, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present import signs
from toc_model.present.figures import (
    COLOURS,
    HATCHES,
    INK,
    headline,
    in_legend,
    new_figure,
    rests_on_line,
    styled,
    wrapped,
)
from toc_model.questions.voi.names import experts_text, options_text
from toc_model.statistics.information import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.voi import Voi

type Bar = tuple[str, Estimate, int]
KINDS = ("everything", "a parameter", "a claim's parameters", "answers of experts", "what experts are asked about")

BESIDE = 2.1
"""Inches of a text beside a bar."""


def voi_figure(result: Voi, top: int) -> Figure:
    """Bars of the value of information with 90 % intervals, by kind; what noise might be is left out.

    Parameters
    ----------
    result : Voi
    top : int
        Most parameters, claims and questions that are shown.
    """
    bars = _bars(result, top)
    with styled():
        figure = new_figure(1.3 + 0.3 * len(bars))
        axes = figure.axes[0]
        _draw(axes, [(name, result.in_small(value), kind) for name, value, kind in bars])
        small = result.beliefs.case.objective.small
        axes.set_xlabel(f"value ({small.name}: {small.explained})")
        between = signs.visible(options_text(result))
        headline(figure, f"What knowing more would be worth to the choice between {between}")
        figure.legend(loc="outside lower left", ncols=2)
        rests_on_line(figure, result.beliefs.worldview, "Lines: 90 % interval of the estimate.")
    return figure


def figure_of_several(results: Sequence[Voi], top: int) -> Figure:
    """Bars of knowing everything and single parameters, those of worldviews beside each other, without what noise is.

    Parameters
    ----------
    results : sequence of Voi
        One a worldview.
    top : int
        Most parameters that are shown: those that are worth most under any.
    """
    label = results[0].beliefs.label_of
    told = [
        {"everything": one.evpi}
        | {label(name): value for name, value in one.parameters.items() if value.value > one.floors.parameters}
        for one in results
    ]
    most = {name: max(of_one[name].value for of_one in told if name in of_one) for of_one in told for name in of_one}
    names = sorted(most, key=lambda name: (name != "everything", -most[name]))[: top + 1]
    height = 0.8 / len(results)
    with styled():
        figure = new_figure(1.3 + (0.1 + 0.2 * len(results)) * len(names))
        axes = figure.axes[0]
        for place, (found, of_one) in enumerate(zip(results, told, strict=True)):
            rows = [row for row, name in enumerate(names) if name in of_one]
            values = [found.in_small(of_one[names[row]]) for row in rows]
            at = [row + height * (place + 0.5) - 0.4 for row in rows]
            axes.barh(
                at,
                [value.value for value in values],
                height=height,
                color=COLOURS[place % len(COLOURS)],
                hatch=HATCHES[place % len(HATCHES)],
                edgecolor="white",
                linewidth=0.6,
                label=in_legend(called(found.beliefs.worldview)),
            )
            for y, value in zip(at, values, strict=True):
                axes.plot(value.interval, [y, y], color=INK, linewidth=1.0, marker="|", markersize=4)
        _finish(axes, names)
        small = results[0].beliefs.case.objective.small
        axes.set_xlabel(f"value ({small.name}: {small.explained})")
        between = signs.visible(options_text(results[0]))
        headline(figure, f"What knowing more would be worth to the choice between {between}")
        figure.legend(loc="outside lower left", ncols=2)
        worldviews = ", ".join(found.beliefs.worldview for found in results)
        rests_on_line(figure, worldviews, "Lines: 90 % interval of the estimate.")
    return figure


def _bars(result: Voi, top: int) -> list[Bar]:
    bars: list[Bar] = [("everything", result.evpi, 0)]
    label, floors = result.beliefs.label_of, result.floors
    worth = [(name, value) for name, value in result.parameters.items() if value.value > floors.parameters]
    bars += [(label(name), value, 1) for name, value in worth[:top]]
    bars += [(found.label, found.value, 2) for found in result.claims if found.value.value > floors.claims][:top]
    for found in [found for found in result.surveys if found.limit.value > floors.surveys][:top]:
        bars.append((f"{label(found.plan.name)}: known", found.limit, 4))
        bars += [(experts_text(many), value, 3) for many, value in found.experts.items()]
    return bars


def _draw(axes: Axes, bars: list[Bar]) -> None:
    for place, (_, value, kind) in enumerate(bars):
        first = all(kind != other for _, _, other in bars[:place])
        axes.barh(
            place,
            value.value,
            height=0.7,
            color=COLOURS[kind],
            hatch=HATCHES[kind],
            edgecolor="white",
            linewidth=0.6,
            label=KINDS[kind] if first else None,
        )
        axes.plot(value.interval, [place, place], color=INK, linewidth=1.2, marker="|", markersize=6)
    _finish(axes, [name for name, _, _ in bars])


def _finish(axes: Axes, names: Sequence[str]) -> None:
    """Names beside bars, the first above."""
    axes.set_yticks(range(len(names)), [wrapped(name, BESIDE) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
