"""Which allocations are better than which in a sample of draws; see `toc_model.statistics.resamples` for how sure."""

import xarray as xr

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
    mean, sd = loss.mean("draw"), loss.std("draw", ddof=1)
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
    values = loss.transpose("allocation", "draw").values[:, None]
    ordered = worst_first(values)
    names, found = loss["allocation"].values, (values, ordered, worst_means(ordered))
    return xr.Dataset(
        {name: (("allocation", "other"), dominates(one)[0]) for name, one in zip(KINDS, found, strict=True)},
        coords={"allocation": names, "other": names},
    )
