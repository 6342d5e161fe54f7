"""Levers of many allocations as one set of arrays."""

from collections.abc import Iterable, Mapping

import numpy as np
import xarray as xr

from toc_model.engine.story import Story
from toc_model.errors import InputError

ROUNDING = 1e-9
"""By how much values that add up to one may miss it."""


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


def with_others(story: Story, own: Mapping[str, float], moved: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Values of variables with those of others whose sum they share, which keep their proportions.

    Parameters
    ----------
    story : Story
    own : mapping of str to float
        All variables as they are without the move, by name.
    moved : mapping of str to array of shape (n,)
        Values of some, by name.

    Raises
    ------
    InputError
        If values that add up to one come to more.
    """
    found = dict(moved)
    for group in dict.fromkeys(story.variable(name).group for name in moved):
        row = [one.name for one in story.variables if one.group == group]
        others = [name for name in row if name not in moved]
        left = 1 - np.sum([moved[name] for name in row if name in moved], axis=0)
        if story.variable(row[0]).lever.sums_over and left.min() < -ROUNDING:
            raise InputError(f"{group}: found a sum of {1 - left.min():.4g}; allowed: 1 at most")
        now = np.array([own[name] for name in others])
        shares = now / now.sum() if now.sum() else np.full(len(others), 1 / max(len(others), 1))
        found |= {name: np.maximum(left, 0.0) * share for name, share in zip(others, shares, strict=True)}
    return found


def joined(*parts: xr.Dataset) -> xr.Dataset:
    """Levers of several sets of allocations, one after another."""
    return xr.concat(parts, dim="allocation", coords="minimal", compat="override")
