"""From the spreadsheet that ships as an example to a changed outcome, in four commands."""

import json
from pathlib import Path

from tests.conftest import Toc
from tests.survey.documents.test_colleagues import COLUMNS, MAPPING, TABLE


def test_a_spreadsheet_changes_the_outcome_in_four_commands(toc: Toc, tmp_path: Path) -> None:
    answers, posterior = tmp_path / "answers.csv", tmp_path / "post.nc"
    commands = [
        ("survey", "import", "wide", TABLE, "--columns", COLUMNS, "--map", MAPPING, "--out", answers),
        ("survey", "check", answers, "--map", MAPPING),
        ("update", answers, "--map", MAPPING, "--out", posterior),
        ("run", "--worldview", posterior),
    ]
    for words in commands:
        code, said, error = toc(*words)
        assert (code, error) == (0, ""), words
    assert "base + colleagues" in said
    before, after = (_outcome(toc, worldview) for worldview in ("base", posterior))
    assert 0 < after < before - 0.01, "colleagues put the middle a little below the base's mean"


def _outcome(toc: Toc, worldview: object) -> float:
    code, said, _ = toc("run", "--worldview", worldview, "--json")
    assert code == 0
    return float(json.loads(said)["allocations"]["status_quo"]["p_doom"]["mean"])
