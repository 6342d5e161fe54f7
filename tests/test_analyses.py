"""Each analysis runs as a user runs it; its last lines, the headlines, are golden."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Golden

ANALYSES = Path(__file__).parents[1] / "analyses"
ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "error"}
HEADLINES = {
    "01_recommendation": (("300",), 1),
    "02_what_carries_it": (("200",), 3),
    "04_what_to_ask": (("300",), 1),
    "05_worldviews": (("100",), 3),
    "06_external_checks": ((), 1),
}


def test_every_analysis_is_watched() -> None:
    found = {path.stem for path in ANALYSES.glob("*.py")}
    assert found == {*HEADLINES, "03_espai_update"}


@pytest.mark.slow
@pytest.mark.parametrize("name", HEADLINES)
def test_headlines_are_golden(name: str, golden: Golden, request: pytest.FixtureRequest) -> None:
    words, lines = HEADLINES[name]
    if name.startswith("06"):
        request.getfixturevalue("shared")
    done = subprocess.run(
        [sys.executable, ANALYSES / f"{name}.py", *words], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    assert done.stderr == ""
    golden(f"{name}.txt", "\n".join(done.stdout.rstrip().splitlines()[-lines:]) + "\n")
