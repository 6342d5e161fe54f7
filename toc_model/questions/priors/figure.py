"""A prior as a figure: its density, with the elicited quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.beliefs.distributions import quantile_name
from toc_model.errors import InputError
from toc_model.naming import called
from toc_model.present.figures import COLOURS, HATCHES, INK, headline, new_figure, styled, wrapped
from toc_model.present.words import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.priors import Density, OnePrior

NARROW = 0.02
"""Width of the bar at nil, as a share of the axis."""


def prior_figure(found: OnePrior) -> Figure:
    """The density of one parameter, with its elicited quantiles.

    Raises
    ------
    InputError
        If it is a constant, or surely nil.
    """
    if found.density is None:
        what = "a constant" if found.prior.distribution.is_constant else "what is surely nil"
        raise InputError(f"{found.prior.name}: {what} has no density to plot")
    x, y, entry = found.density.x, found.density.y, found.prior.entry
    with styled():
        figure = new_figure(3.2)
        (axes,) = figure.axes
        axes.fill_between(x, y, color=COLOURS[4], alpha=0.4)
        axes.plot(x, y, color=COLOURS[0])
        for level, value in found.prior.quantiles.items():
            axes.axvline(value, color="0.3", linewidth=1, linestyle=(0, (4, 3)))
            above = (value, 1.01)
            axes.annotate(quantile_name(level), above, xycoords=("data", "axes fraction"), ha="center")
        label = wrapped(f"{found.prior.label} ({found.documents.unit(entry.unit)})")
        axes.set(xlabel=label, ylabel="density", yticks=[], xlim=(x[0], x[-1]), ylim=(0, None))
        if found.density.nil:
            _bar_at_nil(axes, found.density)
        headline(figure, f"worldview '{called(found.worldview)}', status: {entry.status}")
    return figure


def _bar_at_nil(axes: Axes, density: Density) -> None:
    """A bar at 0 that says how likely that is; its height is to the curve's as the two probabilities are."""
    low, high = min(0.0, float(density.x[0])), max(0.0, float(density.x[-1]))
    width, peak = NARROW * (high - low), float(density.y.max())
    height = peak * min(1.0, density.nil / (1 - density.nil))
    label = f"no effect: {percent(density.nil)}"
    axes.bar(0.0, height, width, color=COLOURS[1], hatch=HATCHES[1], edgecolor=INK, linewidth=0.6, label=label)
    axes.legend(loc="best", frameon=True)
    axes.set_xlim(low - 2 * width, high)
