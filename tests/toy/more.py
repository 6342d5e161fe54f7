"""What this case adds to the questions: a target of surveys, a step, costs and a section of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

import numpy as np
import xarray as xr

from tests.toy.units import Tonnes
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import levers_at
from toc_model.brief import Brief
from toc_model.engine.case import Finding
from toc_model.engine.facets import Cost, Moving
from toc_model.present import words
from toc_model.present.section import Cell, Section, Table
from toc_model.statistics import averages, decisions

DAY = 0.02
"""Kilometres that are fenced in a day."""


def worth_of_the_fence(sown: Tonnes, spared: Tonnes) -> Tonnes:
    """What is brought in with the fence and the watch (tonnes; allocation)."""
    return sown + spared


@dataclass(frozen=True, slots=True, repr=False)
class Day(Brief, Finding):
    """What one more day of building adds, dims ``(draw,)``, in tonnes."""

    beliefs: Beliefs
    added: xr.DataArray

    def to_dict(self) -> dict[str, Any]:
        """The figures."""
        return {"day_of_building": decisions.figures(self.added)}

    @property
    @override
    def per_unit(self) -> Mapping[str, xr.DataArray]:
        """Sacks that a day of building brings in."""
        return {"building": self.added / self.beliefs.case.objective.small.size}

    @override
    def section(self, beside: Sequence["Day"] = (), *, pictures: bool = False) -> Section:
        """A row for each worldview."""
        measure = self.beliefs.case.objective.measure
        rows: list[list[Cell]] = [
            [one.beliefs.worldview, words.change_cell(measure, decisions.figures(one.added))] for one in (self, *beside)
        ]
        table = Table("What one more day of building adds, tonnes", ["worldview", "added"], rows)
        return Section("day", "A day", "What is one more day of building worth?", tables=[table])


def day_of_building(beliefs: Beliefs, allocations: Allocations, name: str) -> Day:
    """Fence for one more day; all round the last day that there is."""
    base = allocations.levers().sel(allocation=name, drop=True)
    length = min(float(base["fence"]), beliefs.story.levers["fence"].upper - DAY)
    levers = levers_at(beliefs.story, base, {"fence": np.array([length, length + DAY])}, ["now", "a day more"])
    found = beliefs.outcome(levers)
    return Day(beliefs, found.sel(allocation="a day more", drop=True) - found.sel(allocation="now", drop=True))


def sacks_a_day(beliefs: Beliefs, allocations: Allocations) -> float:
    """Mean worth of a day of building today, in sacks."""
    gained = day_of_building(beliefs, allocations, allocations.status_quo)
    return float(averages.mean(gained.added)) / beliefs.case.objective.small.size


def kilometres_built(_: Beliefs, allocations: Allocations) -> xr.DataArray:
    """How much longer the fence is than today, dims ``(allocation,)``."""
    fence: xr.DataArray = allocations.levers()["fence"]
    return abs(fence - fence.sel(allocation=allocations.status_quo, drop=True))


FENCED = Moving("kilometre", kilometres_built)
COST = Cost("day of work", sacks_a_day, "what one more day of building adds to the harvest today", "days of work")


def night_watch(material: Any, _: object) -> Section:
    """A section of the report that only this case has."""
    gains = averages.mean(material.first.parameters["watch_gain"])
    best = str(gains["field"].values[int(gains.argmax("field"))])
    return Section("night", "Night watch", "Where to watch at night?", [f"Watching is worth most in the {best} field."])
