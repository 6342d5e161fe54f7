"""``toc optimise``: the best allocation under stated beliefs: what to free, what to hold, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocation, Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.engine.facets import Objective
from toc_model.engine.value import DelayCost
from toc_model.engine.value import delay_cost as cost_of_delay
from toc_model.errors import InputError
from toc_model.labels import effective_draws
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.optimise import words
from toc_model.questions.optimise.search import Fit, Kind, fit, halved
from toc_model.questions.optimise.space import LeverSpace, lever_space
from toc_model.questions.run.moves import evaluated
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    import pandas as pd

SMALLEST_TAIL = 10
"""Draws that a mean of the worst must have."""
NAME = "optimum"


@dataclass(frozen=True, slots=True, repr=False)
class BestAllocation(Result):
    """The best allocation that was found, and how good it is on draws that did not choose it.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    allocations : Allocations
    kind : str
        Objective: "mean", "cvar", "worst" (worldview) or "regret" (largest over worldviews).
    level : float
        Of CVaR.
    space : LeverSpace
    fit : Fit
    judged : tuple of xarray.DataArray
        The outcome on the judging draws, one array a worldview, dims ``(draw, allocation)`` with the status quo, the
        base if it is another, and the optimum.
    counted : tuple of xarray.DataArray
        The same with what delay costs; none where nothing is said of that.
    base, name : str
        Of the allocation that was to be improved, and of the optimum.
    limits : dict
        Bounds and budget.
    cost : DelayCost or None
        What the caller says that a period of delay costs.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    kind: Kind
    level: float
    space: LeverSpace
    fit: Fit
    judged: tuple[xr.DataArray, ...]
    base: str
    name: str
    limits: dict[str, Any]
    counted: tuple[xr.DataArray, ...] = ()
    cost: DelayCost | None = None

    @property
    def objective(self) -> Objective:
        """The outcome that is valued."""
        return self.allocations.case.objective

    @property
    def description(self) -> str:
        """What the optimum is the best of, in words."""
        return words.best_of(self)

    def allocation(self) -> Allocation:
        """The optimum as an allocation."""
        return self.space.allocation(self.fit.x, self.description)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc optimise --json`` prints them, in the units of levers and outcome."""
        return {
            "worldviews": [beliefs.worldview for beliefs in self.beliefs],
            "objective": {"kind": self.kind, "level": self.level if self.kind == "cvar" else None},
            "base": self.base,
            "optimum": dict(self.allocation().values),
            "as_good": {name: list(ends) for name, ends in self.fit.extent.items()},
            "limits": self.limits,
            "starts": {"all": self.fit.starts, "as_good": self.fit.agreeing},
            "gain": {
                "fitted": self.fit.gain_fitted,
                "judged": self.fit.gain_judged,
                "optimisers_curse": self.fit.curse,
            },
            "judged": {
                found.worldview: self._judgement(outcome)
                for found, outcome in zip(self.beliefs, self.judged, strict=True)
            },
            **({"with_delay": self._with_delay(self.cost)} if self.cost else {}),
            "rests_on": [beliefs.rests_on() for beliefs in self.beliefs],
            "provenance": [beliefs.provenance() for beliefs in self.beliefs],
        }

    def _with_delay(self, cost: DelayCost) -> dict[str, Any]:
        pairs = zip(self.beliefs, self.counted, strict=True)
        judged = {found.worldview: self._judgement(outcome) for found, outcome in pairs}
        return {"delay_cost": cost.to_dict(), "judged": judged}

    def _judgement(self, outcome: xr.DataArray) -> dict[str, Any]:
        change = decisions.paired_change(outcome, self.base).sel(allocation=self.name)
        return {
            "draws": outcome.sizes["draw"],
            **({} if (worth := effective_draws(outcome)) is None else {"effective_draws": worth}),
            self.objective.node: {
                str(name): float(averages.mean(outcome.sel(allocation=name))) for name in outcome["allocation"].values
            },
            "change": decisions.figures(change),
            "share_better": float(decisions.paired_effect(self.objective.loss(change))["share_better"]),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each free variable: its value under the base and at the optimum, and the ends of those as good."""
        import pandas as pd

        values = zip(self.space.free, *map(self.space.values, (self.space.start, self.fit.x)), strict=True)
        rows = {
            name: {self.base: now, self.name: best, "as_good_from": ends[0], "as_good_to": ends[1]}
            for name, now, best in values
            for ends in [self.fit.extent[name]]
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("lever")

    def section(self) -> Section:
        """The optimum with all that is as good, the gain, the optimiser's curse, and what it rests on."""
        return words.section(self)

    def about(self) -> str:
        """What it is the best of."""
        return self.description


def optimise(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    kind: Kind = "mean",
    level: float = decisions.LEVEL,
    free: Sequence[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
    at_most_moved: float | None = None,
    base: str | None = None,
    starts: int = 4,
    seed: int = 1,
    delay_cost: float | None = None,
    progress: Progress | None = None,
) -> BestAllocation:
    """Find the allocation that is best under some beliefs.

    It is fitted on one half of the draws and judged on the other; then the halves change places, which tells how much
    of the gain was the optimiser's curse.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One for "mean" and "cvar"; several worldviews for "worst" and "regret".
    allocations : Allocations
        Has the status quo and the base.
    kind : str
        "mean", "cvar", "worst" or "regret".
    level : float
        Share of draws that are not among the worst, for "cvar".
    free : sequence of str
        Variables, or groups of those that add up to one, that may change; all by default.
    bounds : mapping of str to (low, high), optional
        By free variable, in its own unit.
    at_most_moved : float, optional
        Largest sum of the absolute changes from the base of all variables of levers without a sum, in their unit
        (for fractions .2 is twenty percentage points).
    base : str, optional
        The allocation that is to be improved and that holds what is not free; the status quo by default.
    starts : int
        Random starts, besides the base.
    seed : int
        Of the random starts.
    delay_cost : float, optional
        Share of what there is to lose that a period of delay costs; what is made best is then the outcome with that.
    progress : callable, optional

    Raises
    ------
    InputError
        If a name is unknown, a bound no range, the budget infeasible, there are fewer than 100 draws, the kind does
        not go with the number of worldviews, or the cost of delay is no share or of a case without delay.
    """
    cost = cost_of_delay(allocations.case, delay_cost)
    fail_if_twice(beliefs)
    _fail_if_wrong_number(kind, len(beliefs))
    base = base or allocations.status_quo
    space = lever_space(allocations.case.story, free, allocations.one(base).named[base])
    region = space.region(bounds or {}, at_most_moved)
    region.corner(0 * space.start)
    halves = halved(beliefs)
    tail = (1 - level) * halves[0][0].sizes["draw"]
    if kind == "cvar" and round(tail, 6) < SMALLEST_TAIL:
        raise InputError(f"level: found {level:g}, which leaves {tail:.3g} draws; allowed: {SMALLEST_TAIL} or more")
    found = fit(
        space, region, beliefs, halves, kind=kind, level=level, starts=starts, seed=seed, progress=progress, cost=cost
    )
    name = NAME if base != NAME else f"new {NAME}"
    best = space.allocation(found.x, "")
    shown = allocations.one(base)
    judged = [
        evaluated(replace(one, parameters=draws), replace(shown, named={**shown.named, name: best}))
        for one, draws in zip(beliefs, halves[1], strict=True)
    ]
    return BestAllocation(
        beliefs=tuple(beliefs),
        allocations=allocations,
        kind=kind,
        level=level,
        space=space,
        fit=found,
        judged=tuple(one.outcome for one in judged),
        base=base,
        name=name,
        limits={"bounds": {k: list(v) for k, v in (bounds or {}).items()}, "at_most_moved": at_most_moved},
        counted=tuple(cost.counted(one.outcome, one.later) for one in judged) if cost else (),
        cost=cost,
    )


def _fail_if_wrong_number(kind: Kind, worldviews: int) -> None:
    if kind in ("worst", "regret") and worldviews < 2:
        raise InputError(f"objective {kind}: found one worldview; allowed: several (--also names more)")
    if kind in ("mean", "cvar") and worldviews != 1:
        raise InputError(
            f"objective {kind} rests on one worldview: found {worldviews}; allowed: a mixture of them, or the "
            "objectives worst and regret"
        )
