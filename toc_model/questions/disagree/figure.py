"""A disagreement of two worldviews as a figure: what chapters and cruxes add to the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toc_model.present.figures import COLOURS, HATCHES, INK, new_figure, rests_on_line, styled, zero_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.disagree.result import Disagreement

CRUXES = 12
TITLES = {"p_doom": "P(doom), status quo", "change": "change by '{allocation}'"}


def disagree_figure(found: Disagreement, top: int = CRUXES) -> Figure:
    """Bars of each chapter's and each crux's part of the difference, with Monte Carlo errors of two sizes.

    Parameters
    ----------
    found : Disagreement
    top : int
        How many cruxes to show.
    """
    figures = found.to_dict()
    one, other = figures["worldviews"]
    chapters, cruxes = figures["chapters"], figures["cruxes"][:top]
    rows = len(chapters) + len(cruxes) + 1
    with styled():
        figure = new_figure(9.4, 1.9 + 0.29 * rows, columns=2, sharey=True)
        for axes, measure in zip(figure.axes, TITLES, strict=True):
            _bars(axes, 0, [chapter[measure] for chapter in chapters], 0)
            _bars(axes, len(chapters) + 1, [crux[measure] for crux in cruxes], 1)
            whole = 100 * figures["difference"][measure]["mean"]
            axes.set_title(f"{TITLES[measure].format(allocation=found.allocation)}: {whole:+.2g} points in all")
            axes.set_xlabel("Part of the difference, percentage points")
            axes.grid(visible=True, axis="x")
            axes.tick_params(axis="y", length=0)
            zero_line(axes, vertical=True)
        places = [*range(len(chapters)), *range(len(chapters) + 1, rows)]
        labels = [chapter["chapter"] for chapter in chapters] + [crux["parameter"] for crux in cruxes]
        figure.axes[0].set_yticks(places, labels)
        figure.axes[0].set_ylim(rows - 0.4, -0.6)
        figure.suptitle(
            f"From '{one}' to '{other}': what chapters (top) and parameters (below) add",
            x=0.01,
            ha="left",
            fontsize=11,
            color=INK,
        )
        rests_on_line(
            figure,
            f"{one} and {other}",
            f"{found.first.draws:,} paired draws; lines: two Monte Carlo errors.",
        )
    return figure


def _bars(axes: Axes, start: int, parts: list[dict[str, Any]], kind: int) -> None:
    axes.barh(
        range(start, start + len(parts)),
        [100 * part["mean"] for part in parts],
        xerr=[200 * part["mcse"] for part in parts],
        height=0.66,
        color=COLOURS[kind],
        hatch=HATCHES[kind],
        edgecolor="white",
        error_kw={"ecolor": INK, "elinewidth": 1.0},
    )
