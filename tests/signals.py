"""Signals for tests, whoever started them, and with what signals ignored."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from toc_model.work.stopping import WORDS

SIGNALS = [getattr(signal, name) for name in WORDS]


@contextmanager
def signals_as_in_a_terminal() -> Iterator[None]:
    """No signal is ignored meanwhile, and what is done with them is as before behind it."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        for number, found in before.items():
            signal.signal(number, found)
