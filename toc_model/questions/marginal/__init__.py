"""``toc marginal``: what a little more of each thing is worth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.brief import Brief
from toc_model.engine.case import Case, Finding
from toc_model.engine.declare import Variable
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.marginal import words
from toc_model.questions.marginal.figure import marginal_figure
from toc_model.questions.marginal.names import gained
from toc_model.questions.marginal.slopes import slopes, step_of
from toc_model.statistics import decisions
from toc_model.statistics.price import Price, price

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Margin(Brief):
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

    def prices(self, unit_cost: float) -> dict[str, Price]:
        """What one small amount of the outcome costs, by what is done for it."""
        gains = {name: gained for one in self.findings for name, gained in one.per_unit.items()}
        return {name: price(gained, unit_cost) for name, gained in gains.items()}


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
    unit_cost : float or None
        What a unit of the case's cost costs the caller, in the caller's currency; None where that is not said.
    """

    margins: tuple[Margin, ...]
    allocations: Allocations
    allocation: str
    unit_cost: float | None = None

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
        return found | self._prices(one)

    def _prices(self, one: Margin) -> dict[str, Any]:
        """What the outcome costs, where the caller says what effort does."""
        cost = self.case.cost
        if self.unit_cost is None or cost is None:
            return {}
        rows = {name: row.to_dict() for name, row in one.prices(self.unit_cost).items()}
        about = {"unit": cost.unit, "unit_cost": self.unit_cost, "currency": "the caller's"}
        return {"prices": {**about, "per": gained(self.case), "by_work": rows}}

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
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    at: str | None = None,
    unit_cost: float | None = None,
    progress: Progress | None = None,
) -> Marginal:
    """Value small changes: a little more of each variable of a lever, and the steps that the case asks about.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One or more worldviews.
    allocations : Allocations
    at : str, optional
        Allocation at whose margin the changes are; the status quo by default.
    unit_cost : float, optional
        What a unit of the case's cost costs you, in your currency, for prices to be told.
    progress : callable, optional
        Called with the number of worldviews done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown, a worldview is there twice, an override holds what a step of the case would
        change, or the cost is no amount or of a case that has no unit of cost.
    """
    _fail_if_no_cost(allocations.case, unit_cost)
    fail_if_twice(beliefs)
    name = at or allocations.status_quo
    named = allocations.one(name)
    margins = []
    for done, one in enumerate(beliefs, start=1):
        findings = tuple(step(one, named, name) for step in one.case.steps)
        margins.append(Margin(one, slopes(one, named, name), findings))
        if progress:
            progress(done, len(beliefs))
    if unit_cost is not None and not any(finding.per_unit for finding in margins[0].findings):
        raise InputError(
            f"unit cost: found {unit_cost:g}; allowed: none, for no step of {allocations.case.theory} is by unit"
        )
    return Marginal(tuple(margins), named, name, unit_cost)


def _fail_if_no_cost(case: Case, unit_cost: float | None) -> None:
    if unit_cost is None:
        return
    if case.cost is None:
        raise InputError(f"unit cost: found {unit_cost:g}; allowed: none, for {case.theory} has no unit of cost")
    if not 0 < unit_cost < math.inf:
        raise InputError(f"cost of one {case.cost.unit}: found {unit_cost:g}; allowed: more than 0, in any currency")
