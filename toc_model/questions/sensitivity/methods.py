"""The five methods that ``toc sensitivity`` offers."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats, Progress
from toc_model.beliefs.latents import Factor, factor_correlations
from toc_model.errors import InputError
from toc_model.questions.enough import fail_if_few
from toc_model.questions.fewer import fewer
from toc_model.questions.sensitivity.analysis import Analysis, record
from toc_model.questions.sensitivity.blocks import in_blocks
from toc_model.questions.sensitivity.inputs import CHANGE, Inputs
from toc_model.statistics import averages
from toc_model.statistics.sensitivity.flip import flips
from toc_model.statistics.sensitivity.given_data import (
    FEWEST_DRAWS,
    explained_together,
    first_order,
    shapley_effects,
)
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
MOST_EXTREME = 1e-9
"""How near to 0 and 1 sampled levels are taken."""
SETTING = "all others integrated over their draws"
REGRESSION = "expectations given its value, by regression: others move along as far as they depend on it"


def tornado(inputs: Inputs, progress: Progress | None = None) -> Analysis:
    """Each parameter from its 5 % to its 95 % quantile.

    Independent parameters, or own parts and shared factors, are set one at a time. Where they depend on each other
    that would ask about combinations that nobody believes in; there the expectation given the parameter's value is
    shown instead.
    """
    _fail_if_camp(inputs, "tornado")
    if inputs.dependence:
        dead = unmoved(inputs.table, inputs.model)
        table = response_by_regression(inputs.table, inputs.outcomes, ENDS)
        return Analysis(inputs, "tornado", table, {"how": REGRESSION, "unmoved": dead})
    dead = unmoved(inputs.sources, inputs.model_of_sources)
    table = _set(inputs, ENDS, TORNADO_DRAWS, progress)
    in_units = table.assign(value=inputs.in_units(table["value"]))
    return Analysis(inputs, "tornado", in_units, {"how": SETTING, "unmoved": dead})


def _fail_if_camp(inputs: Inputs, method: str) -> None:
    if inputs.beliefs.kind == "camp":
        raise InputError(
            f"{method}: {inputs.beliefs.worldview} is a camp, whose draws were picked and have no density; "
            "use --method given-data"
        )


def _set(inputs: Inputs, levels: Sequence[float], draws: int, progress: Progress | None) -> xr.Dataset:
    """Responses over some of the draws; what these lack of the mean over all draws is added, so that both agree."""
    rows = fewer(inputs.sources, draws)
    table = response_by_setting(inputs.sources, in_blocks(inputs), levels, rows=rows, progress=progress)
    missing = averages.mean(inputs.outcomes) - averages.mean(fewer(inputs.outcomes, draws))
    return table.assign(expected=table["expected"] + missing)


def sobol(inputs: Inputs, progress: Progress | None = None) -> Analysis:
    """Sobol' indices of independent parameters, or of own parts and shared factors."""
    sources = inputs.sources

    def from_uniform(u: Floats) -> xr.DataArray:
        levels = np.clip(u, MOST_EXTREME, 1 - MOST_EXTREME)
        return xr.DataArray(special.ndtri(levels), dims=("draw", "entry"), coords={"entry": sources["entry"].values})

    names = [str(name) for name in sources["entry"].values]
    table = sobol_indices(names, from_uniform, in_blocks(inputs, progress), seed=inputs.beliefs.seed)
    return Analysis(inputs, "sobol", table)


def given_data(inputs: Inputs, _: Progress | None = None) -> Analysis:
    """First-order indices from draws, what all explain together, and Shapley effects of the largest for the change."""
    fail_if_few("given-data", inputs.beliefs.draws, FEWEST_DRAWS)
    found = Analysis(inputs, "given-data", first_order(inputs.table, inputs.outcomes))
    handful = found.ranked("index")[:HANDFUL]
    effects = shapley_effects(inputs.table.sel(entry=handful), inputs.outcomes)
    found.more["explained"] = {name: float(effects["explained"].sel(outcome=name)) for name in inputs.names}
    found.more["explained_by_all"] = record(explained_together(inputs.table, inputs.outcomes))
    found.more["shapley"] = {name: record(effects.drop_vars("explained").sel(entry=name)) for name in handful}
    return found


def flip(inputs: Inputs, progress: Progress | None = None) -> Analysis:
    """How little must differ for the sign of the change to flip."""
    _fail_if_camp(inputs, "flip")
    if inputs.dependence:
        start, model = inputs.scores(inputs.table), lambda moved: inputs.model(inputs.from_scores(moved))
    else:
        start, model = inputs.sources, inputs.model_of_sources
    medians = xr.DataArray(averages.quantiles(start, [0.5])[0], dims="entry", coords={"entry": start["entry"].values})
    origin, found = flips(medians, model, CHANGE, progress=progress)
    about = {
        "how": REGRESSION if inputs.dependence else SETTING,
        "change_at_medians": origin,
        "flips": [{"distance": one.distance, "moved": one.moved} for one in found],
        "crossings": _crossings(inputs, progress),
    }
    return Analysis(inputs, "flip", xr.Dataset(), about)


def _crossings(inputs: Inputs, progress: Progress | None) -> dict[str, float]:
    """Values of single inputs, in their units, at which the expected change has no sign."""
    if inputs.dependence:
        response = response_by_regression(inputs.table, inputs.outcomes, CROSSING_LEVELS)
        return crossings(response, inputs.mean_change, CHANGE)
    response = _set(inputs, CROSSING_LEVELS, CROSSING_DRAWS, progress)
    found = crossings(response, inputs.mean_change, CHANGE)
    scores = xr.DataArray(list(found.values()), dims="entry", coords={"entry": list(found)})
    return dict(zip(found, inputs.in_units(scores).values.tolist(), strict=True)) if found else {}


def power(inputs: Inputs, _: Progress | None = None) -> Analysis:
    """How much a posterior hangs on the strength of its priors and, where its log likelihood is known, the answers."""
    beliefs = inputs.beliefs
    if not beliefs.is_posterior:
        raise InputError(
            f"power-scaling: {beliefs.worldview} is no posterior, so there is nothing but the prior; name the file of "
            "one with --worldview, or use --method tornado"
        )
    if beliefs.priors.correlations:
        raise InputError(
            f"power-scaling: the priors of {beliefs.priors.worldview} are correlated, so that one can't be scaled "
            "alone; use --method given-data"
        )
    outcomes, likelihood = inputs.outcomes, beliefs.log_likelihood
    prior = _log_prior(inputs)
    found = Analysis(inputs, "power-scaling", power_scaling("prior", prior, outcomes))
    found.more["likelihood"] = found.more["diagnosis"] = None
    found.more["by_chance"] = {"prior": by_chance("prior", prior, outcomes, seed=beliefs.seed)}
    if likelihood is not None:
        table = power_scaling("likelihood", likelihood, outcomes)
        found.more["likelihood"] = {str(name): record(table.sel(entry=name)) for name in table["entry"].values}
        found.more["by_chance"]["likelihood"] = by_chance("likelihood", likelihood, outcomes, seed=beliefs.seed)
        found.more["diagnosis"] = diagnoses(prior, likelihood, outcomes)
    return found


def _log_prior(inputs: Inputs) -> xr.Dataset:
    """Log densities of the priors, dims ``(draw,)``: of each entry, and of all that factors bind together as one."""
    scores = inputs.scores(inputs.table)
    names = [str(name) for name in scores["entry"].values]
    bound = [(key, list(inside)) for key, inside in _bound(inputs.factors, names).items()]
    alone = [name for name in names if not any(name in inside for _, inside in bound)]
    found = log_prior(scores.sel(entry=alone))
    for key, inside in bound:
        z = scores.sel(entry=inside).transpose("draw", "entry").values
        precision = np.linalg.inv(factor_correlations(inputs.factors, inside))
        found[key] = ("draw", -np.einsum("di,ij,dj->d", z, precision, z) / 2)
    return found


def _bound(factors: Sequence[Factor], names: Sequence[str]) -> dict[str, list[str]]:
    """Entries that factors bind together, by the names of these."""
    groups: list[tuple[list[str], set[str]]] = []
    for factor in factors:
        inside = {name for name in names if name in factor.loadings}
        touching = [group for group in groups if group[1] & inside]
        merged = [name for group in touching for name in group[0]], inside.union(*(group[1] for group in touching))
        groups = [*(group for group in groups if group not in touching), ([*merged[0], factor.name], merged[1])]
    return {" + ".join(own): [name for name in names if name in inside] for own, inside in groups if len(inside) > 1}


METHODS: dict[str, Callable[[Inputs, Progress | None], Analysis]] = {
    "tornado": tornado,
    "sobol": sobol,
    "given-data": given_data,
    "flip": flip,
    "power-scaling": power,
}
