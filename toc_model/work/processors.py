"""How many processors one computation may use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ONE: ContextVar[bool] = ContextVar("_ONE", default=False)


def processors() -> int:
    """How many may be used: those that this process may run on, or one where `one_thread` holds."""
    if _ONE.get():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute in one thread meanwhile, as beside other workers on the same machine."""
    token = _ONE.set(True)
    try:
        yield
    finally:
        _ONE.reset(token)
