"""A prior as a figure: its density, with the elicited quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toc_model.beliefs.distributions import quantile_name
from toc_model.errors import InputError
from toc_model.present.figures import COLOURS, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from toc_model.questions.priors import OnePrior


def prior_figure(found: OnePrior) -> Figure:
    """The density of one parameter, with its elicited quantiles.

    Raises
    ------
    InputError
        If it is a constant.
    """
    if found.density is None:
        raise InputError(f"{found.prior.name}: a constant has no density to plot")
    x, y, entry = found.density.x, found.density.y, found.prior.entry
    with styled():
        figure = new_figure(6.4, 3.4)
        (axes,) = figure.axes
        axes.fill_between(x, y, color=COLOURS[4], alpha=0.4)
        axes.plot(x, y, color=COLOURS[0])
        for level, value in found.prior.quantiles.items():
            axes.axvline(value, color="0.3", linewidth=1, linestyle=(0, (4, 3)))
            above = (value, 1.01)
            axes.annotate(quantile_name(level), above, xycoords=("data", "axes fraction"), ha="center", fontsize=9)
        label = f"{found.prior.name}  ({entry.unit})"
        axes.set(xlabel=label, ylabel="density", yticks=[], xlim=(x[0], x[-1]), ylim=(0, None))
        axes.set_title(f"worldview '{found.worldview}', status: {entry.status}", fontsize=10, pad=18)
    return figure
