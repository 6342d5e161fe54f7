"""Tiny chapters for tests: modules made of functions."""

from types import ModuleType

from toc_model.engine.declare import Law


def chapter(name: str, *laws: Law) -> ModuleType:
    module = ModuleType(name, f"Chapter 1: all about {name}.")
    for law in laws:
        law.__module__ = name
        setattr(module, law.__name__, law)
    return module
