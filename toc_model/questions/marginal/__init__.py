"""``toc marginal``: what a little more of each thing is worth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Finding
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.marginal import words
from toc_model.questions.marginal.figure import marginal_figure
from toc_model.questions.marginal.slopes import slopes, step_of
from toc_model.statistics import decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Marginal(Result):
    """What small changes at an allocation are worth.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    allocation : str
        Where the margin is.
    levers : xarray.DataArray
        Small amounts of the outcome gained by a step of each variable of a lever, dims ``(draw, variable)``; positive
        is for the better.
    findings : tuple of Finding
        What the steps of the case found.
    """

    beliefs: Beliefs
    allocations: Allocations
    allocation: str
    levers: xr.DataArray
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc marginal --json`` prints them: those of the case's steps, and those of all levers."""
        story = self.beliefs.case.story
        found: dict[str, Any] = {"worldview": self.beliefs.worldview, "allocation": self.allocation}
        for finding in self.findings:
            found |= finding.to_dict()
        found |= {"rests_on": self.beliefs.rests_on(), "provenance": self.provenance()}
        found["levers"] = {
            name: {
                "value": self.allocations.named[self.allocation].at(story, name),
                "unit": story.variable(name).lever.unit,
                "step": step_of(story.variable(name))[0],
                "gained": decisions.figures(self.levers.sel(variable=name)),
            }
            for name in map(str, self.levers["variable"].values)
        }
        return found

    def provenance(self) -> dict[str, Any]:
        """Versions, seed and digests of all that went in."""
        return self.beliefs.provenance(allocations=dict(self.allocations.digests))

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each variable of a lever: its value, the step, and what that gains, in small amounts."""
        import pandas as pd

        rows = {
            name: {"value": row["value"], "unit": row["unit"], "step": row["step"], **row["gained"]}
            for name, row in self.to_dict()["levers"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variable")

    def plot(self) -> "Figure":
        """The figure of the case's first step that has one, or else that of the levers."""
        return marginal_figure([self])

    def section(self) -> Section:
        """What the case's steps found, and what a little more of each lever is worth."""
        return words.section([self])

    def about(self) -> str:
        """Where the margin is, and the worldview."""
        return f"margin of {self.allocation!r}, worldview {self.beliefs.worldview!r}"


def marginal(
    beliefs: Beliefs, allocations: Allocations, *, at: str | None = None, progress: Progress | None = None
) -> Marginal:
    """Value small changes: a little more of each variable of a lever, and the steps that the case asks about.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    at : str, optional
        Allocation at whose margin the changes are; the status quo by default.
    progress : callable, optional
        Called with the number of blocks done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown, or an override holds what a step of the case would change.
    """
    name = at or allocations.status_quo
    named = allocations.only([name])
    return Marginal(
        beliefs,
        named,
        name,
        slopes(beliefs, named, name, progress=progress),
        tuple(step(beliefs, named, name) for step in beliefs.case.steps),
    )
