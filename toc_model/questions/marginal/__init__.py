"""``toc marginal``: what a little more of each thing is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.engine.case import Case, Finding
from toc_model.engine.declare import Variable
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.marginal import words
from toc_model.questions.marginal.figure import marginal_figure
from toc_model.questions.marginal.names import gained
from toc_model.questions.marginal.slopes import slopes, step_of
from toc_model.statistics import decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Margin:
    """What small changes at an allocation are worth under one worldview.

    Attributes
    ----------
    beliefs : Beliefs
    gained : xarray.DataArray
        Small amounts of the outcome gained by a step of each variable of a lever, dims ``(draw, variable)``; positive
        is for the better.
    findings : tuple of Finding
        What the steps of the case found.
    """

    beliefs: Beliefs
    gained: xr.DataArray
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Marginal(Result):
    """What small changes at an allocation are worth.

    Attributes
    ----------
    margins : tuple of Margin
        One a worldview.
    allocations : Allocations
    allocation : str
        Where the margin is.
    """

    margins: tuple[Margin, ...]
    allocations: Allocations
    allocation: str

    @property
    def case(self) -> Case:
        """The theory of change that they are about."""
        return self.allocations.case

    @property
    def variables(self) -> list[Variable]:
        """Every single number that can be set."""
        return list(self.case.story.variables)

    def now(self, variable: Variable) -> float:
        """The value of a variable at the margin."""
        return self.allocations.named[self.allocation].at(self.case.story, variable.name)

    def to_dict(self) -> dict[str, Any]:
        """All figures by worldview, as ``toc marginal --json`` prints them: of the case's steps, then of all levers."""
        return {"worldviews": {one.beliefs.worldview: self._figures(one) for one in self.margins}}

    def _figures(self, one: Margin) -> dict[str, Any]:
        found: dict[str, Any] = {"worldview": one.beliefs.worldview, "allocation": self.allocation}
        for finding in one.findings:
            found |= finding.to_dict()
        found["rests_on"] = one.beliefs.rests_on()
        found["provenance"] = one.beliefs.provenance(allocations=dict(self.allocations.digests))
        found["variables"] = {
            variable.name: {
                "value": self.now(variable),
                "unit": variable.lever.unit,
                "step": step_of(variable)[0],
                "gained": gained(self.case),
                **decisions.figures(one.gained.sel(variable=variable.name)),
            }
            for variable in self.variables
        }
        return found

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview and variable: its value, the step, and what that gains, in small amounts."""
        import pandas as pd

        rows = {
            (worldview, name): row
            for worldview, found in self.to_dict()["worldviews"].items()
            for name, row in found["variables"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["worldview", "variable"])

    def plot(self) -> "Figure":
        """The figure of the case's first step that has one, or else that of the levers."""
        return marginal_figure(self)

    def section(self) -> Section:
        """What the case's steps found, and what a little more of each lever is worth."""
        return words.section(self)

    def about(self) -> str:
        """Where the margin is, and the worldviews."""
        names = ", ".join(repr(one.beliefs.worldview) for one in self.margins)
        return f"margin of {self.allocation!r}, {len(self.variables)} variables, worldview {names}"


def marginal(
    beliefs: Sequence[Beliefs], allocations: Allocations, *, at: str | None = None, progress: Progress | None = None
) -> Marginal:
    """Value small changes: a little more of each variable of a lever, and the steps that the case asks about.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One or more worldviews.
    allocations : Allocations
    at : str, optional
        Allocation at whose margin the changes are; the status quo by default.
    progress : callable, optional
        Called with the number of worldviews done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown, a worldview is there twice, or an override holds what a step of the case would
        change.
    """
    fail_if_twice(beliefs)
    name = at or allocations.status_quo
    named = allocations.only([name])
    margins = []
    for done, one in enumerate(beliefs, start=1):
        findings = tuple(step(one, named, name) for step in one.case.steps)
        margins.append(Margin(one, slopes(one, named, name), findings))
        if progress:
            progress(done, len(beliefs))
    return Marginal(tuple(margins), named, name)
