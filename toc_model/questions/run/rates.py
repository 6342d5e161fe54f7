"""Figures by which a worldview is described: what a small move at the reference yields."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import levers_at
from toc_model.engine.facets import Rate
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Table
from toc_model.statistics import averages, decisions

A_LITTLE_MORE = "a little more"


def rates(beliefs: Beliefs) -> dict[str, dict[str, Any]]:
    """Each rate of the case under some beliefs.

    Parameters
    ----------
    beliefs : Beliefs

    Returns
    -------
    dict of str to dict
        By the rate's node: figures of the mean, the median, the share of draws below what pays, and what others say.
    """
    return {rate.node: _figures(beliefs, rate) for rate in beliefs.case.rates}


def _figures(beliefs: Beliefs, rate: Rate) -> dict[str, Any]:
    variable = beliefs.story.variable(rate.variable)
    base = beliefs.anchor.isel(allocation=0, drop=True)
    now = float(base[variable.lever.name].sel(variable.at))
    levers = levers_at(beliefs.story, base, {rate.variable: np.array([now + rate.by])}, [A_LITTLE_MORE])
    found = beliefs.outcome(levers, rate.node).isel(allocation=0, drop=True)
    return {
        **decisions.figures(found),
        "median": averages.quantile(found, 0.5),
        "below": float(averages.mean(found < rate.least)),
        "least": rate.least,
        "published": rate.published,
    }


def _little(beliefs: Beliefs, rate: Rate) -> str:
    """The small move in words."""
    variable = beliefs.story.variable(rate.variable)
    measure = words.lever_measure(variable)
    return f"{words.value(measure, rate.by)} {measure.change_unit} more of the {variable.label}"


def rate_tables(beliefs: Sequence[Beliefs], found: Sequence[Mapping[str, Mapping[str, Any]]] = ()) -> list[Table]:
    """A table for each rate of the case, a row a worldview, beside what others say.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        Of one case.
    found : sequence of dict, optional
        What `rates` gave for each; computed by default.
    """
    figures = found or [rates(one) for one in beliefs]
    tables = []
    for rate in beliefs[0].case.rates:
        rows: list[list[Cell]] = []
        for one, row in zip(beliefs, (each[rate.node] for each in figures), strict=True):
            mean = Number(f"{row['mean']:.2f} ±{row['mcse']:.2f}", row["mean"])
            median = Number(f"{row['median']:.2f}", row["median"])
            rows.append([called(one.worldview), mean, median, words.share(row["below"])])
        tables.append(
            Table(
                f"{words.begun(rate.label)}, for {_little(beliefs[0], rate)}",
                ["worldview", "mean", "median", f"below {rate.least:g}"],
                rows,
                note=f"{words.begun(rate.unit)}, from the reference on, all else as there; {rate.published}.",
            )
        )
    return tables
