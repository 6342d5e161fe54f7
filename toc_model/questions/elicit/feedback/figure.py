"""A question's answers as figures: a row for each expert, densities, and a strip of probabilities of an event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.present import words
from toc_model.present.figures import COLOURS, FAINT, INK, new_figure, styled
from toc_model.questions.elicit.feedback.strip import strip
from toc_model.survey.panel.panel import CONSENSUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.elicit.feedback.answers import Answer, Belief
    from toc_model.questions.elicit.feedback.asked import Asked, Drawn

PAIRED = 4.2
"""Inches: two stand side by side on a wide page, and a narrow one still shows them at full size."""
FEW = 6
"""Experts whose curves are drawn stronger and bear their letters."""
POOL: dict[str, Any] = {"color": COLOURS[0], "linewidth": 2.8, "linestyle": "-"}
PRIOR: dict[str, Any] = {"color": COLOURS[1], "linewidth": 1.7, "linestyle": (0, (5, 2))}
ABOVE = 1.12
"""Height of the axes of densities, in that of what is highest on them."""
BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6}
NEAR = (0.045, 0.09)
"""Shares of the axes within which two letters would lie on each other."""


def ranges_figure(found: Asked) -> Figure:
    """A row for each expert, the pool and the prior: what was said of the ends, and the median."""
    with styled():
        figure = new_figure(_height(found), width=PAIRED)
        _ranges(figure.axes[0], found)
    return figure


def densities_figure(found: Asked) -> Figure:
    """The density of each expert, of the pool and of the prior."""
    with styled():
        figure = new_figure(3.4, width=PAIRED)
        _densities(figure.axes[0], found)
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def strip_figure(found: Asked) -> Figure:
    """The probabilities that experts give an event, on a strip."""
    with styled():
        figure = new_figure(1.0, width=PAIRED)
        strip(figure, figure.axes[0], found)
    return figure


def question_figure(found: Asked) -> Figure:
    """Ranges above densities; of an event, the strip. Where nothing could be fitted, ranges alone."""
    if found.is_event:
        figure = strip_figure(found)
        figure.axes[0].set_title(_short(found.label))
        return figure
    if not has_curves(found):
        figure = ranges_figure(found)
        figure.axes[0].set_title(_short(found.label))
        return figure
    with styled():
        above = _height(found)
        figure = new_figure(above + 3.2, rows=2, height_ratios=[above, 3.2])
        _ranges(figure.axes[0], found)
        _densities(figure.axes[1], found)
        figure.axes[0].set_xlabel("")
        figure.axes[0].set_title(_short(found.label))
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def has_curves(found: Asked) -> bool:
    """Whether there is a density to draw."""
    beliefs = [one.belief for one in found.answers]
    return found.drawn is not None and any(one.curve is not None for one in beliefs)


def is_cut(found: Asked) -> bool:
    """Whether a curve is higher than the axes."""
    beliefs = [one.belief for one in found.answers] + [one for one in (found.pool, found.prior) if one]
    height = found.drawn.height if found.drawn else math.inf
    return any(one.curve is not None and one.curve.peak > ABOVE * height for one in beliefs)


def goes_beyond(found: Asked) -> bool:
    """Whether a range ends beyond the axis."""
    if found.drawn is None:
        return False
    axis = found.drawn.axis
    beliefs = [one.belief for one in found.answers] + [one for one in (found.pool, found.prior) if one]
    return any(one.low < axis.low or one.high > axis.high for one in beliefs)


def _short(text: str) -> str:
    """A text of somebody's own that fits a figure."""
    (found,) = words.labels([text])
    return found


# Ranges -------------------------------------------------------------------------------------------------------------


def _height(found: Asked) -> float:
    number = len(found.answers) + (found.pool is not None) + (found.prior is not None)
    return 0.85 + (0.24 if len(found.answers) > 2 * FEW else 0.3) * max(number, 2)


def _ranges(axes: Axes, found: Asked) -> None:
    if found.drawn is None:
        return
    rows: list[tuple[str, Belief, dict[str, Any], str]] = [
        (_name(one), one.belief, {"color": INK, "linewidth": 1.3}, "o") for one in found.answers
    ]
    rows += [("pool", found.pool, POOL, "D")] if found.pool else []
    rows += [("prior", found.prior, PRIOR, "s")] if found.prior else []
    for place, (_, belief, style, marker) in enumerate(rows):
        _row(axes, place, belief, style, marker, found.drawn)
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, pad=7)
    if len(rows) > len(found.answers):
        axes.axhline(len(found.answers) - 0.5, color=FAINT, linewidth=0.6)
    _x_axis(axes, found, found.drawn)


def _name(one: Answer) -> str:
    return "all" if one.letter == CONSENSUS else one.letter


def _row(axes: Axes, place: int, belief: Belief, style: dict[str, Any], marker: str, drawn: Drawn) -> None:
    axis, colour = drawn.axis, style["color"]
    low, high = max(belief.low, axis.low), min(belief.high, axis.high)
    axes.plot([low, high], [place, place], **style)
    for end, at, arrow in ((belief.low < axis.low, low, "<"), (belief.high > axis.high, high, ">")):
        if end:
            axes.plot(at, place, arrow, color=colour, markersize=6, clip_on=False)
        else:
            axes.plot(at, place, "|", color=colour, markersize=7, markeredgewidth=style["linewidth"])
    if axis.low <= belief.median <= axis.high:
        axes.plot(belief.median, place, marker, color=colour, markersize=6, markeredgecolor="white")


def _x_axis(axes: Axes, found: Asked, drawn: Drawn) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    axis = drawn.axis
    if axis.is_log:
        axes.set_xscale("log")
        decades = math.log10(axis.high / axis.low)
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if decades < 2.5 else (1.0,), numticks=6))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.sized(float(f"{x:.12g}"))))
    axes.set_xlim(axis.low, axis.high)
    axes.set_xlabel(f"{_short(found.unit)} (on a scale of logarithms)" if axis.is_log else _short(found.unit))
    axes.grid(axis="x")


# Densities ----------------------------------------------------------------------------------------------------------


def _densities(axes: Axes, found: Asked) -> None:
    drawn = found.drawn
    if drawn is None:
        return
    few = len(found.answers) <= FEW
    style = {"color": INK if len(found.answers) == 1 else FAINT, "linewidth": 1.2 if few else 0.8}
    label = "each expert" if len(found.answers) > 1 else "the answer"
    for one in found.answers:
        _line(axes, one.belief, style, label, drawn)
        label = ""
    for belief, look, name, order in ((found.prior, PRIOR, "prior", 3.0), (found.pool, POOL, "pool", 4.0)):
        if belief:
            _line(axes, belief, look | {"zorder": order}, name, drawn)
    top = ABOVE * drawn.height
    axes.set_ylim(0, top)
    _x_axis(axes, found, drawn)
    if few and len(found.answers) > 1:
        _letters(axes, found.answers, drawn, top)
    axes.set_ylabel("density by factor" if drawn.axis.is_log else "density")
    axes.set_yticks([])


def _line(axes: Axes, belief: Belief, style: dict[str, Any], label: str, drawn: Drawn) -> None:
    curve = belief.curve
    if curve is None:
        return
    axes.plot(curve.x, curve.y, label=label or None, **style)
    top = ABOVE * drawn.height
    if curve.peak > top:
        axes.plot(
            curve.x[curve.y.argmax()], top, "^", color=style["color"], markersize=6, clip_on=False, zorder=5,
        )  # fmt: skip


def _letters(axes: Axes, answers: Sequence[Answer], drawn: Drawn, top: float) -> None:
    """A letter at each curve, where it is high and no other letter is near."""
    taken: list[tuple[float, float]] = []
    for one in answers:
        if one.belief.curve is None:
            continue
        places = _places(one, drawn, top)
        place = next((at for at in places if not any(_is_near(at, other) for other in taken)), places[0])
        taken.append(place)
        axes.annotate(
            one.letter, place, xycoords="axes fraction", textcoords="offset points", xytext=(0, 2), ha="center",
            va="bottom", fontsize=9, zorder=6, annotation_clip=False, bbox=BEHIND,
        )  # fmt: skip


def _places(one: Answer, drawn: Drawn, top: float) -> list[tuple[float, float]]:
    """Places along a curve in shares of the axes, from its peak downwards on both sides."""
    curve, axis = one.belief.curve, drawn.axis
    if curve is None:
        return []
    to = np.log if axis.is_log else np.asarray
    x = (to(curve.x) - to(axis.low)) / (to(axis.high) - to(axis.low))
    y = np.minimum(curve.y / top, 1.0)
    order = np.argsort(-y, kind="stable")
    order = order[y[order] > 0.05]
    return [(float(x[k]), float(y[k])) for k in order] or [(0.5, 0.0)]


def _is_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < NEAR[0] and abs(one[1] - other[1]) < NEAR[1]
