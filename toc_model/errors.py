"""The one kind of error that a user can cause, and the words for near-misses."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Something that the user gave can't be used.

    The message is one line: it names the place, the entry, what was found and what is allowed.
    The command line prints it and leaves with exit code 2.
    """


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` where an allowed name is close, and "" elsewhere."""
    close = difflib.get_close_matches(found, list(allowed), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def unknown(kind: str, found: str, allowed: Iterable[str]) -> str:
    """Say that a name is unknown, what the nearest one is, and (if they are few) which exist."""
    names = list(allowed)
    listing = f" (allowed: {', '.join(names)})" if len(names) <= 16 else ""
    return f"unknown {kind} {found!r}{did_you_mean(found, names)}{listing}"
