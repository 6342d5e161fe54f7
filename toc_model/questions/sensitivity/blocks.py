"""The outcomes for many rows of sources: block by block, for rows don't depend on each other."""

import xarray as xr

from toc_model.aliases import Progress
from toc_model.questions.sensitivity.inputs import Inputs
from toc_model.statistics.sensitivity.response import Model
from toc_model.work.tasks import each

ROWS = 2**12
"""Rows of a block."""


def in_blocks(inputs: Inputs, progress: Progress | None = None) -> Model:
    """What `Inputs.model_of_sources` gives, to the last bit, each block a task of its own.

    Parameters
    ----------
    inputs : Inputs
    progress : callable, optional
        Called with the number of blocks done and the number of all.
    """

    def model(sources: xr.DataArray) -> xr.DataArray:
        blocks = [sources.isel(draw=slice(first, first + ROWS)) for first in range(0, sources.sizes["draw"], ROWS)]
        return xr.concat(each(_outcomes, inputs, blocks, progress=progress), "draw")

    return model


def _outcomes(inputs: Inputs, sources: xr.DataArray) -> xr.DataArray:
    return inputs.model_of_sources(sources)
