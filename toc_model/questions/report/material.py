"""What several sections share: beliefs, allocations, the ledger, and one evaluation of them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim, Contradiction
from toc_model.beliefs.loading import fail_if_twice
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.value import DelayCost
from toc_model.engine.value import delay_cost as cost_of_delay
from toc_model.errors import InputError, unknown
from toc_model.present.words import labels
from toc_model.questions.claims.ledger import checked_claims
from toc_model.questions.compare import Comparison, compare
from toc_model.questions.fewer import fewer
from toc_model.questions.run.moves import Move, moves_under


@dataclass(frozen=True, repr=False)
class Material(Brief):
    """All that the sections are made of; what several of them need is computed once.

    Attributes
    ----------
    beliefs : tuple of Beliefs
        The first is the one that sections of one worldview rest on.
    allocations : Allocations
        The status quo first.
    allocation : str
        What is compared with the status quo.
    claims : mapping of str to Claim
    contradictions : mapping of str to Contradiction
    command : str
        That makes this page again.
    cost : DelayCost or None
        What the caller says that a period of delay costs.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    allocation: str
    claims: Mapping[str, Claim]
    contradictions: Mapping[str, Contradiction]
    command: str = ""
    cost: DelayCost | None = None

    @property
    def first(self) -> Beliefs:
        """The first worldview."""
        return self.beliefs[0]

    @property
    def case(self) -> Case:
        """The theory of change that all is about."""
        return self.first.case

    @property
    def status_quo(self) -> str:
        """Name of the allocation that changes are measured from."""
        return self.allocations.status_quo

    @property
    def shown(self) -> tuple[Beliefs, ...]:
        """Those that sections of several worldviews show: the first, and all others but camps."""
        return (self.first, *(one for one in self.beliefs[1:] if one.kind != "camp"))

    @property
    def with_prior(self) -> Beliefs | None:
        """The first with the densities of one prior; None where there is none."""
        return next((one for one in self.beliefs if one.kind in ("base", "patch")), None)

    @cached_property
    def moves(self) -> list[Move]:
        """The move to the allocation under each worldview."""
        return moves_under(self.beliefs, self.allocations, self.allocation)

    @cached_property
    def compared(self) -> Comparison:
        """All allocations under the worldviews that are shown."""
        return compare(self.shown, self.allocations, delay_cost=self.cost.share if self.cost else None)

    @property
    def changes(self) -> dict[str, xr.DataArray]:
        """Paired change by the allocation, by worldview, dims ``(draw,)``, in the outcome's own direction."""
        return {move.beliefs.worldview: move.change for move in self.moves}


def material_of(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    allocation: str | None = None,
    command: str = "",
    *,
    delay_cost: float | None = None,
) -> Material:
    """Gather what all sections share, with names that fit figures; see `toc_model.present.words.labels`.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One or more, of one case; ledger and contradictions are of the documents of the first.
    allocations : Allocations
    allocation : str, optional
        The case's proposal by default.
    command : str
    delay_cost : float, optional
        As `toc_model.questions.compare.compare` takes it.

    Raises
    ------
    InputError
        If there are no beliefs, the allocation is unknown or the status quo, a worldview is named twice, the ledger
        names what the story lacks, or the cost of delay is no share or of a case without delay.
    """
    if not beliefs:
        raise InputError("worldviews: found none; allowed: one or more")
    fail_if_twice(beliefs)
    documents = beliefs[0].documents
    others = [name for name in allocations.named if name != allocations.status_quo]
    name = allocation or allocations.proposal
    if name not in others:
        raise InputError(f"{allocations.source}: {unknown('allocation', name, others)}")
    claims = checked_claims(documents)
    shown = _labels(allocations)
    renamed = replace(allocations, named={shown[name]: found for name, found in allocations.named.items()})
    cost = cost_of_delay(allocations.case, delay_cost)
    return Material(_labelled(beliefs), renamed, shown[name], claims, documents.contradictions(), command, cost)


def _labels(allocations: Allocations) -> dict[str, str]:
    """Labels of allocations; those that the case names keep their names."""
    case = allocations.case
    kept = [name for name in dict.fromkeys([case.status_quo, case.reference]) if name in allocations.named]
    others = [name for name in allocations.named if name not in kept]
    return dict(zip([*kept, *others], [*kept, *labels([*kept, *others])[len(kept) :]], strict=True))


def _labelled(beliefs: Sequence[Beliefs]) -> tuple[Beliefs, ...]:
    names = dict.fromkeys(member.priors.worldview for one in beliefs for member in one.members)
    names |= dict.fromkeys(one.label for one in beliefs if one.label)
    shown = dict(zip(names, labels(names), strict=True))
    return tuple(
        replace(
            one,
            label=shown.get(one.label, ""),
            members=tuple(
                replace(member, priors=replace(member.priors, worldview=shown[member.priors.worldview]))
                for member in one.members
            ),
        )
        for one in beliefs
    )


def thinned(beliefs: Beliefs, draws: int) -> Beliefs:
    """The same with at most so many draws."""
    return replace(beliefs, parameters=fewer(beliefs.parameters, draws))
