"""What a panel's experts believe in common, question by question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from toc_model.brief import Brief
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation import Metalog
from toc_model.statistics.elicitation.families import Member
from toc_model.statistics.pooling import decision_maker, distributions, probabilities, shares
from toc_model.statistics.pooling.distributions import Pool
from toc_model.statistics.pooling.probabilities import Pools
from toc_model.survey.panel.fitted import Fitted
from toc_model.survey.panel.panel import CONSENSUS, Panel, Question
from toc_model.survey.panel.scored import study_of

EQUAL, USER, GLOBAL, ITEM = "equal", "user", "global", "item"
WEIGHTINGS = (EQUAL, GLOBAL, ITEM)
"""Alike, or by scores on seeds; weights of the user's own are stated."""
LEVELS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Of the quantiles of a pool that are kept."""
METHODS = tuple(distributions.METHODS)
EVENT_METHODS = tuple(probabilities.METHODS)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pooled(Brief):
    """One question's pool.

    Attributes
    ----------
    fits : tuple of Fitted
        Of the experts that answered.
    method : str
        One of `METHODS`, or for an event of `EVENT_METHODS`.
    weighting : str
    weights : mapping of str to float
        By expert; they sum to one.
    distribution : Pool or None
        None for an event.
    event : Pools or None
        An event's probability by all methods, and under all treatments of zeros and ones.
    left_out : mapping of str to str
        Experts whose answer has no distribution, with the reason.
    """

    fits: tuple[Fitted, ...]
    method: str
    weighting: str
    weights: Mapping[str, float]
    distribution: Pool | None
    event: Pools | None
    left_out: Mapping[str, str]

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.fits[0].question

    @property
    def quantiles(self) -> dict[float, float]:
        """Of the pool, at `LEVELS`; none for an event."""
        if self.distribution is None:
            return {}
        found = self.distribution.quantile(np.array(LEVELS))
        return dict(zip(LEVELS, found.tolist(), strict=True))

    @property
    def probability(self) -> float | None:
        """Of an event, by the method and as it was said; None for a quantity."""
        return self.event.values[self.method][probabilities.AS_SAID] if self.event else None

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON."""
        return {
            "question": self.question.name,
            "experts": [one.said.expert for one in self.fits],
            "rounds": sorted({one.said.round for one in self.fits}),
            "method": self.method,
            "weighting": self.weighting,
            "weights": dict(self.weights),
            "quantiles": {f"{level:g}": value for level, value in self.quantiles.items()},
            "event": self.event.to_dict() if self.event else None,
            "left_out": dict(self.left_out),
        }


def pool_all(
    panel: Panel,
    fits: Sequence[Fitted],
    *,
    method: str = "",
    weighting: str = EQUAL,
    weights: Mapping[str, float] | None = None,
    cutoff: float | None = None,
    seeds: bool = False,
) -> tuple[Pooled, ...]:
    """Pool what experts said, question by question; one to which no answer has a distribution is left out.

    Parameters
    ----------
    panel : Panel
    fits : sequence of Fitted
        As `toc_model.survey.panel.fitted.fit_all` gives them.
    method : str
        How; "linear" for quantities and "geometric_odds" for events by default.
    weighting : str
        One of `WEIGHTINGS`; "equal" beside weights that are stated.
    weights : mapping of str to float, optional
        Of the user's own, by expert, who all have one.
    cutoff : float, optional
        The least calibration of experts who count, for weights by scores; the best by default.
    seeds : bool
        Whether seeds are pooled too.

    Raises
    ------
    InputError
        If a method, a weighting or an expert is unknown, weights can't be used, or there are no seeds to score by.
    """
    _fail_if_unknown(panel, method, weighting, weights)
    _fail_if_of_no_use(weighting, weights, cutoff)
    questions = [question for question in panel.questions if seeds or not question.is_seed]
    scored = _scored(panel, fits, weighting, cutoff) if weights is None else None
    found = []
    for question in questions:
        mine = tuple(one for one in fits if one.question.name == question.name)
        if any(map(is_poolable, mine)):
            found.append(_pooled(mine, method, *_shares(mine, weighting, weights, scored)))
    return tuple(found)


def is_poolable(one: Fitted) -> bool:
    """Whether an answer has a distribution, or is the probability of an event."""
    return one.question.is_event or one.chosen is not None


type Scored = Callable[[Fitted], float]


def _fail_if_unknown(panel: Panel, method: str, weighting: str, weights: Mapping[str, float] | None) -> None:
    if method and method not in (*METHODS, *EVENT_METHODS):
        raise InputError(unknown("method", method, [*METHODS, *EVENT_METHODS]))
    if weighting not in WEIGHTINGS:
        raise InputError(unknown("weighting", weighting, WEIGHTINGS))
    if weights is None:
        return
    for name in weights:
        if name not in panel.experts:
            raise InputError(f"weights: {unknown('expert', name, panel.experts)}")
    for name in panel.experts:
        if name not in weights:
            raise InputError(f"weights: found none for {name!r}; allowed: one for each expert, 0 to leave one out")


def _fail_if_of_no_use(weighting: str, weights: Mapping[str, float] | None, cutoff: float | None) -> None:
    """Fail for what would change nothing: a weighting beside stated weights, a cutoff where no scores weigh."""
    if weights is not None and weighting != EQUAL:
        raise InputError(f"weighting: found {weighting!r} beside weights of your own; allowed: one of both")
    if cutoff is not None and weighting == EQUAL:
        whose = "weights of your own" if weights is not None else "equal weights"
        raise InputError(f"cutoff: found {cutoff:g} for {whose}; allowed: none, but with {GLOBAL} or {ITEM} weights")


def _scored(panel: Panel, fits: Sequence[Fitted], weighting: str, cutoff: float | None) -> Scored | None:
    if weighting == EQUAL or {one.said.expert for one in fits}.isdisjoint(panel.experts):
        return None
    asked = study_of(panel, [one.said for one in fits])
    made = decision_maker(asked, weighting, cutoff)
    # Whatever is no item of the study has the weights of experts over all of them.
    best = decision_maker(asked, GLOBAL, cutoff)
    overall = np.where(best.counting, best.experts.combined, 0.0)

    def weight(one: Fitted) -> float:
        if one.said.expert not in asked.experts:
            return 0.0
        expert = asked.experts.index(one.said.expert)
        if one.question.name in asked.items:
            return float(made.weights[expert, asked.items.index(one.question.name)])
        return float(overall[expert])

    return weight


def _shares(
    mine: Sequence[Fitted], weighting: str, weights: Mapping[str, float] | None, scored: Scored | None
) -> tuple[str, list[float]]:
    """The name of a weighting and what each of a question's experts counts for."""
    if {one.said.expert for one in mine} == {CONSENSUS}:
        return EQUAL, [1.0]
    if weights is not None:
        return USER, [weights[one.said.expert] for one in mine]
    return weighting, [scored(one) if scored else 1.0 for one in mine]


def _pooled(mine: tuple[Fitted, ...], method: str, weighting: str, held: Sequence[float]) -> Pooled:
    """Pool one question; answers without a distribution are left out and told."""
    is_event = mine[0].question.is_event
    some = [k for k, one in enumerate(mine) if is_poolable(one)]
    left_out = {one.said.expert: one.refused for k, one in enumerate(mine) if k not in some}
    name = mine[0].question.name
    if not any(held[k] > 0 for k in some):
        raise InputError(
            f"{name}: found no answer by an expert who counts, with {weighting} weights; allowed: at least one, such "
            "as with other weights or a lower cutoff"
        )
    try:
        share = shares([held[k] for k in some], len(some))
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    by_expert = dict(zip([mine[k].said.expert for k in some], share.tolist(), strict=True))
    how = _method(method, mine[0].question)
    kept = MappingProxyType(by_expert), left_out
    if is_event:
        event = probabilities.pools([mine[k].said.probability for k in some], share)
        return Pooled(mine, how, weighting, kept[0], None, event, kept[1])
    members = [_distribution(mine[k]) for k in some]
    return Pooled(mine, how, weighting, kept[0], distributions.METHODS[how](members, share), None, kept[1])


def _distribution(one: Fitted) -> Member | Metalog:
    if one.chosen is None:
        raise InputError(f"{one.said.expert}: found no distribution; allowed: one that was fitted")
    return one.chosen.distribution


def _method(method: str, question: Question) -> str:
    """The method for a quantity, or an event; the usual one where it is none of this kind's."""
    if not question.is_event:
        return method if method in METHODS else "linear"
    usual = "linear" if question.form == "concordance" else "geometric_odds"
    return method if method in EVENT_METHODS else usual
