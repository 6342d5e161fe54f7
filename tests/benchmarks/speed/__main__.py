"""How long `toc_model` takes, beside what one would otherwise do.

Run ``uv run --group benchmarks python -m tests.benchmarks.speed``, with names of jobs to have some of them alone:
main, sizes, libraries, slopes, growth, start, commands. ``--before COMMIT`` puts an earlier state beside this one. Ways
that are compared are processes of their own, timed in turn; a ratio is that of medians, with the quartiles of single
pairs.
"""

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks.speed import commands, jobs
from tests.benchmarks.speed.jobs import Asked
from tests.benchmarks.speed.measure import CHECKOUT, Field
from tests.benchmarks.speed.table import HEAD, Row, line

JOBS: Mapping[str, Callable[[Asked], Iterator[Row]]] = {
    "main": jobs.main_job,
    "sizes": jobs.sizes,
    "libraries": jobs.libraries,
    "slopes": jobs.slopes,
    "growth": jobs.growth,
    "start": commands.start_up,
    "commands": commands.commands,
}


def checked_out(commit: str, folder: Path) -> Path:
    """The package and documents of an earlier state, in a folder."""
    archive = ["git", "archive", commit, "toc_model", "priors"]
    found = subprocess.run(archive, cwd=CHECKOUT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(found)) as file:
        file.extractall(folder / "before", filter="data")
    return folder / "before"


def main() -> None:
    """Measure, and print the table line by line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"{', '.join(JOBS)}; all by default")
    parser.add_argument("--before", default="", metavar="COMMIT", help="an earlier state to compare with")
    parser.add_argument("--repetitions", type=int, default=7)
    chosen = parser.parse_args()
    if unknown := set(chosen.jobs) - set(JOBS):
        parser.error(f"found {min(unknown)}; allowed: {', '.join(JOBS)}")
    print(f"{line(HEAD)}\n{line(['---'] * len(HEAD))}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = checked_out(chosen.before, folder) if chosen.before else None
        asked = Asked(Field(folder), chosen.repetitions, before, chosen.before)
        for job in chosen.jobs or JOBS:
            if sys.stderr.isatty():
                print(f"{job} ...", file=sys.stderr)
            for row in JOBS[job](asked):
                print(line(row.cells), flush=True)
    print(f"\n{chosen.repetitions} repetitions; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
