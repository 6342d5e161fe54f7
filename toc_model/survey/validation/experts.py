"""Leave one expert out: all answers of one respondent to all questions of a source, predicted from all others."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import NONE, People, people_of
from toc_model.survey.learning.pointwise import centres, joint_density, pointwise
from toc_model.survey.validation.predictions import ENSEMBLE, Predicted, predicted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of

MAX_EXPERTS = 4000
"""Of more experts a random sample is left out, one at a time."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to a question, each predicted without its expert.

    Attributes
    ----------
    question : str
    of : array of int, shape (answers,)
        The expert of each.
    log_scores : array of shape (answers,)
    found : Predicted
    """

    question: str
    of: np.ndarray
    log_scores: Floats
    found: Predicted

    def with_answers(self, other: "Answers", expert: int) -> "Answers":
        """The same, but those of an expert as others have them."""
        log_scores, ensemble = self.log_scores.copy(), self.found.ensemble.copy()
        log_scores[self.of == expert] = other.log_scores
        ensemble[self.of[self.found.answers] == expert] = other.found.ensemble
        return replace(self, log_scores=log_scores, found=replace(self.found, ensemble=ensemble))


@dataclass(frozen=True, slots=True)
class OfSource:
    """The answers to a source, each expert's predicted without them.

    Attributes
    ----------
    people : People
    k : array of shape (experts,)
        Pareto k of the weights that leave each out.
    together : array of shape (experts,)
        Log score of all answers of each.
    answers : tuple of Answers
        One a question.
    refitted : frozenset of int
        Experts whose answers were predicted by a fit without them, in place of weights.
    """

    people: People
    k: Floats
    together: Floats
    answers: tuple[Answers, ...]
    refitted: frozenset[int] = frozenset()

    @property
    def untrusted(self) -> list[int]:
        """Experts without whom weights can't predict, and no fit did."""
        return [int(place) for place in np.flatnonzero(self.k > MAX_K) if int(place) not in self.refitted]

    @property
    def scores(self) -> list[Score]:
        """One a question, and one of all answers of an expert together where several were asked."""
        found = [self._score(one.question, one.of, one.log_scores, one.found.crps) for one in self.answers]
        if len(self.answers) > 1:
            of = np.repeat(np.arange(len(self.people.counts)), self.people.counts)
            found.append(self._score(self.people.source_id, of, self.together[of], math.nan))
        return found

    def _score(self, question: str, of: np.ndarray, each: Floats, crps: float) -> Score:
        is_refitted = np.isin(of, list(self.refitted))
        k = self.k[of][~is_refitted]
        return Score(
            question=question,
            camp="",
            answers=len(each),
            total=float(each.sum()),
            crps=crps,
            worst_k=float(k.max()) if len(k) else math.nan,
            above=int((k > MAX_K).sum()),
            each=each,
            refits=len(set(of[is_refitted].tolist())),
        )

    def refitted_with(self, found: Mapping[int, "OfSource"]) -> "OfSource":
        """The same, but answers of some experts as fits without them predict these."""
        whole = self
        for expert, own in found.items():
            theirs = {one.question: one for one in own.answers}
            together = whole.together.copy()
            together[expert] = own.together[0]
            answers = tuple(
                one.with_answers(theirs[one.question], expert) if one.question in theirs else one
                for one in whole.answers
            )
            whole = replace(whole, together=together, answers=answers, refitted=whole.refitted | {expert})
        return whole


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Scores of all answers, and what was predicted for each without its expert."""

    sources: tuple[OfSource, ...]

    @property
    def scores(self) -> list[Score]:
        """One a question, and one of each source that asked several."""
        return [score for source in self.sources for score in source.scores]

    @property
    def predictions(self) -> list[Predicted]:
        """One a question."""
        return [one.found for source in self.sources for one in source.answers]


def leave_one_expert_out(fit: Fitted, rng: np.random.Generator) -> LeftOut:
    """Score each expert's answers by what all other experts' predict (PSIS)."""
    found = []
    for source in people_of(fit.asked):
        people = source.sample(MAX_EXPERTS, rng)
        joint = joint_density(fit, people)
        weights, k = left_out_weights(joint)
        found.append(_of_source(fit, people, joint, weights, k, rng))
    return LeftOut(tuple(found))


def predicted_without(fit: Fitted, expert: People, rng: np.random.Generator) -> OfSource:
    """Score answers of an expert by what a fit predicts that was made without them.

    Parameters
    ----------
    fit : Fitted
        To the other answers; its questions have these too.
    expert : People
        The expert alone.
    rng : numpy.random.Generator
    """
    joint = joint_density(fit, expert)
    alike = xr.full_like(joint, -math.log(joint.sizes["draw"]))
    return _of_source(fit, expert, joint, alike, np.zeros(1), rng)


def _of_source(
    fit: Fitted, people: People, joint: xr.DataArray, weights: xr.DataArray, k: Floats, rng: np.random.Generator
) -> OfSource:
    draws = chosen_draws(weights.values, ENSEMBLE, rng)
    answers = []
    for question in (question for question in fit.asked if question.name in people.questions):
        said, of = _answers_of(people, question.name)
        alone = pointwise(fit, question).values[:, said]
        log_scores = log_sum_exp_of(weights[:, of] + alone).values
        found = predicted(fit, question, centres(fit, question), said, draws[of], rng)
        answers.append(Answers(question.name, of, log_scores, found))
    return OfSource(people, k, log_sum_exp_of(weights + joint).values, tuple(answers))


def _answers_of(people: People, question: str) -> tuple[np.ndarray, np.ndarray]:
    """The pattern of each answer to a question, and its expert, as often as they were given."""
    said, of = [], []
    for column in people.columns(question):
        given = np.flatnonzero(people.patterns[:, column] != NONE)
        of.append(np.repeat(given, people.counts[given]))
        said.append(people.patterns[of[-1], column])
    return np.concatenate(said), np.concatenate(of)
