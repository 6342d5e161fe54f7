"""Levers of many allocations as one set of arrays."""

from collections.abc import Iterable, Mapping

import numpy as np
import xarray as xr

from toc_model.engine.story import Story


def levers_at(story: Story, base: xr.Dataset, moved: Mapping[str, np.ndarray], names: Iterable[str]) -> xr.Dataset:
    """Levers of many allocations that differ from one in some variables.

    Parameters
    ----------
    story : Story
    base : xarray.Dataset
        Levers of the one allocation that holds all else, dims ``(...)`` without ``allocation``.
    moved : mapping of str to array of shape (n,)
        Values of variables, by their names.
    names : iterable of str, length n
        What to call the allocations.

    Returns
    -------
    xarray.Dataset
        Dims ``(allocation, ...)``.
    """
    labels = list(names)
    many = base.expand_dims(allocation=labels).copy(deep=True)
    for name, values in moved.items():
        found = story.variable(name)
        many[found.lever.name].loc[found.at] = xr.DataArray(values, dims="allocation", coords={"allocation": labels})
    return many


def joined(*parts: xr.Dataset) -> xr.Dataset:
    """Levers of several sets of allocations, one after another."""
    return xr.concat(parts, dim="allocation", coords="minimal", compat="override")
