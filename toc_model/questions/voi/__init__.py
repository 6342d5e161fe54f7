"""``toc voi``: what to find out next, by what knowing it would be worth to a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.enough import fail_if_few
from toc_model.questions.voi import words
from toc_model.questions.voi.figure import voi_figure
from toc_model.questions.voi.values import (
    FEWER,
    SHIFTS,
    Floors,
    OfClaim,
    OfEach,
    OfSurvey,
    Tick,
    floors_of,
    named,
    of_claims,
    of_each,
    of_survey,
    summaries_of,
    uncertain,
)
from toc_model.questions.voi.worth import LEAST
from toc_model.statistics import averages, information
from toc_model.statistics.information import Estimate
from toc_model.survey.planning.planned import fail_if_no_survey
from toc_model.survey.planning.plans import Plan, ad_hoc_plan, shipped_plans

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

EXPERTS = (10, 100, 1000)
ASK_ABOUT = 3
"""Parameters that questions are planned about by default."""


@dataclass(frozen=True, slots=True, repr=False)
class Voi(Result):
    """What information would be worth to the choice between some allocations; estimates are in the outcome's unit.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    best : str
        The allocation that is best in the mean, which is chosen if nothing more is learnt.
    mean : float
        The mean outcome under it.
    evpi : Estimate
        Of knowing everything.
    each : OfEach
        What single parameters are worth, and what is known of their ranks.
    claims : tuple of OfClaim
    surveys : tuple of OfSurvey
    floors : Floors
        What noise alone would seem to be worth.
    worth : float, optional
        Small amounts of the outcome that a unit of the case's cost is worth elsewhere.
    cost : float, optional
        Units of cost per expert.
    """

    beliefs: Beliefs
    allocations: Allocations
    best: str
    mean: float
    evpi: Estimate
    each: OfEach
    claims: tuple[OfClaim, ...]
    surveys: tuple[OfSurvey, ...]
    floors: Floors
    worth: float | None = None
    cost: float | None = None

    @property
    def parameters(self) -> Mapping[str, Estimate]:
        """What knowing single parameters would be worth, the most valuable first."""
        return self.each.values

    def in_small(self, value: Estimate) -> Estimate:
        """A value in small amounts of the outcome."""
        return value.times(1 / self.beliefs.case.objective.small.size)

    def in_units(self, value: Estimate) -> Estimate | None:
        """What a value is worth in units of cost, if their worth is given."""
        return None if self.worth is None else information.in_units_of_cost(value, self._exchange_rate(self.worth))

    def net_benefit(self, value: Estimate, experts: int) -> Estimate | None:
        """Net benefit of asking experts in units of cost, if the cost and the worth of a unit are given."""
        if self.cost is None or self.worth is None:
            return None
        rate = self._exchange_rate(self.worth)
        return information.net_benefit(value, experts, cost_per_expert=self.cost, exchange_rate=rate)

    def _exchange_rate(self, worth: float) -> float:
        return self.beliefs.case.objective.small.size * worth

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc voi --json`` prints them; keys have the case's words for small amounts and costs."""
        case = self.beliefs.case
        rates = {}
        if case.cost:
            rates[f"{_key(case.objective.small.name)}_per_{_key(case.cost.unit)}"] = self.worth
            rates[f"{_key(case.cost.units)}_per_expert"] = self.cost
        return {
            "worldview": self.beliefs.worldview,
            **self.beliefs.counts,
            "seed": self.beliefs.seed,
            "overrides": [override.text for override in self.beliefs.overrides],
            "allocations": list(self.allocations.named),
            "best": {"allocation": self.best, case.objective.node: self.mean},
            **rates,
            "evpi": self._figures(self.evpi),
            "noise_floor": {"quantile": information.FLOOR, **self._floors()},
            "parameters": {
                name: {"ranks": list(self.each.ranks[name]), **self._figures(value)}
                for name, value in self.parameters.items()
            },
            "draws_to_tell_ranks": self.each.needed if 0 < self.each.needed < np.inf else None,
            "claims": {
                claim: {"parameters": list(found.parameters), **self._figures(found.value)}
                for found in self.claims
                for claim in found.claims
            },
            "surveys": {found.plan.name: self._survey(found) for found in self.surveys},
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

    def _floors(self) -> dict[str, Any]:
        small = self.beliefs.case.objective.small
        return {kind: {_key(small.name): floor / small.size} for kind, floor in asdict(self.floors).items()}

    def _survey(self, found: OfSurvey) -> dict[str, Any]:
        question = found.plan.question
        return {
            "target": question.target,
            "scale": question.scale,
            "kind": question.kind,
            "bias_sd": question.bias_sd,
            "spread": found.plan.spread,
            "known": self._figures(found.limit),
            "experts": {str(many): self._asked(value, many) for many, value in found.experts.items()},
        }

    def _asked(self, value: Estimate, many: int) -> dict[str, Any]:
        return self._figures(value) | self._in_cost("net_benefit_", self.net_benefit(value, many))

    def _figures(self, value: Estimate) -> dict[str, Any]:
        small = {_key(self.beliefs.case.objective.small.name): _plain(self.in_small(value))}
        return small | self._in_cost("", self.in_units(value))

    def _in_cost(self, prefix: str, value: Estimate | None) -> dict[str, Any]:
        cost = self.beliefs.case.cost
        return {f"{prefix}{_key(cost.units)}": _plain(value)} if cost and value else {}

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each parameter, claim and question that was valued, with its kind; small amounts of the outcome."""
        import pandas as pd

        every = [("parameter", name, value) for name, value in self.parameters.items()]
        every += [("claim", found.label, found.value) for found in self.claims]
        every += [("question", found.plan.name, found.limit) for found in self.surveys]
        rows = [{"kind": kind, "name": name, **_plain(self.in_small(value))} for kind, name, value in every]
        columns = ["kind", "value", "se", "q05", "q95"]
        return pd.DataFrame(rows, columns=["name", *columns]).set_index("name")

    def plot(self, top: int = words.TOP) -> "Figure":
        """Bars of what information would be worth."""
        return voi_figure(self, top)

    def section(self, top: int = words.TOP) -> Section:
        """What to find out next: the first parameters and claims, and all questions."""
        return words.section(self, top=top)

    def about(self) -> str:
        """What was valued, and the worldview."""
        valued = f"{len(self.parameters)} parameters, {len(self.claims)} claims, {len(self.surveys)} questions"
        return f"{valued}, worldview {self.beliefs.worldview!r}"


def _key(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


def _plain(value: Estimate) -> dict[str, float]:
    low, high = value.interval
    return {"value": value.value, "se": value.se, "q05": low, "q95": high}


def voi(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    between: Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    claims: Mapping[str, Claim] | None = None,
    plans: Sequence[Plan] | None = None,
    experts: Sequence[int] = EXPERTS,
    ask_about: int | None = None,
    worth: float | None = None,
    cost: float | None = None,
    progress: Progress | None = None,
) -> Voi:
    """Say what information would be worth to the choice between allocations.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    between : sequence of str, optional
        What the status quo may be left for; the case's proposal by default.
    parameters : sequence of str, optional
        Names, or ``name[place]``; all uncertain ones by default.
    claims : mapping of str to Claim, optional
        Those of which some parameter is uncertain are valued; by default all of the ledger.
    plans : sequence of Plan, optional
        Questions to experts; by default those of all mapping documents.
    experts : sequence of int
        Numbers of respondents.
    ask_about : int, optional
        How many of the most valuable parameters to plan questions about, beside ``plans``; by default three where no
        plans are given, and else none.
    worth : float, optional
        Small amounts of the outcome that a unit of the case's cost is worth elsewhere; by default what the case says,
        and unknown where that is not positive.
    cost : float, optional
        Units of cost per expert.
    progress : callable, optional
        Called with the number of values estimated and of all.

    Raises
    ------
    InputError
        If a name is unknown, there are fewer than 100 draws or two allocations, or a number is not positive.
    """
    fail_if_few("loss", beliefs.draws, information.FEWEST)
    if experts:
        fail_if_no_survey(experts)
    case = beliefs.case
    rate = _elsewhere(beliefs, allocations) if worth is None else worth
    _fail_if_no_rate(case, rate, cost)
    chosen = allocations.only([allocations.proposal] if between is None else between)
    outcome = beliefs.outcome(chosen.levers())
    loss = case.objective.loss(outcome)
    best = str(loss["allocation"].values[averages.mean(loss).values.argmin()])
    columns = uncertain(beliefs)
    valued = columns if parameters is None else named(columns, parameters)
    ledger = beliefs.documents.claims() if claims is None else claims
    planned = shipped_plans(beliefs, allocations) if plans is None else plans
    many = (0 if plans is not None else ASK_ABOUT) if ask_about is None else ask_about
    tick = _counter(progress, len(valued) + len(ledger) + 2 * (len(planned) + many) + SHIFTS + 2 * FEWER)
    each = of_each(loss, valued, tick)
    first = [name for name, value in each.values.items() if value.value > 0 and (columns[name] > 0).all()][:many]
    every = [*(ad_hoc_plan(beliefs, chosen, name) for name in first), *planned]
    answers = []
    for plan in every:
        answers.append(summaries_of(plan, experts, beliefs.seed))
        tick()
    settled = of_claims(loss, columns, each.values, ledger, tick)
    most = [told[max(told)] for told in answers]
    return Voi(
        beliefs=beliefs,
        allocations=chosen,
        best=best,
        mean=float(averages.mean(outcome.sel(allocation=best))),
        evpi=information.evpi(loss),
        each=each,
        claims=settled,
        surveys=tuple(of_survey(loss, plan, told, tick) for plan, told in zip(every, answers, strict=True)),
        floors=floors_of(loss, columns, valued, settled, most, LEAST * case.objective.small.size, tick),
        worth=rate,
        cost=cost,
    )


def _elsewhere(beliefs: Beliefs, allocations: Allocations) -> float | None:
    """What a unit of cost is worth elsewhere as the case has it, where that is known and positive."""
    found = beliefs.case.cost.worth(beliefs, allocations) if beliefs.case.cost else None
    return found if found is not None and found > 0 else None


def _counter(progress: Progress | None, steps: int) -> Tick:
    done = count(1)
    return lambda: progress(next(done), steps) if progress else None


def _fail_if_no_rate(case: Case, worth: float | None, cost: float | None) -> None:
    if case.cost is None:
        if worth is not None or cost is not None:
            raise InputError(f"cost: the case {case.name!r} says of nothing what it costs")
        return
    if cost is not None and worth is None:
        raise InputError(f"cost: found no worth of one {case.cost.unit}; allowed: both, to take one from the other")
    if worth is not None and not 0 < worth < np.inf:
        raise InputError(f"worth of one {case.cost.unit}: found {worth:g}; allowed: more than 0")
    if cost is not None and not 0 <= cost < np.inf:
        raise InputError(f"cost: found {cost:g}; allowed: 0 or more {case.cost.units} per expert")
