"""``toc claims --grant``: what becomes of the outcome and of its change if objections are right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.loading import fail_if_twice
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.claims import grant_words as words
from toc_model.questions.claims.figure import grant_figure
from toc_model.questions.claims.granting import (
    Grant,
    Granted,
    figures_of,
    grantable,
    granted_under,
    grants_of,
    moves_of,
    objections_of,
)
from toc_model.questions.claims.ledger import checked_claims
from toc_model.statistics.signs import turn

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Grants(Result):
    """Objections granted, each alone and all that were chosen together, in the order of the ledger.

    Attributes
    ----------
    beliefs : tuple of Beliefs
        The first is the worldview that was asked for; of the others the sign of the mean change is told.
    allocations : Allocations
    objections : mapping of str to Claim
        All of the ledger, also those that can't be granted.
    chosen : tuple of str
        Those that were granted.
    allocation : str
        What is compared with the status quo.
    ungranted : tuple of xarray.DataArray
        The objective with nothing granted, dims ``(draw, allocation)``, one a worldview.
    grants : tuple of Grant
    found : tuple of tuple of Granted
        What follows: one a grant, within it one a worldview.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    objections: Mapping[str, Claim]
    chosen: tuple[str, ...]
    allocation: str
    ungranted: tuple[xr.DataArray, ...]
    grants: tuple[Grant, ...]
    found: tuple[tuple[Granted, ...], ...]

    @property
    def first(self) -> Beliefs:
        """The worldview that was asked for."""
        return self.beliefs[0]

    @property
    def not_grantable(self) -> dict[str, Claim]:
        """Objections that no change of the model grants."""
        return {name: claim for name, claim in self.objections.items() if not claim.if_right}

    def undone(self) -> dict[str, dict[str, Any]]:
        """With nothing granted, by worldview: the objective under the status quo, its change, the share better."""
        return {
            beliefs.worldview: figures_of(beliefs.case, outcome)
            for beliefs, outcome in zip(self.beliefs, self.ungranted, strict=True)
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row a grant; its figures by worldview are None where there is no value."""
        before = self.undone()
        return [self._row(grant, found, before) for grant, found in zip(self.grants, self.found, strict=True)]

    def _row(self, grant: Grant, found: Sequence[Granted], before: Mapping[str, Any]) -> dict[str, Any]:
        under = zip(self.beliefs, found, self.ungranted, strict=True)
        return {
            "granted": grant.name,
            "claims": list(grant.claims),
            "together": grant.together,
            "text": [self.objections[name].text for name in grant.claims],
            "overrides": [override.text for override in grant.overrides],
            "worldviews": {
                beliefs.worldview: _figures(beliefs, one, ungranted, before[beliefs.worldview])
                for beliefs, one, ungranted in under
            },
        }

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc claims --grant --json`` prints them, in the unit of the outcome."""
        return {
            "worldview": self.first.worldview,
            **self.first.counts,
            **self.first.seeded,
            "allocation": self.allocation,
            "baseline": self.allocations.status_quo,
            "ungranted": self.undone(),
            "grants": self.rows(),
            "not_grantable": [
                {"id": name, **claim.model_dump(include={"text", "status", "note"})}
                for name, claim in self.not_grantable.items()
            ],
            "rests_on": [beliefs.rests_on() for beliefs in self.beliefs],
            "provenance": [
                beliefs.provenance(allocations=dict(self.allocations.digests), granted=list(self.chosen))
                for beliefs in self.beliefs
            ],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each grant and worldview, in the unit of the outcome; no figures where there is no value."""
        import pandas as pd

        rows = {
            (grant.name, worldview): _flat(under)
            for grant, row in zip(self.grants, self.rows(), strict=True)
            for worldview, under in row["worldviews"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["granted", "worldview"])

    def section(self) -> Section:
        """What becomes of the change with each objection granted."""
        return words.section(self)

    def plot(self) -> "Figure":
        """Mean and 90 % range of the change with each objection granted, under the worldview that was asked for."""
        return grant_figure(self)

    def about(self) -> str:
        """Grants, allocation, worldviews and draws."""
        names = ", ".join(beliefs.worldview for beliefs in self.beliefs)
        return f"{len(self.grants)} grants, {self.allocation!r}, worldviews {names}, {self.first.counted()}"


def _figures(beliefs: Beliefs, found: Granted, ungranted: xr.DataArray, before: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from a grant under one worldview, as JSON has it."""
    if found.outcome is None:
        keys = (*before, "moved", "sign")
        return {**dict.fromkeys(keys), "undefined": found.undefined}
    figures = figures_of(beliefs.case, found.outcome)
    return {
        **figures,
        "moved": moves_of(beliefs.case, found.outcome, ungranted),
        "sign": turn(before["change"], figures["change"]),
        "undefined": "",
    }


def _flat(under: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of one worldview in one row."""
    found: dict[str, Any] = {}
    for name, value in {**under, **{f"moved_{name}": value for name, value in (under["moved"] or {}).items()}}.items():
        if isinstance(value, dict) and name != "moved":
            found |= {f"{name}_{key}": figure for key, figure in value.items()}
        elif name != "moved":
            found[name] = value
    return found


def grant(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    allocation: str | None = None,
    objections: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Grants:
    """Grant objections and compare an allocation with the status quo, on the draws of before.

    Each objection is granted alone, and then all that were chosen together: factors multiply, equal values count once.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        The first is told in full; of all of them it is told whether a grant turns the sign of the mean change.
    allocations : Allocations
    allocation : str, optional
        What is compared with the status quo; the proposal by default.
    objections : iterable of str, optional
        Those to grant; all that can be granted by default.
    progress : callable, optional
        Called with the number of grants done and the number of all.

    Raises
    ------
    InputError
        If there are no beliefs or two of one name, the allocation is unknown or the status quo, the ledger and the
        story disagree, an objection is unknown, none or one that can't be granted, or there is none to grant.
    """
    if not beliefs:
        raise InputError("worldviews: found none; allowed: one or more")
    fail_if_twice(beliefs)
    first, name = beliefs[0], allocation or allocations.proposal
    every = checked_claims(first.documents)
    chosen = grantable(every, objections)
    if not chosen:
        raise InputError(f"grant: found no objection of {first.case.theory} that can be granted")
    levers = allocations.compared(name).levers()
    ungranted = tuple(one.outcome(levers) for one in beliefs)
    grants, found = grants_of(first.case, chosen), []
    for done, one in enumerate(grants, start=1):
        found.append(tuple(granted_under(held, one, levers) for held in beliefs))
        if progress:
            progress(done, len(grants))
    return Grants(
        tuple(beliefs),
        allocations,
        objections_of(every),
        tuple(chosen),
        name,
        ungranted,
        tuple(grants),
        tuple(found),
    )
