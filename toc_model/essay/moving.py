"""What it takes to move people."""

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.facets import Moving
from toc_model.essay.dimensions import POOLS
from toc_model.statistics import averages
from toc_model.statistics.draws import difference


def people_moved(beliefs: Beliefs, allocations: Allocations) -> xr.DataArray:
    """People who work elsewhere than under the status quo, dims ``(allocation,)``, in FTE at the start.

    Headcounts are means over draws.
    """
    shares = allocations.levers()["buying_time_share"]
    people = xr.DataArray([float(averages.mean(beliefs.parameters[f"{pool}_now"])) for pool in POOLS], dims="pool")
    return abs(difference(shares, shares.sel(allocation=allocations.status_quo, drop=True))).dot(people)


PEOPLE = Moving("moved person", people_moved)
