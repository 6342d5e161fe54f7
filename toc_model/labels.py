"""Labels are meant: arrays are put in the order of their labels, or refused; never by position where there are any."""

from typing import Any

import numpy as np
import xarray as xr

from toc_model.errors import InputError

SHOWN = 6
"""Labels that an error lists."""


def placed(values: xr.DataArray, dim: str, labels: Any, where: str) -> xr.DataArray:
    """Put values into the order of some labels along one dimension.

    Parameters
    ----------
    values : xarray.DataArray
        Without the dimension it is the same everywhere along it, and returned as it is.
    dim : str
    labels : array-like of shape (n,) or None
        What the places along the dimension are called; None where they have no names.
    where : str
        What the values are, for the message.

    Returns
    -------
    xarray.DataArray
        Without the coordinate of this dimension.

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
    found, wanted = np.asarray(values[dim].values), np.asarray(labels)
    if np.array_equal(found, wanted):
        return bare
    places = {label: place for place, label in enumerate(found.tolist())}
    if len(places) < len(found) or places.keys() != set(wanted.tolist()) or len(places) != len(wanted):
        raise InputError(f"{where}: found {dim} {listed(found)}; allowed: {listed(wanted)}, in any order")
    return bare.isel({dim: [places[label] for label in wanted.tolist()]})


def listed(labels: Any) -> str:
    """Labels in a message; of many the first ones, and how many there are."""
    names = [str(label) for label in np.asarray(labels).tolist()]
    return ", ".join(names) if len(names) <= SHOWN else f"{', '.join(names[:SHOWN])} ... ({len(names)} in all)"
