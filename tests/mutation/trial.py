"""Tests run on a changed copy of the project."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutation.mutants import Mutant, mutated
from tests.mutation.targets import ROOT, Placed, Target

COPIED = ("toc_model", "tests", "priors", "analyses", "README.md", "pyproject.toml")
LEAST_TIME = 60.0
"""Seconds that the tests have at least; a mutant may loop for ever."""


class UnfitTestsError(Exception):
    """The tests fail, or there are none, before anything is changed."""


@contextmanager
def laboratory(target: Target) -> Iterator[Callable[[Placed], bool]]:
    """A copy of the project, and a function that says whether the target's tests notice a mutant there."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "project"
        home.mkdir()
        for name in COPIED:
            _copy(ROOT / name, home / name)
        if (ROOT.parent / "shared").is_dir():
            (home.parent / "shared").symlink_to(ROOT.parent / "shared")
        start = time.monotonic()
        if status := _status(home, target, None, writes=True):
            raise UnfitTestsError(f"status {status} of {' '.join(target.tested_by())} before anything is changed")
        limit = max(LEAST_TIME, 5 * (time.monotonic() - start))

        def noticed(mutant: Placed) -> bool:
            module = home / mutant.module
            source = module.read_text(encoding="utf-8")
            plain = Mutant(mutant.kind, mutant.where, mutant.before, mutant.after, mutant.nth)
            Path(cache_from_source(str(module))).unlink(missing_ok=True)
            module.write_text(mutated(source, plain), encoding="utf-8")
            try:
                return _status(home, target, limit, writes=False) != 0
            finally:
                module.write_text(source, encoding="utf-8")

        yield noticed


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def _status(home: Path, target: Target, limit: float | None, *, writes: bool) -> int:
    """Status of the tests; compiled files are written once, so that a changed module never meets an older one's."""
    words = ["-x", "-q", "--numprocesses=0", "-p", "no:cacheprovider", "-m", "not slow", *target.tested_by()]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "" if writes else "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *words],
            cwd=home,
            env=environment,
            capture_output=True,
            timeout=limit,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return 1
