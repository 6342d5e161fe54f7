"""Leave one camp out: all answers of a camp to all questions of a source, predicted from the other camps'."""

import math
from typing import Any

import numpy as np
import xarray as xr

from toc_model.engine.laws import log_sum_exp
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.densities import normal_log_density
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import blocks, centres, density, own_draws, plain
from toc_model.survey.learning.questions import Asked
from toc_model.survey.validation.predictions import ENSEMBLE, predicted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of

STEPS = 61
"""Places of the integral over what a camp shares."""


def leave_one_camp_out(fit: Fitted, rng: np.random.Generator) -> list[Score]:
    """Score all answers of a camp to a question by what the other camps' answers predict.

    What the camp shares is integrated out question by question, in the weights as well as in the score, so that the
    weights need not undo what its own answers said about it. The camp is left out of all questions of its survey.
    """
    found: list[Score] = []
    for source in dict.fromkeys(question.source_id for question in fit.asked):
        asked = [question for question in fit.asked if question.source_id == source and len(question.groups) > 1]
        densities = {question.name: camp_density(fit, question) for question in asked}
        for camp in dict.fromkeys(camp for question in asked for camp in question.groups):
            of_camp = [question for question in asked if camp in question.groups]
            own = {question.name: densities[question.name].sel(camp=camp) for question in of_camp}
            joint = xr.DataArray(sum(own.values()))
            weights, k = left_out_weights(joint.expand_dims(place=1).transpose("draw", "place"))
            log_weights, worst = weights.isel(place=0), float(k[0])
            found += [_score(fit, item, camp, own[item.name], log_weights, worst, rng) for item in of_camp]
    return found


def _score(
    fit: Fitted,
    question: Asked,
    camp: str,
    own: xr.DataArray,
    weights: xr.DataArray,
    k: float,
    rng: np.random.Generator,
) -> Score:
    patterns = _in_camp(question, camp)
    said = np.repeat(patterns, question.data["count"].values[patterns])
    draws = chosen_draws(weights.values[:, None], ENSEMBLE, rng).repeat(len(said), axis=0)
    sd = fit.draws[f"{question.name}_camp_sd"]
    anew = centres(fit, question, camps=False) + sd * rng.standard_normal(sd.shape)
    crps = predicted(fit, question, anew, said, draws, rng).crps
    return Score(
        question.name, camp, len(said), float(log_sum_exp_of(weights + own)), crps, k, int(k > MAX_K), np.empty(0)
    )


def _in_camp(question: Asked, camp: str) -> np.ndarray:
    return np.flatnonzero(question.data["group"].values == question.groups.index(camp))


def camp_density(fit: Fitted, question: Asked) -> xr.DataArray:
    """Log density of all answers of each camp, with what it shares integrated out, dims ``(draw, camp)``.

    The integral runs over evenly spaced places that cover the posterior of what the camp shares.
    """
    effect = plain(fit.draws, f"{question.name}_camp", {f"{question.name}_groups": "place"})
    found = [_one_camp(fit, question, camp, effect.isel(place=place)) for place, camp in enumerate(question.groups)]
    return xr.concat(found, "camp").assign_coords(camp=list(question.groups)).transpose("draw", "camp")


def _one_camp(fit: Fitted, question: Asked, camp: str, effect: xr.DataArray) -> xr.DataArray:
    patterns = _in_camp(question, camp)
    reach = np.linspace(-8, 8, STEPS) * float(effect.std())
    shared = xr.DataArray(float(effect.mean()) + reach, dims="step")
    centre, draws = centres(fit, question, camps=False).isel(pattern=patterns), own_draws(fit, question)
    counts = xr.DataArray(question.data["count"].values[patterns], dims="pattern")
    whole = []
    for block in blocks(draws.sizes["draw"], STEPS * KINDS[question.kind].size(question.data.isel(pattern=patterns))):
        some = draws.isel(draw=block)
        answers = density(question, centre.isel(draw=block) + shared, some, patterns)
        prior: Any = normal_log_density(shared, 0.0, some[f"{question.name}_camp_sd"])
        whole.append(log_sum_exp((counts * answers).sum("pattern") + prior, "step"))
    return xr.concat([xr.DataArray(found) for found in whole], "draw") + math.log(reach[1] - reach[0])
