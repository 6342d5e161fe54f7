"""The five analyses that ``toc sensitivity`` offers, each of one subject."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.errors import InputError
from toc_model.questions.sensitivity.subject import OUTCOMES, Subject
from toc_model.statistics.decisions import summary
from toc_model.statistics.sensitivity.flip import flips
from toc_model.statistics.sensitivity.given_data import first_order, shapley_effects
from toc_model.statistics.sensitivity.power import by_chance, diagnoses, log_prior, power_scaling
from toc_model.statistics.sensitivity.response import (
    CROSSING_LEVELS,
    ENDS,
    crossings,
    response_by_regression,
    response_by_setting,
    unmoved,
)
from toc_model.statistics.sensitivity.sobol import sobol_indices

TORNADO_DRAWS = 1000
CROSSING_DRAWS = 400
HANDFUL = 5
"""Inputs that variance is divided among; their sets double with each."""
SETTING = "all others integrated over their draws"
REGRESSION = "expectations given its value, by regression: others move along as far as they depend on it"


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one method found.

    Attributes
    ----------
    subject : Subject
    method : str
    table : xarray.Dataset
        Dims ``(entry, outcome)`` and, for a tornado, ``level``; empty for ``flip``.
    about : dict
        What else was found, ready for JSON.
    """

    subject: Subject
    method: str
    table: xr.Dataset
    about: dict[str, Any] = field(default_factory=dict)

    def ranked(self, key: str, outcome: str = "change") -> list[str]:
        """Names of entries by the size of one column, the largest first."""
        column = abs(self.table[key].sel(outcome=outcome))
        names = self._names()
        return [names[place] for place in np.argsort(-column.values, kind="stable")]

    def _names(self) -> list[str]:
        return [str(name) for name in self.table["entry"].values] if "entry" in self.table else []

    def to_dict(self) -> dict[str, Any]:
        """All figures; probabilities and changes are fractions."""
        beliefs = self.subject.beliefs
        means = summary(self.subject.outcomes)
        return {
            "method": self.method,
            "worldview": beliefs.worldview,
            "allocation": self.subject.allocation,
            "outcomes": {
                name: {str(key): float(values.sel(outcome=name)) for key, values in means.data_vars.items()}
                for name in OUTCOMES
            },
            "entries": {name: _record(self.table.sel(entry=name)) for name in self._names()},
            **self.about,
            "rests_on": beliefs.rests_on(),
            "provenance": beliefs.provenance(allocations=dict(self.subject.digests)),
        }


def _record(row: xr.Dataset) -> dict[str, Any]:
    """The figures of one entry, by outcome where they differ between outcomes."""
    return {
        str(key): {str(name): values.sel(outcome=name).values.tolist() for name in values["outcome"].values}
        if "outcome" in values.dims
        else values.values.tolist()
        for key, values in row.data_vars.items()
    }


def tornado(subject: Subject, progress: Progress | None = None) -> Analysis:
    """Each parameter from its 5 % to its 95 % quantile.

    Independent parameters are set one at a time. Where they depend on each other that would ask about combinations that
    nobody believes in; there the expectation given the parameter's value is shown instead.
    """
    dead = unmoved(subject.inputs, subject.model)
    if subject.dependence:
        table = response_by_regression(subject.inputs, subject.outcomes, ENDS)
        return Analysis(subject, "tornado", table, {"how": REGRESSION, "unmoved": dead})
    table = _set(subject, ENDS, TORNADO_DRAWS, progress)
    return Analysis(subject, "tornado", table, {"how": SETTING, "unmoved": dead})


def _set(subject: Subject, levels: Sequence[float], draws: int, progress: Progress | None) -> xr.Dataset:
    """Responses over some of the draws; what these lack of the mean over all draws is added, so that both agree."""
    rows = subject.thinned(subject.inputs, draws)
    table = response_by_setting(subject.inputs, subject.model, levels, rows=rows, progress=progress)
    missing = subject.outcomes.mean("draw") - subject.thinned(subject.outcomes, draws).mean("draw")
    return table.assign(expected=table["expected"] + missing)


def sobol(subject: Subject, _: Progress | None = None) -> Analysis:
    """Sobol' indices, of independent parameters alone."""
    subject.fail_if_dependent()
    names = [str(name) for name in subject.inputs["entry"].values]
    table = sobol_indices(names, subject.from_uniform, subject.model, seed=subject.beliefs.seed)
    return Analysis(subject, "sobol", table)


def given_data(subject: Subject, _: Progress | None = None) -> Analysis:
    """First-order indices from the draws, and Shapley effects of those that are largest for the change."""
    found = Analysis(subject, "given-data", first_order(subject.inputs, subject.outcomes))
    handful = found.ranked("index")[:HANDFUL]
    effects = shapley_effects(subject.inputs.sel(entry=handful), subject.outcomes)
    found.about["explained"] = {name: float(effects["explained"].sel(outcome=name)) for name in OUTCOMES}
    found.about["shapley"] = {name: _record(effects.drop_vars("explained").sel(entry=name)) for name in handful}
    return found


def flip(subject: Subject, progress: Progress | None = None) -> Analysis:
    """How little must differ for the sign of the change to flip."""
    scores = subject.scores(subject.inputs)
    origin, found = flips(
        scores.median("draw"),
        lambda moved: subject.model(subject.from_scores(moved)),
        "change",
        progress=progress,
    )
    mean = float(subject.outcomes.sel(outcome="change").mean())
    if subject.dependence:
        response = response_by_regression(subject.inputs, subject.outcomes, CROSSING_LEVELS)
    else:
        response = _set(subject, CROSSING_LEVELS, CROSSING_DRAWS, progress)
    about = {
        "how": REGRESSION if subject.dependence else SETTING,
        "change_at_medians": origin,
        "flips": [{"distance": one.distance, "moved": one.moved} for one in found],
        "crossings": crossings(response, subject.inputs, mean, "change"),
    }
    return Analysis(subject, "flip", xr.Dataset(), about)


def power(subject: Subject, _: Progress | None = None) -> Analysis:
    """How much a posterior hangs on the strength of its priors and, where its log likelihood is known, the answers."""
    beliefs = subject.beliefs
    if not beliefs.is_posterior:
        raise InputError(
            f"power-scaling: {beliefs.worldview} is no posterior, so there is nothing but the prior; name a file with "
            "--posterior, or use --method tornado"
        )
    if beliefs.priors.correlations:
        raise InputError(
            f"power-scaling: the priors of {beliefs.priors.worldview} are correlated, so that one can't be scaled "
            "alone; use --method given-data"
        )
    outcomes, likelihood = subject.outcomes, beliefs.log_likelihood
    prior = log_prior(subject.scores(subject.inputs))
    found = Analysis(subject, "power-scaling", power_scaling("prior", prior, outcomes))
    found.about["likelihood"] = found.about["diagnosis"] = None
    found.about["by_chance"] = {"prior": by_chance("prior", prior, outcomes, seed=beliefs.seed)}
    if likelihood is not None:
        table = power_scaling("likelihood", likelihood, outcomes)
        found.about["likelihood"] = {str(name): _record(table.sel(entry=name)) for name in table["entry"].values}
        found.about["by_chance"]["likelihood"] = by_chance("likelihood", likelihood, outcomes, seed=beliefs.seed)
        found.about["diagnosis"] = diagnoses(prior, likelihood, outcomes)
    return found


METHODS: dict[str, Callable[[Subject, Progress | None], Analysis]] = {
    "tornado": tornado,
    "sobol": sobol,
    "given-data": given_data,
    "flip": flip,
    "power-scaling": power,
}
