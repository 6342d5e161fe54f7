"""A folder of documents in which every one differs from what ships, and a survey that only it maps."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from toc_model.essay.case import ESSAY
from toc_model.survey.documents.answers import COLUMNS

SHARES = {
    "researchers = 0.20, builders = 0.10": "researchers = 0.25, builders = 0.15",
    "researchers = 0.50, builders = 0.30": "researchers = 0.55, builders = 0.35",
}
MAPPING = """
source_id = "own"
title = "A survey made for tests"
citation = "none"
population = "simulated"
year = 2026
verified = "yes"
derived_from = []
[questions.years]
wording = "How many years, by the folder's own words?"
target = "agi_year"
scale = "log"
kind = "duration"
unit = "years"
lower = 0.0
bias_sd = 0.8
bias_reason = "simulated"
fair = "simulated"
[questions.worry]
wording = "How worried would they be?"
target = "concern"
scale = "logit"
kind = "duration"
unit = "fraction"
lower = 0.0
upper = 1.0
allocation = "recommended"
bias_sd = 0.8
bias_reason = "simulated"
fair = "simulated"
"""


def own_folder(parent: Path) -> Path:
    """Copy what ships and change every document: quantiles, wordings, shares, claims."""
    folder = parent / "own"
    shutil.copytree(ESSAY.documents, folder)
    for path in folder.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"quantiles = \{[^}]*\}", lambda found: _moved(found[0]), text)
        text = re.sub(r'^(question|wording|text) = "', r'\1 = "Own: ', text, flags=re.MULTILINE)
        for old, new in SHARES.items():
            text = text.replace(old, new)
        path.write_text(text + "\n# changed\n", encoding="utf-8")
    (folder / "surveys" / "own.toml").write_text(MAPPING)
    return folder


def _moved(quantiles: str) -> str:
    """Other quantiles that rise as these do, on the same side of 0 and 1."""
    return re.sub(r"(?<== )-?[\d.]+", lambda found: repr(_other(float(found[0]))), quantiles)


def _other(value: float) -> float:
    if value < 0:
        return 0.9 * value
    return float(value**0.5) if value < 1 else 1 + 0.6 * (value - 1)


def own_answers(path: Path) -> Path:
    """Write what 61 people answered to both questions."""
    spread = special.ndtri((np.arange(61) + 0.5) / 61)
    years = _rows("years", "agi_year", "years", 20 * np.exp(1.2 * spread))
    worry = _rows("worry", "concern", "fraction", special.expit(spread - 1)).assign(
        upper="1", condition="allocation=recommended"
    )
    pd.concat([years, worry]).to_csv(path, index=False)
    return path


def _rows(question: str, target: str, unit: str, values: np.ndarray) -> pd.DataFrame:
    blank = pd.DataFrame([dict.fromkeys(COLUMNS, "")] * len(values))
    return blank.assign(
        source_id="own",
        respondent_id=[f"r{place}" for place in range(len(values))],
        question_id=question,
        target=target,
        kind="duration",
        unit=unit,
        value=values,
        lower="0",
    )
