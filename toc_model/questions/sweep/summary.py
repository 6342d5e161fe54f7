"""What all sets of draws come to together, and which allocations can't be told from the best."""

from collections.abc import Sequence
from itertools import chain, groupby

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.questions.sweep.plan import Place, Plan
from toc_model.questions.sweep.store import FIGURE_NAMES, FIGURES
from toc_model.questions.sweep.work import Job, beside_best
from toc_model.statistics import decisions
from toc_model.work.tasks import each

ERRORS = ("mcse", "change_mcse")
AS_GOOD = "as_good"
COLUMNS = (*(name for name in FIGURE_NAMES if name != "weight"), AS_GOOD)
"""Of the table, in order."""


def summary(job: Job, progress: Progress | None = None) -> xr.Dataset:
    """Figures of all allocations over all draws.

    Parameters
    ----------
    job : Job
        Whose chunks are all written.
    progress : callable, optional

    Returns
    -------
    xarray.Dataset
        ``mean``, ``q05``, ``q95`` and ``mcse`` of the outcome, ``change``, ``change_q05``, ``change_q95`` and
        ``change_mcse`` of its paired change from the status quo, ``share_better``, and ``as_good``: whether paired
        draws can't tell the mean from the best one; dims ``(worldview, mechanism, allocation)``. Quantiles are means
        over sets of those of each.
    """
    import zarr

    plan = job.plan
    figures = np.asarray(zarr.open_group(job.path, mode="r")[FIGURES][...])  # type: ignore[index]
    weights = _shares(figures[..., FIGURE_NAMES.index("weight")])
    found = {
        name: together(figures[..., place], weights, error=name in ERRORS)
        for place, name in enumerate(FIGURE_NAMES)
        if name != "weight"
    }
    found[AS_GOOD] = _as_good(job, found["mean"], weights, progress)
    dims = ("worldview", "mechanism", "allocation")
    return xr.Dataset({name: (dims, values) for name, values in found.items()}).assign_coords(plan.coords)


def _shares(weights: Floats) -> Floats:
    """What each set counts, shape ``(..., set, allocation)``, in all 1."""
    return np.asarray(weights / weights.sum(axis=-2, keepdims=True))


def together(figures: Floats, shares: Floats, *, error: bool = False) -> Floats:
    """A figure over all sets, from that of each: a mean; of independent errors, that of the mean.

    Parameters
    ----------
    figures, shares : array of shape (..., set, allocation)
    error : bool
    """
    if error:
        return np.asarray(np.sqrt(((shares * figures) ** 2).sum(axis=-2)))
    return np.asarray((shares * figures).sum(axis=-2))


def _as_good(job: Job, means: Floats, shares: Floats, progress: Progress | None) -> np.ndarray:
    """Which allocations are as good as the best, shape ``(worldview, mechanism, allocation)``."""
    plan = job.plan
    best = np.asarray(plan.case.objective.loss(means)).argmin(axis=-1)
    every = sorted(chain(*plan.chunks()), key=lambda place: (place.set, place.part))
    chunks = [tuple(same) for _, same in groupby(every, key=lambda place: (place.set, place.part))]
    tasks = [(places, tuple(int(best[one.worldview, one.mechanism]) for one in places)) for places in chunks]
    worse = np.empty((*shares.shape, 2))
    for places, told in zip(chunks, each(beside_best, job, tasks, progress=progress), strict=True):
        _put(plan, places, told, worse)
    mean, mcse = together(worse[..., 0], shares), together(worse[..., 1], shares, error=True)
    return np.asarray(mean <= decisions.still_as_good(0.0, xr.DataArray(mcse)).values)


def _put(plan: Plan, places: Sequence[Place], told: Sequence[Floats], into: Floats) -> None:
    for place, values in zip(places, told, strict=True):
        into[place.worldview, place.mechanism, place.set, plan.part(place.part)] = values
