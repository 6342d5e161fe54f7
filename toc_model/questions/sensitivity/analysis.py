"""What one method of ``toc sensitivity`` found."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.present import words as present
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.sensitivity import words
from toc_model.questions.sensitivity.figure import tornado_figure
from toc_model.questions.sensitivity.inputs import CHANGE, Inputs
from toc_model.statistics.decisions import summary

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FLIPS = ["flip", "parameter", "moved", "distance"]
"""Columns of a table of points that flip the change."""


@dataclass(frozen=True, slots=True, repr=False)
class Analysis(Result):
    """What the outcome and its change hang on, by one method.

    Attributes
    ----------
    inputs : Inputs
    method : str
    table : xarray.Dataset
        Dims ``(entry, outcome)`` and, for a tornado, ``level``; empty for ``flip``.
    more : dict
        What else was found, ready for JSON.
    """

    inputs: Inputs
    method: str
    table: xr.Dataset
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def entries(self) -> list[str]:
        """Names of the inputs that the table is about."""
        return [str(name) for name in self.table["entry"].values] if "entry" in self.table else []

    def ranked(self, key: str, outcome: str = CHANGE) -> list[str]:
        """Names of entries by the size of one column, the largest first."""
        column = abs(self.table[key].sel(outcome=outcome))
        return [self.entries[place] for place in np.argsort(-column.values, kind="stable")]

    def shown(self, name: str, value: float) -> str:
        """A value of an entry, or how far a factor is from its median."""
        is_factor = name in {factor.name for factor in self.inputs.factors}
        if is_factor:
            return f"{value:+.2f} sd"
        unit = self.inputs.beliefs.case.story.entries[name].unit
        return present.sized(value) + self.inputs.beliefs.documents.calendar(unit, value)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc sensitivity --json`` prints them, in the unit of the outcome."""
        beliefs = self.inputs.beliefs
        means = summary(self.inputs.outcomes)
        return {
            "method": self.method,
            "worldview": beliefs.worldview,
            "allocation": self.inputs.allocation,
            "outcomes": {
                name: {str(key): float(values.sel(outcome=name)) for key, values in means.data_vars.items()}
                for name in self.inputs.names
            },
            "entries": {name: record(self.table.sel(entry=name)) for name in self.entries},
            **self.more,
            "rests_on": beliefs.rests_on(),
            "provenance": beliefs.provenance(allocations=dict(self.inputs.allocations.digests)),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each input, or each that a point which flips the change moves; outcomes stand before figures."""
        import pandas as pd

        if not self.entries:
            points = [
                {"flip": place, "parameter": name, "moved": moved, "distance": flip["distance"]}
                for place, flip in enumerate(self.more["flips"], start=1)
                for name, moved in flip["moved"].items()
            ]
            return pd.DataFrame(points, columns=FLIPS).set_index(FLIPS[:2])
        rows = {name: _flat(record(self.table.sel(entry=name))) for name in self.entries}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")

    def plot(self, top: int = words.TOP) -> "Figure":
        """Bars of a tornado.

        Raises
        ------
        InputError
            For any other method.
        """
        return tornado_figure(self, top)

    def section(self, top: int = words.TOP) -> Section:
        """What the change hangs on: the first of all parameters."""
        return words.section([self], top=top)

    def about(self) -> str:
        """Method, allocation and worldview."""
        return f"{self.method} of the change by {self.inputs.allocation!r}, worldview {self.inputs.beliefs.worldview!r}"


def record(row: xr.Dataset) -> dict[str, Any]:
    """The figures of one entry, by outcome where they differ between outcomes."""
    return {
        str(key): {str(name): values.sel(outcome=name).values.tolist() for name in values["outcome"].values}
        if "outcome" in values.dims
        else values.values.tolist()
        for key, values in row.data_vars.items()
    }


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """One level of figures: names of outcomes stand before theirs, places of levels behind them."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        nested = {f"{name}_{key}": one for name, one in value.items()} if isinstance(value, dict) else {key: value}
        for name, one in nested.items():
            found |= {f"{name}_{place}": x for place, x in enumerate(one)} if isinstance(one, list) else {name: one}
    return found
