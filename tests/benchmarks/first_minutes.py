"""How long it takes from a fresh clone to the first table and to the first page, beside `pip install pymc`. Run

uv run python -m tests.benchmarks.first_minutes

All three begin with empty caches, in turn in one run, and download from the registry: only their ratios say something.
What is not committed is not measured.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

CHECKOUT = Path(__file__).parents[2]
FIRST_TABLE = "python3 -m pip install --quiet uv && python3 -m uv run toc run"
FIRST_PAGE = "python3 -m uv run toc explore --out page.html"
"""What the README says to type."""


def fresh(folder: Path) -> dict[str, str]:
    """Variables of a new Python that has pip alone, and nothing that was downloaded before."""
    subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "VIRTUAL_ENV", "PYTHON"))}
    caches = {"PIP_CACHE_DIR": str(folder / "pip"), "UV_CACHE_DIR": str(folder / "uv"), "PIP_NO_INPUT": "1"}
    return outer | caches | {"PATH": f"{folder / 'python' / 'bin'}{os.pathsep}{outer['PATH']}"}


def seconds(typed: str, folder: Path, environment: Mapping[str, str]) -> float:
    """How long a line of shell takes."""
    before = perf_counter()
    subprocess.run(["/bin/sh", "-c", typed], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - before


def installed_size(environment: Path) -> int:
    """Bytes of all files of an environment; a link counts nothing."""
    return sum(path.stat().st_size for path in environment.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> None:
    """Print seconds, ratios and what lies on the disk afterwards."""
    with tempfile.TemporaryDirectory() as name:
        beside, ours = Path(name) / "beside", Path(name) / "ours"
        beside.mkdir()
        ours.mkdir()
        pymc = seconds("python3 -m pip install --quiet pymc", beside, fresh(beside))
        newcomer, clone = fresh(ours), ours / "clone"
        table = seconds(f"git clone --quiet {CHECKOUT.as_uri()} clone", ours, newcomer)
        table += seconds(FIRST_TABLE, clone, newcomer)
        page = table + seconds(FIRST_PAGE, clone, newcomer)
        size, other = installed_size(clone / ".venv"), installed_size(beside / "python")
    print(f"pip install pymc      {pymc:6.1f} s            {other / 1e6:,.0f} MB")
    print(f"clone to first table  {table:6.1f} s  {table / pymc:5.2f} times  {size / 1e6:,.0f} MB")
    print(f"clone to first page   {page:6.1f} s  {page / pymc:5.2f} times")


if __name__ == "__main__":
    main()
