"""How long denying every claim takes, over one run with as many draws; and a disagreement, over the same.

Run ``uv run python tests/benchmarks/claims.py``.
"""

import subprocess
import sys
import time

START = "from toc_model.cli import main; main()"
JOBS = {
    "toc run": ["run"],
    "toc claims --deny": ["claims", "--deny"],
    "toc disagree base essay": ["disagree", "base", "essay"],
}


def seconds(words: list[str]) -> float:
    """Wall time of one command."""
    start = time.perf_counter()
    command = [sys.executable, "-c", f"import sys; sys.argv = {['toc', *words]!r}; {START}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Time each once after a first, untimed run, and print its ratio to the run."""
    seconds(JOBS["toc run"])
    times = {name: seconds(words) for name, words in JOBS.items()}
    for name, took in times.items():
        print(f"{name}: {took:.1f} s, {took / times['toc run']:.1f} times toc run")


if __name__ == "__main__":
    main()
