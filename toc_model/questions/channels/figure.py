"""Channels as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toc_model.present.figures import COLOURS, HATCHES, INK, new_figure, rests_on_line, styled, zero_line
from toc_model.questions.channels.result import CHANNELS, TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTE = (
    "Bars: means; lines: 90 % intervals over draws.\n"
    "The essay worldview was tuned until most of the fall came from bought time: consistency, no evidence."
)


def channels_figure(figures: dict[str, Any]) -> Figure:
    """What each channel contributes to the change, and the change, in percentage points."""
    rows = [(channel.label, figures["channels"][channel.name]["attribution"]) for channel in CHANNELS]
    kinds = [1 if channel.name in TIME else 0 for channel in CHANNELS]
    labels = [label for label, _ in rows] + ["all channels"]
    found = [row for _, row in rows] + [figures["change"]]
    with styled():
        figure = new_figure(7.6, 4.2)
        axes = figure.axes[0]
        for place, (row, kind) in enumerate(zip(found, [*kinds, 2], strict=True)):
            mean, low, high = (100 * row[key] for key in ("mean", "q05", "q95"))
            axes.barh(
                place,
                mean,
                height=0.66,
                color=(COLOURS[0], COLOURS[5], "#b9b9b9")[kind],
                hatch=HATCHES[kind],
                edgecolor=INK,
                linewidth=0.6,
                label=("other channels", "bought time", "the whole change")[kind]
                if kind not in kinds[:place]
                else None,
            )
            axes.plot([low, high], [place, place], color=INK, linewidth=1.1)
            axes.annotate(
                f"{mean:+.2f}",
                (max(high, 0), place),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.margins(x=0.1)
        axes.grid(axis="x")
        axes.set_xlabel(f"change of P(doom), status_quo to {figures['allocation']} (percentage points)")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9)
        rests_on_line(figure, figures["worldview"], NOTE)
    return figure
