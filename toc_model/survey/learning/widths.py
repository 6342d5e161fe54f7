"""How far apart respondents typically are, where the scale of a question does not say so by itself."""

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beliefs_on
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.learning.asking import plain_values

DRAWS, SEED = 2000, 1
CENTRAL = 0.16, 0.84
"""Quantiles between which a prior lies within a standard deviation, if it is normal."""


def with_widths(documents: Documents, priors: Priors, mapping: SurveyMapping) -> SurveyMapping:
    """State the spread of each question on the identity scale that has none, which is that of the target's prior.

    A difference of one is much on a logit or a logarithm; of a quantity in its own unit, it says nothing.
    """
    if all(_has_width(question) for question in mapping.questions.values()):
        return mapping
    beliefs = beliefs_on(documents, priors, priors.draw(documents.case.story, DRAWS, SEED), seed=SEED)
    questions = {
        name: question if _has_width(question) else _with_width(beliefs, question)
        for name, question in mapping.questions.items()
    }
    return mapping.model_copy(update={"questions": questions})


def _has_width(question: Question) -> bool:
    return question.scale != "identity" or question.spread is not None


def _with_width(beliefs: Beliefs, question: Question) -> Question:
    """With half of the central 68 % of the prior, under the status quo; where that has no spread, the common bias's."""
    if question.resolved is not None:
        return question.model_copy(update={"spread": question.bias_sd})
    levers = beliefs.documents.allocations().only([]).levers()
    values = plain_values(beliefs, question.model_copy(update={"allocation": ""}), levers)
    return as_wide_as(question, values.values)


def as_wide_as(question: Question, values: Floats) -> Question:
    """A question with the spread of its target's draws, if it is on the identity scale and has none."""
    if _has_width(question):
        return question
    return question.model_copy(update={"spread": spread_of(values) or question.bias_sd})


def spread_of(values: Floats) -> float:
    """Half of the central 68 % of some draws, which is the standard deviation of normal ones."""
    low, high = np.quantile(values, CENTRAL)
    return float(high - low) / 2
