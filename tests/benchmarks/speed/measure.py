"""Contestants timed in turn, and how many times longer one takes than another."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

CHECKOUT = Path(__file__).parents[3]
LONG_ENOUGH = 0.2
"""Seconds that are measured at once at least."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of wall and of processor time."""

    wall: float
    cpu: float

    def over(self, times: float) -> "Taken":
        """A part of it."""
        return Taken(self.wall / times, self.cpu / times)


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes besides those of imports, and over those of inputs and results."""

    size: float
    share: float

    def __str__(self) -> str:
        return f"{self.size / 1e6:,.0f} MB ({self.share:.2g} of inputs and results)"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median of one over median of other, with the quartiles of single pairs."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, theirs: Sequence[float], ours: Sequence[float]) -> "Ratio":
        """From times that were taken in turn."""
        pairs = [a / b for a, b in zip(theirs, ours, strict=True)]
        lower, _, upper = statistics.quantiles(pairs, n=4) if len(pairs) > 1 else (pairs[0],) * 3
        return cls(statistics.median(theirs) / statistics.median(ours), lower, upper)

    def __str__(self) -> str:
        return f"{_told(self.median)} ({_told(self.lower)}-{_told(self.upper)})"


def _told(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 20 else f"{ratio:.1f}" if ratio >= 0.995 else f"{ratio:.2g}"


def seconds(taken: Sequence[Taken], of: str = "cpu") -> str:
    """The median of some times, in words."""
    found = statistics.median(getattr(one, of) for one in taken)
    return f"{found:.3g} s" if found >= 1 else f"{1e3 * found:.3g} ms"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to do something.

    Attributes
    ----------
    name : str
        A key of `contestants.WAYS`.
    allocations, draws : int
    root : Path
        The checkout whose package does it.
    """

    name: str
    allocations: int
    draws: int
    root: Path = CHECKOUT

    @property
    def points(self) -> int:
        """Allocations times draws."""
        return self.allocations * self.draws


class LeftOutError(Exception):
    """A contestant that isn't there."""


class Worker:
    """A contestant in a process of its own.

    Attributes
    ----------
    ready : Taken
        What getting ready took, a compilation among it.
    """

    def __init__(self, contestant: Contestant, inputs: Path) -> None:
        self.contestant = contestant
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            _module(contestant.name, inputs),
            env=environment(contestant.root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self.ready = Taken(**self._answer())

    def run(self, times: int = 1) -> Taken:
        """Do it so many times."""
        return Taken(**self._told(f"run {times}")).over(times)

    def often_enough(self) -> int:
        """How many times make a measurement that is long enough; done once before."""
        return max(1, round(LONG_ENOUGH / self.run().wall))

    def save(self, path: Path) -> None:
        """Keep its results."""
        self._told(f"save {path}")

    def far(self, path: Path) -> float:
        """By how much its results differ from kept ones at most."""
        return self._told(f"far {path}")["far"]

    def peak(self) -> Memory:
        """Memory at its highest so far."""
        return Memory(**self._told("peak now"))

    def close(self) -> None:
        """End it."""
        with self._process, self._errors:
            if self._process.stdin:
                self._process.stdin.close()

    def _told(self, line: str) -> dict[str, float]:
        assert self._process.stdin
        print(line, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if line:
            found: dict[str, float] = json.loads(line)
            return found
        self._process.wait()
        self._errors.seek(0)
        *_, last = self._errors.read().strip().splitlines() or ["nothing"]
        self.close()
        raise LeftOutError(f"{self.contestant.name}: {last}")


def environment(root: Path) -> dict[str, str]:
    """Where Python finds the package of a checkout, and the benchmarks of this one."""
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{CHECKOUT}"}


def _module(*words: object) -> list[str]:
    return [sys.executable, "-P", "-m", "tests.benchmarks.speed.worker", *map(str, words)]


@dataclass(frozen=True, slots=True)
class Field:
    """Where workers find what goes in, made once for each size.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    def inputs(self, contestant: Contestant) -> Path:
        """The file with a contestant's inputs."""
        path = self.folder / f"{contestant.allocations}-{contestant.draws}.npz"
        if not path.exists():
            making = _module("make", contestant.allocations, contestant.draws, path)
            subprocess.run(making, check=True, env=environment(CHECKOUT))
        return path

    @contextmanager
    def worker(self, contestant: Contestant) -> Iterator[Worker]:
        """A contestant, started and ready."""
        found = Worker(contestant, self.inputs(contestant))
        try:
            yield found
        finally:
            found.close()


def in_turn[Name](jobs: Mapping[Name, Callable[[], Taken]], repetitions: int) -> dict[Name, list[Taken]]:
    """Do all jobs one after another, and that so many times."""
    taken: dict[Name, list[Taken]] = {name: [] for name in jobs}
    for _ in range(repetitions):
        for name, job in jobs.items():
            taken[name].append(job())
    return taken


def command(words: Sequence[str], root: Path, folder: Path) -> Taken:
    """One command of a checkout's package, run in a folder."""
    start = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-P", *words], cwd=folder, env=environment(root), stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise LeftOutError(f"{' '.join(words)}: ended with {process.returncode}")
    return Taken(perf_counter() - start, used.ru_utime + used.ru_stime)
