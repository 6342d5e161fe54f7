"""What information would be worth, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.present import signs
from toc_model.present.figures import COLOURS, HATCHES, INK, headline, new_figure, rests_on_line, styled, wrapped
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
    axes.set_yticks(range(len(bars)), [wrapped(name, BESIDE) for name, _, _ in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
