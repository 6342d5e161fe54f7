"""What was saved, given back."""

from pathlib import Path
from typing import Any

import pytest

from tests.shipped import DOCUMENTS, load_beliefs
from toc_model.questions.run import Run, run
from toc_model.questions.saved import load


def given_back(path: Path, worldview: str, **how: Any) -> tuple[Run, Run]:
    """A run, and the same from its file."""
    beliefs = load_beliefs(worldview, draws=20, **how)
    found = run(beliefs, beliefs.documents.allocations())
    found.save(path)
    again = load(path)
    assert isinstance(again, Run)
    return found, again


def test_a_run_on_a_worldview_of_this_folder_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text((DOCUMENTS.folder / "worldviews" / "critic.toml").read_text())
    found, again = given_back(Path("run.nc"), "mine.toml")
    assert again.to_dict()["allocations"] == found.to_dict()["allocations"]


@pytest.mark.slow
@pytest.mark.parametrize("worldview", ["panel", "ml_authors", "0.5*base + 0.5*critic"])
def test_a_run_on_camps_and_mixtures_at_a_date_is_given_back(tmp_path: Path, worldview: str) -> None:
    overrides = ["do(concern)=0.6", "severity*=0.5", "cut(race->heeding)"]
    found, again = given_back(tmp_path / "run.nc", worldview, as_of="late_2026", overrides=overrides)
    assert again.to_dict()["allocations"] == found.to_dict()["allocations"]
    assert again.worldview == found.worldview
    assert again.to_dict()["as_of"] == "late_2026"
    assert again.to_dict()["allocations"]["status_quo"]["shares"] == {"researchers": 0.4, "builders": 0.2}
