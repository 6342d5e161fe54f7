"""What a command has written so far, for it to say if it is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

_WRITTEN: ContextVar[dict[Path, tuple[int, int]] | None] = ContextVar("_WRITTEN", default=None)


@contextmanager
def recording() -> Iterator[None]:
    """Let `written` say meanwhile what was written since."""
    token = _WRITTEN.set({})
    try:
        yield
    finally:
        _WRITTEN.reset(token)


def record(path: Path, what: Path | None = None) -> None:
    """Record that a file or folder is written, for `written`.

    Parameters
    ----------
    path : Path
        As it is named to the user.
    what : Path, optional
        Where it still is, if it will be moved to its place: a signal may come before or after that, so that it is
        recorded before and looked for when it matters.
    """
    if (found := _WRITTEN.get()) is not None and (which := _which(what or path)):
        found[path] = which


def written() -> tuple[Path, ...]:
    """What was recorded since `recording`, as it was named, and is in its place."""
    return tuple(path for path, which in (_WRITTEN.get() or {}).items() if _which(path) == which)


def _which(path: Path) -> tuple[int, int] | None:
    """By what the system knows a file or folder; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
