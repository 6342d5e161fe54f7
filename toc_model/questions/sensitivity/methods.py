"""The five methods that ``toc sensitivity`` offers."""

from collections.abc import Callable, Sequence

import xarray as xr

from toc_model.aliases import Progress
from toc_model.errors import InputError
from toc_model.questions.sensitivity.analysis import Analysis, record
from toc_model.questions.sensitivity.inputs import CHANGE, Inputs
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


def tornado(inputs: Inputs, progress: Progress | None = None) -> Analysis:
    """Each parameter from its 5 % to its 95 % quantile.

    Independent parameters are set one at a time. Where they depend on each other that would ask about combinations that
    nobody believes in; there the expectation given the parameter's value is shown instead.
    """
    dead = unmoved(inputs.table, inputs.model)
    if inputs.dependence:
        table = response_by_regression(inputs.table, inputs.outcomes, ENDS)
        return Analysis(inputs, "tornado", table, {"how": REGRESSION, "unmoved": dead})
    table = _set(inputs, ENDS, TORNADO_DRAWS, progress)
    return Analysis(inputs, "tornado", table, {"how": SETTING, "unmoved": dead})


def _set(inputs: Inputs, levels: Sequence[float], draws: int, progress: Progress | None) -> xr.Dataset:
    """Responses over some of the draws; what these lack of the mean over all draws is added, so that both agree."""
    rows = inputs.thinned(inputs.table, draws)
    table = response_by_setting(inputs.table, inputs.model, levels, rows=rows, progress=progress)
    missing = inputs.outcomes.mean("draw") - inputs.thinned(inputs.outcomes, draws).mean("draw")
    return table.assign(expected=table["expected"] + missing)


def sobol(inputs: Inputs, _: Progress | None = None) -> Analysis:
    """Sobol' indices, of independent parameters alone."""
    inputs.fail_if_dependent()
    names = [str(name) for name in inputs.table["entry"].values]
    table = sobol_indices(names, inputs.from_uniform, inputs.model, seed=inputs.beliefs.seed)
    return Analysis(inputs, "sobol", table)


def given_data(inputs: Inputs, _: Progress | None = None) -> Analysis:
    """First-order indices from the draws, and Shapley effects of those that are largest for the change."""
    found = Analysis(inputs, "given-data", first_order(inputs.table, inputs.outcomes))
    handful = found.ranked("index")[:HANDFUL]
    effects = shapley_effects(inputs.table.sel(entry=handful), inputs.outcomes)
    found.more["explained"] = {name: float(effects["explained"].sel(outcome=name)) for name in inputs.names}
    found.more["shapley"] = {name: record(effects.drop_vars("explained").sel(entry=name)) for name in handful}
    return found


def flip(inputs: Inputs, progress: Progress | None = None) -> Analysis:
    """How little must differ for the sign of the change to flip."""
    scores = inputs.scores(inputs.table)
    origin, found = flips(
        scores.median("draw"), lambda moved: inputs.model(inputs.from_scores(moved)), CHANGE, progress=progress
    )
    if inputs.dependence:
        response = response_by_regression(inputs.table, inputs.outcomes, CROSSING_LEVELS)
    else:
        response = _set(inputs, CROSSING_LEVELS, CROSSING_DRAWS, progress)
    about = {
        "how": REGRESSION if inputs.dependence else SETTING,
        "change_at_medians": origin,
        "flips": [{"distance": one.distance, "moved": one.moved} for one in found],
        "crossings": crossings(response, inputs.table, inputs.mean_change, CHANGE),
    }
    return Analysis(inputs, "flip", xr.Dataset(), about)


def power(inputs: Inputs, _: Progress | None = None) -> Analysis:
    """How much a posterior hangs on the strength of its priors and, where its log likelihood is known, the answers."""
    beliefs = inputs.beliefs
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
    outcomes, likelihood = inputs.outcomes, beliefs.log_likelihood
    prior = log_prior(inputs.scores(inputs.table))
    found = Analysis(inputs, "power-scaling", power_scaling("prior", prior, outcomes))
    found.more["likelihood"] = found.more["diagnosis"] = None
    found.more["by_chance"] = {"prior": by_chance("prior", prior, outcomes, seed=beliefs.seed)}
    if likelihood is not None:
        table = power_scaling("likelihood", likelihood, outcomes)
        found.more["likelihood"] = {str(name): record(table.sel(entry=name)) for name in table["entry"].values}
        found.more["by_chance"]["likelihood"] = by_chance("likelihood", likelihood, outcomes, seed=beliefs.seed)
        found.more["diagnosis"] = diagnoses(prior, likelihood, outcomes)
    return found


METHODS: dict[str, Callable[[Inputs, Progress | None], Analysis]] = {
    "tornado": tornado,
    "sobol": sobol,
    "given-data": given_data,
    "flip": flip,
    "power-scaling": power,
}
