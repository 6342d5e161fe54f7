"""What information would be worth, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.information import MICRO, Estimate
from toc_model.report.style import COLOURS, HATCHES, INK, new_figure, rests_on_line, styled
from toc_model.voi import Voi

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

type Bar = tuple[str, Estimate, int]
KINDS = ("knowing everything", "knowing a parameter", "settling a claim", "asking experts", "its answer known")


def voi_figure(result: Voi, top: int) -> Figure:
    """Bars of the value of information with 90 % intervals, by kind.

    Parameters
    ----------
    result : Voi
    top : int
        Most parameters and claims that are shown.
    """
    bars = _bars(result, top)
    with styled():
        figure = new_figure(7.2, 1.6 + 0.26 * len(bars))
        axes = figure.axes[0]
        _draw(axes, bars)
        axes.set_xlabel("value of information (micro-dooms: millionths of P(doom))")
        axes.set_title(f"What to ask before choosing between\n{' and '.join(result.allocations.named)}")
        rests_on_line(figure, result.beliefs.worldview, "Lines: 90 % interval of the estimate.")
    return figure


def _bars(result: Voi, top: int) -> list[Bar]:
    bars: list[Bar] = [("everything", result.evpi, 0)]
    worth = [(name, value, 1) for name, value in result.parameters.items() if value.value > 0]
    claims = [(found.claim, found.value, 2) for found in result.claims if found.value.value > 0]
    bars += [*worth[:top], *claims[:top]]
    for found in result.surveys:
        bars.append((f"{found.plan.name}: its answer known", found.limit, 4))
        bars += [(f"{found.plan.name}: {many:,} experts", value, 3) for many, value in found.experts.items()]
    return bars


def _draw(axes: Axes, bars: list[Bar]) -> None:
    for place, (_, value, kind) in enumerate(bars):
        micro = value.times(1 / MICRO)
        low, high = micro.interval
        axes.barh(
            place, micro.value, height=0.7, color=COLOURS[kind], hatch=HATCHES[kind], edgecolor="white", linewidth=0.6
        )
        axes.plot([low, high], [place, place], color=INK, linewidth=1.2, marker="|", markersize=6)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars])
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    present = sorted({kind for _, _, kind in bars})
    handles = [axes.barh(0, 0, color=COLOURS[kind], hatch=HATCHES[kind], edgecolor="white") for kind in present]
    axes.legend(handles, [KINDS[kind] for kind in present], loc="lower right")
