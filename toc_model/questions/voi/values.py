"""What single pieces of information are worth: parameters, the parameters of claims, and answers of experts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.errors import InputError, unknown
from toc_model.statistics import information
from toc_model.statistics.information import Estimate
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import Plan

type Tick = Callable[[], None]
type Columns = Mapping[str, Floats]
"""Draws by ``name`` or ``name[place]``."""


@dataclass(frozen=True, slots=True)
class OfClaim:
    """Claims that the same uncertain parameters represent, and what knowing all of these would be worth.

    Attributes
    ----------
    claims : tuple of str
    says : tuple of str
        What they say.
    parameters : tuple of str
    value : Estimate
    """

    claims: tuple[str, ...]
    says: tuple[str, ...]
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

    @property
    def most(self) -> float:
        """What asking would be worth at the best of these numbers of experts."""
        return max(value.value for value in self.experts.values())


def uncertain(beliefs: Beliefs) -> dict[str, Floats]:
    """Draws of every parameter that is not the same in all draws, by ``name`` or ``name[place]``."""
    every = information.columns_of(beliefs.parameters, beliefs.draws)
    return {name: values for name, values in every.items() if np.ptp(values) > 0}


def named(columns: Columns, names: Iterable[str]) -> dict[str, Floats]:
    """Columns by their names; the name of a parameter with several places stands for all of them.

    Raises
    ------
    InputError
        If one is unknown.
    """
    found: dict[str, Floats] = {}
    for name in names:
        places = [column for column in columns if name in (column, Entry.parse(column).name)]
        if not places:
            raise InputError(f"{unknown('uncertain parameter', name, columns)}")
        found |= {place: columns[place] for place in places}
    return found


def _columns(columns: Columns) -> dict[str, xr.DataArray]:
    return {name: xr.DataArray(values, dims="draw") for name, values in columns.items()}


def of_each(loss: xr.DataArray, columns: Columns, tick: Tick) -> dict[str, Estimate]:
    """What knowing each of some parameters alone would be worth, the most valuable first."""
    if not columns:
        return {}
    each = information.evppi_of_each(loss, xr.Dataset(_columns(columns)), progress=lambda _, __: tick())
    rows = zip(each["parameter"].values, each["value"].values, each["se"].values, strict=True)
    found = {str(name): Estimate(float(value), float(se)) for name, value, se in rows}
    return dict(sorted(found.items(), key=lambda item: (-item[1].value, -item[1].se)))


def of_claims(loss: xr.DataArray, columns: Columns, claims: Mapping[str, Claim], tick: Tick) -> tuple[OfClaim, ...]:
    """What knowing all uncertain parameters of each claim would be worth, the most valuable first."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, claim in claims.items():
        own = tuple(column for column in columns if {column, Entry.parse(column).name} & set(claim.elements))
        alike.setdefault(own, []).append(name)
    found = []
    for own, names in alike.items():
        if own:
            value = information.evppi(loss, xr.Dataset(_columns({column: columns[column] for column in own})))
            found.append(OfClaim(tuple(names), tuple(claims[name].text for name in names), own, value))
        for _ in names:
            tick()
    return tuple(sorted(found, key=lambda each: (-each.value.value, -each.value.se)))


def of_survey(loss: xr.DataArray, plan: Plan, experts: Sequence[int], seed: int, tick: Tick) -> OfSurvey:
    """What asking some numbers of experts would be worth."""
    limit = information.evppi(loss, xr.DataArray(plan.target, dims="draw", name=plan.question.target))
    numbers = sorted(set(experts))
    summaries = simulated_summaries(plan.question, plan.target, numbers, spread=plan.spread, seed=seed)
    values = {many: information.evsi_regression(loss, each, limit=limit) for many, each in summaries.items()}
    tick()
    return OfSurvey(plan, limit, values)
