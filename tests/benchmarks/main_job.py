"""How long the main job takes, over the imports that it can't do without.

Run ``uv run python tests/benchmarks/main_job.py``.
"""

import statistics
import subprocess
import sys
import time

RUNS = 7
MAIN_JOB = [sys.executable, "-c", "import sys; sys.argv = ['toc', 'run']; from toc_model.cli import main; main()"]
BESIDE = [sys.executable, "-c", "import xarray, scipy.stats"]


def seconds(command: list[str]) -> float:
    """Wall time of one command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Time both commands in turn and print the median ratio."""
    pairs = [(seconds(MAIN_JOB), seconds(BESIDE)) for _ in range(RUNS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"toc run {ours:.2f} s, imports alone {theirs:.2f} s, median ratio of {RUNS} pairs {ratio:.2f}")


if __name__ == "__main__":
    main()
