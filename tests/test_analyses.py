"""Each analysis runs as a user runs it; its last lines, the headlines, are golden."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Golden

ANALYSES = Path(__file__).parents[1] / "analyses"
ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "error"}
HEADLINES = {
    "01_recommendation": (("300",), 1),
    "02_what_carries_it": (("200",), 3),
    "04_what_to_ask": (("300",), 1),
    "05_worldviews": (("100",), 5),
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


@pytest.mark.slow
def test_the_survey_changes_the_recommendation_as_it_did(shared: Path, tmp_path: Path, golden: Golden) -> None:
    """From the answers about extinction alone, to save time; by weights, which are the same everywhere."""
    responses = pd.read_csv(shared / "data" / "espai2023_individual.csv", dtype=str)
    others = [name for name in map(str, responses) if name.startswith(("hlmi_f", "alignment_"))]
    responses.assign(**dict.fromkeys(others, "")).to_csv(tmp_path / "espai.csv", index=False)
    done = subprocess.run(
        [sys.executable, str(ANALYSES / "03_espai_update.py"), str(tmp_path / "espai.csv"), "base"],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    assert "draws by weights, worth" in done.stdout
    golden("03_espai_update.txt", done.stdout.rstrip().splitlines()[-1] + "\n")
