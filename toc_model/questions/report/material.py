"""What several sections share: beliefs, allocations, the ledger, and one evaluation of them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim, Contradiction
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import POOLS
from toc_model.present.words import labels
from toc_model.questions.compare.result import Comparison, compare
from toc_model.statistics import decisions


@dataclass(frozen=True)
class Material:
    """All that the sections are made of.

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
    compared : Comparison
        P(doom) of all worldviews and allocations.
    command : str
        That makes this page again.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    allocation: str
    claims: Mapping[str, Claim]
    contradictions: Mapping[str, Contradiction]
    compared: Comparison
    command: str = ""

    @property
    def first(self) -> Beliefs:
        """The first worldview."""
        return self.beliefs[0]

    @property
    def status_quo(self) -> str:
        """Name of the allocation that changes are measured from."""
        return next(iter(self.allocations.named))

    @cached_property
    def doom(self) -> dict[str, xr.DataArray]:
        """P(doom) by worldview, dims ``(draw, allocation)``."""
        return {found.worldview: loss for found, loss in zip(self.beliefs, self.compared.losses, strict=True)}

    @cached_property
    def changes(self) -> dict[str, xr.DataArray]:
        """Paired change by the allocation, by worldview, dims ``(draw,)``."""
        return {
            name: decisions.paired_change(loss, self.status_quo).sel(allocation=self.allocation, drop=True)
            for name, loss in self.doom.items()
        }

    def shares(self, name: str) -> str:
        """Who buys time under an allocation, in words."""
        found = self.allocations.named[name].buying_time_share
        return " and ".join(f"{100 * found[pool]:.3g} % of {pool}" for pool in POOLS)


def material_of(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    allocation: str,
    claims: Mapping[str, Claim],
    contradictions: Mapping[str, Contradiction],
    command: str = "",
) -> Material:
    """Evaluate what all sections share, and gather it, with names that fit figures; see `words.labels`.

    Raises
    ------
    InputError
        If the allocation is unknown or the status quo, or a worldview is named twice.
    """
    names = list(allocations.named)
    if allocation not in names[1:]:
        raise InputError(f"{allocations.source}: {unknown('allocation', allocation, names[1:])}")
    shown = dict(zip(names, labels(names), strict=True))
    renamed = replace(allocations, named={shown[name]: found for name, found in allocations.named.items()})
    named = _labelled(beliefs)
    compared = compare(named, renamed)
    return Material(named, renamed, shown[allocation], claims, contradictions, compared, command)


def _labelled(beliefs: Sequence[Beliefs]) -> tuple[Beliefs, ...]:
    names = list(dict.fromkeys(member.priors.worldview for one in beliefs for member in one.members))
    shown = dict(zip(names, labels(names), strict=True))
    return tuple(
        replace(
            one,
            members=tuple(
                replace(member, priors=replace(member.priors, worldview=shown[member.priors.worldview]))
                for member in one.members
            ),
        )
        for one in beliefs
    )


def thinned(beliefs: Beliefs, draws: int) -> Beliefs:
    """The same with at most so many draws, evenly spread."""
    kept = min(draws, beliefs.draws)
    return replace(beliefs, parameters=beliefs.parameters.isel(draw=np.arange(kept) * beliefs.draws // kept))
