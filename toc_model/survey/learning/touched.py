"""What became of the targets of questions: before, after, and what respondents believe."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.update import Learned


@dataclass(frozen=True, slots=True)
class Touched:
    """What became of one question's target.

    Attributes
    ----------
    question : Asked
    prior, posterior : numpy.ndarray
        Draws of the target in its own unit.
    believed : numpy.ndarray
        Draws of what the middle respondent believes: another quantity than the target, biases included.
    conflict : float
        Distance of the respondents' middle from the prior's, in standard deviations of prior and stated bias.
    """

    question: Asked
    prior: Floats
    posterior: Floats
    believed: Floats
    conflict: float


def touched(result: Learned) -> list[Touched]:
    """What became of the target of each question; seed questions have none."""
    levers = result.allocations.levers()
    draws, before, after = result.biases(), result.before, result.after
    found = []
    for question in result.surveys.asked:
        if question.truth is not None:
            continue
        prior = plain_values(before, question.mapping, levers)
        posterior = plain_values(after, question.mapping, levers)
        believed = _believed(question, question.natural(posterior.values), draws)
        y = question.natural(prior.values)
        scale = np.hypot(y.std(), question.mapping.bias_sd)
        found.append(
            Touched(
                question=question,
                prior=prior.values,
                posterior=posterior.values,
                believed=np.asarray(question.from_natural(believed)),
                conflict=float((believed.mean() - y.mean()) / scale),
            )
        )
    return found


def _believed(question: Asked, target: Floats, draws: xr.Dataset) -> Floats:
    """Draws of the centre of beliefs on the natural scale, over framings and camps as they answered."""
    weights = question.data["count"].values
    total = target
    if f"{question.name}_centre" in draws:
        total = _of_answers(draws[f"{question.name}_centre"], question.data["framing"].values, weights)
    if f"{question.name}_camp" in draws:
        total = total + _of_answers(draws[f"{question.name}_camp"], question.data["group"].values, weights)
    return total


def _of_answers(effect: xr.DataArray, place: Floats, weights: Floats) -> Floats:
    """The mean effect on answers; those at the place behind the last, who have no camp, have none."""
    effects = np.pad(effect.transpose("draw", ...).values, ((0, 0), (0, 1)))
    return np.average(effects[:, place], axis=1, weights=weights)
