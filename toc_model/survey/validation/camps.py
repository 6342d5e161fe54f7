"""Leave one camp out: all answers of a camp to all questions of a source, predicted from the other camps'."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import log_sum_exp
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.densities import SMALLEST, normal_log_density
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import blocks, centres, density, own_draws
from toc_model.survey.learning.questions import Asked
from toc_model.survey.validation.predictions import ENSEMBLE, predicted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of

REACH = np.linspace(-8, 8, 61)
"""Places of the integral over what a camp shares, in standard deviations of that, and of what answers say of it."""


@dataclass(frozen=True, slots=True)
class OfCamp:
    """Scores of the answers of a camp to all questions of a source, predicted without the camp.

    Attributes
    ----------
    source, camp : str
    scores : tuple of Score
        One a question.
    middles : dict of str to pair of float
        By question: where the centre of the camp's beliefs lies, and its standard deviation, given the answers.
    """

    source: str
    camp: str
    scores: tuple[Score, ...]
    middles: Mapping[str, tuple[float, float]]

    @property
    def is_untrusted(self) -> bool:
        """Whether weights can't predict without it, and no fit did."""
        return any(score.above for score in self.scores)


def leave_one_camp_out(fit: Fitted, rng: np.random.Generator) -> list[OfCamp]:
    """Score all answers of a camp to a question by what the other camps' answers predict (PSIS).

    What the camp shares is integrated out question by question, in the weights as well as in the score, so that the
    weights need not undo what its own answers said about it. The camp is left out of all questions of its survey.
    """
    found: list[OfCamp] = []
    for source in dict.fromkeys(question.source_id for question in fit.asked):
        asked = [question for question in fit.asked if question.source_id == source and len(question.groups) > 1]
        densities = {question.name: camp_density(fit, question) for question in asked}
        for camp in dict.fromkeys(camp for question in asked for camp in question.groups):
            of_camp = [question for question in asked if camp in question.groups]
            own = {question.name: densities[question.name].sel(camp=camp) for question in of_camp}
            joint = xr.DataArray(sum(own.values()))
            weights, k = left_out_weights(joint.expand_dims(place=1).transpose("draw", "place"))
            log_weights, worst = weights.isel(place=0), float(k[0])
            scores = [_score(fit, item, camp, own[item.name], log_weights, worst, rng) for item in of_camp]
            middles = {question.name: _middle(fit, question, camp) for question in of_camp}
            found.append(OfCamp(source, camp, tuple(scores), middles))
    return found


def camp_predicted_without(fit: Fitted, of_camp: OfCamp, rng: np.random.Generator) -> OfCamp:
    """Score answers of a camp by what a fit predicts that was made without it.

    Parameters
    ----------
    fit : Fitted
        To the other answers; its questions have these too.
    of_camp : OfCamp
        As weights have it.
    rng : numpy.random.Generator
    """
    scores = []
    for question in (question for question in fit.asked if question.name in of_camp.middles):
        own = _one_camp(fit, question, of_camp.camp, of_camp.middles[question.name])
        alike = xr.full_like(own, -math.log(own.sizes["draw"]))
        score = _score(fit, question, of_camp.camp, own, alike, math.nan, rng)
        scores.append(replace(score, refits=1))
    return replace(of_camp, scores=tuple(scores))


def _middle(fit: Fitted, question: Asked, camp: str) -> tuple[float, float]:
    own = centres(fit, question).isel(pattern=_in_camp(question, camp)[0])
    return float(own.mean()), float(own.std())


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
    """Log density of all answers of each camp, with what it shares integrated out, dims ``(draw, camp)``."""
    found = [_one_camp(fit, question, camp, _middle(fit, question, camp)) for camp in question.groups]
    return xr.concat(found, "camp").assign_coords(camp=list(question.groups)).transpose("draw", "camp")


def _one_camp(fit: Fitted, question: Asked, camp: str, middle: tuple[float, float]) -> xr.DataArray:
    """The same for one camp, of which it is known about where the centre of its beliefs lies."""
    patterns = _in_camp(question, camp)
    centre, draws = centres(fit, question, camps=False).isel(pattern=patterns), own_draws(fit, question)
    sd = draws[f"{question.name}_camp_sd"]
    places, log_widths = _places(middle, centre.isel(pattern=0).values, sd.values)
    counts = xr.DataArray(question.data["count"].values[patterns], dims="pattern")
    whole = []
    size = places.sizes["step"] * KINDS[question.kind].size(question.data.isel(pattern=patterns))
    for block in blocks(draws.sizes["draw"], size):
        shared = places.isel(draw=block)
        answers = density(question, centre.isel(draw=block) + shared, draws.isel(draw=block), patterns)
        prior: Any = normal_log_density(shared, 0.0, sd.isel(draw=block))
        together = (counts * answers).sum("pattern") + prior + log_widths.isel(draw=block)
        whole.append(log_sum_exp(together, "step"))
    return xr.concat([xr.DataArray(found) for found in whole], "draw")


def _places(middle: tuple[float, float], centre: Floats, sd: Floats) -> tuple[xr.DataArray, xr.DataArray]:
    """Where to integrate over what a camp shares in each draw, and the logarithm of how far apart, ``(draw, step)``.

    They are near each other both where camps are, which may be much alike, and where the answers of this one are.
    """
    around_none = sd[:, None] * REACH
    around_answers = middle[0] - centre[:, None] + middle[1] * REACH
    places = np.sort(np.hstack([around_none, around_answers]), axis=1)
    widths = np.gradient(places, axis=1)
    widths[:, [0, -1]] /= 2
    log_widths = np.log(np.maximum(widths, SMALLEST))
    return xr.DataArray(places, dims=("draw", "step")), xr.DataArray(log_widths, dims=("draw", "step"))
