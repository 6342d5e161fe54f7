"""What workers do for a sweep: draw a set from its seed, evaluate a part of the allocations, and write both down."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.sets import in_set
from toc_model.labels import made_as
from toc_model.questions.sweep.plan import Place, Plan
from toc_model.questions.sweep.store import FIGURE_NAMES, read, write
from toc_model.statistics import averages, decisions
from toc_model.statistics.draws import difference
from toc_model.statistics.standard_errors import error_of_mean


@dataclass(frozen=True, slots=True)
class Job:
    """What all chunks of a sweep share.

    Attributes
    ----------
    plan : Plan
    path : Path
        Of the store, absolute.
    """

    plan: Plan
    path: Path


def done(job: Job, places: tuple[Place, ...]) -> int:
    """Compute and write some chunks of the same draws and allocations; how many they were."""
    plan = job.plan
    levers = plan.grid.levers(plan.part(places[0].part))
    for place in places:
        beliefs = _drawn(plan, place)
        outcome, figures = evaluated(plan, beliefs, levers)
        made = {name: np.asarray(values, float) for name, (_, values) in made_as(beliefs.parameters).items()}
        write(job.path, plan, place, outcome.values, figures, made)
    return len(places)


def _drawn(plan: Plan, place: Place) -> Beliefs:
    return in_set(plan.beliefs[place.worldview][place.mechanism], plan.sets, place.set)


def evaluated(plan: Plan, beliefs: Beliefs, levers: xr.Dataset) -> tuple[xr.DataArray, Floats]:
    """The outcome in a set of draws under a part of the allocations, and what both come to.

    Parameters
    ----------
    plan : Plan
    beliefs : Beliefs
        With the draws of the set.
    levers : xarray.Dataset
        Of the part, dims ``(allocation, ...)``.

    Returns
    -------
    outcome : xarray.DataArray
        Dims ``(draw, allocation)``.
    figures : array of shape (allocation, figure)
    """
    quo = plan.grid.levers(slice(0, 1))
    outcome = beliefs.outcome(levers, plan.node)
    before = beliefs.outcome(quo, plan.node).isel(allocation=0, drop=True)
    change = difference(outcome, before)
    better = averages.mean(plan.case.objective.loss(change) < 0)
    weight = beliefs.parameters["weight"].values.sum() if "weight" in beliefs.parameters.coords else beliefs.draws
    columns: dict[str, Any] = {
        **_told("", decisions.summary(outcome)),
        **_told("change_", decisions.summary(change)),
        "share_better": better.values,
        "weight": np.full(outcome.sizes["allocation"], float(weight)),
    }
    return outcome, np.stack([columns[name] for name in FIGURE_NAMES], axis=-1)


def _told(before: str, table: xr.Dataset) -> dict[str, Floats]:
    names = {"mean": before.removesuffix("_") or "mean"}
    return {names.get(str(name), f"{before}{name}"): table[name].values for name in table.data_vars}


def beside_best(job: Job, task: tuple[tuple[Place, ...], tuple[int, ...]]) -> list[Floats]:
    """How much worse than one allocation others are in some chunks: means and errors, shape (allocations, 2) each.

    Parameters
    ----------
    job : Job
        Whose chunks are all written.
    task : (tuple of Place, tuple of int)
        Chunks, and the place of the allocation for each.
    """
    loss, found = job.plan.case.objective.loss, []
    for place, best in zip(*task, strict=True):
        whole, one = read(job.path, job.plan, place, best)
        worse = difference(loss(whole), loss(one))
        found.append(np.stack([averages.mean(worse).values, error_of_mean(worse).values], axis=-1))
    return found
