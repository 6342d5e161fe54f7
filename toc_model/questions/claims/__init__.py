"""``toc claims``: the ledger of claims, and what becomes of a change if some are wrong or objections are right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.errors import InputError, unknown
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.claims import words
from toc_model.questions.claims.checking import Checks, check
from toc_model.questions.claims.denying import (
    Compared,
    Consequence,
    Denial,
    Pair,
    alike,
    both_denied,
    consequence_of,
    denied_together,
    tried,
)
from toc_model.questions.claims.figure import denial_figure
from toc_model.questions.claims.grants import Grants, grant
from toc_model.questions.claims.ledger import Ledger, checked_claims, ledger
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Checks", "Denials", "Grants", "Ledger", "check", "claims", "grant", "ledger"]

type Pairs = Iterable[tuple[str, str] | int]
"""Pairs of claims; a number stands for all pairs of that many claims that matter most."""


@dataclass(frozen=True, slots=True, repr=False)
class Denials(Result):
    """All denials, those first that move the allocation's mean change most.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    claims : mapping of str to Claim
        Those that were denied, and those that can't be.
    allocation : str
        What is compared with the status quo.
    undenied : Consequence
    denials : tuple of Denial
    pairs : tuple of Pair
    top : int or None
        How many claims are told of; all by default.
    """

    beliefs: Beliefs
    allocations: Allocations
    claims: Mapping[str, Claim]
    allocation: str
    undenied: Consequence
    denials: tuple[Denial, ...]
    pairs: tuple[Pair, ...] = ()
    top: int | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """Of the case's lever, those that were tried for the best one."""
        return tried(self.beliefs.case.swept)

    def moved(self, denial: Denial) -> xr.DataArray | None:
        """By how much a denial moves the paired change, draw by draw; None where it is not defined."""
        return None if denial.consequence is None else denial.consequence.change - self.undenied.change

    def rows(self) -> list[dict[str, Any]]:
        """A row a claim: the denied ones by rank, then those that can't be denied."""
        denied = [self._row(name, denial) for denial in self.denials for name in denial.claims]
        found = {row["id"] for row in denied}
        return [*denied, *(self._row(name, None) for name in self.claims if name not in found)]

    def _row(self, name: str, denial: Denial | None) -> dict[str, Any]:
        case, claim = self.beliefs.case, self.claims[name]
        about = {
            "id": name,
            **claim.model_dump(include={"kind", "text", "status", "note", "denial"}),
            "same_denial_as": [other for other in denial.claims if other != name] if denial else [],
            "undefined": denial.undefined if denial else "",
        }
        if denial is None or denial.consequence is None:
            return about | dict.fromkeys(["change", "moved", "share_better", case.objective.node, "optimum"])
        moved = denial.consequence.change - self.undenied.change
        return {**about, **denial.consequence.to_dict(case), "moved": decisions.figures(moved)}

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc claims --deny --json`` prints them, in the unit of the outcome."""
        return {
            "worldview": self.beliefs.worldview,
            **self.beliefs.counts,
            **self.beliefs.seeded,
            "allocation": self.allocation,
            "baseline": self.allocations.status_quo,
            "undenied": self.undenied.to_dict(self.beliefs.case),
            "claims": self.rows()[: self.top],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each claim: the change without it, and by how much that differs, in the outcome's unit."""
        import pandas as pd

        rows = {
            row["id"]: {
                "text": row["text"],
                "status": row["status"],
                **{
                    f"{table}_{key}": value
                    for table in ("change", "moved")
                    for key, value in (row[table] or {}).items()
                },
                "share_better": row["share_better"],
            }
            for row in self.rows()[: self.top]
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim")

    def section(self) -> Section:
        """What becomes of the change without each claim."""
        return words.section(self)

    def plot(self) -> "Figure":
        """Mean and 90 % range of the change without each of the claims that matter most."""
        return denial_figure(self)

    def about(self) -> str:
        """Denials, allocation, worldview and draws."""
        return (
            f"{len(self.denials)} denials, {self.allocation!r}, worldview {self.beliefs.worldview!r}, "
            f"{self.beliefs.counted()}"
        )


def claims(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    allocation: str | None = None,
    deny: Iterable[str] | None = None,
    pairs: Pairs = (),
    top: int | None = None,
    progress: Progress | None = None,
) -> Denials:
    """Deny each claim in turn and compare an allocation with the status quo on the same draws.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    allocation : str, optional
        What is compared with the status quo; the proposal by default. The best value is that of the case's lever; all
        else stays as in this allocation.
    deny : iterable of str, optional
        Claims to deny; all by default. Those that can't be denied are kept and reported as such.
    pairs : iterable of (str, str) or int
        Claims to deny together; a number stands for all pairs of that many claims that matter most.
    top : int, optional
        How many claims the result tells of; all by default.
    progress : callable, optional
        Called with the number of denials done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown or the status quo, a claim is unknown or names what the story does not have, or a
        claim of a pair can't be denied or is paired with itself.
    """
    chosen = _chosen(checked_claims(beliefs.documents), deny)
    compared = Compared.of(allocations, allocation or allocations.proposal)
    groups, denials = alike(chosen), []
    _fail_if_no_pairs(chosen, groups, pairs)
    undenied = consequence_of(beliefs, compared)
    for done, names in enumerate(groups, start=1):
        denials.append(denied_together(beliefs, chosen, names, compared))
        if progress:
            progress(done, len(groups))
    found = Denials(beliefs, allocations, chosen, allocation or allocations.proposal, undenied, tuple(denials), top=top)
    ranked = replace(found, denials=tuple(sorted(denials, key=lambda denial: -_weight(found, denial))))
    return replace(ranked, pairs=tuple(_pair(ranked, compared, *pair) for pair in _expanded(ranked, pairs)))


def _chosen(every: Mapping[str, Claim], deny: Iterable[str] | None) -> Mapping[str, Claim]:
    if deny is None:
        return every
    wanted = set(deny)
    for name in wanted:
        if name not in every:
            raise InputError(unknown("claim", name, every))
    return {name: claim for name, claim in every.items() if name in wanted}


def _weight(found: Denials, denial: Denial) -> float:
    moved = found.moved(denial)
    return -1.0 if moved is None else abs(float(averages.mean(moved)))


def _expanded(found: Denials, pairs: Pairs) -> list[tuple[str, str]]:
    """Pairs by name; claims that are denied alike count once among those that matter most."""
    expanded: list[tuple[str, str]] = []
    for pair in pairs:
        if not isinstance(pair, int):
            expanded.append(pair)
        else:
            expanded += combinations([denial.claims[0] for denial in found.denials[:pair]], 2)
    return expanded


def _fail_if_no_pairs(chosen: Mapping[str, Claim], groups: Sequence[Sequence[str]], pairs: Pairs) -> None:
    """Fail, before any is denied, for numbers of claims, and claims, that can't be denied in pairs."""
    deniable = {name for names in groups for name in names}
    for pair in pairs:
        if isinstance(pair, int):
            if not 2 <= pair <= len(groups):
                raise InputError(f"pairs of those that matter most: found {pair}; allowed: 2 to {len(groups)}")
            continue
        for name in pair:
            if name not in chosen:
                raise InputError(f"pairs: {unknown('claim', name, chosen)}")
            if name not in deniable:
                raise InputError(f"pairs: claim {name!r} can't be denied by changing the model ({chosen[name].status})")
        if pair[0] == pair[1]:
            raise InputError(f"pairs: found {pair[0]!r} twice; allowed: two different claims")


def _pair(found: Denials, compared: Compared, first: str, second: str) -> Pair:
    denials = _denial_of(found, first), _denial_of(found, second)
    return both_denied(found.beliefs, found.undenied, (first, second), denials, compared.both)


def _denial_of(found: Denials, name: str) -> Denial:
    return next(denial for denial in found.denials if name in denial.claims)
