"""Whether a person of given talents is worth more in technical work or in buying time."""

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.dimensions import RESEARCHERS
from toc_model.essay.steps.worth import (
    buying_time,
    each_intervention,
    mixes_of,
    slopes_of,
    technical_work,
)
from toc_model.labels import made_as, without_draw_labels


def technical_less_buying_time(
    beliefs: Beliefs, allocations: Allocations, talent: xr.DataArray, own: xr.DataArray | None = None
) -> xr.Dataset:
    """By how much one person's technical work is worth more than buying time, at the margin of the status quo.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    talent : xarray.DataArray
        Latent technical talent, a standard normal, dims of one's own.
    own : xarray.DataArray, optional
        What the latent talent for buying time has for itself, likewise; by default people have the talent that goes
        with their technical talent on average.

    Returns
    -------
    xarray.Dataset
        ``gap`` and ``without_insight``, as if the field's insight stayed as it is; micro-dooms averted per FTE-year,
        dims ``(draw, ...)``.

    Raises
    ------
    InputError
        If an override holds what a person would change.
    """
    named = allocations.only([])
    slope = slopes_of(beliefs, named, named.status_quo)
    p = without_draw_labels(beliefs.parameters)
    mixes = mixes_of(named, named.status_quo)
    if own is None:
        bought = buying_time(p, slope, talent, mixes)
    else:
        shared = p["talent_correlation"]
        known = shared * talent + (1 - shared * shared) ** 0.5 * own
        bought = (each_intervention(p, slope, known) * mixes.isel(pool=RESEARCHERS, drop=True)).sum("intervention")
    gap = technical_work(p, slope, talent) - bought
    blind = technical_work(p, slope.assign(insight=0 * slope["insight"]), talent) - bought
    return xr.Dataset({"gap": gap, "without_insight": blind}).assign_coords(made_as(beliefs.parameters))
