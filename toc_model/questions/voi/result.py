"""What to ask next: what knowing parameters, settling claims and asking experts would be worth to a decision."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.errors import InputError, unknown
from toc_model.statistics import information
from toc_model.statistics.information import Estimate, in_units_of_cost
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import Plan, ad_hoc_plan

EXPERTS = (10, 100, 1000)
MICRO_DOOM = 1e-6
"""A millionth of P(doom)."""


@dataclass(frozen=True, slots=True)
class OfClaim:
    """Claims that the same uncertain parameters represent, and what knowing all of these would be worth."""

    claims: tuple[str, ...]
    parameters: tuple[str, ...]
    value: Estimate

    @property
    def label(self) -> str:
        """The claims, joined."""
        return " = ".join(self.claims)


@dataclass(frozen=True, slots=True)
class OfSurvey:
    """A question that might be asked, what knowing its target would be worth, and what asking experts would be."""

    plan: Plan
    limit: Estimate
    experts: Mapping[int, Estimate]


@dataclass(frozen=True, slots=True)
class Voi:
    """What information would be worth to the choice between some allocations; estimates are in P(doom).

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    best : str
        The allocation of lowest mean P(doom), which is chosen if nothing more is learnt.
    mean : float
        Its mean P(doom).
    evpi : Estimate
    parameters : dict of str to Estimate
        The most valuable first.
    claims : tuple of OfClaim
    surveys : tuple of OfSurvey
    fte_value : float, optional
        Micro-dooms per FTE-year.
    cost : float, optional
        FTE-years per expert.
    """

    beliefs: Beliefs
    allocations: Allocations
    best: str
    mean: float
    evpi: Estimate
    parameters: Mapping[str, Estimate]
    claims: tuple[OfClaim, ...]
    surveys: tuple[OfSurvey, ...]
    fte_value: float | None = None
    cost: float | None = None

    def net_benefit(self, value: Estimate, experts: int) -> Estimate | None:
        """Net benefit of asking experts in FTE-years, if a cost and an exchange rate are given."""
        if self.cost is None or self.fte_value is None:
            return None
        return information.net_benefit(
            value, experts, cost_per_expert=self.cost, exchange_rate=MICRO_DOOM * self.fte_value
        )

    def in_fte_years(self, value: Estimate) -> Estimate | None:
        """What a value in P(doom) is worth in FTE-years, if an exchange rate is given."""
        return None if self.fte_value is None else in_units_of_cost(value, MICRO_DOOM * self.fte_value)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc voi --json`` prints them."""
        return {
            "worldview": self.beliefs.worldview,
            "draws": self.beliefs.draws,
            "seed": self.beliefs.seed,
            "overrides": [override.text for override in self.beliefs.overrides],
            "allocations": list(self.allocations.named),
            "best": {"allocation": self.best, "p_doom": self.mean},
            "micro_dooms_per_fte_year": self.fte_value,
            "fte_years_per_expert": self.cost,
            "evpi": self._figures(self.evpi),
            "parameters": {name: self._figures(value) for name, value in self.parameters.items()},
            "claims": {
                claim: {"parameters": list(found.parameters), **self._figures(found.value)}
                for found in self.claims
                for claim in found.claims
            },
            "surveys": {found.plan.name: self._survey(found) for found in self.surveys},
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

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
        net = self.net_benefit(value, many)
        return self._figures(value) | ({"net_benefit_fte_years": _plain(net)} if net else {})

    def _figures(self, value: Estimate) -> dict[str, Any]:
        worth = self.in_fte_years(value)
        return {"micro_dooms": _plain(in_micro_dooms(value)), **({"fte_years": _plain(worth)} if worth else {})}


def in_micro_dooms(value: Estimate) -> Estimate:
    """A value in P(doom), in millionths of it."""
    return value.times(1 / MICRO_DOOM)


def _plain(value: Estimate) -> dict[str, float]:
    low, high = value.interval
    return {"value": value.value, "se": value.se, "q05": low, "q95": high}


def value_information(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    parameters: Sequence[str] | None = None,
    claims: Mapping[str, Claim] | None = None,
    plans: Sequence[Plan] = (),
    experts: Sequence[int] = EXPERTS,
    ask_about: int = 0,
    fte_value: float | None = None,
    cost: float | None = None,
    progress: Progress | None = None,
) -> Voi:
    """Say what information would be worth to the choice between allocations.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
        What the decision is between.
    parameters : sequence of str, optional
        Names, or ``name[place]``; all uncertain ones by default.
    claims : mapping of str to Claim, optional
        Those of which some parameter is uncertain are valued.
    plans : sequence of Plan
    experts : sequence of int
        Numbers of respondents.
    ask_about : int
        How many of the most valuable parameters to plan questions about, beside ``plans``.
    fte_value, cost : float, optional
        Micro-dooms per FTE-year, and FTE-years per expert.
    progress : callable, optional
        Called with the number of values estimated and of all.

    Raises
    ------
    InputError
        If a name is unknown, there are fewer than 100 draws or two allocations, or a number is not positive.
    """
    _fail_if_no_rate(fte_value, cost)
    loss = beliefs.outcome(allocations.levers())
    means = loss.mean("draw")
    columns = uncertain(beliefs)
    chosen = columns if parameters is None else named(columns, parameters)
    tick = _counter(progress, len(chosen) + len(claims or {}) + len(plans) + ask_about)
    each = _each(loss, chosen, tick)
    best = [name for name, value in each.items() if value.value > 0 and (columns[name] > 0).all()][:ask_about]
    plans = [*(ad_hoc_plan(beliefs, allocations, name) for name in best), *plans]
    return Voi(
        beliefs=beliefs,
        allocations=allocations,
        best=str(means["allocation"].values[means.values.argmin()]),
        mean=float(means.min()),
        evpi=information.evpi(loss),
        parameters=each,
        claims=_claims(loss, columns, claims or {}, tick),
        surveys=tuple(_survey(loss, plan, experts, beliefs.seed, tick) for plan in plans),
        fte_value=fte_value,
        cost=cost,
    )


def _counter(progress: Progress | None, steps: int) -> Callable[[], None]:
    done = count(1)
    return lambda: progress(next(done), steps) if progress else None


def _fail_if_no_rate(fte_value: float | None, cost: float | None) -> None:
    if cost is not None and fte_value is None:
        raise InputError("cost: found no value of an FTE-year; allowed: both, to take one from the other")
    if cost is not None and not 0 <= cost < np.inf:
        raise InputError(f"cost: found {cost:g}; allowed: 0 or more FTE-years per expert")
    if fte_value is not None and not 0 < fte_value < np.inf:
        raise InputError(f"value of an FTE-year: found {fte_value:g}; allowed: more than 0 micro-dooms per FTE-year")


def uncertain(beliefs: Beliefs) -> dict[str, np.ndarray]:
    """Draws of every parameter that is not the same in all draws, by ``name`` or ``name[place]``."""
    every = information.columns_of(beliefs.parameters, beliefs.draws)
    return {name: values for name, values in every.items() if np.ptp(values) > 0}


def named(columns: Mapping[str, np.ndarray], names: Iterable[str]) -> dict[str, np.ndarray]:
    """Columns by their names; the name of a parameter with several places stands for all of them.

    Raises
    ------
    InputError
        If one is unknown.
    """
    found: dict[str, np.ndarray] = {}
    for name in names:
        places = [column for column in columns if name in (column, Entry.parse(column).name)]
        if not places:
            raise InputError(f"{unknown('uncertain parameter', name, columns)}")
        found |= {place: columns[place] for place in places}
    return found


def _columns(columns: Mapping[str, np.ndarray]) -> dict[str, xr.DataArray]:
    return {name: xr.DataArray(values, dims="draw") for name, values in columns.items()}


def _each(loss: xr.DataArray, columns: Mapping[str, np.ndarray], tick: Callable[[], None]) -> dict[str, Estimate]:
    if not columns:
        return {}
    each = information.evppi_of_each(loss, xr.Dataset(_columns(columns)), progress=lambda _, __: tick())
    rows = zip(each["parameter"].values, each["value"].values, each["se"].values, strict=True)
    found = {str(name): Estimate(float(value), float(se)) for name, value, se in rows}
    return dict(sorted(found.items(), key=lambda item: (-item[1].value, -item[1].se)))


def _claims(
    loss: xr.DataArray, columns: Mapping[str, np.ndarray], claims: Mapping[str, Claim], tick: Callable[[], None]
) -> tuple[OfClaim, ...]:
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, claim in claims.items():
        own = tuple(column for column in columns if {column, Entry.parse(column).name} & set(claim.elements))
        alike.setdefault(own, []).append(name)
    found = []
    for own, names in alike.items():
        if own:
            value = information.evppi(loss, xr.Dataset(_columns({column: columns[column] for column in own})))
            found.append(OfClaim(tuple(names), own, value))
        for _ in names:
            tick()
    return tuple(sorted(found, key=lambda each: (-each.value.value, -each.value.se)))


# Surveys ----------------------------------------------------------------------------------------------------------


def _survey(loss: xr.DataArray, plan: Plan, experts: Sequence[int], seed: int, tick: Callable[[], None]) -> OfSurvey:
    limit = information.evppi(loss, xr.DataArray(plan.target, dims="draw", name=plan.question.target))
    numbers = sorted(set(experts))
    summaries = simulated_summaries(plan.question, plan.target, numbers, spread=plan.spread, seed=seed)
    values = {many: information.evsi_regression(loss, each, limit=limit) for many, each in summaries.items()}
    tick()
    return OfSurvey(plan, limit, values)
