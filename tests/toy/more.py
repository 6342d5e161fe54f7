"""What this case adds to the questions: a target of surveys, a step, a cost, a reader and a section of the report."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from tests.toy.units import Tonnes
from toc_model.beliefs.allocations import Allocations, levers_at
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Cost
from toc_model.present.section import Section
from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.sources import answer_row, number

DAY = 0.02
"""Kilometres that are fenced in a day."""


def worth_of_the_fence(sown: Tonnes, spared: Tonnes) -> Tonnes:
    """What is brought in with the fence and the watch (tonnes; allocation)."""
    return sown + spared


def day_of_building(beliefs: Beliefs, allocations: Allocations, name: str) -> xr.DataArray:
    """What one more day of building adds, dims ``(draw,)``, in tonnes."""
    base = allocations.levers().sel(allocation=name, drop=True)
    length = float(base["fence"])
    levers = levers_at(beliefs.story, base, {"fence": np.array([length, length + DAY])}, ["now", "a day more"])
    found = beliefs.outcome(levers)
    return found.sel(allocation="a day more", drop=True) - found.sel(allocation="now", drop=True)


def sacks_a_day(beliefs: Beliefs, allocations: Allocations) -> float:
    """Mean worth of a day of building today, in sacks."""
    gained = day_of_building(beliefs, allocations, allocations.status_quo)
    return float(gained.mean()) / beliefs.case.objective.small.size


COST = Cost("day of work", sacks_a_day, "what one more day of building adds to the harvest today")


def read_neighbours(path: Path | str, mapping: SurveyMapping) -> pd.DataFrame:
    """Read answers: a row for each, with the columns ``person``, ``question``, ``level`` and ``answer``."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    return checked_frame([(f"{path}: row {line}", _answer(mapping, row)) for line, row in rows])


def _answer(mapping: SurveyMapping, row: dict[str, str]) -> dict[str, Any]:
    found = number(row["answer"])
    return answer_row(mapping, row["question"], row["person"], row["answer"], found, level=number(row["level"]))


def night_watch(material: Any, _: object) -> Section:
    """A section of the report that only this case has."""
    gains = material.first.parameters["watch_gain"].mean("draw")
    best = str(gains["field"].values[int(gains.argmax())])
    return Section("night", "Night watch", "Where to watch at night?", [f"Watching is worth most in the {best} field."])
