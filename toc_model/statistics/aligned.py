"""Labels are meant: two arrays go together by the labels of what they share, or they do not go together.

Where both sides label a dim, the labels decide and their order does not matter; where one side has no labels, places
decide, and there must be as many.
"""

from collections.abc import Hashable, Iterable
from typing import cast

import pandas as pd
import xarray as xr

from toc_model.errors import InputError


def aligned[T: xr.DataArray | xr.Dataset](
    side: T, other: xr.DataArray | xr.Dataset, names: tuple[str, str], dims: Iterable[Hashable] | None = None
) -> T:
    """Bring one side into the order of another.

    Parameters
    ----------
    side, other : xarray.DataArray or xarray.Dataset
    names : pair of str
        What the sides are called in errors, such as ``("inputs", "the loss")``.
    dims : iterable of hashable, optional
        Along which they are to go together; all that both have by default.

    Returns
    -------
    xarray.DataArray or xarray.Dataset
        The side, as it is where nothing is out of order.

    Raises
    ------
    InputError
        If along a dim the sides are not as long, have different labels, or one has a label twice.
    """
    for dim in side.dims if dims is None else dims:
        if dim in side.dims and dim in other.dims:
            side = _along(side, other, names, dim)
    return side


def fail_if_twice(x: xr.DataArray | xr.Dataset, name: str, dim: Hashable) -> None:
    """Fail if a label stands twice, so that it says nothing about which is which."""
    labels = x.indexes.get(dim)
    if labels is not None and not labels.is_unique:
        raise InputError(f"{name}: found the {dim} {labels[labels.duplicated()][0]} twice; allowed: every label once")


def _along[T: xr.DataArray | xr.Dataset](
    side: T, other: xr.DataArray | xr.Dataset, names: tuple[str, str], dim: Hashable
) -> T:
    found, wanted = side.sizes[dim], other.sizes[dim]
    if found != wanted:
        raise InputError(f"{names[0]}: found {found} {_several(dim)}; allowed: {wanted}, as {names[1]} has")
    own, theirs = side.indexes.get(dim), other.indexes.get(dim)
    if own is None or theirs is None:
        return side
    for name, x in zip(names, (side, other), strict=True):
        fail_if_twice(x, name, dim)
    if own.equals(theirs):
        return side
    _fail_if_others(own, theirs, names, dim)
    return cast("T", side.isel({dim: own.get_indexer(theirs)}))


def _fail_if_others(own: pd.Index, theirs: pd.Index, names: tuple[str, str], dim: Hashable) -> None:
    strange = own[theirs.get_indexer(own) < 0]
    if len(strange):
        raise InputError(
            f"{names[0]}: found the {dim} {strange[0]}; allowed: the {_several(dim)} of {names[1]}, in any order"
        )


def _several(dim: Hashable) -> str:
    return "entries" if dim == "entry" else f"{dim}s"
