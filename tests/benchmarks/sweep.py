"""A sweep by two workers beside the same by one process with one thread and without Dask: time, memory, disk, bits.

    python -m tests.benchmarks.sweep [--outcomes 1e8] [--worldviews base] [--rounds 3]

Both are the command as a user calls it, from its start to its end, one after the other in turn. Memory is the largest
resident set of any one process, seen every twentieth of a second.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
import zarr

ALLOCATIONS = 102
"""The status quo, and 0 to 100 %."""
CODE = "from toc_model.cli import main; main()"


def timed(words: Sequence[str], processors: set[int]) -> tuple[float, float, float]:
    """Seconds of a command, and gigabytes of its own process and of the largest that it began."""
    start = time.perf_counter()
    os.sched_setaffinity(0, processors)  # which the command inherits
    with subprocess.Popen([sys.executable, "-c", CODE, *words], stdout=subprocess.DEVNULL) as found:
        own, below = 0.0, 0.0
        while found.poll() is None:
            try:
                process = psutil.Process(found.pid)
                own = max(own, process.memory_info().rss)
                below = max([below, *(one.memory_info().rss for one in process.children(recursive=True))])
            except psutil.Error:
                pass
            time.sleep(0.05)
    if found.returncode:
        raise SystemExit(f"{' '.join(words)}: ended with {found.returncode}")
    return time.perf_counter() - start, own / 1e9, below / 1e9


def same(one: Path, other: Path) -> bool:
    """Whether all numbers of two stores are the same to the last bit; read worldview by worldview."""
    found, expected = (dict(zarr.open_group(path, mode="r").arrays()) for path in (one, other))
    return found.keys() == expected.keys() and all(
        np.array_equal(np.asarray(found[name][place]), np.asarray(array[place]), equal_nan=array.dtype.kind == "f")
        for name, array in expected.items()
        for place in range(array.shape[0])
    )


def size_of(folder: Path) -> float:
    """Gigabytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9


def main() -> None:
    """Run both in turn and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=float, default=1e8)
    parser.add_argument("--worldviews", default="base,essay,critic,ml_authors,safety_leaders,superforecasters,panel")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    worldviews = chosen.worldviews.split(",")
    draws = int(np.ceil(chosen.outcomes / (ALLOCATIONS * len(worldviews))))
    asked = ["sweep", "--lever", "researchers=0:100:1", "--worldviews", chosen.worldviews, "--draws", str(draws)]
    every = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        alone, two = Path(folder) / "alone.zarr", Path(folder) / "two.zarr"
        ratios = []
        for _ in range(chosen.rounds):
            for path in (alone, two):
                shutil.rmtree(path, ignore_errors=True)
            one, memory, _ = timed([*asked, "--out", str(alone)], {min(every)})
            both, own, worker = timed([*asked, "--workers", "2", "--out", str(two)], every)
            ratios.append(one / both)
            print(
                f"one process {one:6.1f} s, {memory:.2f} GB;  two workers {both:6.1f} s, {own:.2f} GB and "
                f"{worker:.2f} GB each;  {one / both:.2f} times as fast",
                flush=True,
            )
        computed = draws * ALLOCATIONS * len(worldviews)
        print(f"{computed:,} outcomes; store {size_of(two):.3f} GB; the same to the last bit: {same(alone, two)}")
        print(f"median ratio {statistics.median(ratios):.2f}; load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
