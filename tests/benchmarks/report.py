"""How long the default report takes, over the main job with as many draws, and how large the page is.

Run ``uv run python tests/benchmarks/report.py``.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = "from toc_model.cli import main; main()"


def seconds(words: list[str]) -> float:
    """Wall time of one command."""
    start = time.perf_counter()
    command = [sys.executable, "-c", f"import sys; sys.argv = {['toc', *words]!r}; {START}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Time each once after a first, untimed run."""
    seconds(["run"])
    beside = seconds(["run"])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.html"
        took = seconds(["report", "--out", str(out)])
        size = out.stat().st_size / 1e6
    print(f"toc report {took:.1f} s, {took / beside:.0f} times toc run ({beside:.2f} s); the page has {size:.2f} MB")


if __name__ == "__main__":
    main()
