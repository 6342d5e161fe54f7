"""One question of a panel: what was said, the pool and the prior, and what changed since the round before."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toc_model.beliefs.priors import Prior
from toc_model.brief import Brief
from toc_model.questions.elicit.feedback.answers import Answer, Belief, answer_of, belief_of, extent_of, lettered
from toc_model.questions.elicit.feedback.curves import Axis, Before, Curved, Extent, axis_of, height_of
from toc_model.statistics.pooling.probabilities import AS_SAID, Pools
from toc_model.survey.panel.fitted import Fitted
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.pooled import Pooled

USUAL = (0.05, 0.95)
"""Levels of the ends of a range, where the panel asks for one level alone."""


@dataclass(frozen=True, slots=True)
class Then:
    """One round's answers to a question in short.

    Attributes
    ----------
    round : str
    answers : int
        With those that are carried forward.
    medians : (float, float)
        The lowest and the highest; of an event, probabilities.
    pool : Belief or None
        None where there are less than two answers to be pooled.
    """

    round: str
    answers: int
    medians: tuple[float, float]
    pool: Belief | None

    def to_dict(self, *, is_event: bool) -> dict[str, Any]:
        """Figures for JSON."""
        return {
            "round": self.round,
            "answers": self.answers,
            "medians": [None if math.isnan(x) else x for x in self.medians],
            "pool": self.pool.to_dict(is_event=is_event) if self.pool else None,
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a question's curves are drawn.

    Attributes
    ----------
    axis : Axis
    height : float
        Up to which density.
    """

    axis: Axis
    height: float


@dataclass(frozen=True, slots=True, repr=False)
class Asked(Brief):
    """One question with all that a page shows of it.

    Attributes
    ----------
    question : Question
    unit, label : str
        As people read them.
    asked : int
        How many experts there are to answer.
    answers : tuple of Answer
        By letters.
    pool, prior : Belief or None
    nil : float
        Probability that the prior gives to no effect.
    no_prior : str
        Why there is none; empty for what never has one.
    drawn : Drawn or None
        None for an event, and where nobody answered.
    event : Pools or None
        By method and treatment of zeros and ones.
    method : str
        By which the pool is made.
    rounds : tuple of Then
        The round before and this one; empty where there is none before.
    changed : int
        How many experts say something else than in the round before.
    """

    question: Question
    unit: str
    label: str
    asked: int
    answers: tuple[Answer, ...]
    pool: Belief | None
    prior: Belief | None
    nil: float
    no_prior: str
    drawn: Drawn | None
    event: Pools | None
    method: str
    rounds: tuple[Then, ...]
    changed: int

    @property
    def is_event(self) -> bool:
        """Whether one probability is asked for."""
        return self.question.is_event

    @property
    def carried(self) -> int:
        """How many answers are of an earlier round."""
        return sum(one.is_carried for one in self.answers)

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON; what is right of a seed is not among them."""
        return {
            "wording": self.question.wording,
            "condition": self.question.condition,
            "form": self.question.form,
            "unit": self.unit,
            "lower": self.question.lower,
            "upper": self.question.upper,
            "answered": len(self.answers),
            "carried_forward": self.carried,
            "experts": {one.letter: one.to_dict() for one in self.answers},
            "method": self.method,
            "pool": self.pool.to_dict(is_event=self.is_event) if self.pool else None,
            "event": self.event.to_dict() if self.event else None,
            "prior": self.prior.to_dict(is_event=False) | {"nil": self.nil} if self.prior else None,
            "no_prior": self.no_prior,
            "changed": self.changed,
            "rounds": [one.to_dict(is_event=self.is_event) for one in self.rounds],
        }


@dataclass(frozen=True, slots=True)
class Told:
    """What one round says: fits and pools of all questions, by question."""

    round: str
    fits: Mapping[str, tuple[Fitted, ...]]
    pools: Mapping[str, Pooled]


def asked_of(
    panel: Panel,
    question: Question,
    now: Told,
    then: Told | None,
    prior: Prior | None,
    no_prior: str,
    unit: str,
    label: str,
) -> Asked:
    """Put together what a page shows of one question.

    Parameters
    ----------
    panel : Panel
    question : Question
    now : Told
        The round that the page is about.
    then : Told or None
        The round before.
    prior : Prior or None
        Of the parameter that is asked about.
    no_prior : str
        Why there is none.
    unit, label : str
        As people read them.
    """
    levels = range_levels(panel)
    fits, pooled = now.fits.get(question.name, ()), now.pools.get(question.name)
    named = lettered(fits, levels)
    extents = [extent for _, _, extent in named]
    is_event = question.is_event
    before = Before(prior.distribution) if prior else None
    axis = _axis(extents, before, levels, question) if extents and not is_event else None
    answers = tuple(
        answer_of(letter, one, extent, axis, now.round, panel.experts, levels) for letter, one, extent in named
    )
    shown = belief_of(before, levels, axis) if before and axis else None
    pool = _pool(pooled, levels, axis)
    rounds = _rounds(question, now, then, levels)
    return Asked(
        question,
        unit,
        label,
        len(panel.who(now.round)),
        answers,
        pool,
        shown,
        prior.distribution.nil if prior else 0.0,
        no_prior,
        _drawn(axis, answers, shown, pool) if axis else None,
        pooled.event if pooled else None,
        pooled.method if pooled else "",
        rounds,
        _changed(fits, then.fits.get(question.name, ())) if then else 0,
    )


def range_levels(panel: Panel) -> tuple[float, float]:
    """Levels of the ends of the ranges of pool and prior, and of those that are read off a curve."""
    return (panel.levels[0] / 100, panel.levels[-1] / 100) if len(panel.levels) > 1 else USUAL


def _axis(extents: Sequence[Extent], before: Curved | None, levels: tuple[float, float], question: Question) -> Axis:
    shown = list(extents)
    if before:
        low, median, high = before.quantile(np.array([levels[0], 0.5, levels[1]])).tolist()
        shown.append(Extent(low, median, high, before))
    return axis_of([_with_middle(one) for one in shown], question.support)


def _with_middle(extent: Extent) -> Extent:
    """An extent whose middle stands for a median that nobody said."""
    middle = (extent.low + extent.high) / 2
    return replace(extent, median=middle) if math.isnan(extent.median) else extent


def _drawn(axis: Axis, answers: Sequence[Answer], prior: Belief | None, pool: Belief | None) -> Drawn | None:
    beliefs = [*(one.belief for one in answers), *([prior] if prior else [])]
    curves = [one.curve for one in beliefs if one.curve is not None]
    return Drawn(axis, height_of(curves, pool.curve if pool else None) if curves else 0.0)


def _pool(pooled: Pooled | None, levels: tuple[float, float], axis: Axis | None) -> Belief | None:
    """The pool of two answers or more; of one, it is the same once more."""
    if pooled is None or len(pooled.weights) < 2:
        return None
    if pooled.event is not None:
        p = pooled.event.values[pooled.method][AS_SAID]
        return Belief(p, p, p, levels)
    if pooled.distribution is None:
        return None
    if axis is None:
        low, median, high = pooled.distribution.quantile(np.array([levels[0], 0.5, levels[1]])).tolist()
        return Belief(low, median, high, levels)
    return belief_of(pooled.distribution, levels, axis, pooled.distribution.members)


def _rounds(question: Question, now: Told, then: Told | None, levels: tuple[float, float]) -> tuple[Then, ...]:
    if then is None:
        return ()
    told = [(one.round, one.fits.get(question.name, ()), one.pools.get(question.name)) for one in (then, now)]
    if not all(fits for _, fits, _ in told):
        return ()
    return tuple(
        Then(name, len(fits), _medians(fits, levels), _pool(pooled, levels, None)) for name, fits, pooled in told
    )


def _medians(fits: Sequence[Fitted], levels: tuple[float, float]) -> tuple[float, float]:
    found = [extent_of(one, levels).median for one in fits]
    known = [x for x in found if not math.isnan(x)] or [math.nan]
    return min(known), max(known)


def _changed(now: Sequence[Fitted], then: Sequence[Fitted]) -> int:
    """How many experts answered both times, and differently."""
    before = {one.said.expert: (one.said.kind, dict(one.said.points)) for one in then}
    return sum(
        one.said.expert in before and before[one.said.expert] != (one.said.kind, dict(one.said.points)) for one in now
    )
