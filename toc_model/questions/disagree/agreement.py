"""Which question to experts would bring two worldviews closest."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.statistics import information
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import Plan, ad_hoc_plan, shipped_plans

if TYPE_CHECKING:
    from toc_model.questions.disagree import Crux, Disagreement

EXPERTS = 100
CRUXES = 3
"""Cruxes, the largest first, about each of which a question is planned beside those that ship."""

type Plans = tuple[Plan, Plan]
"""One question, with the target of either worldview."""


@dataclass(frozen=True, slots=True, repr=False)
class Probe(Brief):
    """A question that experts might be asked, and how far apart two worldviews would be afterwards.

    Attributes
    ----------
    plan : Plan
        With the first worldview's target.
    left : xarray.Dataset
        What `toc_model.statistics.information.expected_gap` gives for the experts' answers.
    if_known : xarray.Dataset
        The same if both were told the target itself.
    """

    plan: Plan
    left: xr.Dataset
    if_known: xr.Dataset

    def to_dict(self) -> dict[str, Any]:
        """All figures; gaps are in the unit of the outcome."""
        question = self.plan.question
        return {
            "question": self.plan.name,
            "about": question.target,
            "wording": question.wording,
            "kind": question.kind,
            "scale": question.scale,
            "bias_sd": question.bias_sd,
            "gap_left": _by_measure(self.left),
            "gap_if_known": _by_measure(self.if_known),
            "beyond": float(self.left["beyond"]),
            "beyond_if_known": float(self.if_known["beyond"]),
        }


def what_to_ask(
    found: "Disagreement", allocations: Allocations, experts: int = EXPERTS, *, progress: Progress | None = None
) -> tuple[Probe, ...]:
    """Say what gap between two worldviews a survey would leave, for each question that ships and some about cruxes.

    The truth is taken to be one worldview's draw or the other's, with equal weight. Answers come about as the update
    takes them to (`toc_model.survey.planning.planned`), with the bias that all respondents share, and each worldview
    learns from them by its own lights (`toc_model.statistics.information.expected_gap`). Only the order of questions
    and the part of the gap that they close rest on simulated answers: what either worldview believes stays as it is.

    Parameters
    ----------
    found : Disagreement
    allocations : Allocations
        Those that questions may be about.
    experts : int
        How many answer.
    progress : callable, optional
        Called with the number of questions done and of all.

    Returns
    -------
    tuple of Probe
        First those that leave the smallest gap in the objective.

    Raises
    ------
    InputError
        If there are fewer than 100 draws, or the number of experts can't be simulated.
    """
    both = (found.first, found.second)
    shipped = zip(*(shipped_plans(beliefs, allocations) for beliefs in both), strict=True)
    plans = [*shipped, *islice(_about_cruxes(found, allocations), CRUXES)]
    probes = []
    for done, plan in enumerate(plans, start=1):
        probes.append(_probe(found, plan, experts))
        if progress:
            progress(done, len(plans))
    return tuple(sorted(probes, key=lambda probe: float(probe.left["gap"].sel(measure=found.measures[0]))))


def _about_cruxes(found: "Disagreement", allocations: Allocations) -> Iterator[Plans]:
    """Questions that ask for a crux as such; a crux of several places is asked about at the first that differs."""
    both = (found.first, found.second)
    for crux in found.cruxes:
        if all(_is_positive(beliefs, crux) for beliefs in both):
            target = next(iter(found.believed(crux)))
            one, other = (ad_hoc_plan(beliefs, allocations, target) for beliefs in both)
            # A ratio may stay below 1 in one worldview only; logarithms then fit both.
            question = one.question if other.question.scale == "logit" else other.question
            yield replace(one, question=question), replace(other, question=question)


def _is_positive(beliefs: Beliefs, crux: "Crux") -> bool:
    return bool((beliefs.parameters[crux.parameter] > 0).all())


def _probe(found: "Disagreement", plans: Plans, experts: int) -> Probe:
    question = plans[0].question
    targets = [plan.target for plan in plans]
    # Both worldviews' draws make one survey, so that what depends on them (thresholds) is asked of both alike.
    every = simulated_summaries(question, np.concatenate(targets), [experts], seed=found.first.seed)[experts]
    draws = len(targets[0])
    answers = every.isel(draw=slice(draws)), every.isel(draw=slice(draws, None))
    truths = tuple(xr.DataArray(target, dims="draw", name=question.target) for target in targets)
    results = found.results[found.first.worldview], found.results[found.second.worldview]
    return Probe(
        plans[0],
        left=information.expected_gap(results, answers),
        if_known=information.expected_gap(results, (truths[0], truths[1])),
    )


def _by_measure(gaps: xr.Dataset) -> dict[str, dict[str, float]]:
    names = map(str, gaps["measure"].values)
    return {name: {key: float(gaps[key].sel(measure=name)) for key in ("gap", "se")} for name in names}
