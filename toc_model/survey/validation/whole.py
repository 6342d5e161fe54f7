"""All that `toc survey validate` looks at."""

from dataclasses import dataclass

import numpy as np

from toc_model.aliases import Progress
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.validation.camps import leave_one_camp_out
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.heaping import Heap, heaping
from toc_model.survey.validation.predictions import Pit, not_covered, randomised_pit
from toc_model.survey.validation.scores import Score, difference


@dataclass(frozen=True, slots=True)
class Validation:
    """What `toc survey validate` found.

    Attributes
    ----------
    experts : list of Score
        Leave-one-expert-out, one a question, and one of all questions together for each source that asked several.
    pooled : dict of str to tuple
        For questions with camps: score of the fit without camps, and by how much the camps are better, with its
        standard error.
    camps : list of Score
        Leave-one-camp-out, one a question and camp.
    pits : list of Pit
    heaps : list of Heap
        For questions with rounded answers.
    without_pit : list of str
        Questions whose answers can't be placed.
    """

    experts: list[Score]
    pooled: dict[str, tuple[Score, float, float]]
    camps: list[Score]
    pits: list[Pit]
    heaps: list[Heap]
    without_pit: list[str]


def validate(
    fit: Fitted,
    baseline: Fitted | None = None,
    *,
    seed: int = 1,
    progress: Progress | None = None,
) -> Validation:
    """Validate a fit against its own answers.

    Parameters
    ----------
    fit : Fitted
    baseline : Fitted, optional
        Of `without_camps`, to compare with.
    seed : int
        For simulated answers and the order of equal ones.
    progress : callable, optional
        Called with the parts done and in all.
    """
    rng = np.random.default_rng(seed)
    done = progress or (lambda _done, _all: None)
    left_out = leave_one_expert_out(fit, rng)
    done(1, 4)
    camps = leave_one_camp_out(fit, rng)
    done(2, 4)
    pooled = _compared(fit, baseline, left_out.scores, rng) if baseline else {}
    done(3, 4)
    pits = [randomised_pit(found, rng) for found in left_out.predictions if len(found.observed)]
    heaps = [heap for question in fit.asked if KINDS[question.kind].is_rounded for heap in heaping(fit, question, rng)]
    done(4, 4)
    return Validation(left_out.scores, pooled, camps, pits, heaps, not_covered(fit.asked, pits))


def _compared(
    fit: Fitted, baseline: Fitted, scores: list[Score], rng: np.random.Generator
) -> dict[str, tuple[Score, float, float]]:
    in_camps = {question.name for question in fit.asked if len(question.groups) > 1}
    others = leave_one_expert_out(baseline, rng).scores
    return {
        one.question: (other, *difference(one, other))
        for one, other in zip(scores, others, strict=True)
        if one.question in in_camps
    }
