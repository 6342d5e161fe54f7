"""What statistics take: draws in one row, each of them a finite number, and differences that are more than rounding."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, fail_if_chains, fail_if_twice
from toc_model.statistics.averages import weighed_alike, weights_of

ROUNDING = 1e-12
"""Of two figures that should be the same, the share of their size by which computing them may set them apart."""
NAMED = 3
"""Options that an error names."""


def fail_if_unfit(x: xr.DataArray | xr.Dataset, name: str) -> None:
    """Fail if draws lie in several chains, or there are none, a label stands twice, or a value is no finite number.

    Parameters
    ----------
    x : xarray.DataArray or xarray.Dataset
    name : str
        What it is called in errors.

    Raises
    ------
    InputError
        Naming the options that lack a number, and in how many draws they do.
    """
    fail_if_chains(x, name)
    for needed in ("draw", "allocation"):
        if x.sizes.get(needed) == 0:
            raise InputError(f"{name}: found no {needed}s; allowed: one or more")
    for dim in x.dims:
        fail_if_twice(x, name, dim)
    for key, values in x.data_vars.items() if isinstance(x, xr.Dataset) else [(name, x)]:
        fail_if_not_finite(values, str(key))


def fail_if_no_draws(x: xr.DataArray, name: str, *others: str) -> None:
    """Fail if a quantity has no draws or lacks another dim, or is unfit in any other way: see `fail_if_unfit`."""
    fail_if_unfit(x, name)
    for dim in ("draw", *others):
        if dim not in x.dims:
            found = tuple(map(str, x.dims)) or "no dims"
            raise InputError(f"{name}: found {found}; allowed: an array with the dim {dim}")


def fail_if_not_finite(values: xr.DataArray, name: str) -> None:
    """Fail if a value is not a finite number, naming the options that lack one, and in how many draws they do."""
    if values.dtype.kind not in "biuf":
        raise InputError(f"{name}: found values of the type {values.dtype}; allowed: numbers")
    good = np.isfinite(values.values)
    if good.all():
        return
    bad = values.copy(data=~good)
    counts = bad.sum("draw") if "draw" in bad.dims else bad.astype(int)
    lacking = [(_place(one), int(one)) for one in _places(counts) if int(one)]
    draws = values.sizes.get("draw")
    said = [f"in {count} of {draws} draws{place}" if draws else f"once{place}" for place, count in lacking[:NAMED]]
    more = [f"and for {len(lacking) - NAMED} more"] if len(lacking) > NAMED else []
    raise InputError(f"{name}: found a value that is not a finite number {', '.join([*said, *more])}; allowed: none")


def fail_if_not_so(so: xr.DataArray, name: str) -> None:
    """Fail if what should be so or not so in each draw, true or false, 1 or 0, is anything else."""
    other = so.values[(so.values != 0) & (so.values != 1)]
    if other.size:
        raise InputError(f"{name}: found {float(other[0]):g}; allowed: true or false, 1 or 0")


def _places(counts: xr.DataArray) -> list[xr.DataArray]:
    if not counts.dims:
        return [counts]
    every: Any = counts.stack(place=counts.dims, create_index=False)
    return [every.isel(place=place) for place in range(every.sizes["place"])]


def _place(one: xr.DataArray) -> str:
    labels = [str(one[dim].item()) for dim in one.coords if one[dim].ndim == 0]
    return f" of {';'.join(labels)}" if labels else ""


# Rounding ---------------------------------------------------------------------------------------------------------


def difference(x: xr.DataArray, y: xr.DataArray, names: tuple[str, str] = ("one", "the other")) -> xr.DataArray:
    """One quantity less another in the same draw; zero where what is left is only rounding.

    Parameters
    ----------
    x, y : xarray.DataArray
        Paired: they go together by their labels.
    names : pair of str
        What they are called in errors.

    Raises
    ------
    InputError
        If they are of other draws or options, or of draws with other weights, or a value is no finite number.
    """
    for one, name in zip((x, y), names, strict=True):
        fail_if_unfit(one, name)
    x, y = weighed_alike(x, aligned(y, x, (names[1], names[0])), names)
    found = x - y
    if x.dims != y.dims:
        return found.where(~alike(x, y), 0.0)
    size = abs(y.values)
    return found.copy(data=np.where(abs(found.values) <= ROUNDING * (size + size.mean()), 0.0, found.values))


def alike(x: xr.DataArray, y: xr.DataArray) -> xr.DataArray:
    """Where one quantity is the same as another but for rounding; they go together as they stand."""
    same: xr.DataArray = abs(x - y) <= rounding(y)
    return same


def nearly_nil(sum_of: xr.DataArray | Floats) -> bool:
    """Whether what adds up cancels out: a sum or mean that is zero but for rounding; draws count by their weights."""
    weights = weights_of(sum_of) if isinstance(sum_of, xr.DataArray) else None
    values = np.asarray(sum_of) if weights is None else np.asarray(sum_of * xr.DataArray(weights, dims="draw"))
    return bool(abs(values.mean()) <= ROUNDING * abs(values).mean())


def rounding(x: xr.DataArray) -> xr.DataArray:
    """What a figure may differ by and be the same: a share of its size, or of what such figures usually are."""
    found: xr.DataArray = ROUNDING * (abs(x) + float(abs(x).mean()))
    return found


def varies(values: Floats) -> NDArray[np.bool_]:
    """Whether values differ along the first axis by more than rounding, shape (...)."""
    return np.asarray(np.ptp(values, axis=0) > ROUNDING * np.abs(values).max(axis=0))
