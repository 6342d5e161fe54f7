"""Values that keep the names of what goes into a law, so that the law can be shown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from toc_model.engine.program.arithmetic import Arithmetic, CannotRecordError
from toc_model.engine.program.trees import Name, Number, Over, Table, Tree, applied, dims_of, placed


class Symbolic(Arithmetic):
    """A value that a law computes with, of which nothing is known but its name, or how it is made.

    Parameters
    ----------
    tree : Tree
    sizes : mapping of str to int
        How many places each dimension has.
    """

    __slots__ = ("_sizes", "_tree")

    def __init__(self, tree: Tree, sizes: Mapping[str, int]) -> None:
        self._tree, self._sizes = tree, sizes

    @property
    def tree(self) -> Tree:
        """How it is made."""
        return self._tree

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of its dimensions."""
        return dims_of(self._tree)

    def isel(self, indexers: Mapping[str, int]) -> "Symbolic":
        """One place along some dimensions; the first allocation is the reference, and there is no other."""
        tree = self._tree
        for dim, place in indexers.items():
            if dim == "allocation" and place != 0:
                raise CannotRecordError(f"found the place {place} along allocation; allowed: 0, the reference")
            tree = placed(tree, dim, range(self._sizes[dim])[place])
        return Symbolic(tree, self._sizes)

    def sum(self, dim: str, **_: Any) -> "Symbolic":
        """Sum along a dimension of places."""
        return self._over("add", dim)

    def max(self, dim: str) -> "Symbolic":
        """The largest along a dimension of places."""
        return self._over("larger", dim)

    def _over(self, operation: str, dim: str) -> "Symbolic":
        if dim not in self.dims or dim == "allocation":
            raise CannotRecordError(f"found a sum along {dim}; allowed: along dimensions of places")
        return Symbolic(Over(operation, dim, self._tree), self._sizes)

    def operate(self, operation: str, values: Sequence[Any]) -> "Symbolic":
        """The result of one of the laws' operators."""
        return Symbolic(applied(operation, *(tree_of(value) for value in values)), self._sizes)

    def join(self, values: Sequence[Any], dim: str) -> "Symbolic":
        """Values one after another, which no equation shows."""
        raise CannotRecordError(f"found {len(values)} values joined along {dim}; allowed: operations on each place")


def named(name: str, dims: tuple[str, ...], sizes: Mapping[str, int]) -> Symbolic:
    """A value of which the name is known."""
    return Symbolic(Name(name, dims), sizes)


def tree_of(value: Any) -> Tree:
    """How a value is made.

    Raises
    ------
    CannotRecordError
        If it is an array of which an equation can't say what stands where.
    """
    if isinstance(value, Symbolic):
        return value.tree
    if isinstance(value, xr.DataArray | np.ndarray) and value.ndim:
        if value.ndim > 1 or not isinstance(value, xr.DataArray):
            raise CannotRecordError("found an array; allowed: numbers, and arrays with one named dimension")
        return Table(str(value.dims[0]), tuple(value.values.tolist()))
    return Number(float(value))
