"""What a task is: a digest of all that its outcome depends on."""

import dataclasses
import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel

PACKAGE = Path(__file__).parents[1]
PACKAGES = ("numpy", "scipy", "xarray", "pandas", "pymc", "nutpie")
"""Other versions of these may come to other numbers."""


def fingerprint(*things: Any) -> str:
    """SHA-256 of things by their contents; the same in every process, and another where this package's code is.

    Parameters
    ----------
    *things
        Numbers, texts, arrays, tables, functions and modules by their names and code, and what is made of them:
        mappings, sequences, sets, dataclasses, documents.

    Raises
    ------
    TypeError
        For anything else.
    """
    found = hashlib.sha256(code().encode())
    for part in _parts(things):
        found.update(len(part).to_bytes(8))
        found.update(part)
    return found.hexdigest()


@cache
def code() -> str:
    """Digest of this package's code, and of the versions of what it counts with."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(path.read_bytes())
    found.update(repr([metadata.version(name) for name in PACKAGES]).encode())
    return found.hexdigest()


def _parts(thing: Any) -> Iterator[bytes]:
    """A thing as bytes, its kind first."""
    yield type(thing).__name__.encode()
    for kinds, told in _KINDS:
        if isinstance(thing, kinds):
            yield from told(thing)
            return
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        yield from _parts({one.name: getattr(thing, one.name) for one in dataclasses.fields(thing) if one.compare})
        return
    if not callable(thing) or not hasattr(thing, "__qualname__"):
        raise TypeError(f"found {type(thing).__name__}, whose contents have no digest")
    yield from _function(thing)


def _array(array: np.ndarray) -> Iterator[bytes]:
    yield repr((array.dtype.str, array.shape)).encode()
    if array.dtype == object:
        yield from _parts(array.ravel().tolist())
    else:
        yield np.ascontiguousarray(array).tobytes()


def _labelled(array: xr.DataArray) -> Iterator[bytes]:
    yield from _parts([array.dims, array.values, {str(name): array[name].variable.values for name in array.coords}])


def _dataset(table: xr.Dataset) -> Iterator[bytes]:
    yield from _parts({str(name): table[name] for name in table.variables})


def _mapping(table: Mapping[Any, Any]) -> Iterator[bytes]:
    yield from _parts([[key, value] for key, value in table.items()])


def _sequence(things: Sequence[Any]) -> Iterator[bytes]:
    for one in things:
        yield from _parts(one)


def _set(things: AbstractSet[Any]) -> Iterator[bytes]:
    yield from sorted(fingerprint(one).encode() for one in things)


def _module(module: ModuleType) -> Iterator[bytes]:
    yield module.__name__.encode()
    found = importlib.util.find_spec(module.__name__)
    if found and found.origin and (path := Path(found.origin)).is_file():
        yield hashlib.sha256(path.read_bytes()).digest()


def _function(function: Callable[..., Any]) -> Iterator[bytes]:
    yield f"{getattr(function, '__module__', '')}.{function.__qualname__}".encode()


def _partial(function: "partial[Any]") -> Iterator[bytes]:
    yield from _parts([function.func, function.args, function.keywords])


def _document(document: BaseModel) -> Iterator[bytes]:
    yield from _parts({name: getattr(document, name) for name in type(document).model_fields})


def _table(table: Any) -> Iterator[bytes]:
    yield from _parts([list(table.columns), *(table[column].to_numpy() for column in table.columns)])


def _is_table(thing: Any) -> bool:
    return type(thing).__module__.partition(".")[0] == "pandas"


class _Tables(type):
    """Tables of pandas, which need not be imported to know that something is none."""

    def __instancecheck__(cls, thing: Any) -> bool:
        return _is_table(thing)


class _AnyTable(metaclass=_Tables): ...


_KINDS: tuple[tuple[Any, Callable[[Any], Iterator[bytes]]], ...] = (
    ((type(None), bool, int, float, complex, str, Path, date, Enum), lambda thing: iter([repr(thing).encode()])),
    (bytes, lambda thing: iter([thing])),
    (np.generic, lambda thing: iter([repr(thing.item()).encode()])),
    (np.ndarray, _array),
    (xr.DataArray, _labelled),
    (xr.Dataset, _dataset),
    (_AnyTable, _table),
    (BaseModel, _document),
    (Mapping, _mapping),
    ((list, tuple), _sequence),
    (AbstractSet, _set),
    (ModuleType, _module),
    (partial, _partial),
)
