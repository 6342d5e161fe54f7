"""Leave one expert out: all answers of one respondent to all questions of a source, predicted from all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.survey.questions import Asked
from toc_model.survey.validation.densities import centres, pointwise
from toc_model.survey.validation.fit import Fitted
from toc_model.survey.validation.predictions import ENSEMBLE, Predicted, predicted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of

MAX_EXPERTS = 4000
"""Of more experts a random sample is left out, one at a time."""
NONE = -1


@dataclass(frozen=True, slots=True)
class Experts:
    """What the respondents to a source said; those who said the same stand together.

    Attributes
    ----------
    source_id : str
    questions : tuple of str
        One a column; a question is there twice if somebody answered it under two framings.
    patterns : numpy.ndarray
        Place of the answer's pattern, or `NONE`; shape ``(experts, questions)``.
    counts : numpy.ndarray
        How many gave these answers, one an expert.
    """

    source_id: str
    questions: tuple[str, ...]
    patterns: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Scores of a source's answers, and what was predicted for each without its expert."""

    scores: list[Score]
    predictions: list[Predicted]


def experts(asked: Sequence[Asked], rng: np.random.Generator) -> list[Experts]:
    """Bring together what each respondent answered, source by source."""
    sources = dict.fromkeys(question.source_id for question in asked)
    return [_experts(source, [q for q in asked if q.source_id == source], rng) for source in sources]


def _experts(source: str, asked: Sequence[Asked], rng: np.random.Generator) -> Experts:
    columns: "dict[tuple[str, int], pd.Series[int]]" = {}
    for question in asked:
        turns = question.members.groupby(level=0).cumcount()
        columns |= {(question.name, turn): question.members[turns == turn] for turn in sorted(set(turns))}
    table = pd.DataFrame(columns).fillna(NONE).astype(int)
    if len(table) > MAX_EXPERTS:
        table = table.iloc[np.sort(rng.choice(len(table), MAX_EXPERTS, replace=False))]
    patterns, counts = np.unique(table.to_numpy(), axis=0, return_counts=True)
    return Experts(source, tuple(str(name) for name, _ in columns), patterns, counts)


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
    densities = {question.name: pointwise(fit, question) for question in fit.asked}
    scores: list[Score] = []
    predictions: list[Predicted] = []
    for group in experts(fit.asked, rng):
        whole = joint_density(group, densities)
        weights, k = left_out_weights(whole)
        draws = chosen_draws(weights.values, ENSEMBLE, rng)
        for question in (question for question in fit.asked if question.name in group.questions):
            said, of = _answers_of(group, question.name)
            each = log_sum_exp_of(weights[:, of] + densities[question.name][:, said].rename(pattern="expert")).values
            found = predicted(fit, question, centres(fit, question), said, draws[of], rng)
            scores.append(_score(question.name, each, k[of], found.crps))
            predictions.append(found)
        if len(group.questions) > 1:
            of = np.repeat(np.arange(len(group.counts)), group.counts)
            scores.append(_score(group.source_id, log_sum_exp_of(weights + whole).values[of], k[of], np.nan))
    return LeftOut(scores, predictions)


def joint_density(group: Experts, densities: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """Log density of all answers of each expert, dims ``(draw, expert)``.

    Given the draws answers are independent: the model has no latent that one person's answers share.
    """
    draws = next(iter(densities.values())).sizes["draw"]
    whole = np.zeros((draws, len(group.counts)))
    for question, patterns in zip(group.questions, group.patterns.T, strict=True):
        whole += np.where(patterns >= 0, densities[question].values[:, patterns], 0.0)
    return xr.DataArray(whole, dims=("draw", "expert"))


def _answers_of(group: Experts, question: str) -> tuple[np.ndarray, np.ndarray]:
    """The pattern of each answer to a question, and its expert, as often as they were given."""
    said, of = [], []
    for column in (place for place, name in enumerate(group.questions) if name == question):
        given = np.flatnonzero(group.patterns[:, column] >= 0)
        of.append(np.repeat(given, group.counts[given]))
        said.append(group.patterns[of[-1], column])
    return np.concatenate(said), np.concatenate(of)


def _score(question: str, each: np.ndarray, k: np.ndarray, crps: float) -> Score:
    return Score(question, "", len(each), float(each.sum()), crps, float(k.max()), int((k > MAX_K).sum()), each)
