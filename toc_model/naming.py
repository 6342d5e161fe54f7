"""What things are called in tables and figures: by labels for people, or by the names that can be typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AS_TYPED: ContextVar[bool] = ContextVar("as typed", default=False)
BETWEEN = re.compile(r"(?<=[^\W_])_(?=[^\W_])")
"""Underscores that stand for spaces."""


@contextmanager
def code_names() -> Iterator[None]:
    """Call everything by its name for code."""
    token = _AS_TYPED.set(True)
    try:
        yield
    finally:
        _AS_TYPED.reset(token)


def called(name: str, label: str = "") -> str:
    """What a table or a figure calls a thing.

    Parameters
    ----------
    name : str
        Its name for code.
    label : str
        What people call it; its name in words by default.
    """
    return name if _AS_TYPED.get() else label or in_words(name)


def in_words(name: str) -> str:
    """A name whose underscores between words are spaces."""
    return BETWEEN.sub(" ", name)
