"""Priors as text: the table, one parameter with all that is known of it, and how well the quantiles are met."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.beliefs.distributions import quantile_name
from toc_model.beliefs.priors import Prior, Priors
from toc_model.errors import InputError
from toc_model.present.terminal import WIDTH, as_text, sized

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BARS = " ▁▂▃▄▅▆▇█"
PLOT_WIDTH, PLOT_HEIGHT = 72, 8


def prior_table(priors: Priors, chapters: Sequence[str]) -> str:
    """All priors of a worldview, a line each, in this order of the chapters."""
    table = Table(box=SIMPLE_HEAD, title=f"Priors of the worldview '{priors.worldview}'", title_justify="left")
    table.add_column("parameter", no_wrap=True)
    for heading in ("5 %", "50 %", "95 %"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("unit", "status", "moved"):
        table.add_column(heading, no_wrap=True)
    chapter = ""
    rank = {name: place for place, name in enumerate(chapters)}
    for name, prior in sorted(priors.entries.items(), key=lambda item: rank.get(item[1].chapter, len(rank))):
        if prior.chapter != chapter:
            chapter = prior.chapter
            table.add_section()
        low, median, high = (sized(float(prior.distribution.quantile(level))) for level in (0.05, 0.5, 0.95))
        table.add_row(name, low, median, high, prior.entry.unit, prior.entry.status, "yes" if prior.reason else "")
    closing = (
        f"{len(priors.entries)} entries of {priors.source}; 'moved' marks what this worldview changes. "
        "One of them in full: toc priors NAME."
    )
    return as_text(table) + "\n" + textwrap.fill(closing, WIDTH) + "\n"


def prior_page(priors: Priors, name: str) -> str:
    """One parameter: its question, quantiles, source, claims, history and density."""
    prior = priors[name]
    entry = prior.entry
    facts = [
        ("worldview", priors.worldview + (f" (moved: {prior.reason})" if prior.reason else "")),
        ("question", entry.question),
        ("unit", entry.unit),
        ("family", f"{entry.family}, by {prior.distribution.method}"),
        ("quantiles", _quantiles(prior)),
        ("source", entry.source),
        ("status", entry.status),
        ("claims", ", ".join(entry.claims) or "none"),
        *[(f"{change.date:%Y-%m-%d}", change.change) for change in entry.history],
    ]
    lines = [name, ""]
    for label, text in facts:
        lines += textwrap.wrap(text, WIDTH, initial_indent=f"  {label:<11}", subsequent_indent=" " * 13)
    return "\n".join([*lines, "", *density_plot(prior)]) + "\n"


def _quantiles(prior: Prior) -> str:
    if prior.distribution.is_constant:
        return f"constant, {sized(prior.distribution.location)}"
    return ", ".join(
        f"{quantile_name(level)} {sized(value)} (fitted {sized(float(prior.distribution.quantile(level)))})"
        for level, value in prior.quantiles.items()
    )


def density_plot(prior: Prior) -> list[str]:
    """The density over its central 98 %, drawn with block characters, with an axis in the parameter's unit."""
    if prior.distribution.is_constant:
        return []
    low, median, high = (float(prior.distribution.quantile(level)) for level in (0.01, 0.5, 0.99))
    x = np.linspace(low, high, PLOT_WIDTH)
    density = prior.distribution.density(x)
    eighths = np.rint(density / density.max() * PLOT_HEIGHT * 8).astype(int)
    rows = [
        "".join(BARS[np.clip(height - 8 * level, 0, 8)] for height in eighths) for level in reversed(range(PLOT_HEIGHT))
    ]
    middle = round((median - low) / (high - low) * (PLOT_WIDTH - 1))
    axis = "".join("┴" if i == middle else "─" for i in range(PLOT_WIDTH))
    ends = f"{sized(low)}{sized(high):>{PLOT_WIDTH - len(sized(low))}}"
    label = f"median {sized(median)} {prior.entry.unit}"
    return [f"  {line}".rstrip() for line in [*rows, axis, ends, f"{label:^{PLOT_WIDTH}}"]]


def prior_check(priors: Priors) -> str:
    """Entries whose fitted quantiles differ from the elicited ones, the worst first, with how they were fitted."""
    misfits = sorted(((_misfit(prior), prior) for prior in priors.entries.values()), key=lambda pair: -pair[0])
    table = Table(
        box=SIMPLE_HEAD, title=f"Quantiles that are not met, worldview '{priors.worldview}'", title_justify="left"
    )
    for heading in ("parameter", "family", "elicited", "fitted", "misfit", "method"):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "misfit" else "left")
    shown = [(misfit, prior) for misfit, prior in misfits if misfit >= 0.02]
    for misfit, prior in shown:
        elicited = " / ".join(sized(value) for value in prior.quantiles.values())
        fitted = " / ".join(sized(float(prior.distribution.quantile(level))) for level in prior.quantiles)
        table.add_row(prior.name, prior.entry.family, elicited, fitted, f"{misfit:.1%}", prior.distribution.method)
    closing = (
        f"{len(misfits)} entries of {priors.source} are well formed; {len(misfits) - len(shown)} meet their quantiles "
        "within 2 % of the distance between the outer ones. Misfit is the largest difference as a share of that "
        "distance; quantiles that the family can't meet are fitted by least squares."
    )
    return (as_text(table) + "\n" if shown else "") + textwrap.fill(closing, WIDTH) + "\n"


def _misfit(prior: Prior) -> float:
    if prior.distribution.is_constant:
        return 0.0
    levels, values = zip(*sorted(prior.quantiles.items()), strict=True)
    fitted = prior.distribution.quantile(np.array(levels))
    return float(np.max(np.abs(fitted - values)) / (values[-1] - values[0]))


def prior_figure(priors: Priors, name: str) -> Figure:
    """The density of one parameter, with its elicited quantiles, as a matplotlib figure.

    Raises
    ------
    InputError
        If the parameter is unknown or a constant.
    """
    from matplotlib.figure import Figure

    prior = priors[name]
    if prior.distribution.is_constant:
        raise InputError(f"{name}: a constant has no density to plot")
    low, high = (float(prior.distribution.quantile(level)) for level in (0.005, 0.99))
    x = np.linspace(low, high, 400)
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.fill_between(x, prior.distribution.density(x), color="#56B4E9", alpha=0.4)
    axes.plot(x, prior.distribution.density(x), color="#0072B2")
    for level, value in prior.quantiles.items():
        axes.axvline(value, color="0.3", linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(quantile_name(level), (value, 1.01), xycoords=("data", "axes fraction"), ha="center", fontsize=9)
    axes.set(xlabel=f"{name}  ({prior.entry.unit})", ylabel="density", yticks=[], xlim=(low, high), ylim=(0, None))
    axes.set_title(f"worldview '{priors.worldview}', status: {prior.entry.status}", fontsize=10, pad=18)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
