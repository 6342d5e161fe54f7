"""Questions and answers of every kind, for the tests of surveys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from tests.shipped import DOCUMENTS, load_allocations, load_priors
from toc_model.aliases import Floats
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.learning.update import Learned, update

TARGET = "detection_now"
GROUPS = {"probability": ["a", "b"], "ordered": ["a", "b"]}
ANSWERS: dict[str, list[tuple[float, float]]] = {
    "probability": [(np.nan, p) for p in (0.0, 0.1, 0.1, 0.37, 0.5, 0.0004, 1.0)],
    "quantile": [(0.1, 0.2), (0.5, 0.4), (0.9, 0.7)],
    "cdf_point": [(0.3, 0.2), (0.6, 0.8)],
    "duration": [(np.nan, 0.3), (np.nan, 0.6)],
    "ordered": [(np.nan, 1.0), (np.nan, 2.0), (np.nan, 3.0), (np.nan, 3.0)],
}


def question(kind: str, **changes: Any) -> Question:
    """A question about `TARGET` with answers of a kind."""
    ordered: dict[str, Any] = {"categories": ["low", "middle", "high"], "lower": 1.0, "upper": 3.0}
    plain: dict[str, Any] = {
        "wording": "?",
        "target": TARGET,
        "scale": "logit",
        "kind": kind,
        "unit": "probability",
        "bias_sd": 0.7,
        "bias_reason": "a test",
        "fair": "a test",
    }
    return Question(**(plain | (ordered if kind == "ordered" else {}) | changes))


def answers_of(kind: str) -> pd.DataFrame:
    levels_apart = kind in ("quantile", "cdf_point")
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {
            "source_id": "s",
            "respondent_id": "r1" if levels_apart else f"r{place}",
            "question_id": kind,
            "kind": kind,
            "group": GROUPS.get(kind, [""])[place % len(GROUPS.get(kind, [""]))],
            "level": level,
            "value": value,
            "round": 1,
        }
        for place, (level, value) in enumerate(ANSWERS[kind])
    ]
    return pd.DataFrame(rows)


def asked_of_every_kind() -> list[Asked]:
    mapping = mapping_of({kind: question(kind) for kind in ANSWERS})
    return prepare(pd.concat([answers_of(kind) for kind in ANSWERS], ignore_index=True), mapping)


def read(kind: str, values: Sequence[float], **changes: Any) -> Asked:
    """A question with answers of a kind, each of a respondent of its own."""
    rows = pd.DataFrame([dict.fromkeys(COLUMNS, "")] * len(values)).assign(
        source_id="s",
        respondent_id=[f"r{place}" for place in range(len(values))],
        question_id=kind,
        kind=kind,
        value=list(values),
        level=np.nan,
        lower=np.nan,
        round=1,
    )
    (asked,) = prepare(rows.assign(**changes.pop("rows", {})), mapping_of({kind: question(kind, **changes)}))
    return asked


def variables(data: xr.Dataset) -> dict[str, xr.DataArray]:
    """Data as densities take them."""
    return {str(name): values for name, values in data.data_vars.items()}


def values_of(found: Any) -> Floats:
    """A density as an array."""
    return np.asarray(found, float)


def mapping_of(questions: dict[str, Question]) -> SurveyMapping:
    return SurveyMapping(
        source_id="s",
        title="t",
        citation="c",
        population="p",
        year=2025,
        verified="yes",
        derived_from=[],
        questions=questions,
    )


def fit_of(asked: list[Asked], draws: xr.Dataset) -> Fitted:
    return Fitted(tuple(asked), draws, load_priors(), DOCUMENTS, load_allocations(), Common())


DEMO_SURVEY = """
source_id = "demo"
title = "A survey made for tests"
citation = "none"
population = "simulated"
year = 2026
verified = "yes"
derived_from = ["older"]
[questions.years]
wording = "How many years?"
target = "agi_year"
scale = "log"
kind = "duration"
unit = "years"
lower = 0.0
bias_sd = 1.0
bias_reason = "as in the known answer"
fair = "simulated"
"""

type SurveyFiles = tuple[Path, Path, Path]
"""Answers, their mapping and a worldview."""


def years_stated(values: Floats) -> pd.DataFrame:
    table = {
        "source_id": "demo",
        "respondent_id": [f"r{i}" for i in range(len(values))],
        "group": "",
        "question_id": "years",
        "target": "agi_year",
        "framing": "",
        "kind": "duration",
        "level": "",
        "value": values,
        "unit": "years",
        "lower": 0.0,
        "upper": "",
        "round": "",
        "condition": "",
        "raw": [f"{value}" for value in values],
        "flags": "",
    }
    return pd.DataFrame(table)


def learned(survey: SurveyFiles, *, common: Common | None = None, settings: Settings | None = None) -> Learned:
    path, mapping, worldview = survey
    return update(DOCUMENTS, [path], str(worldview), maps=[str(mapping)], common=common, settings=settings)
