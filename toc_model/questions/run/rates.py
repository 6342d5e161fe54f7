"""Figures by which a worldview is described: what a small move at the reference yields."""

from typing import Any

import numpy as np

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import levers_at
from toc_model.engine.facets import Rate
from toc_model.present import words
from toc_model.statistics import decisions

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
        "median": float(found.median()),
        "below": float((found < rate.least).mean()),
        "least": rate.least,
        "published": rate.published,
    }


def rate_sentences(beliefs: Beliefs) -> list[str]:
    """Each rate in a sentence, beside what others say."""
    found = rates(beliefs)
    return [
        f"{words.begun(rate.label)}, for a small move under {words.quoted(beliefs.worldview)}: mean "
        f"{words.sized(row['mean'])} ±{words.sized(row['mcse'])}, median {words.sized(row['median'])}, below "
        f"{rate.least:g} in {words.percent(row['below'])} of draws; {rate.published}."
        for rate in beliefs.case.rates
        for row in [found[rate.node]]
    ]
