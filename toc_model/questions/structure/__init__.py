"""What other mechanisms would make of an answer: how much of its spread is structure, and how much is numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.mixture import mixed
from toc_model.beliefs.sets import fail_if_not_as_stated, members_of
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.structure import words
from toc_model.statistics import averages, decisions
from toc_model.statistics.draws import difference

if TYPE_CHECKING:
    import pandas as pd

SETS = "rivals"
"""The dimension of sets of rivals."""


@dataclass(frozen=True, slots=True, repr=False)
class Structure(Result):
    """An outcome and its change under every set of rival mechanisms, on the same draws.

    Attributes
    ----------
    beliefs : Beliefs
        Without rivals.
    allocations : Allocations
    allocation : str
        To which the move is.
    sets : tuple of tuple of str
        Names of the rivals of each set; the first is empty, the last has all.
    before, change : xarray.DataArray
        Of the objective, dims ``(rivals, draw)``.
    """

    beliefs: Beliefs
    allocations: Allocations
    allocation: str
    sets: tuple[tuple[str, ...], ...]
    before: xr.DataArray
    change: xr.DataArray

    @property
    def told(self) -> tuple[int, ...]:
        """Places of the sets that are shown: none, each rival alone, all."""
        last = len(self.sets) - 1
        return (*(place for place, names in enumerate(self.sets) if len(names) < 2 and place < last), last)

    def to_dict(self) -> dict[str, Any]:
        """Figures of each set that is shown, and how far sets and draws lie apart."""
        case = self.beliefs.case
        return {
            "worldview": self.beliefs.worldview,
            "as_of": self.beliefs.documents.date.name if self.beliefs.documents.date else "",
            "allocation": self.allocation,
            "overrides": [override.text for override in self.beliefs.overrides],
            **self.beliefs.counts,
            **self.beliefs.seeded,
            "sets": [self._figures(place) for place in self.told],
            "spread": {case.objective.node: _spread(self.before), "change": _spread(self.change)},
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

    def _figures(self, place: int) -> dict[str, Any]:
        """Of one set: the outcome before, its change, and what the rivals make of that."""
        case, change = self.beliefs.case, self.change.isel({SETS: place})
        return {
            "rivals": list(self.sets[place]),
            case.objective.node: decisions.figures(self.before.isel({SETS: place})),
            "change": decisions.figures(change),
            "moved_by": decisions.figures(difference(change, self.change.isel({SETS: 0}))),
            "share_better": float(decisions.paired_effect(case.objective.loss(change))["share_better"]),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each of all sets: means with their Monte Carlo errors."""
        import pandas as pd

        rows = [self._figures(place) for place in range(len(self.sets))]
        node = self.beliefs.case.objective.node
        table = {
            " + ".join(row["rivals"]) or "none": {
                f"{what}_{key}": row[what][key] for what in (node, "change", "moved_by") for key in ("mean", "mcse")
            }
            for row in rows
        }
        return pd.DataFrame.from_dict(table, orient="index").rename_axis("rivals")

    def section(self) -> Section:
        """The sets that are shown, and the spreads."""
        return words.section(self)

    def about(self) -> str:
        """Whose beliefs, and how many sets."""
        return f"worldview {self.beliefs.worldview!r}, {len(self.sets)} sets of rivals"


def _spread(values: xr.DataArray) -> dict[str, float]:
    """Of means between sets, and of draws within the story as it is written down."""
    means = averages.mean(values).values
    return {
        "sd_between": float(np.std(means)),
        "least_mean": float(means.min()),
        "largest_mean": float(means.max()),
        "sd_within": float(averages.sd(values.isel({SETS: 0}), ddof=1)),
    }


def sets_of(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """All sets of names, from none to all, smaller ones first."""
    return tuple(found for size in range(len(names) + 1) for found in combinations(names, size))


def structure(
    beliefs: Beliefs, allocations: Allocations, *, allocation: str | None = None, progress: Progress | None = None
) -> Structure:
    """Evaluate a move under every set of the case's rival mechanisms.

    Parameters
    ----------
    beliefs : Beliefs
        A worldview or a mixture, without rivals.
    allocations : Allocations
    allocation : str, optional
        To which the move is; the proposal by default.
    progress : callable, optional

    Raises
    ------
    InputError
        If the case has no rivals, the beliefs have some already or are no worldview, or the allocation is unknown.
    """
    case = beliefs.case
    if not case.rivals:
        raise InputError(f"structure: the case {case.name} has no rival mechanisms")
    if case.switched:
        raise InputError(f"structure: found --rival {case.switched[0]}; allowed: none, since all are tried")
    fail_if_not_as_stated(beliefs)
    to = allocation or allocations.proposal
    levers = allocations.compared(to).levers()
    parameters, sets = _drawn(beliefs), sets_of(case.rival_names)
    found = []
    for done, names in enumerate(sets, start=1):
        found.append(_under(beliefs, parameters, names).outcome(levers))
        if progress:
            progress(done, len(sets))
    together = xr.concat(found, dim=SETS)
    before = together.isel(allocation=0, drop=True)
    change = difference(together.isel(allocation=1, drop=True), before)
    return Structure(beliefs, allocations, to, sets, before, change)


def _drawn(beliefs: Beliefs) -> xr.Dataset:
    """The same draws of the parameters, and draws of what all rivals ask for."""
    documents = replace(beliefs.documents, case=beliefs.case.under(beliefs.case.rival_names))
    return mixed(documents.case.story, members_of(beliefs, documents), beliefs.draws, beliefs.seed)


def _under(beliefs: Beliefs, parameters: xr.Dataset, names: Sequence[str]) -> Beliefs:
    """The beliefs under some rivals, with the draws that all share."""
    documents = replace(beliefs.documents, case=beliefs.case.under(names))
    return beliefs.redrawn(parameters[list(documents.case.story.parameters)], documents=documents)
