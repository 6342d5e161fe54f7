"""Other common biases than the stated ones: their scale and shape, which no number of answers can tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run import Run
from toc_model.questions.update import sweep_words as words
from toc_model.statistics import averages, decisions
from toc_model.survey.learning.likelihood import Table
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.update import Learned
from toc_model.survey.learning.weighing import targets_of, weighed
from toc_model.work.tasks import each

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Swept(Brief):
    """An outcome under other common biases.

    Attributes
    ----------
    common : Common
    outcome : mapping of str to float
        Figures of the outcome at the status quo.
    change : mapping of str to float
        Of its change by the allocation.
    share_better : float
        Of the draws in which the allocation is better.
    effective : float
        Draws that count, in effect.
    problems : tuple of str
        Why the figures can't be trusted; empty where they can.
    """

    common: Common
    outcome: Mapping[str, float]
    change: Mapping[str, float]
    share_better: float
    effective: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class BiasSweep(Result):
    """An update with common biases of other scales and shapes.

    Attributes
    ----------
    beliefs : Beliefs
        After the update, with biases as they were taken there.
    allocation, status_quo : str
        The allocation whose change is told, and from what.
    rows : tuple of Swept
    """

    beliefs: Beliefs
    allocation: str
    status_quo: str
    rows: tuple[Swept, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc update --json`` prints them, in the unit of the outcome."""
        return {"allocation": self.allocation, "scales": [self._row(row) for row in self.rows]}

    def _row(self, row: Swept) -> dict[str, Any]:
        return {
            "scale": row.common.scale,
            "shape": row.common.shape,
            "problems": list(row.problems),
            "effective_draws": row.effective,
            self.beliefs.case.objective.node: dict(row.outcome),
            "change": dict(row.change),
            "share_better": row.share_better,
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each scale and shape: the outcome at the status quo, and the change."""
        import pandas as pd

        rows = [row | {"problems": "; ".join(row["problems"])} for row in self.to_dict()["scales"]]
        return pd.json_normalize(rows).set_index(["scale", "shape"])

    def section(self) -> Section:
        """The table of scales and shapes."""
        return words.section(self)

    def about(self) -> str:
        """The scales, and the allocation."""
        return f"{'; '.join(words.in_words(row.common) for row in self.rows)}, {self.allocation!r}"


def bias_sweep(learned: Learned, after: Run, swept: Sequence[Common]) -> BiasSweep | None:
    """See what becomes of an allocation if common biases are others than those that were taken.

    Parameters
    ----------
    learned : Learned
    after : Run
        The outcome under each allocation after the update; the case's proposal is followed.
    swept : sequence of Common

    Returns
    -------
    BiasSweep or None
        None where a sampler found the posterior, which would have to find each anew, or nothing is to be swept.
    """
    if learned.found.method != "weights" or not swept:
        return None
    quo, to = after.allocations.status_quo, after.allocations.proposal
    asked = learned.surveys.asked
    targets = targets_of(asked, learned.prior, learned.allocations)
    loss = after.beliefs.case.objective.loss
    outcome = after.outcome().sel(allocation=[quo, to] if to != quo else [quo])
    given = _Given(asked, targets, learned.found.tables, outcome, loss(outcome), (quo, to))
    return BiasSweep(after.beliefs, to, quo, tuple(each(_under, given, swept)))


@dataclass(frozen=True, slots=True)
class _Given:
    """What an update with any common biases is made of, and the outcome under status quo and allocation."""

    asked: Sequence[Asked]
    targets: Mapping[str, Floats]
    tables: Mapping[str, Table]
    outcome: xr.DataArray
    loss: xr.DataArray
    names: tuple[str, str]


def _under(given: _Given, common: Common) -> Swept:
    """The outcome under common biases."""
    found = weighed(given.asked, given.targets, given.tables, common)
    weight = ("draw", found.found.weights * given.outcome.sizes["draw"])
    outcome, loss = (one.assign_coords(weight=weight) for one in (given.outcome, given.loss))
    return _swept(common, outcome, loss, given.names, found.found.effective, found.problems)


def _swept(
    common: Common,
    outcome: xr.DataArray,
    loss: xr.DataArray,
    names: tuple[str, str],
    effective: float,
    problems: tuple[str, ...],
) -> Swept:
    quo, to = names
    change = (outcome.sel(allocation=to) - outcome.sel(allocation=quo)).drop_vars("allocation", errors="ignore")
    better = (loss.sel(allocation=to) < loss.sel(allocation=quo)).astype(float)
    return Swept(
        common,
        decisions.figures(outcome.sel(allocation=quo)),
        decisions.figures(change),
        float(averages.mean(better)),
        effective,
        problems,
    )
