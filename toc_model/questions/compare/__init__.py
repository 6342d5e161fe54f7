"""``toc compare``: allocations in every way that a choice needs, under one worldview or several."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.engine.facets import Objective
from toc_model.engine.value import DelayCost
from toc_model.engine.value import delay_cost as cost_of_delay
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.compare import words
from toc_model.questions.compare.figure import p_best_figure
from toc_model.questions.compare.spending import Costs, Spending, costs_of, spending
from toc_model.questions.run.moves import evaluated
from toc_model.statistics import averages, decisions
from toc_model.statistics.break_even import BreakEven, break_even
from toc_model.statistics.firsts import first_shares
from toc_model.statistics.resamples import dominance_shares, frontier_shares, told

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Result):
    """The outcome under some allocations and worldviews.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    allocations : Allocations
    outcomes : tuple of xarray.DataArray
        The objective, dims ``(draw, allocation)``, one a worldview.
    weights : tuple of float
        Of the worldviews, for mean regret.
    moved : xarray.DataArray or None
        What moving to each allocation takes under the first worldview, dims ``(allocation,)``; None where the case
        does not count that.
    later : tuple of xarray.DataArray
        Periods by which what is left of the value comes later than in the reference, dims ``(draw, allocation)``, one
        a worldview; none where the case does not count delay.
    cost : DelayCost or None
        What the caller says that a period of delay costs.
    spending : tuple of Spending
        What allocations cost for what they gain, with what delay costs if the caller says so, one a worldview; none
        where nothing is said of what they cost.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    outcomes: tuple[xr.DataArray, ...]
    weights: tuple[float, ...]
    moved: xr.DataArray | None = None
    later: tuple[xr.DataArray, ...] = ()
    cost: DelayCost | None = None
    spending: tuple[Spending, ...] = ()

    @property
    def objective(self) -> Objective:
        """What is compared."""
        return self.allocations.case.objective

    @property
    def losses(self) -> tuple[xr.DataArray, ...]:
        """The outcomes as losses: less is better."""
        return tuple(self.objective.loss(outcome) for outcome in self.outcomes)

    def means(self) -> xr.DataArray:
        """Mean outcome, dims ``(worldview, allocation)``."""
        names = [beliefs.worldview for beliefs in self.beliefs]
        means = xr.concat([averages.mean(outcome) for outcome in self.outcomes], dim="worldview", coords="minimal")
        return means.assign_coords(worldview=names)

    def regrets(self) -> xr.DataArray:
        """How much worse each mean is than the best of its worldview, dims ``(worldview, allocation)``."""
        return decisions.regret(self.objective.loss(self.means()))

    @property
    def with_delay(self) -> "Comparison | None":
        """The same with what delay costs counted in every outcome; None where nothing is said of its cost."""
        cost = self.cost
        if cost is None:
            return None
        pairs = zip(self.outcomes, self.later, strict=True)
        return replace(
            self, outcomes=tuple(cost.counted(one, later) for one, later in pairs), later=(), cost=None, spending=()
        )

    def break_evens(self) -> tuple[dict[str, BreakEven], ...]:
        """What a period of delay may cost for a move to each allocation to pay, one a worldview; none without delay."""
        pairs = zip(self.losses, self.later, strict=bool(self.later))
        return tuple(_break_evens(loss, later, self.allocations.status_quo) for loss, later in pairs)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc compare --json`` prints them, in the unit of the outcome."""
        found, counted = self.figures(), self.with_delay
        for table, costs in zip(found["worldviews"].values(), self.break_evens(), strict=bool(self.later)):
            for name, cost in costs.items():
                table[name]["break_even"] = cost.to_dict()
        for table, spent in zip(found["worldviews"].values(), self.spending, strict=bool(self.spending)):
            for name in table:
                table[name]["cost_effectiveness"] = spent.row(name)
        return {
            **found,
            **({"with_delay": self._delayed(self.cost, counted)} if self.cost and counted else {}),
            **({"spending": self._spent()} if self.spending else {}),
            "weights": list(self.weights),
            "rests_on": [beliefs.rests_on() for beliefs in self.beliefs],
            "provenance": [beliefs.provenance(allocations=dict(self.allocations.digests)) for beliefs in self.beliefs],
        }

    def _spent(self) -> dict[str, Any]:
        choices = zip(self.beliefs, self.spending, strict=True)
        small = self.objective.small
        return {
            "currency": "the caller's",
            "per": f"{small.name} {small.gained}",
            "choices": {beliefs.worldview: one.to_dict() for beliefs, one in choices},
        }

    @staticmethod
    def _delayed(cost: DelayCost, counted: "Comparison") -> dict[str, Any]:
        return {"delay_cost": cost.to_dict(), **counted.figures()}

    def effects(self) -> dict[str, dict[str, Any]]:
        """Outcome, paired change, P(best), regret and risk of each allocation, by worldview."""
        tables = [_effects(self.objective, self.allocations.status_quo, outcome) for outcome in self.outcomes]
        return {found.worldview: table for found, table in zip(self.beliefs, tables, strict=True)}

    def figures(self) -> dict[str, Any]:
        """All figures of each worldview, dominance from resamples among them, and across worldviews."""
        across, firsts = self.across(), self.firsts()
        tables = zip(self.effects().items(), self.losses, strict=True)
        return {
            "worldviews": {worldview: _with_dominance(table, loss) for (worldview, table), loss in tables},
            "across": {
                name: {
                    "mean_regret": float(across["mean"].sel(allocation=name)),
                    "largest_regret": float(across["largest"].sel(allocation=name)),
                    "worst_worldview": str(across["worst_worldview"].sel(allocation=name).item()),
                    "least_mean_regret_share": float(firsts["mean"].sel(allocation=name)),
                    "minimax_regret_share": float(firsts["largest"].sel(allocation=name)),
                }
                for name in self.allocations.named
            },
            "least_mean_regret": str(across["mean"].idxmin("allocation").item()),
            "minimax_regret": str(across["largest"].idxmin("allocation").item()),
        }

    def across(self) -> xr.Dataset:
        """Regret across worldviews: see `toc_model.statistics.decisions.regret_across`."""
        return decisions.regret_across(self.objective.loss(self.means()), self.weights)

    def firsts(self) -> xr.Dataset:
        """In what share of resamples each is the first of these: see `toc_model.statistics.firsts.first_shares`."""
        return first_shares(self.losses, self.weights)

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview and allocation, in the outcome's unit."""
        import pandas as pd

        rows = {
            (worldview, name): {
                **{key: value for key, value in row.items() if not isinstance(value, dict)},
                **{f"change_{key}": value for key, value in row["change"].items()},
                **({"break_even": row["break_even"]["cost"]} if "break_even" in row else {}),
            }
            for worldview, table in self.to_dict()["worldviews"].items()
            for name, row in table.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["worldview", "allocation"])

    def plot(self) -> "Figure":
        """P(best) of each allocation, against the price of moving where the case has one."""
        return p_best_figure(self)

    def section(self) -> Section:
        """Tables of all worldviews and of regret across them."""
        return words.section(self)

    def about(self) -> str:
        """Allocations, worldviews and draws."""
        names = ", ".join(repr(beliefs.worldview) for beliefs in self.beliefs)
        return f"{len(self.allocations.named)} allocations, worldviews {names}, {self.beliefs[0].counted()}"


def _break_evens(loss: xr.DataArray, later: xr.DataArray, quo: str) -> dict[str, BreakEven]:
    """What a period of delay may cost, by allocation."""
    change, delay = decisions.paired_change(loss, quo), decisions.paired_change(later, quo)
    return {
        str(name): break_even(change.sel(allocation=name, drop=True), delay.sel(allocation=name, drop=True))
        for name in loss["allocation"].values
    }


def _effects(objective: Objective, quo: str, outcome: xr.DataArray) -> dict[str, Any]:
    loss = objective.loss(outcome)
    change = decisions.summary(decisions.paired_change(outcome, quo))
    better = decisions.paired_effect(decisions.paired_change(loss, quo))["share_better"]
    best, lost = decisions.summary(decisions.is_best(loss)), decisions.summary(decisions.regret(loss))
    columns = {
        objective.node: averages.mean(outcome),
        "sd": averages.sd(loss, ddof=1),
        "share_better": better,
        "p_best": best["mean"],
        "p_best_mcse": best["mcse"],
        "opportunity_loss": lost["mean"],
        "opportunity_loss_mcse": lost["mcse"],
        "regret_q95": lost["q95"],
        "cvar95": objective.loss(decisions.cvar(loss)),
        "cvar95_mcse": decisions.cvar_error(loss),
    }
    return {
        str(name): {
            **{key: column.sel(allocation=name).item() for key, column in columns.items()},
            "change": decisions.row(change, allocation=name),
        }
        for name in loss["allocation"].values
    }


def _with_dominance(table: dict[str, Any], loss: xr.DataArray) -> dict[str, Any]:
    """The same rows with the frontier and dominance, as resamples of the draws tell them."""
    dominated, shares = dominance_shares(loss), frontier_shares(loss)
    on_frontier = {name: float(shares.sel(allocation=name)) for name in table}
    return {
        name: {
            **row,
            "efficient_share": on_frontier[name],
            "efficient": told(on_frontier[name]),
            **_dominance(dominated, name),
        }
        for name, row in table.items()
    }


def _dominance(shares: xr.Dataset, name: str) -> dict[str, Any]:
    """Which others are told to dominate an allocation, by kind, and in what share of resamples each does, and any."""
    by = {
        str(kind): {
            str(other): float(found.sel(allocation=other)) for other in found["allocation"].values if other != name
        }
        for kind in shares["kind"].values
        for found in [shares["share"].sel(kind=kind, other=name)]
    }
    of_any = {kind: float(shares["dominated"].sel(kind=kind, allocation=name)) for kind in by}
    return {
        "dominated_by": {
            kind: [one for one, share in others.items() if told(share) == "yes"] for kind, others in by.items()
        },
        "dominance": {kind: {"verdict": told(of_any[kind]), "share": of_any[kind], "by": by[kind]} for kind in by},
    }


def compare(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    weights: Sequence[float] | None = None,
    delay_cost: float | None = None,
    costs: Costs | None = None,
    unit_cost: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Evaluate the outcome for all worldviews and allocations.

    Parameters
    ----------
    beliefs : sequence of Beliefs
    allocations : Allocations
    weights : sequence of float, optional
        Of the worldviews, for mean regret; equal by default.
    delay_cost : float, optional
        Share of what there is to lose that a period of delay costs; nothing is assumed without it.
    costs, unit_cost : optional
        What allocations cost the caller, as `toc_model.questions.compare.spending.costs_of` takes it.
    progress : callable, optional

    Raises
    ------
    InputError
        If two worldviews have the same name, weights are not one positive number for each, the cost of delay is no
        share or of a case without delay, or an allocation has no cost beside others that have.
    """
    cost = cost_of_delay(allocations.case, delay_cost)
    fail_if_twice(beliefs)
    names = [found.worldview for found in beliefs]
    weights = tuple(weights) if weights else (1.0,) * len(names)
    if len(weights) != len(names) or not all(0 < weight < np.inf for weight in weights):
        raise InputError(f"weights: found {weights}; allowed: a positive number for each of {', '.join(names)}")
    spent = [costs_of(one, allocations, costs, unit_cost) for one in beliefs]
    every = []
    for done, one in enumerate(beliefs, start=1):
        every.append(evaluated(one, allocations))
        if progress:
            progress(done, len(names))
    moving = allocations.case.moving
    moved = moving.amount(beliefs[0], allocations) if moving else None
    outcomes = tuple(found.outcome for found in every)
    later = tuple(found.later for found in every if found.later is not None)
    found = Comparison(tuple(beliefs), allocations, outcomes, weights, moved, later, cost)
    losses, small = (found.with_delay or found).losses, found.objective.small
    pairs = [(loss, one) for loss, one in zip(losses, spent, strict=True) if one is not None]
    return replace(found, spending=tuple(spending(*pair, allocations.status_quo, small) for pair in pairs))
