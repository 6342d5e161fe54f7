"""Which allocations are better than which in a sample of draws; see `toc_model.statistics.resamples` for how sure."""

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.statistics import averages
from toc_model.statistics.draws import fail_if_no_draws
from toc_model.statistics.resamples import KINDS, dominates, on_frontier, worst_first, worst_means


def mean_variance(loss: xr.DataArray) -> xr.Dataset:
    """Mean and spread of each allocation, and whether it is on the frontier: none has less of both.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``sd`` and ``efficient``, dims ``(allocation,)``. The frontier is that of these draws; how sure it is
        say `toc_model.statistics.resamples.frontier_shares`.
    """
    fail_if_no_draws(loss, "loss", "allocation")
    mean, sd = averages.mean(loss), averages.sd(loss, ddof=1)
    return xr.Dataset({"mean": mean, "sd": sd, "efficient": ("allocation", on_frontier(mean.values, sd.values))})


def dominance(loss: xr.DataArray) -> xr.Dataset:
    """Which allocations are better than which in these draws, whatever one's taste for risk.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``.

    Returns
    -------
    xarray.Dataset
        Dims ``(allocation, other)``, true where the allocation dominates the other: ``statewise`` (in no draw worse,
        in some better), ``first_order`` (at no quantile worse: better for all who want less loss) and
        ``second_order`` (in no mean of the worst draws worse: better for all of them who are averse to risk). How sure
        each is say `toc_model.statistics.resamples.dominance_shares`.
    """
    fail_if_no_draws(loss, "loss", "allocation")
    counted = averages.counting(loss)
    values, weights = counted.transpose("allocation", "draw").values[:, None], averages.weights_of(counted)
    ordered, widths = (worst_first(values), None) if weights is None else _in_places(values[:, 0], weights)
    names, found = loss["allocation"].values, (values, ordered, worst_means(ordered, widths))
    return xr.Dataset(
        {name: (("allocation", "other"), dominates(one)[0]) for name, one in zip(KINDS, found, strict=True)},
        coords={"allocation": names, "other": names},
    )


DECIMALS = 9
"""Of a draw that counts once: what is less wide is rounding."""


def _in_places(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Each option's losses, the largest first, in places that are no wider than a draw of any, and how wide these are.

    Parameters
    ----------
    values : array of shape (options, draws)
    weights : array of shape (draws,)

    Returns
    -------
    array of shape (options, 1, places)
    array of shape (places,)
    """
    order = np.argsort(-values, axis=1, kind="stable")
    ends = np.cumsum(weights[order], axis=1)
    bounds = np.unique(np.r_[0.0, np.round(ends, DECIMALS).ravel()])
    middles, last = (bounds[1:] + bounds[:-1]) / 2, values.shape[1] - 1
    places = [np.minimum(np.searchsorted(own, middles), last) for own in ends]
    ordered = np.stack([column[own[at]] for column, own, at in zip(values, order, places, strict=True)])
    return ordered[:, None], np.diff(bounds)
