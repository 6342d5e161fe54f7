"""The tutorials: short, without outputs that would grow old, and each runs from its first cell to its last."""

import ast
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import toc_model as toc

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {path.stem: path for path in (ROOT / "analyses").glob("*.ipynb")}
ALLOWED = {"toc_model", "pandas", "pathlib", "tempfile"}
"""What a tutorial may import."""
SECONDS = 300
"""That a notebook may take where the machine is busy; alone on two cores it takes less than 60."""
needs_jupyter = pytest.mark.skipif(find_spec("nbclient") is None, reason="nbclient is absent (uv sync)")


def cells(name: str) -> list[dict[str, Any]]:
    found = json.loads(NOTEBOOKS[name].read_text(encoding="utf-8"))
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    every: list[dict[str, Any]] = found["cells"]
    return every


def code_of(name: str) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code"]


def test_there_is_one_on_deciding_and_one_on_learning() -> None:
    assert set(NOTEBOOKS) == {"deciding", "learning"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_short_and_holds_no_outputs(name: str) -> None:
    code = [cell for cell in cells(name) if cell["cell_type"] == "code"]
    assert 5 < len(code) < 15
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells(name)}) == len(cells(name))
    assert all(len(line) <= 121 for cell in cells(name) for line in cell["source"])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_explains_before_it_shows_and_uses_the_facade_alone(name: str) -> None:
    kinds = [cell["cell_type"] for cell in cells(name)]
    assert kinds[0] == "markdown"
    assert "code code code" not in " ".join(kinds)
    for source in code_of(name):
        for found in ast.walk(ast.parse(source)):
            if isinstance(found, ast.Import):
                assert {alias.name for alias in found.names} <= ALLOWED
            if isinstance(found, ast.ImportFrom):
                assert found.module in ALLOWED - {"toc_model"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_all_that_a_notebook_asks_is_there(name: str) -> None:
    asked = set()
    for source in code_of(name):
        for found in ast.walk(ast.parse(source)):
            words = ast.unparse(found).split(".") if isinstance(found, ast.Attribute) else []
            if words[:1] == ["toc"] and all(word.isidentifier() for word in words):
                asked.add(tuple(words[1:]))
    assert len(asked) > 5
    for name_, *of in asked:
        assert name_ in toc.__all__
        assert not of or hasattr(toc.elicit, of[0])


@pytest.mark.slow
@needs_jupyter
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_to_its_end(name: str) -> None:
    before = sorted(NOTEBOOKS[name].parent.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.execute_notebook", str(NOTEBOOKS[name])],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert sorted(NOTEBOOKS[name].parent.rglob("*")) == before
