"""Through what a move changes the outcome: stages between levers and outcome, and the change split over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.engine.evaluate import evaluate
from toc_model.engine.facets import Stage
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.statistics import decisions
from toc_model.statistics.shapley import shapley, subsets


@dataclass(frozen=True, slots=True, repr=False)
class Staged(Brief):
    """Stages of a move under one worldview.

    Attributes
    ----------
    beliefs : Beliefs
    allocation : str
        To which the move is.
    before, after : mapping of str to xarray.DataArray
        By the name of a stage's node, dims ``(draw,)``; and the arrival of what is valued, where the case counts delay.
    split : mapping of str to xarray.DataArray
        What each stage adds to the change of the outcome, dims ``(draw,)``; they add up to it.
    """

    beliefs: Beliefs
    allocation: str
    before: dict[str, xr.DataArray]
    after: dict[str, xr.DataArray]
    split: dict[str, xr.DataArray]

    def to_dict(self) -> dict[str, Any]:
        """Means before and after, and the part of the change, by stage; the arrival in years from the date."""
        stages = {
            name: {
                "before": decisions.figures(self.before[name]),
                "after": decisions.figures(self.after[name]),
                "change": decisions.figures(part),
            }
            for name, part in self.split.items()
        }
        arrivals = {
            name: {"before": decisions.figures(values), "after": decisions.figures(self.after[name])}
            for name, values in self.before.items()
            if name not in self.split
        }
        return {"allocation": self.allocation, "stages": stages, "arrival": arrivals}


def staged(beliefs: Beliefs, allocations: Allocations, to: str, *, progress: Progress | None = None) -> Staged:
    """Split the change of the outcome by a move over the stages of the case.

    Each stage's node is held at its values under the status quo or left as it is after the move, in all combinations;
    the parts are Shapley values, exact in every draw.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    to : str
        The allocation to which the move is.
    progress : callable, optional

    Raises
    ------
    InputError
        If the case has no stages, or a stage's node is itself held by an override.
    """
    case = beliefs.case
    if not case.stages:
        raise InputError(f"case {case.name}: has no stages that a change could be split over")
    both = allocations.only([to]).levers().sel(allocation=[allocations.status_quo, to])
    held = [stage.node for stage in case.stages]
    shown = [*held, *(stage.weights for stage in case.stages if stage.weights)]
    arrival = case.delay.node if case.delay else ""
    shown += [arrival] if arrival else []
    border = _border(beliefs.story, held, case.objective.node)
    found = beliefs.nodes_and_reference(both, dict.fromkeys([*shown, *border, case.objective.node]))
    before, after = (_means(found, case.stages, arrival, str(end)) for end in both["allocation"].values)
    sets = list(subsets(held))
    combined = _combined(beliefs, both, found, sets, border, progress)
    by_set = {chosen: combined.isel(allocation=place, drop=True) for place, chosen in enumerate(sets)}
    return Staged(beliefs, to, before, after, shapley(held, lambda chosen: by_set[chosen]))


def _border(story: Story, held: Sequence[str], outcome: str) -> list[str]:
    """Nodes that the outcome depends on beside the held ones, and that these do not move."""
    moved = frozenset().union(*(story.descendants(name) for name in held))
    between = [name for name in story.needed_for([outcome], known=held) if name in moved]
    parents = dict.fromkeys(parent for name in between for parent in story.nodes[name].parents)
    return [name for name in parents if name in story.nodes and name not in moved and name not in held]


def _combined(
    beliefs: Beliefs,
    both: xr.Dataset,
    found: xr.Dataset,
    sets: Sequence[frozenset[str]],
    border: Sequence[str],
    progress: Progress | None,
) -> xr.DataArray:
    """The outcome where the nodes of a set are as after the move and the others as before, dims ``(draw, allocation)``.

    The reference world stands first, as laws want it; what is returned lacks it.
    """
    story, outcome = beliefs.story, beliefs.case.objective.node
    before, after = (str(name) for name in both["allocation"].values)
    labels = [story.reference, *(f"set {place}" for place in range(len(sets)))]

    def whole(values: xr.DataArray, choose: Sequence[str]) -> xr.DataArray:
        if "allocation" not in values.dims:
            return values
        return values.sel(allocation=[story.reference, *choose]).assign_coords(allocation=labels)

    held = dict.fromkeys(name for chosen in sets for name in chosen)
    known = {name: whole(found[name], [after if name in chosen else before for chosen in sets]) for name in held}
    known |= {name: whole(found[name], [after] * len(sets)) for name in border}
    levers = both.sel(allocation=[after] * (len(sets) + 1)).assign_coords(allocation=labels)
    given = xr.Dataset(known)
    return evaluate(story, beliefs.parameters, levers, [outcome], known=given, progress=progress)[outcome].isel(
        allocation=slice(1, None)
    )


def _means(found: xr.Dataset, stages: Sequence[Stage], arrival: str, allocation: str) -> dict[str, xr.DataArray]:
    """Each stage under one allocation as one number a draw, places weighed."""

    def under(name: str) -> xr.DataArray:
        values = found[name]
        return values.sel(allocation=allocation, drop=True) if "allocation" in values.dims else values

    shown = {}
    for stage in stages:
        values = under(stage.node)
        places = [dim for dim in values.dims if dim != "draw"]
        shown[stage.node] = (values * under(stage.weights)).sum(places) if stage.weights else values
    if arrival:
        shown[arrival] = under(arrival)
    draws = xr.zeros_like(found["draw"], dtype=float)
    return {name: values + draws for name, values in shown.items()}
