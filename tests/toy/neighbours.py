"""Answers of neighbours under several names: the same questions put to other people, and updates on them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tests.toy import CASE
from tests.toy.reader import read_neighbours
from toc_model.beliefs.shipped import Documents
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.learning.settings import Settings
from toc_model.survey.learning.update import Learned, update

RAW = Path(__file__).parent / "answers.csv"
MAPPING = CASE.documents / "surveys" / "neighbours.toml"
VILLAGE = Documents.of(CASE)
DRAWS = 1000
QUICK = Settings(draws=DRAWS, sampler="weights")


def asked(folder: Path, name: str, times: float = 1.0) -> tuple[Path, Path]:
    """A file of answers of a source, each so many times what the neighbours said, and its mapping."""
    answers, mapping = folder / f"{name}.csv", folder / f"{name}.toml"
    _long(times).assign(source_id=name).to_csv(answers, index=False)
    mapping.write_text(MAPPING.read_text().replace('source_id = "neighbours"', f'source_id = "{name}"'))
    return answers, mapping


def _long(times: float) -> pd.DataFrame:
    found = read_neighbours(RAW, load_mapping(VILLAGE, MAPPING))
    return found.assign(value=found["value"].astype(float) * times, raw="")


def learnt(
    files: Sequence[Path],
    maps: Sequence[Path] = (),
    worldview: Path | str = "almanac",
    documents: Documents = VILLAGE,
    **how: Any,
) -> Learned:
    """What is learnt from files, by weights."""
    return update(documents, files, str(worldview), maps=[str(one) for one in maps], **({"settings": QUICK} | how))
