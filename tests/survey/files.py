"""Files of answers and mapping documents, for the tests of surveys."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from tests.shipped import STORY, load_allocations
from toc_model.essay.case import ESSAY
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.targets import places_of

NAMED = list(load_allocations().named)

BASE = dict.fromkeys(COLUMNS, "") | {
    "source_id": "demo",
    "respondent_id": "anna",
    "question_id": "doom",
    "target": "p_doom",
    "kind": "probability",
    "value": "0.2",
    "unit": "probability",
    "lower": "0",
    "upper": "1",
}
HLMI = {"question_id": "agi", "target": "agi_year", "kind": "quantile", "unit": "years", "lower": "0", "upper": ""}

type Write = Callable[..., Path]


def answers_in(folder: Path) -> Write:
    """A function that writes a file of answers: the base row with these changes, a row for each."""

    def write(*changes: dict[str, str], name: str = "answers.csv", columns: Sequence[str] = COLUMNS) -> Path:
        rows = [BASE | change for change in changes]
        path = folder / name
        pd.DataFrame(rows, columns=list(columns)).fillna("").to_csv(path, index=False)
        return path

    return write


def flags(frame: pd.DataFrame) -> list[str]:
    return list(frame["flags"])


def of(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    return frame[frame["question_id"] == question]


DEMO = """
source_id = "demo"
title = "A demonstration"
citation = "None"
population = "Two people"
year = 2026
verified = "yes"
derived_from = []

[questions.doom]
wording = "How likely is doom?"
target = "p_doom"
scale = "logit"
kind = "probability"
unit = "probability"
lower = 0.0
upper = 1.0
bias_sd = 1.0
bias_reason = "Assumed."
fair = "By construction."
"""

WORRY = """
[questions.worry]
wording = "Are you worried?"
target = "concern"
scale = "logit"
kind = "ordered"
unit = "category"
lower = 1.0
upper = 3.0
categories = ["no", "a little", "yes"]
bias_sd = 1.0
bias_reason = "Assumed."
fair = "By construction."
"""
WORRIED = {"question_id": "worry", "target": "concern", "kind": "ordered", "unit": "category", "lower": "1"} | {
    "upper": "3",
    "value": "3",
}


def demo_in(folder: Path) -> Callable[..., Path]:
    """A function that writes the demonstration's mapping with one text replaced by another."""

    def write(old: str = "", new: str = "") -> Path:
        assert old in DEMO
        path = folder / "demo.toml"
        path.write_text(DEMO.replace(old, new) if old else DEMO, encoding="utf-8")
        return path

    return write


def target_names() -> list[str]:
    """All that can be asked about: functions of nodes, parameters and nodes, place by place."""
    names = [*ESSAY.targets, *STORY.parameters, *STORY.nodes]
    return [place for name in names for place in places_of(ESSAY, name)]
