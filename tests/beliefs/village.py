"""Documents of the toy, to be edited: with two factors, one of which several entries share with another."""

import shutil
from pathlib import Path

from tests.toy import CASE
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents

STORY = CASE.story
FACTORS = """
[[factors]]
name = "vigour"
reason = "A village that works hard does all of it well."
loadings = { fence_gain = 0.8, toil = -0.6, sown_before = 0.5 }
[[factors]]
name = "wits"
reason = "Deer learn."
loadings = { toil = 0.5, jumped = 0.9 }
"""


def copied(tmp_path: Path) -> Path:
    """A folder with the documents of the toy, and these factors."""
    folder = tmp_path / "mine"
    shutil.copytree(CASE.documents, folder)
    (folder / "factors.toml").write_text(FACTORS, encoding="utf-8")
    return folder


def read(folder: Path, worldview: str = "") -> Priors:
    return Documents.of(CASE, folder).priors(worldview or None)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def write(folder: Path, name: str, text: str) -> str:
    (folder / "worldviews" / f"{name}.toml").write_text(f'description = "For a test."\n{text}', encoding="utf-8")
    return name
