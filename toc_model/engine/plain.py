"""Plain evaluation: the laws on arrays with named dimensions, block by block; what a program is checked against."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.engine.laws import Quantity
from toc_model.engine.story import Story

BLOCK = 2**17
"""Points (draws times allocations) that are computed at a time: large enough to keep the overhead of named
dimensions small, small enough that the arrays of one law fit easily in memory."""

type Place = Mapping[str, slice | list[int]]


def run_plainly(
    story: Story,
    targets: Sequence[str],
    inputs: Mapping[str, xr.DataArray],
    sizes: Mapping[str, int],
    *,
    block: int = BLOCK,
    progress: Progress | None = None,
) -> dict[str, xr.DataArray]:
    """Compute nodes with named dimensions.

    Parameters
    ----------
    story : Story
    targets : sequence of str
    inputs : mapping of str to DataArray
        Without labels, the reference first among the allocations.
    sizes : mapping of str to int
        How many draws and allocations there are.
    block : int
        Points computed at a time. The result does not depend on it; memory does.
    progress : callable, optional
        Called with the number of blocks done and the number of all.
    """
    results: dict[str, xr.DataArray] = {}
    blocks = list(_blocks(sizes, block))
    with np.errstate(all="ignore"):
        for done, place in enumerate(blocks, start=1):
            for name, value in story.run(_cut(inputs, place), targets).items():
                _store(results, story.nodes[name].dims, name, value, place, sizes)
            if progress:
                progress(done, len(blocks))
    return results


def _blocks(sizes: Mapping[str, int], block: int) -> Iterator[Place]:
    """Cut draws and allocations into pieces; each piece of allocations is preceded by the reference, its anchor."""
    draws = max(1, min(sizes["draw"], block // 2))
    others = max(1, block // draws - 1)
    for first_draw in range(0, sizes["draw"], draws):
        for first in range(1, max(sizes["allocation"], 2), others):
            anchored = [0, *range(first, min(first + others, sizes["allocation"]))]
            yield {"draw": slice(first_draw, first_draw + draws), "allocation": anchored}


def _cut(inputs: Mapping[str, xr.DataArray], place: Place) -> dict[str, Quantity]:
    """Take a block of every input that varies over draws or allocations."""
    here: Mapping[Any, Any] = place
    return {
        name: values.isel({dim: here[dim] for dim in values.dims if dim in here}) for name, values in inputs.items()
    }


def _store(
    results: dict[str, xr.DataArray],
    dims: tuple[str, ...],
    name: str,
    value: Any,
    place: Place,
    sizes: Mapping[str, int],
) -> None:
    block = xr.DataArray(value)
    order = [dim for dim in ("draw", *dims) if dim in block.dims]
    if name not in results:
        results[name] = xr.DataArray(np.empty([sizes.get(dim, block.sizes[dim]) for dim in order]), dims=order)
    whole: Any = results[name].values
    whole[tuple(place.get(dim, slice(None)) for dim in order)] = block.transpose(*order).values
