"""The mean change against what a sweep moves, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toc_model.errors import InputError
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.figures import (
    COLOURS,
    DASHES,
    INK,
    MARKERS,
    in_legend,
    label_panels,
    new_panels,
    rests_on_line,
    styled,
    wrapped,
    zero_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.sweep import Sweep

ACROSS = 2.2
"""Inches of a text below or above a panel."""
UP = 2.0
"""Inches of a text beside one."""


def sweep_figure(found: Sweep) -> Figure:
    """Change of the outcome against one variable or two, a panel a worldview.

    Parameters
    ----------
    found : Sweep

    Raises
    ------
    InputError
        If nothing moves, or more than two variables do.
    """
    many = len(found.variables)
    if many not in {1, 2}:
        raise InputError(f"sweep: found {many} variables that move; allowed: one or two, for a picture")
    names = [called(str(name)) for name in found.table["worldview"].values]
    with styled():
        figure = new_panels(len(names), 2.6, around=0.6)
        axes_of = figure.axes[:]
        for place, (axes, name) in enumerate(zip(axes_of, names, strict=True)):
            axes.set_title(wrapped(name, ACROSS))
            (_lines if many == 1 else _field)(axes, found, place)
        across, up = _labels(found)
        label_panels(figure, wrapped(across, ACROSS), wrapped(up, UP))
        if many == 1:
            figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
        else:
            _scale(figure, axes_of, found)
        rests_on_line(figure, f"{', '.join(names)}{found.facts['dated']}", _note(found, many))
        return figure


def _note(found: Sweep, many: int) -> str:
    quo = f"All else as under “{called(found.facts['changes_from'])}”; same draws."
    if many == 1:
        return quo
    return f"{quo} Dot: the {words.extreme(found.objective)} mean of the grid. Line: where nothing changes."


def _labels(found: Sweep) -> tuple[str, str]:
    """Below and beside the panels."""
    told = [f"{one.label} ({words.lever_measure(one).sign})" for one in found.variables]
    return (told[0], told[1]) if len(told) > 1 else (told[0], _changed(found))


def _changed(found: Sweep) -> str:
    quo = f"“{called(found.facts['changes_from'])}”"
    return f"mean change of {found.objective.label} from {quo} ({found.objective.measure.change_unit})"


def _lines(axes: Axes, found: Sweep, worldview: int) -> None:
    """A line a mechanism, with the band of draws of the first."""
    (variable,), factor = found.variables, found.objective.measure.factor
    scale = words.lever_measure(variable).factor
    table = found.table.isel(worldview=worldview, allocation=slice(len(found.facts["named"]), None))
    table = table.sortby(variable.name)
    x = scale * table[variable.name].values
    first = table.isel(mechanism=0)
    low, high = (factor * first[name].values for name in ("change_q05", "change_q95"))
    axes.fill_between(x, low, high, color=COLOURS[0], alpha=0.15, linewidth=0, label="90 % of draws")
    for place, name in enumerate(table["mechanism"].values):
        style = {"color": COLOURS[place % len(COLOURS)], "linestyle": DASHES[place % len(DASHES)]}
        label = "mean" if table.sizes["mechanism"] == 1 else f"mean {called(str(name))}"
        axes.plot(
            x, factor * table["change"].isel(mechanism=place).values, linewidth=2, label=in_legend(label), **style
        )
    zero_line(axes)
    axes.set_xlim(x[0], x[-1] if len(x) > 1 else x[0] + 1)
    axes.grid(axis="y")


def _field(axes: Axes, found: Sweep, worldview: int) -> None:
    """Mean changes as colours, under the laws as they are written down."""
    x, y, values = _values(found, worldview)
    most = float(np.abs(found.objective.measure.factor * found.table["change"].isel(mechanism=0).values).max()) or 1.0
    axes.pcolormesh(x, y, values, cmap="PuOr" if found.objective.lower_is_better else "PuOr_r", vmin=-most, vmax=most)
    if min(values.shape) > 1 and values.min() < 0 < values.max():
        axes.contour(x, y, values, levels=[0], colors=INK, linewidths=0.9)
    best = np.unravel_index(int(np.asarray(found.objective.loss(values)).argmin()), values.shape)
    axes.plot(x[best[1]], y[best[0]], MARKERS[0], color=INK, markersize=5, clip_on=False)


def _values(found: Sweep, worldview: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = found.table.isel(worldview=worldview, mechanism=0, allocation=slice(len(found.facts["named"]), None))
    first, second = found.variables
    across, up = np.unique(table[first.name].values), np.unique(table[second.name].values)
    places = np.searchsorted(up, table[second.name].values), np.searchsorted(across, table[first.name].values)
    values = np.empty((len(up), len(across)))
    values[places] = found.objective.measure.factor * table["change"].values
    return words.lever_measure(first).factor * across, words.lever_measure(second).factor * up, values


def _scale(figure: Figure, axes: list[Axes], found: Sweep) -> None:
    bar = figure.colorbar(axes[0].collections[0], ax=axes, location="bottom", aspect=40)
    bar.set_label(wrapped(_changed(found), 2 * UP))
