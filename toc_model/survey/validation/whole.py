"""All that `toc survey validate` looks at."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Progress
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.settings import Settings
from toc_model.survey.validation.camps import leave_one_camp_out
from toc_model.survey.validation.experts import LeftOut, leave_one_expert_out
from toc_model.survey.validation.heaping import Heap, heaping
from toc_model.survey.validation.predictions import Pit, not_covered, randomised_pit
from toc_model.survey.validation.refits import Scored, refitted, untrusted
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
    refitted : bool
        Whether fits without what was left out were made, wherever weights can't be trusted and these can be made.
    problems : tuple of str
        Why these can't be trusted; empty for good ones.
    """

    experts: list[Score]
    pooled: dict[str, tuple[Score, float, float]]
    camps: list[Score]
    pits: list[Pit]
    heaps: list[Heap]
    without_pit: list[str]
    refitted: bool = False
    problems: tuple[str, ...] = ()


type Bar = Callable[[str], AbstractContextManager[Progress | None]]


@contextmanager
def _no_bar(_what: str) -> Iterator[None]:
    yield


def validate(
    fit: Fitted,
    baseline: Fitted | None = None,
    *,
    seed: int = 1,
    refit: Settings | None = None,
    bar: Bar = _no_bar,
) -> Validation:
    """Validate a fit against its own answers.

    Parameters
    ----------
    fit : Fitted
    baseline : Fitted, optional
        Of `without_camps`, to compare with.
    seed : int
        For simulated answers and the order of equal ones.
    refit : Settings, optional
        Where weights can't be trusted, fit anew by these without what is left out; by default nothing is.
    bar : callable, optional
        Shows how far it is: from what is done to a context that gives what to call with the parts done and in all.
    """
    parts = [_Part(name, fit) for name in _LOOKS] + ([_Part("experts", baseline, of="no camps")] if baseline else [])
    with bar("Scoring") as progress:
        left_out, camps, heaps, *without = each(_looked_at, seed, parts, progress=progress)
    scored = Scored((fit, *([baseline] if baseline else [])), (left_out, *without), tuple(camps))
    problems: tuple[str, ...] = ()
    if refit and (absent := untrusted(scored)):
        with bar(f"Fitting anew, {len(absent)} times") as progress:
            scored, problems = refitted(scored, absent, refit, progress)
    experts, *others = scored.experts
    rng = _random(seed, "ranks")
    pits = [randomised_pit(found, rng) for found in experts.predictions if len(found.observed)]
    return Validation(
        experts=experts.scores,
        pooled=_compared(fit, experts, others[0]) if others else {},
        camps=[score for camp in scored.camps for score in camp.scores],
        pits=pits,
        heaps=heaps,
        without_pit=not_covered(fit.asked, pits),
        refitted=refit is not None,
        problems=problems,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What is looked at in a fit, which may be of something else than the answers as they are."""

    name: str
    fit: Fitted
    of: str = ""


def _looked_at(seed: int, part: _Part) -> Any:
    """What is found, by random numbers of its own, so that it does not matter what is looked at before."""
    return _LOOKS[part.name](part.fit, _random(seed, f"{part.name} {part.of}"))


def _random(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _rounding(fit: Fitted, rng: np.random.Generator) -> list[Heap]:
    return [heap for question in fit.asked if KINDS[question.kind].is_rounded for heap in heaping(fit, question, rng)]


_LOOKS: dict[str, Callable[[Fitted, np.random.Generator], Any]] = {
    "experts": leave_one_expert_out,
    "camps": leave_one_camp_out,
    "rounding": _rounding,
}


def _compared(fit: Fitted, experts: LeftOut, others: LeftOut) -> dict[str, tuple[Score, float, float]]:
    in_camps = {question.name for question in fit.asked if len(question.groups) > 1}
    return {
        one.question: (other, *difference(one, other))
        for one, other in zip(experts.scores, others.scores, strict=True)
        if one.question in in_camps
    }
