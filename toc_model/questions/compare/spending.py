"""What allocations cost the caller for what they gain: costs, frontier, and which is best at what one would pay."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.documents import as_number
from toc_model.engine.measures import Small
from toc_model.errors import InputError, unknown
from toc_model.statistics import decisions
from toc_model.statistics.cost_effectiveness import STATUSES, acceptability, frontier, frontier_shares
from toc_model.statistics.draws import fail_if_unfit
from toc_model.statistics.resamples import told

type Costs = Mapping[str, float] | xr.DataArray
"""By allocation, in the caller's currency; an array has the dim ``allocation``, and may have ``draw``."""

NOT_TOLD = "not told apart"
SAME = 1e-9
"""Part of a ratio by which another on the same line may differ."""


@dataclass(frozen=True, slots=True, repr=False)
class Spending(Brief):
    """What allocations cost for what they gain under one worldview, in the caller's currency.

    Attributes
    ----------
    gained : xarray.Dataset
        Small amounts of the outcome gained over the status quo, as `toc_model.statistics.decisions.summary` has them.
    table : xarray.Dataset
        As `toc_model.statistics.cost_effectiveness.frontier` gives it; ratios are per small amount.
    shares : xarray.DataArray
        Share of resamples in which an allocation has a status, dims ``(status, allocation)``.
    edges : tuple of float
        What one would pay for a small amount at which the best allocation changes: 0, and the ratios of the frontier.
    choices : xarray.Dataset
        As `toc_model.statistics.cost_effectiveness.acceptability` gives it, at a willingness above each edge.
    """

    gained: xr.Dataset
    table: xr.Dataset
    shares: xr.DataArray
    edges: tuple[float, ...]
    choices: xr.Dataset

    @property
    def order(self) -> list[str]:
        """Names of allocations, the cheapest first."""
        ordered = np.lexsort((self.table["effect"].values, self.table["cost"].values))
        return [str(name) for name in self.table["allocation"].values[ordered]]

    def verdict(self, name: str) -> str:
        """The status of an allocation, if resamples tell it."""
        shares = self.shares.sel(allocation=name)
        return next((one for one in STATUSES if told(float(shares.sel(status=one))) == "yes"), NOT_TOLD)

    def frontier_verdict(self, name: str) -> str:
        """Whether an allocation is on the frontier, if resamples tell that, whatever it is off the frontier."""
        return told(float(self.shares.sel(allocation=name, status="ND")))

    def row(self, name: str) -> dict[str, Any]:
        """Figures of one allocation, None where there is no number."""
        place = self.table.sel(allocation=name)
        ratio = {"ratio": float(place["ratio"]), "ratio_mcse": float(place["ratio_mcse"])}
        return {
            "cost": float(place["cost"]),
            "gained": decisions.row(self.gained, allocation=name),
            "status": str(place["status"].item()),
            "after": str(place["after"].item()) or None,
            **{key: value if math.isfinite(value) else None for key, value in ratio.items()},
            "verdict": self.verdict(name),
            "status_shares": {one: float(self.shares.sel(status=one, allocation=name)) for one in STATUSES},
        }

    def to_dict(self) -> list[dict[str, Any]]:
        """Which allocation is best between two ratios of the frontier, and how surely; in order of what one pays."""
        found = []
        for place, edge in enumerate(self.edges):
            here = self.choices.isel(willingness=place)
            good = here["as_good"]
            found.append(
                {
                    "from": edge,
                    "at": float(here["willingness"]),
                    "best": str(here["best"].item()),
                    "p_best": float(here["p_frontier"]),
                    "p_best_mcse": float(here["p_frontier_mcse"]),
                    "as_good": [str(name) for name in good["allocation"].values[good.values]],
                }
            )
        return found


def spending(loss: xr.DataArray, cost: xr.DataArray, status_quo: str, small: Small) -> Spending:
    """Find the frontier and what is best along it.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.
    cost : xarray.DataArray
        Dims ``(allocation,)`` or ``(draw, allocation)``.
    status_quo : str
    small : Small
        In which gains are counted.

    Raises
    ------
    InputError
        If costs are of other draws than losses, or no finite numbers.
    """
    lost = decisions.paired_change(loss, status_quo) / small.size
    table = frontier(lost, cost)
    edges = _edges(table["ratio"].values)
    middles = [math.sqrt(low * high) if low else high / 2 for low, high in pairwise(edges)]
    choices = acceptability(lost, cost, [*middles, 2 * edges[-1]])
    return Spending(decisions.summary(0.0 - lost), table, frontier_shares(lost, cost), edges, choices)


def _edges(ratios: Floats) -> tuple[float, ...]:
    """0 and the ratios, those once that differ by rounding alone."""
    found = [0.0]
    for ratio in np.sort(ratios[np.isfinite(ratios)]).tolist():
        if ratio > found[-1] * (1 + SAME):
            found.append(ratio)
    return tuple(found)


# What is spent ----------------------------------------------------------------------------------------------------


def costs_of(
    beliefs: Beliefs, allocations: Allocations, costs: Costs | None, unit_cost: float | None
) -> xr.DataArray | None:
    """What each allocation costs under a worldview, in the caller's currency; None where nothing is said of it.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    costs : mapping or xarray.DataArray, optional
        Of each allocation; 0 for the status quo unless it says otherwise.
    unit_cost : float, optional
        Of a unit that the case counts as moved.

    Raises
    ------
    InputError
        If both are given, an allocation has no cost or is unknown, a cost is no number, or the case counts nothing that
        is moved.
    """
    if costs is not None and unit_cost is not None:
        raise InputError("costs: found a unit cost as well; allowed: one of the two")
    if costs is not None:
        stated = costs if isinstance(costs, xr.DataArray) else _by_name(costs)
        return _of_all(stated, allocations)
    if unit_cost is None:
        return None
    moving = allocations.case.moving
    if moving is None:
        raise InputError(f"unit cost: found {unit_cost:g}; allowed: none, for {allocations.case.name} counts no moving")
    if not 0 < unit_cost < math.inf:
        raise InputError(f"cost of one {moving.unit}: found {unit_cost:g}; allowed: more than 0, in any currency")
    found: xr.DataArray = moving.amount(beliefs, allocations) * unit_cost
    return found


def _by_name(costs: Mapping[str, float]) -> xr.DataArray:
    given: dict[str, Any] = dict(costs)
    for name, one in given.items():
        if isinstance(one, bool) or not isinstance(one, Real):
            raise InputError(f"costs: {name}: found {one!r}; allowed: an amount in any currency")
    return xr.DataArray([float(one) for one in given.values()], dims="allocation", coords={"allocation": list(given)})


def _of_all(stated: xr.DataArray, allocations: Allocations) -> xr.DataArray:
    """Costs of all allocations by name, 0 for a status quo of which nothing is said."""
    if "allocation" not in stated.coords:
        raise InputError("costs: found no names of allocations; allowed: a cost by name of each")
    fail_if_unfit(stated, "costs")
    names, wanted = [str(name) for name in stated["allocation"].values], list(allocations.named)
    for name in names:
        if name not in wanted:
            raise InputError(f"costs: {unknown('allocation', name, wanted)}")
    if missing := [name for name in wanted if name not in names and name != allocations.status_quo]:
        raise InputError(f"costs: found none of {missing[0]!r}; allowed: one of each of {', '.join(wanted[1:])}")
    return stated.reindex(allocation=wanted, fill_value=0.0)


def parsed_costs(text: str) -> dict[str, float]:
    """Costs as ``--costs`` has them: NAME=AMOUNT, joined by commas.

    Raises
    ------
    InputError
        If the text is none of this form, or a name stands twice.
    """
    found: dict[str, float] = {}
    for part in text.split(","):
        name, equals, amount = (piece.strip() for piece in part.rpartition("="))
        value = as_number(amount)
        if not equals or not name or math.isnan(value):
            raise InputError(f"--costs {part.strip()!r}: allowed: NAME=AMOUNT, joined by commas")
        if name in found:
            raise InputError(f"--costs: found {name!r} twice; allowed: once")
        found[name] = value
    return found
