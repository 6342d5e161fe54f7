"""What each worker on this machine does first; Dask calls it by its name."""

import signal
from typing import Any


def dask_setup(_worker: Any) -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the one that has started the workers and ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
