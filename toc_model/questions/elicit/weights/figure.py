"""Experts' scores and weights, and those of the decision makers that they make."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.present.figures import COLOURS, FAINT, INK, MARKERS, headline, new_figure, note_line, styled
from toc_model.present.signs import one_line, visible
from toc_model.present.words import labels
from toc_model.questions.elicit.weights.cautions import POOR
from toc_model.statistics.pooling.decision_makers import EQUAL, KINDS

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.elicit.weights import Weights

PLAINLY = -2
"""Least power of ten that is written out."""
RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
LEAST = 1e-12
"""Calibration below which a mark points to what is not shown."""


def weights_figure(found: Weights) -> Figure:
    """Calibration with its coarseness, information and weight of each expert, the best first; decision makers below.

    Parameters
    ----------
    found : Weights
    """
    own = found.maker.experts
    order = np.argsort(-own.combined, kind="stable")
    many = len(order)
    seeds = int(found.study.seeds.sum())
    places, below = np.arange(many), many + 0.5 + np.arange(len(KINDS))
    with styled():
        figure = new_figure(1.5 + 0.26 * (many + len(KINDS)), columns=3, sharey=True, width_ratios=(1.25, 1.0, 0.8))
        calibration, information, weight = figure.axes
        one = {kind: found.makers[kind].scores for kind in KINDS}
        low, high = (end[order] for end in found.coarse["experts"])
        _calibrated(calibration, places, own.calibration[order], (low, high), 0, "expert")
        made = np.array([float(one[kind].calibration[0]) for kind in KINDS])
        ends = [np.array([float(found.coarse[kind][side][0]) for kind in KINDS]) for side in (0, 1)]
        _calibrated(calibration, below, made, (ends[0], ends[1]), 1, "decision maker, in-sample")
        _unseen(calibration, found, below)
        _scale(calibration, found)
        _informed(information, places, own.information[order], own.information_of_all[order], 0)
        told = [np.array([float(getattr(one[kind], of)[0]) for kind in KINDS]) for of in _INFORMATION]
        _informed(information, below, told[0], told[1], 1)
        _weighed(weight, found, order)
        names = [*np.array(labels(found.study.experts), object)[order], *(f"{kind} weights" for kind in KINDS)]
        calibration.set_yticks([*places, *below], names)
        calibration.set_ylim(below[-1] + 0.6, -0.6)
        for axes in figure.axes:
            axes.grid(axis="x")
            axes.tick_params(axis="y", length=0)
            axes.axhline(many - 0.25, color=FAINT, linewidth=0.8)
        handles, told_as = _legend(calibration, information)
        figure.legend(handles, told_as, loc="outside lower left", ncols=1)
        headline(figure, f"What the experts of '{visible(one_line(found.panel.name))}' count for, by {seeds} seeds")
        note_line(figure, _note(found))
    return figure


_INFORMATION = ("information", "information_of_all")


def _calibrated(
    axes: Axes, places: np.ndarray, values: np.ndarray, ends: tuple[np.ndarray, np.ndarray], kind: int, label: str
) -> None:
    low, high, shown = (np.maximum(one, LEAST) for one in (*ends, values))
    axes.hlines(places, low, high, color=INK, linewidth=1.0, alpha=0.6)
    style: dict[str, Any] = {"color": COLOURS[kind], "markersize": 6, "linestyle": "none"}
    within = values > LEAST
    axes.plot(shown[within], places[within], MARKERS[kind], label=label, **style)
    axes.plot(shown[~within], places[~within], "<", **style)


def _unseen(axes: Axes, found: Weights, places: np.ndarray) -> None:
    """What becomes of decision makers' calibration with weights from other seeds."""
    shown = [k for k, kind in enumerate(KINDS) if kind in found.unseen]
    if not shown:
        return
    values = np.array([float(found.unseen[KINDS[k]].scores.calibration[0]) for k in shown])
    axes.plot(
        np.maximum(values, LEAST),
        places[shown],
        MARKERS[3],
        color=INK,
        markersize=4,
        linestyle="none",
        label="the same, each seed by weights of the others",
    )


def _scale(axes: Axes, found: Weights) -> None:
    """From the least that is shown to 1, in powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    shown = np.concatenate([found.coarse["experts"][0], *(found.coarse[kind][0] for kind in KINDS)])
    shown = np.concatenate([shown, *(made.scores.calibration for made in found.unseen.values())])
    least = max(float(shown.min()), LEAST)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=4))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _power(x)))
    axes.set_xlim(min(least, 0.01) / 1.5, 1.5)
    axes.axvline(POOR, color=INK, linewidth=0.9, linestyle=":", label=f"{POOR:g}: below, refuted as a rule")
    if found.kind != EQUAL and found.maker.cutoff > 0:
        axes.axvline(
            max(found.maker.cutoff, LEAST),
            color=COLOURS[2],
            linewidth=1.2,
            linestyle="--",
            label=f"cut-off of {found.kind} weights",
        )
    axes.set_xlabel("calibration (p-value)")


def _power(x: float) -> str:
    """A power of ten: a small one by its exponent, for figures do not parse mathematics."""
    exponent = round(math.log10(x))
    return f"{x:g}" if exponent >= PLAINLY else f"10{str(exponent).translate(RAISED)}"


def _informed(axes: Axes, places: np.ndarray, seeds: np.ndarray, every: np.ndarray, kind: int) -> None:
    axes.plot(seeds, places, MARKERS[kind], color=COLOURS[kind], markersize=6, linestyle="none")
    axes.plot(
        every,
        places,
        MARKERS[kind],
        markeredgecolor=COLOURS[kind],
        markerfacecolor="none",
        markersize=8,
        linestyle="none",
        label="information on all questions (hollow)" if kind == 0 else None,
    )
    axes.set_xlim(0, max(axes.get_xlim()[1], 1.1 * float(max(seeds.max(), np.nanmax(every)))))
    axes.set_xlabel("information")


def _weighed(axes: Axes, found: Weights, order: np.ndarray) -> None:
    share = np.nan_to_num(found.share(found.kind)[order])
    axes.barh(np.arange(len(order)), 100 * share, height=0.65, color=COLOURS[0], edgecolor="white", linewidth=0.6)
    low, high = (100 * end[order] for end in found.share_ends)
    some = np.isfinite(low)
    axes.hlines(np.arange(len(order))[some], low[some], high[some], color=INK, linewidth=1.0)
    most = max(float(share.max()), float(np.nan_to_num(found.share_ends[1]).max()))
    axes.axvline(100 / len(order), color=FAINT, linewidth=0.9, linestyle=":")
    axes.set_xlim(0, min(100.0, 120 * most) or 100.0)
    axes.set_xlabel(f"{found.kind} weight, %")


def _legend(calibration: Axes, information: Axes) -> tuple[list[Artist], list[str]]:
    both = [axes.get_legend_handles_labels() for axes in (calibration, information)]
    return [handle for handles, _ in both for handle in handles], [label for _, names in both for label in names]


def _note(found: Weights) -> str:
    return (
        f"Round {visible(one_line(found.round))}. Lines: calibration had one realisation fallen into the next "
        "interval, and weight without one seed. Filled: information on seeds. Dotted, right: equal weight."
    )
