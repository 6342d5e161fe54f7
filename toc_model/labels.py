"""Labels are meant: two arrays go together by the labels of what they share, or they do not go together.

Where both sides label a dim, the labels decide and their order does not matter; where one side has no labels, places
decide, and there must be as many.
"""

from collections.abc import Hashable, Iterable
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError

MADE = ("chain", "mixture_part", "camp_rank", "pool_member", "weight")
"""Coordinates along ``draw`` that say how draws were made: of which chain a draw is, which part of a mixture, what
rank it has among members of a camp, which draw of a pool was picked for it, and how many draws it stands for."""

SAVED_AS = {"chain": "chain_of_draw"}
"""What they are called in files, where ArviZ has a dim ``chain``."""


def made_as(x: xr.DataArray | xr.Dataset) -> dict[str, tuple[str, Any]]:
    """How draws were made, as coordinates for what is computed from them; none for independent ones."""
    return {name: ("draw", x[name].values) for name in MADE if name in x.coords and x[name].dims == ("draw",)}


def effective_draws(x: xr.DataArray | xr.Dataset) -> float | None:
    """How many draws that count alike those of ``x`` are worth; None where all count alike."""
    if "weight" not in made_as(x):
        return None
    weights = np.asarray(x["weight"].values, float)
    if np.ptp(weights) == 0:
        return None
    return worth(weights)


def worth(weights: Floats) -> float:
    """Draws that count alike and tell as much (Kish 1965): the square of the sum of weights over that of squares."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def without_draw_labels[T: xr.DataArray | xr.Dataset](x: T) -> T:
    """The same with draws that have places and no labels."""
    return cast("T", x.drop_vars([name for name, label in x.coords.items() if "draw" in label.dims]))


def placed(values: xr.DataArray, dim: str, labels: Any, where: str) -> xr.DataArray:
    """Put values into the order of some labels along one dim.

    Parameters
    ----------
    values : xarray.DataArray
        Without the dim it is the same everywhere along it, and returned as it is.
    dim : str
    labels : array-like of shape (n,) or None
        What the places along the dim are called; None where they have no names.
    where : str
        What the values are, for the message.

    Returns
    -------
    xarray.DataArray
        Without the coordinate of this dim.

    Raises
    ------
    InputError
        If both sides have labels and these differ, or one is there twice.
    """
    if dim not in values.dims or dim not in values.coords:
        return values
    bare = values.drop_vars(dim)
    if labels is None:
        return bare
    own, wanted = values.indexes[dim], pd.Index(np.asarray(labels))
    if own.equals(wanted):
        return bare
    if not own.is_unique or len(own) != len(wanted) or not own.isin(wanted).all():
        raise InputError(f"{where}: found {dim} {listed(own)}; allowed: {listed(wanted)}, in any order")
    return bare.isel({dim: own.get_indexer(wanted)})


def in_label_order[T: (xr.DataArray, xr.Dataset)](x: T) -> T:
    """Draws in the order of their labels, where they have some: in whatever order they came, estimates are the same."""
    if "draw" not in x.indexes:
        return x
    labels = x.indexes["draw"]
    order = (labels.map(str) if labels.dtype == object and labels.nlevels == 1 else labels).argsort()
    return x if (np.diff(order) == 1).all() else x.isel(draw=np.asarray(order))


SHOWN = 6
"""Labels that an error lists."""


def listed(labels: Any) -> str:
    """Labels in a message; of many the first ones, and how many there are."""
    names = [str(label) for label in np.asarray(labels).tolist()]
    return ", ".join(names) if len(names) <= SHOWN else f"{', '.join(names[:SHOWN])} ... ({len(names)} in all)"


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
        If along a dim the sides are not as long, have different labels, or one has a label twice; or draws of a side
        lie in several chains.
    """
    for one, name in zip((side, other), names, strict=True):
        fail_if_chains(one, name)
    for dim in side.dims if dims is None else dims:
        if dim in side.dims and dim in other.dims:
            side = _along(side, other, names, dim)
    return side


def fail_if_chains(x: xr.DataArray | xr.Dataset, name: str) -> None:
    """Fail if draws lie in several chains, along which nothing here goes."""
    if "chain" in x.dims:
        raise InputError(f"{name}: found the dim chain; allowed: draws in one row (stack chains and draws first)")


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
