"""Which allocation is the first by its regret over worldviews, and in what share of resamples of draws it is."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, in_label_order
from toc_model.statistics.draws import ROUNDING, fail_if_no_draws
from toc_model.statistics.resamples import LOW, RESAMPLES, told
from toc_model.statistics.standard_errors import design_of


def first_shares(
    losses: Sequence[xr.DataArray], weights: Sequence[float], *, resamples: int = RESAMPLES, seed: int = 0
) -> xr.Dataset:
    """In what share of resamples of draws an allocation has the least mean regret, and the least largest regret.

    Parameters
    ----------
    losses : sequence of xarray.DataArray
        Dims ``(draw, allocation)``, one a worldview; those with as many draws are resampled alike, for they share
        their random numbers.
    weights : sequence of float
        Of the worldviews.
    resamples : int
    seed : int
        Of the resamples.

    Returns
    -------
    xarray.Dataset
        ``mean`` and ``largest``, dims ``(allocation,)``; each adds up to one, since what ties but for rounding shares.

    Raises
    ------
    InputError
        If a loss is no finite number, worldviews have other allocations, or there is not one weight for each.
    """
    if not losses or len(weights) != len(losses):
        raise InputError(f"weights: found {len(weights)}; allowed: one for each of {len(losses)} worldviews")
    first = losses[0]
    means = []
    for place, loss in enumerate(losses, start=1):
        name = f"loss of worldview {place}"
        fail_if_no_draws(loss, name, "allocation")
        loss = in_label_order(loss)  # noqa: PLW2901
        own = aligned(loss, first, (name, "the first"), ["allocation"]).transpose("draw", "allocation").values
        means.append(design_of(loss).resamples(own, resamples, seed) @ own / len(own))
    table = np.stack(means)
    regret = table - table.min(axis=2, keepdims=True)
    size = float(np.abs(table).mean())
    found = {"mean": np.average(regret, axis=0, weights=list(weights)), "largest": regret.max(axis=0)}
    return xr.Dataset(
        {name: ("allocation", _firsts(one, size).mean(axis=0)) for name, one in found.items()},
        coords={"allocation": first["allocation"].values},
    )


def rivals(shares: xr.DataArray) -> list[str]:
    """What is not told apart from the likeliest first, the likelier one at the head; none where that is told.

    Parameters
    ----------
    shares : xarray.DataArray
        Dims ``(allocation,)``, such as `first_shares` gives.
    """
    order = shares.isel(allocation=np.argsort(-shares.values, kind="stable"))
    if told(float(order[0])) == "yes":
        return []
    names = [str(name) for name in order["allocation"].values]
    many = max(2, int((order >= LOW).sum()))
    return names[1:many]


def _firsts(values: Floats, size: float) -> Floats:
    """What part of being the least each option has in each sample; shape (samples, options)."""
    least = values <= values.min(axis=1, keepdims=True) + ROUNDING * size
    return np.asarray(least / least.sum(axis=1, keepdims=True))
