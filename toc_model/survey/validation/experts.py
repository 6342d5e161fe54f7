"""Leave one expert out: all answers of one respondent to all questions of a source, predicted from all others."""

from dataclasses import dataclass

import numpy as np

from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import NONE, People, people_of
from toc_model.survey.learning.pointwise import centres, joint_density, pointwise
from toc_model.survey.validation.predictions import ENSEMBLE, Predicted, predicted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of

MAX_EXPERTS = 4000
"""Of more experts a random sample is left out, one at a time."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Scores of a source's answers, and what was predicted for each without its expert."""

    scores: list[Score]
    predictions: list[Predicted]


def leave_one_expert_out(fit: Fitted, rng: np.random.Generator) -> LeftOut:
    """Score each expert's answers by what all other experts' predict (PSIS).

    Parameters
    ----------
    fit : Fitted
    rng : numpy.random.Generator

    Returns
    -------
    LeftOut
        One score a question, and one of all answers of an expert together for a source that asked several.
    """
    scores: list[Score] = []
    predictions: list[Predicted] = []
    for source in people_of(fit.asked):
        people = source.sample(MAX_EXPERTS, rng)
        whole = joint_density(fit, people)
        weights, k = left_out_weights(whole)
        draws = chosen_draws(weights.values, ENSEMBLE, rng)
        for question in (question for question in fit.asked if question.name in people.questions):
            said, of = _answers_of(people, question.name)
            alone = pointwise(fit, question).values[:, said]
            each = log_sum_exp_of(weights[:, of] + alone).values
            found = predicted(fit, question, centres(fit, question), said, draws[of], rng)
            scores.append(_score(question.name, each, k[of], found.crps))
            predictions.append(found)
        if len(set(people.questions)) > 1:
            of = np.repeat(np.arange(len(people.counts)), people.counts)
            scores.append(_score(people.source_id, log_sum_exp_of(weights + whole).values[of], k[of], np.nan))
    return LeftOut(scores, predictions)


def _answers_of(people: People, question: str) -> tuple[np.ndarray, np.ndarray]:
    """The pattern of each answer to a question, and its expert, as often as they were given."""
    said, of = [], []
    for column in people.columns(question):
        given = np.flatnonzero(people.patterns[:, column] != NONE)
        of.append(np.repeat(given, people.counts[given]))
        said.append(people.patterns[of[-1], column])
    return np.concatenate(said), np.concatenate(of)


def _score(question: str, each: np.ndarray, k: np.ndarray, crps: float) -> Score:
    return Score(question, "", len(each), float(each.sum()), crps, float(k.max()), int((k > MAX_K).sum()), each)
