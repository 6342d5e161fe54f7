"""What single pieces of information are worth: parameters, the parameters of claims, and answers of experts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.brief import Brief
from toc_model.errors import InputError, unknown
from toc_model.statistics import information
from toc_model.statistics.information import Estimate
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import Plan

type Tick = Callable[[], None]
type Columns = Mapping[str, Floats]
"""Draws by ``name`` or ``name[place]``."""


@dataclass(frozen=True, slots=True, repr=False)
class OfClaim(Brief):
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


@dataclass(frozen=True, slots=True, repr=False)
class OfSurvey(Brief):
    """A question that might be asked, what knowing its target would be worth, and what asking experts would be."""

    plan: Plan
    limit: Estimate
    experts: Mapping[int, Estimate]

    @property
    def most(self) -> float:
        """What asking would be worth at the best of these numbers of experts."""
        return max(value.value for value in self.experts.values())


@dataclass(frozen=True, slots=True, repr=False)
class OfEach(Brief):
    """What knowing each of some parameters alone would be worth, the most valuable first.

    Attributes
    ----------
    values : dict of str to Estimate
    ranks : dict of str to pair of int
        The first and the last rank that each may have, as far as these draws tell.
    needed : float
        Draws at which the first three would be told apart from what follows each; infinite where two seem equal.
    """

    values: Mapping[str, Estimate]
    ranks: Mapping[str, tuple[int, int]]
    needed: float


NOTHING = OfEach({}, {}, 0.0)


@dataclass(frozen=True, slots=True)
class Floors:
    """What noise alone would seem to be worth, by what is known, and no less than is told from nothing."""

    parameters: float
    claims: float
    surveys: float


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


def of_each(loss: xr.DataArray, columns: Columns, tick: Tick) -> OfEach:
    """What knowing each of some parameters alone would be worth, the most valuable first."""
    if not columns:
        return NOTHING
    each = information.evppi_of_each(loss, xr.Dataset(_columns(columns)), progress=lambda _, __: tick())
    values, ranks = {}, {}
    for place, key in enumerate(each["parameter"].values):
        row = each.isel(parameter=place)
        values[str(key)] = Estimate(float(row["value"]), float(row["se"]))
        ranks[str(key)] = int(row["first"]), int(row["last"])
    order = sorted(values, key=lambda name: (-values[name].value, -values[name].se))
    return OfEach({name: values[name] for name in order}, {name: ranks[name] for name in order}, float(each["needed"]))


def of_claims(
    loss: xr.DataArray, columns: Columns, each: Mapping[str, Estimate], claims: Mapping[str, Claim], tick: Tick
) -> tuple[OfClaim, ...]:
    """What knowing all uncertain parameters of each claim would be worth, the most valuable first."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, claim in claims.items():
        own = tuple(column for column in columns if {column, Entry.parse(column).name} & set(claim.elements))
        alike.setdefault(own, []).append(name)
    found = []
    for own, names in alike.items():
        if own:
            value = information.evppi(
                loss, xr.Dataset(_columns({column: columns[column] for column in own})), alone=each
            )
            found.append(OfClaim(tuple(names), tuple(claims[name].text for name in names), own, value))
        for _ in names:
            tick()
    return tuple(sorted(found, key=lambda each: (-each.value.value, -each.value.se)))


def of_survey(loss: xr.DataArray, plan: Plan, summaries: Mapping[int, xr.Dataset], tick: Tick) -> OfSurvey:
    """What asking some numbers of experts would be worth, by summaries of their answers in each draw."""
    limit = information.evppi(loss, xr.DataArray(plan.target, dims="draw", name=plan.question.target))
    values = {many: information.evsi_regression(loss, each, limit=limit) for many, each in summaries.items()}
    tick()
    return OfSurvey(plan, limit, values)


def summaries_of(plan: Plan, experts: Sequence[int], seed: int) -> dict[int, xr.Dataset]:
    """Summaries of the answers of some numbers of experts, in each draw."""
    return simulated_summaries(plan.question, plan.target, sorted(set(experts)), spread=plan.spread, seed=seed)


# Noise ------------------------------------------------------------------------------------------------------------

SHIFTS, FEWER = 100, 20
"""Shifts of single parameters, and of what is known together or told by experts, which takes longer."""


def floors_of(
    loss: xr.DataArray,
    columns: Columns,
    names: Iterable[str],
    claims: Sequence[OfClaim],
    answers: Sequence[xr.Dataset],
    least: float,
    tick: Tick,
) -> Floors:
    """What parameters, claims and answers would seem to be worth if they had nothing to do with the outcome.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    columns : mapping of str to array
        Draws of all parameters.
    names : iterable of str
        Those that are valued alone.
    claims : sequence of OfClaim
    answers : sequence of xarray.Dataset
        Summaries of what experts would say.
    least : float
        What is told from nothing, which is the floor where no draws reach as much or nothing of the kind is valued.
    tick : callable
    """
    every = _columns(columns)
    alone = [xr.Dataset({name: every[name]}) for name in names]
    together = [xr.Dataset({name: every[name] for name in one.parameters}) for one in claims]
    found = [
        max(least, information.noise_floor(loss, told, shifts=shifts, tick=tick) if told else 0.0)
        for told, shifts in ((alone, SHIFTS), (together, FEWER), (answers, FEWER))
    ]
    return Floors(*found)
