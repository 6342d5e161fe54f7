"""One move under one worldview: the outcome before, its paired change, and what a delay may cost for it to pay."""

from dataclasses import dataclass
from typing import Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.evaluate import everywhere
from toc_model.statistics import decisions
from toc_model.statistics.break_even import BreakEven, break_even, relative_change


@dataclass(frozen=True, slots=True)
class Move:
    """What moving to an allocation changes.

    Attributes
    ----------
    beliefs : Beliefs
    before, change : xarray.DataArray
        The outcome under the status quo, and its paired change, dims ``(draw,)``.
    later : xarray.DataArray or None
        Paired change of the years by which what is left of the value comes later, dims ``(draw,)``; None where the
        case does not count delay.
    """

    beliefs: Beliefs
    before: xr.DataArray
    change: xr.DataArray
    later: xr.DataArray | None

    @property
    def break_even(self) -> BreakEven | None:
        """What a year of delay may cost for the move to pay."""
        if self.later is None:
            return None
        return break_even(self.beliefs.case.objective.loss(self.change), self.later)

    def to_dict(self) -> dict[str, Any]:
        """Its figures, in the unit of the outcome."""
        case = self.beliefs.case
        relative, error = relative_change(self.before, self.change)
        cost = self.break_even
        return {
            case.objective.node: decisions.figures(self.before),
            "change": decisions.figures(self.change),
            "relative": {"mean": relative, "mcse": error},
            "share_better": float((case.objective.loss(self.change) < 0).mean()),
            **({"break_even": cost.to_dict()} if cost else {}),
        }


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Nodes under some allocations and in the reference world.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    nodes : xarray.Dataset
        Dims ``(draw, allocation, ...)``, the reference among the allocations.
    """

    beliefs: Beliefs
    allocations: Allocations
    nodes: xr.Dataset

    def node(self, name: str) -> xr.DataArray:
        """A node with dims ``(draw, allocation)``, also where an override took one away; without the reference."""
        return everywhere(self.nodes[name], self.beliefs.parameters, self.allocations.levers())

    @property
    def outcome(self) -> xr.DataArray:
        """The objective, dims ``(draw, allocation)``."""
        return self.node(self.beliefs.case.objective.node)

    @property
    def later(self) -> xr.DataArray | None:
        """Years by which what is left of the value comes later than in the reference; dims ``(draw, allocation)``."""
        delay = self.beliefs.case.delay
        if delay is None:
            return None
        comes, first = self.nodes[delay.node], self.beliefs.story.reference
        since = comes.sel(allocation=first, drop=True) if "allocation" in comes.dims else comes
        found: xr.DataArray = (self.node(delay.node) - since) * delay.kept(self.outcome)
        return found

    def move(self, to: str) -> Move:
        """Moving from the status quo to an allocation."""
        quo, later = self.allocations.status_quo, self.later
        change = decisions.paired_change(self.outcome, quo).sel(allocation=to, drop=True)
        later_by = None if later is None else decisions.paired_change(later, quo).sel(allocation=to, drop=True)
        return Move(self.beliefs, self.outcome.sel(allocation=quo, drop=True), change, later_by)


def evaluated(
    beliefs: Beliefs, allocations: Allocations, nodes: tuple[str, ...] = (), *, progress: Progress | None = None
) -> Evaluated:
    """Evaluate the outcome, what delay is counted in, and other nodes under allocations.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    nodes : tuple of str
    progress : callable, optional
    """
    case = beliefs.case
    wanted = dict.fromkeys([case.objective.node, *([case.delay.node] if case.delay else []), *nodes])
    return Evaluated(beliefs, allocations, beliefs.nodes_and_reference(allocations.levers(), wanted, progress=progress))
