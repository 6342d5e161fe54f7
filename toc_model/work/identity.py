"""What a task is: a digest of all that its outcome depends on."""

import dataclasses
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from datetime import date
from enum import Enum
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from types import CodeType, EllipsisType, FunctionType, MethodType, ModuleType
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
        Numbers, texts, dates, arrays, tables, functions and modules by their names and code, and what is made of them:
        mappings, sequences, sets, dataclasses (but for fields that are not compared), documents.

    Raises
    ------
    TypeError
        For anything else.
    """
    token = _KNOWN.set({})
    try:
        return _digest((code(), *things)).hex()
    finally:
        _KNOWN.reset(token)


_KNOWN: ContextVar[dict[int, tuple[Any, bytes]]] = ContextVar("_KNOWN")
"""What is made of much and met again and again, such as a story, with its digest, by its address."""


def _digest(thing: Any) -> bytes:
    found = hashlib.sha256()
    for part in _parts(thing):
        found.update(len(part).to_bytes(8))
        found.update(part)
    return found.digest()


def _known(thing: Any, fields: Iterable[str]) -> bytes:
    """Digest of what has fields, found once while one digest is made."""
    known = _KNOWN.get()
    if id(thing) not in known:
        known[id(thing)] = thing, _digest({name: getattr(thing, name) for name in fields})
    return known[id(thing)][1]


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
        yield _known(thing, (one.name for one in dataclasses.fields(thing) if one.compare))
        return
    if not callable(thing) or not hasattr(thing, "__qualname__"):
        raise TypeError(f"found {type(thing).__name__}, whose contents have no digest")
    yield from _named(thing)


def _array(array: np.ndarray) -> Iterator[bytes]:
    yield repr((array.dtype.str, array.shape)).encode()
    if array.dtype == object:
        yield from _parts(array.ravel().tolist())
    else:
        yield np.ascontiguousarray(array).tobytes()


def _variable(found: xr.Variable) -> Iterator[bytes]:
    yield from _parts([found.dims, found.values, found.attrs])


def _labelled(array: xr.DataArray) -> Iterator[bytes]:
    yield from _parts([array.name, array.variable, {str(name): array.coords[name].variable for name in array.coords}])


def _dataset(table: xr.Dataset) -> Iterator[bytes]:
    yield from _parts([{str(name): found for name, found in table.variables.items()}, [*table.coords], table.attrs])


def _mapping(table: Mapping[Any, Any]) -> Iterator[bytes]:
    yield from _parts([[key, value] for key, value in table.items()])


def _sequence(things: Sequence[Any]) -> Iterator[bytes]:
    yield str(len(things)).encode()  # else what stands within could as well stand behind
    for one in things:
        yield from _parts(one)


def _set(things: AbstractSet[Any]) -> Iterator[bytes]:
    yield from _parts(sorted(_digest(one) for one in things))


def _module(module: ModuleType) -> Iterator[bytes]:
    yield module.__name__.encode()
    yield _content(module.__name__)


@cache
def _content(module: str) -> bytes:
    """Digest of a module's file; empty where it has none, or is part of this package, whose code is told already."""
    if module.partition(".")[0] == PACKAGE.name or module not in sys.modules:
        return b""
    found = getattr(sys.modules[module], "__file__", None) or ""
    return hashlib.sha256(Path(found).read_bytes()).digest() if Path(found).is_file() else b""


def _function(function: FunctionType) -> Iterator[bytes]:
    """A function by its name, its code and what it was made with."""
    yield f"{function.__module__}.{function.__qualname__}".encode()
    yield _content(function.__module__)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    yield from _parts([function.__code__, function.__defaults__, function.__kwdefaults__, cells])


def _code(code: CodeType) -> Iterator[bytes]:
    yield code.co_code
    yield from _parts([code.co_names, code.co_varnames, code.co_consts])


def _named(thing: Any) -> Iterator[bytes]:
    """A class or a function of a library by its name."""
    yield f"{getattr(thing, '__module__', '')}.{thing.__qualname__}".encode()
    yield _content(getattr(thing, "__module__", None) or "")
    of = getattr(thing, "__self__", None)
    yield from _parts(None if isinstance(of, ModuleType) else of)


def _method(method: MethodType) -> Iterator[bytes]:
    yield from _parts([method.__self__, method.__func__])


def _partial(function: "partial[Any]") -> Iterator[bytes]:
    yield from _parts([function.func, function.args, function.keywords])


def _document(document: BaseModel) -> Iterator[bytes]:
    yield _known(document, type(document).model_fields)


def _table(table: Any) -> Iterator[bytes]:
    """Tables, columns and missing values of pandas."""
    if hasattr(table, "columns"):
        yield from _parts([list(table.columns), table.index, *(table[column].to_numpy() for column in table.columns)])
    elif hasattr(table, "index"):
        yield from _parts([table.name, table.index, table.to_numpy()])
    elif hasattr(table, "to_numpy"):
        yield from _parts([list(table.names), table.to_numpy()])
    else:
        yield repr(table).encode()


def _is_table(thing: Any) -> bool:
    return type(thing).__module__.partition(".")[0] == "pandas"


class _Tables(type):
    """Tables of pandas, which need not be imported to know that something is none."""

    def __instancecheck__(cls, thing: Any) -> bool:
        return _is_table(thing)


class _AnyTable(metaclass=_Tables): ...


_KINDS: tuple[tuple[Any, Callable[[Any], Iterator[bytes]]], ...] = (
    (
        (Enum, type(None), EllipsisType, bool, int, float, complex, str, Path, date),
        lambda thing: iter([repr(thing).encode()]),
    ),
    (bytes, lambda thing: iter([thing])),
    (np.generic, lambda thing: iter([repr(thing.item()).encode()])),
    (np.ndarray, _array),
    (xr.Variable, _variable),
    (xr.DataArray, _labelled),
    (xr.Dataset, _dataset),
    (_AnyTable, _table),
    (BaseModel, _document),
    (Mapping, _mapping),
    ((list, tuple), _sequence),
    (AbstractSet, _set),
    (ModuleType, _module),
    (FunctionType, _function),
    (CodeType, _code),
    (MethodType, _method),
    (partial, _partial),
)
