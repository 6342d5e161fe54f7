"""Memory: how much of it is free, and a refusal of what would need more before it is begun."""

import math
import os
from pathlib import Path

from toc_model.errors import InputError

NUMBER = 8
"""Bytes of a number."""
SMALL = 2**27
"""Bytes that are always there; for less nobody is asked."""


def fail_if_beyond_memory(draws: int, numbers: float, what: str = "draws") -> None:
    """Fail if so many draws need more memory than is free.

    Parameters
    ----------
    draws : int
    numbers : float
        That are kept for each draw at the same time.
    what : str
        What the draws are called.

    Raises
    ------
    InputError
        With the number of draws for which there is room.
    """
    wanted = NUMBER * numbers * draws
    if wanted < SMALL:
        return
    room = free()
    if wanted > room:
        fits = int(room / (NUMBER * numbers))
        raise InputError(
            f"{what}: found {_told(draws)}, for which about {_size(wanted)} of memory are needed; allowed: about "
            f"{_rounded(fits):,} or fewer, for {_size(room)} are free"
        )


def free() -> float:
    """Bytes that this process may still take; infinite where the system does not say."""
    return max(0.0, min(_of_system(), _of_group(), _of_process()))


def _of_system() -> float:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return math.inf
    found = dict(line.split(":", 1) for line in lines)
    return 1024.0 * int(found["MemAvailable"].split()[0]) if "MemAvailable" in found else math.inf


def _of_group() -> float:
    """What the control group of a container leaves."""
    try:
        most, taken = (Path(f"/sys/fs/cgroup/memory.{name}").read_text(encoding="ascii") for name in ("max", "current"))
    except OSError:
        return math.inf
    return math.inf if most.strip() == "max" else float(most) - float(taken)


def _of_process() -> float:
    """What ``ulimit -v`` leaves."""
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most == resource.RLIM_INFINITY:
            return math.inf
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return float(most - pages * os.sysconf("SC_PAGE_SIZE"))
    except (ImportError, OSError):
        return math.inf


def _size(size: float) -> str:
    return f"{size / 1e9:.3g} GB" if size < 1e12 else f"{size / 1e9:.1e} GB"


def _told(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"{number:.1e}"


def _rounded(number: int) -> int:
    """A number with two digits, not more than it is."""
    step: int = 10 ** max(0, len(str(number)) - 2)
    return number // step * step
