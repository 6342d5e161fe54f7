"""Things as bytes and back: also mappings that can't be changed, and modules, which pickle can't do by itself."""

import copyreg
import importlib
import pickle
from types import MappingProxyType, ModuleType
from typing import Any


def packed(thing: Any) -> bytes:
    """A thing as bytes; functions and modules by their names."""
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def opened(content: bytes) -> Any:
    """What was packed, by this package alone: bytes from anywhere else could run anything."""
    return pickle.loads(content)  # noqa: S301


def _mapping(found: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(found)


def _module(name: str) -> ModuleType:
    return importlib.import_module(name)


copyreg.pickle(MappingProxyType, lambda found: (_mapping, (dict(found),)))
copyreg.pickle(ModuleType, lambda found: (_module, (found.__name__,)))
