"""All that `toc survey validate` looks at."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Progress
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.validation.camps import leave_one_camp_out
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.heaping import Heap, heaping
from toc_model.survey.validation.predictions import Pit, not_covered, randomised_pit
from toc_model.survey.validation.scores import Score, difference
from toc_model.work.tasks import each


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
    parts = [_Part(name, fit) for name in ("experts", "camps", "rounding")]
    pooled = [_Part("experts", baseline, of="without camps")] if baseline else []
    (scores, pits), camps, heaps, *others = each(_looked_at, seed, [*parts, *pooled], progress=progress)
    better = _compared(fit, scores, others[0][0]) if others else {}
    return Validation(scores, better, camps, pits, heaps, not_covered(fit.asked, pits))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is looked at in a fit, which may be of something else than the answers as they are."""

    name: str
    fit: Fitted
    of: str = ""


def _looked_at(seed: int, part: _Part) -> Any:
    """What is found, by random numbers of its own, so that it does not matter what is looked at before."""
    rng = np.random.default_rng([seed, zlib.crc32(f"{part.name} {part.of}".encode())])
    return _LOOKS[part.name](part.fit, rng)


def _experts(fit: Fitted, rng: np.random.Generator) -> tuple[list[Score], list[Pit]]:
    """Scores of each expert left out, and where answers fall in what was predicted; not all that was simulated."""
    found = leave_one_expert_out(fit, rng)
    return found.scores, [randomised_pit(one, rng) for one in found.predictions if len(one.observed)]


def _rounding(fit: Fitted, rng: np.random.Generator) -> list[Heap]:
    return [heap for question in fit.asked if KINDS[question.kind].is_rounded for heap in heaping(fit, question, rng)]


_LOOKS: dict[str, Callable[[Fitted, np.random.Generator], Any]] = {
    "experts": _experts,
    "camps": leave_one_camp_out,
    "rounding": _rounding,
}


def _compared(fit: Fitted, scores: list[Score], others: list[Score]) -> dict[str, tuple[Score, float, float]]:
    in_camps = {question.name for question in fit.asked if len(question.groups) > 1}
    return {
        one.question: (other, *difference(one, other))
        for one, other in zip(scores, others, strict=True)
        if one.question in in_camps
    }
