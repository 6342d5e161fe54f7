"""Values that record what laws do with them: each place a number of a graph, and the same in the reference world."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from toc_model.engine.program.arithmetic import Arithmetic, CannotRecordError
from toc_model.engine.program.graph import ALLOCATION, DRAW, Graph, Input

type Pair = tuple[int, int]
"""A number under any allocation, and in the reference world."""


class Recorded(Arithmetic):
    """A value that a law computes with, and that remembers how.

    Parameters
    ----------
    graph : Graph
    pairs : array of object
        A `Pair` for each place.
    dims : tuple of str
        Of the array.
    varies : tuple of str
        Those of "draw" and "allocation" that the value has besides.
    """

    __slots__ = ("_dims", "_graph", "_pairs", "_varies")

    def __init__(self, graph: Graph, pairs: Any, dims: tuple[str, ...], varies: tuple[str, ...]) -> None:
        self._graph, self._pairs, self._dims, self._varies = graph, pairs, dims, varies

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of its dimensions."""
        return (*self._varies, *self._dims)

    @property
    def pairs(self) -> Any:
        """Numbers by place."""
        return self._pairs

    @property
    def varies(self) -> tuple[str, ...]:
        """Those of "draw" and "allocation" that it has."""
        return self._varies

    @property
    def places(self) -> tuple[str, ...]:
        """Dimensions besides draws and allocations."""
        return self._dims

    def isel(self, indexers: Mapping[str, int]) -> "Recorded":
        """One place along some dimensions; the first allocation is the reference, and there is no other."""
        found = self
        for dim, place in indexers.items():
            found = found._at(dim, place)
        return found

    def _at(self, dim: str, place: int) -> "Recorded":
        if dim == "allocation":
            if place != 0 or "allocation" not in self._varies:
                raise CannotRecordError(f"found the place {place} along allocation; allowed: 0, the reference")
            return Recorded(
                self._graph, _each(lambda pair: (pair[1], pair[1]), self._pairs), self._dims, _less(self._varies)
            )
        if dim not in self._dims:
            raise CannotRecordError(f"found one place along {dim}; allowed: along dimensions of places")
        axis = self._dims.index(dim)
        taken = np.empty(self._pairs.shape[:axis] + self._pairs.shape[axis + 1 :], object)
        taken[...] = self._pairs.take(place, axis=axis)
        return Recorded(self._graph, taken, self._dims[:axis] + self._dims[axis + 1 :], self._varies)

    def sum(self, dim: str, **_: Any) -> "Recorded":
        """Sum along a dimension of places."""
        return self._reduced("add", dim)

    def max(self, dim: str) -> "Recorded":
        """The largest along a dimension of places."""
        return self._reduced("larger", dim)

    def _reduced(self, operation: str, dim: str) -> "Recorded":
        if dim not in self._dims:
            raise CannotRecordError(f"found a sum along {dim}; allowed: along dimensions of places")
        size = self._pairs.shape[self._dims.index(dim)]
        found = self._at(dim, 0)
        for place in range(1, size):
            found = _operated(self._graph, operation, (found, self._at(dim, place)))
        return found

    def operate(self, operation: str, values: Sequence[Any]) -> "Recorded":
        """The result of one of the laws' operators."""
        return _operated(self._graph, operation, values)

    def join(self, values: Sequence[Any], dim: str) -> "Recorded":
        """Values one after another along a dimension that all have."""
        axis = self._dims.index(dim)
        alike = [_aligned(self._graph, value, self._dims, self._pairs.shape[:axis], dim) for value in values]
        varies = _ordered(mark for value in values for mark in _marks(value))
        return Recorded(self._graph, np.concatenate(alike, axis=axis), self._dims, varies)


def given(graph: Graph, name: str, values: xr.DataArray, *, varies: tuple[str, ...]) -> Recorded:
    """A value that goes in: a number for each of its places.

    Parameters
    ----------
    graph : Graph
    name : str
    values : xarray.DataArray
        Whose dimensions and sizes it has.
    varies : tuple of str
        Those of "draw" and "allocation" along which it varies.
    """
    dims = tuple(str(dim) for dim in values.dims if dim not in ("draw", "allocation"))
    mark = DRAW * ("draw" in varies) + ALLOCATION * ("allocation" in varies)

    def number(place: tuple[int, ...]) -> Pair:
        one = graph.given(Input(name, place), mark)
        if not mark & ALLOCATION:
            return one, one
        return one, graph.given(Input(name, place, of_reference=True), mark & DRAW)

    return Recorded(graph, _filled([values.sizes[dim] for dim in dims], number), dims, varies)


def known(graph: Graph, values: xr.DataArray, of_reference: xr.DataArray | None = None) -> Recorded:
    """A value whose numbers are all known: under any allocation, and in the reference world where that is another."""
    dims = tuple(str(dim) for dim in values.dims)
    other = values if of_reference is None else of_reference

    def number(place: tuple[int, ...]) -> Pair:
        return graph.constant(values.values[place].item()), graph.constant(other.values[place].item())

    varies = () if of_reference is None else ("allocation",)
    return Recorded(graph, _filled(list(values.shape), number), dims, varies)


def _filled(shape: Sequence[int], number: Callable[[tuple[int, ...]], Pair]) -> Any:
    found = np.empty(shape, object)
    for place in product(*map(range, shape)):
        found[place] = number(place)
    return found


def _each(change: Callable[[Pair], Pair], pairs: Any) -> Any:
    found = np.empty(pairs.shape, object)
    for place in product(*map(range, pairs.shape)):
        found[place] = change(pairs[place])
    return found


def _less(varies: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dim for dim in varies if dim != "allocation")


def _marks(value: Any) -> tuple[str, ...]:
    return value.varies if isinstance(value, Recorded) else ()


def _ordered(marks: Iterable[str]) -> tuple[str, ...]:
    found = set(marks)
    return tuple(mark for mark in ("draw", "allocation") if mark in found)


def _operated(graph: Graph, operation: str, values: Sequence[Any]) -> Recorded:
    """An operation at each place of values that are spread out along each other's dimensions."""
    dims: dict[str, int] = {}
    for value in values:
        for dim, size in _sizes(value).items():
            if dims.setdefault(dim, size) != size:
                raise CannotRecordError(f"found {size} places along {dim}; allowed: {dims[dim]}")
    spread = [_aligned(graph, value, tuple(dims), tuple(dims.values())) for value in values]
    found = np.empty(tuple(dims.values()), object)
    for place in product(*map(range, found.shape)):
        pairs = [value[place] for value in spread]
        anywhere = graph.apply(operation, *(pair[0] for pair in pairs))
        same = all(first == second for first, second in pairs)
        found[place] = anywhere, anywhere if same else graph.apply(operation, *(pair[1] for pair in pairs))
    return Recorded(graph, found, tuple(dims), _ordered(mark for value in values for mark in _marks(value)))


def _sizes(value: Any) -> dict[str, int]:
    if isinstance(value, Recorded):
        return dict(zip(value.places, value.pairs.shape, strict=True))
    if isinstance(value, xr.DataArray):
        return {str(dim): size for dim, size in value.sizes.items()}
    if isinstance(value, np.ndarray) and value.ndim:
        raise CannotRecordError("found an array without names of dimensions; allowed: floats, and arrays with names")
    return {}


def _aligned(graph: Graph, value: Any, dims: tuple[str, ...], shape: Sequence[int], free: str = "") -> Any:
    """Pairs of a value along dimensions of others, in their order; as long as it is along one that is free."""
    if isinstance(value, xr.DataArray):
        value = known(graph, value)
    if not isinstance(value, Recorded):
        constant = graph.constant(value)
        found = np.empty(tuple(shape), object)
        for place in product(*map(range, found.shape)):
            found[place] = (constant, constant)
        return found
    order = [value.places.index(dim) for dim in dims if dim in value.places]
    pairs = value.pairs.transpose(order) if order else value.pairs
    for axis, dim in enumerate(dims):
        if dim not in value.places:
            pairs = np.expand_dims(pairs, axis)
    return pairs if free else np.broadcast_to(pairs, tuple(shape))
