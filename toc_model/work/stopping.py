"""Ending early: signals that tell the program to end, and work in threads that ends with it."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

WORDS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up"}
"""Signals, as far as a system has them, and what has become of the program when one came."""
IMPATIENT = 5.0
"""Seconds in which those that follow the first are not heeded, so that what is begun can be put away."""
SOON = 0.05
"""Seconds until a signal is sent once more that came where nothing can be raised."""


class Stopped(BaseException):
    """The program was told to end by a signal.

    Attributes
    ----------
    word : str
        What has become of it.
    code : int
        With which it should end: 128 and the number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.word = WORDS[signal.Signals(number).name]
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` where a signal tells the program to end meanwhile, so that all is put away on the way out.

    Signals that whoever started the program lets be ignored stay so. Behind a signal that ended this, another one ends
    the program at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [found for name in WORDS if (found := getattr(signal, name, None))]
    before = {number: found for number in known if (found := signal.getsignal(number)) not in (signal.SIG_IGN, None)}
    told = -IMPATIENT

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal told
        if time.monotonic() - told >= IMPATIENT:
            told = time.monotonic()
            raise Stopped(number)

    def lost(what: Any) -> None:
        """Send a signal once more that came while garbage was collected, where what is raised is but reported."""
        nonlocal told
        if isinstance(what.exc_value, Stopped):
            told = -IMPATIENT
            threading.Timer(SOON, _send, [what.exc_value.number]).start()
        else:
            reported(what)

    after, reported = dict(before), sys.unraisablehook
    sys.unraisablehook = lost
    try:
        for number in before:
            signal.signal(number, stop)
        yield
    except Stopped:
        after = dict.fromkeys(before, signal.SIG_DFL)
        raise
    finally:
        for number, found in after.items():
            signal.signal(number, found)
        sys.unraisablehook = reported


def _send(number: int) -> None:
    """Send a signal to the main thread, from another one."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        signal.raise_signal(number)


_ENDS: ContextVar[threading.Event | None] = ContextVar("_ENDS", default=None)


@contextmanager
def ending(event: threading.Event) -> Iterator[None]:
    """Let `is_stopped` say whether an event has come, meanwhile."""
    token = _ENDS.set(event)
    try:
        yield
    finally:
        _ENDS.reset(token)


def is_stopped() -> bool:
    """Whether nobody waits any more for the task that asks; long ones should ask, for a thread can't be ended."""
    event = _ENDS.get()
    return event is not None and event.is_set()
