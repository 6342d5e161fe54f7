"""What was saved, given back."""

from pathlib import Path

import pytest

from tests.shipped import DOCUMENTS, load_allocations, load_beliefs
from toc_model.questions.run import Run, run
from toc_model.questions.saved import load


def test_a_run_on_a_worldview_of_this_folder_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text((DOCUMENTS.folder / "worldviews" / "critic.toml").read_text())
    found = run(load_beliefs("mine.toml", draws=20), load_allocations())
    found.save("run.nc")
    again = load("run.nc")
    assert isinstance(again, Run)
    assert again.to_dict()["allocations"] == found.to_dict()["allocations"]
