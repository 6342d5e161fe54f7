"""Probabilities of an event on a strip of dots; zeros and ones are marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy import special

from toc_model.present.figures import COLOURS, INK, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.elicit.feedback.asked import Asked

LETTERED = 12
"""Dots at the most that bear letters."""
EXTREME = 0.02
"""A probability this near to 0 or 1, but neither, needs an axis of log odds."""
TICKS = (1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
LEAST = 1.6
"""Half of what an axis of log odds spans at the least: there is a named probability within it."""
GAP, MOST = 0.08, 6
"""Share of the axis that belongs to 0 and to 1, at an axis of log odds; and probabilities that it names besides."""
PLAIN = (0.0, 0.25, 0.5, 0.75, 1.0)
WIDE = {True: 0.062, False: 0.032}
"""Width of a dot as a share of the axis, with a letter and without."""
TALL = {True: 0.24, False: 0.14}
"""Height of a layer of dots, in inches."""


class Scale:
    """From probabilities to places between 0 and 1 on the axis.

    Parameters
    ----------
    probabilities : sequence of float
        That are shown. Where some are extreme but neither 0 nor 1, the axis is one of log odds, and 0 and 1 have places
        of their own at its ends.
    """

    def __init__(self, probabilities: Sequence[float]) -> None:
        inner = [float(special.logit(p)) for p in probabilities if 0 < p < 1]
        self.is_log = any(abs(x) > float(special.logit(1 - EXTREME)) for x in inner)
        self._sure = {p for p in probabilities if p in (0, 1)}
        low, high = min(inner, default=0.0), max(inner, default=0.0)
        half = max(0.55 * (high - low), LEAST)
        self._ends = (low + high) / 2 - half, (low + high) / 2 + half

    def at(self, p: float) -> float:
        """The place of a probability."""
        if not self.is_log or p in (0, 1):
            return p
        low, high = self._ends
        return GAP + (1 - 2 * GAP) * (float(special.logit(p)) - low) / (high - low)

    @property
    def ticks(self) -> list[float]:
        """Probabilities that the axis names."""
        if not self.is_log:
            return list(PLAIN)
        inner = [p for p in TICKS if GAP <= self.at(p) <= 1 - GAP] or [float(special.expit(sum(self._ends) / 2))]
        step = 1 + (len(inner) - 1) // MOST
        return sorted({*self._sure, *inner[::step]})


def strip(figure: Figure, axes: Axes, found: Asked) -> None:
    """Draw the dots, one an answer, those of about the same probability above each other; and the pool's line."""
    p = [one.belief.median for one in found.answers]
    scale, lettered = Scale(p), len(p) <= LETTERED
    layers = layered([scale.at(x) for x in p], WIDE[lettered])
    most = max(layers) + 1
    figure.set_size_inches(figure.get_size_inches()[0], 1.0 + TALL[lettered] * max(most, 2))
    for answer, layer in zip(found.answers, layers, strict=True):
        x, sure = answer.belief.median, answer.belief.median in (0, 1)
        axes.plot(
            scale.at(x), layer, "s" if sure else "o", markersize=13 if lettered else 7, clip_on=False, zorder=3,
            markerfacecolor="white" if sure else "#5a5a5a", markeredgecolor=INK, markeredgewidth=1.4 if sure else 0.6,
        )  # fmt: skip
        if lettered:
            axes.annotate(
                answer.letter if len(answer.letter) < 3 else "", (scale.at(x), layer), ha="center", va="center",
                fontsize=SMALL, color=INK if sure else "white", zorder=4, annotation_clip=False,
            )  # fmt: skip
    if found.pool and math.isfinite(found.pool.median):
        axes.axvline(scale.at(found.pool.median), color=COLOURS[0], linewidth=2.8, zorder=1.5)
        axes.annotate(
            "pool", (scale.at(found.pool.median), 1), xycoords=("data", "axes fraction"), textcoords="offset points",
            xytext=(0, 3), ha=_side(scale.at(found.pool.median)), fontsize=9, color=COLOURS[0],
        )  # fmt: skip
    _dress(axes, scale, most)


def _dress(axes: Axes, scale: Scale, most: int) -> None:
    axes.set_ylim(-0.7, max(most, 2) - 0.3)
    axes.set_xlim(-0.03, 1.03)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([scale.at(p) for p in scale.ticks], [f"{100 * p:.6g} %" for p in scale.ticks], fontsize=9)
    axes.set_xlabel("probability (on a scale of log odds)" if scale.is_log else "probability")
    axes.grid(axis="x")


def _side(place: float) -> str:
    return "left" if place < 0.05 else "right" if place > 0.95 else "center"


def layered(places: Sequence[float], width: float) -> list[int]:
    """The layer of each dot, so that none lies on another; places rise."""
    last: dict[int, float] = {}
    layers = []
    for place in places:
        layer = next((k for k, end in last.items() if place - end >= width), len(last))
        last[layer] = place
        layers.append(layer)
    return layers
