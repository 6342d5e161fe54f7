"""One move under one worldview: the outcome before, its paired change, and what a delay may cost for it to pay."""

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.evaluate import everywhere
from toc_model.engine.facets import Objective
from toc_model.engine.value import DelayCost
from toc_model.labels import MADE, made_as, without_draw_labels
from toc_model.statistics import averages, decisions
from toc_model.statistics.break_even import BreakEven, break_even, relative_change
from toc_model.statistics.draws import alike, difference


@dataclass(frozen=True, repr=False)
class Move(Brief):
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

    @cached_property
    def break_even(self) -> BreakEven | None:
        """What a year of delay may cost for the move to pay."""
        if self.later is None:
            return None
        return break_even(self.beliefs.case.objective.loss(self.change), self.later)

    def counted(self, cost: DelayCost) -> xr.DataArray:
        """Paired change of the outcome with what its delay costs, dims ``(draw,)``."""
        found: xr.DataArray = cost.counted(self.change, self.later)
        return found

    def counted_figures(self, cost: DelayCost) -> dict[str, Any]:
        """The figures of that change, and in how many draws it is for the better."""
        found = self.counted(cost)
        return {"change": decisions.figures(found), "share_better": _better(cost.objective, found)}

    def to_dict(self) -> dict[str, Any]:
        """Its figures, in the unit of the outcome."""
        return deepcopy(self._figures)

    @cached_property
    def _figures(self) -> dict[str, Any]:
        case = self.beliefs.case
        relative, error = relative_change(self.before, self.change)
        cost = self.break_even
        return {
            case.objective.node: decisions.figures(self.before),
            "change": decisions.figures(self.change),
            "relative": {"mean": relative, "mcse": error} if math.isfinite(relative) else {"mean": None, "mcse": None},
            "share_better": _better(case.objective, self.change),
            **({"break_even": cost.to_dict()} if cost else {}),
        }


@dataclass(frozen=True, repr=False)
class Evaluated(Brief):
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
        return everywhere(self.nodes[name], self.beliefs.parameters, self._levers)

    @cached_property
    def _levers(self) -> xr.Dataset:
        return self.allocations.levers()

    @cached_property
    def outcome(self) -> xr.DataArray:
        """The objective, dims ``(draw, allocation)``."""
        return self.node(self.beliefs.case.objective.node)

    @cached_property
    def later(self) -> xr.DataArray | None:
        """Years by which what is left of the value comes later than in the reference; dims ``(draw, allocation)``."""
        delay = self.beliefs.case.delay
        if delay is None:
            return None
        comes, first = self.nodes[delay.node], self.beliefs.story.reference
        since = comes.sel(allocation=first, drop=True) if "allocation" in comes.dims else comes
        found: xr.DataArray = delay.later(self.node(delay.node), since, self.outcome)
        return found

    @property
    def elsewhere(self) -> xr.DataArray | None:
        """The objective in the reference world, dims ``(draw,)``, where that is not the status quo."""
        anchor, quo = self.beliefs.anchor.isel(allocation=0, drop=True), self.allocations.status_quo
        today = self._levers.sel(allocation=quo, drop=True)
        if all(bool(alike(today[name], anchor[name]).all()) for name in today):
            return None
        found = self.nodes[self.beliefs.case.objective.node]
        return found.sel(allocation=self.beliefs.story.reference, drop=True) if "allocation" in found.dims else found

    def counted_as(self, beliefs: Beliefs) -> "Evaluated":
        """The same under beliefs of the same draws, which count for more or less there."""
        made = made_as(beliefs.parameters)
        bare = self.nodes.drop_vars([name for name in MADE if name in self.nodes.coords])
        return Evaluated(beliefs, self.allocations, bare.assign_coords(made) if "draw" in bare.dims else bare)

    def move(self, to: str) -> Move:
        """Moving from the status quo to an allocation."""
        quo, later = self.allocations.status_quo, self.later
        before, change = _paired(self.outcome, quo, to)
        return Move(self.beliefs, before, change, None if later is None else _paired(later, quo, to)[1])


def _better(objective: Objective, change: xr.DataArray) -> float:
    """The share of draws in which a change is for the better."""
    return float(averages.mean(objective.loss(change) < 0))


def _paired(values: xr.DataArray, before: str, after: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Values under one allocation, and by how much those under another differ, dims ``(draw,)``."""
    first = values.sel(allocation=before, drop=True)
    return first, difference(values.sel(allocation=after, drop=True), first)


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
    wanted = dict.fromkeys([*_valued(beliefs.case), *nodes])
    found = beliefs.nodes_and_reference(allocations.levers(), wanted, progress=progress)
    return Evaluated(beliefs, allocations, found)


def _valued(case: Case) -> list[str]:
    """The outcome, and what delay is counted in."""
    return [case.objective.node, *([case.delay.node] if case.delay else [])]


def moves_under(
    beliefs: Sequence[Beliefs], allocations: Allocations, to: str, *, progress: Progress | None = None
) -> list[Move]:
    """The same move under several worldviews; draws of those that share a story and a reference are evaluated together.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        Of one case.
    allocations : Allocations
    to : str
    progress : callable, optional
    """
    groups: dict[object, list[Beliefs]] = {}
    for one in beliefs:
        groups.setdefault(_world(one), []).append(one)
    found = {
        id(one): move
        for group in groups.values()
        for one, move in zip(group, _together(group, allocations, to, progress), strict=True)
    }
    return [found[id(one)] for one in beliefs]


def _world(beliefs: Beliefs) -> object:
    """What beliefs that are evaluated together share: interventions by numbers alone, and the reference."""
    edits = tuple(edit.text for edit in beliefs.story.edits)
    if any(text.endswith("=array") for text in edits):
        return id(beliefs)
    anchor = tuple(float(value) for name in beliefs.anchor for value in beliefs.anchor[name].values.ravel())
    return beliefs.story.modules, beliefs.story.rivals, edits, anchor


def _together(beliefs: Sequence[Beliefs], allocations: Allocations, to: str, progress: Progress | None) -> list[Move]:
    one_move, first = allocations.compared(to), beliefs[0]
    bare = [without_draw_labels(one.parameters) for one in beliefs]
    together = xr.concat(bare, dim="draw").assign_coords(draw=np.arange(sum(one.draws for one in beliefs)))
    whole = evaluated(replace(first, parameters=together), one_move, progress=progress)
    found, start = [], 0
    for one in beliefs:
        part = whole.nodes.isel(draw=slice(start, start + one.draws))
        labelled = part.assign_coords({"draw": one.parameters["draw"], **made_as(one.parameters)})
        found.append(Evaluated(one, one_move, labelled).move(to))
        start += one.draws
    return found
