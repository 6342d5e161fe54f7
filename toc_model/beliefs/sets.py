"""Many draws as sets of a few thousand, each of which can be drawn anywhere by itself: from its seed alone.

The first set has the seed of the whole, the second the next one, and so on. Each is what a question draws with its
seed: members of a camp, or parts of a mixture, are spread evenly over every set.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import AS_GIVEN
from toc_model.beliefs.loading import DRAWS
from toc_model.beliefs.mixture import Member, mixed
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError


@dataclass(frozen=True, slots=True)
class Sets:
    """How many draws there are, and how they are divided.

    Attributes
    ----------
    draws : int
    """

    draws: int

    def __post_init__(self) -> None:
        if self.draws < 2:
            raise InputError(f"draws: found {self.draws}; allowed: 2 or more")

    @property
    def many(self) -> int:
        """Number of sets."""
        return math.ceil(self.draws / DRAWS)

    @property
    def size(self) -> int:
        """Draws of a set; the last may have fewer."""
        return math.ceil(self.draws / self.many)

    def of(self, place: int) -> slice:
        """Which of the draws a set has."""
        return slice(place * self.size, min((place + 1) * self.size, self.draws))


def fail_if_not_in_sets(beliefs: Beliefs, sets: Sets) -> None:
    """Fail if draws were given, and there are too few of them or no more can be made like them.

    Raises
    ------
    InputError
        Naming the worldview.
    """
    where = beliefs.worldview
    if not beliefs.seeded:
        if beliefs.draws < sets.draws:
            raise InputError(f"{where}: found {beliefs.draws:,} draws of its own; allowed: {sets.draws:,} or more")
        return
    learnt = [member.priors.worldview for member in beliefs.members if member.priors.learnt]
    if learnt and sets.many > 1:
        raise InputError(
            f"{where}: found {learnt[0]!r} in a mixture, whose draws are given; allowed: {DRAWS:,} draws or fewer"
        )
    entries = {name: prior for member in beliefs.members for name, prior in member.priors.entries.items()}
    if given := [name for name, prior in entries.items() if prior.distribution.method == AS_GIVEN]:
        raise InputError(f"{where}: {given[0]}: found draws that were given; allowed: quantiles or a distribution")


def without_draws(beliefs: Beliefs) -> Beliefs:
    """The same with no more draws than are needed to draw them again: all for those that were given, else two."""
    if not beliefs.seeded:
        return beliefs
    return replace(beliefs, parameters=beliefs.parameters.isel(draw=slice(0, 2)))


def in_set(beliefs: Beliefs, sets: Sets, place: int) -> Beliefs:
    """The beliefs with the draws of one set.

    Parameters
    ----------
    beliefs : Beliefs
        For which `fail_if_not_in_sets` does not fail.
    sets : Sets
    place : int
        Of the set, from 0.
    """
    which = sets.of(place)
    if not beliefs.seeded:
        return replace(beliefs, parameters=beliefs.parameters.isel(draw=which))
    seed = beliefs.seed + place
    return beliefs.redrawn(mixed(beliefs.case.story, beliefs.members, which.stop - which.start, seed), seed=seed)


def under_rivals(beliefs: Beliefs, rivals: Iterable[str]) -> Beliefs:
    """The same beliefs about the case under some rival mechanisms, on the same random numbers.

    Parameters
    ----------
    beliefs : Beliefs
        Of a worldview or a mixture as documents and sets state it, of the case as it is written down.
    rivals : iterable of str
        Names, in any order; for none the beliefs are returned as they are.

    Raises
    ------
    InputError
        If a rival is unknown, two give the same law, or the beliefs are others.
    """
    names = tuple(rivals)
    if not names:
        return beliefs
    fail_if_not_as_stated(beliefs)
    documents = replace(beliefs.documents, case=beliefs.case.under(names))
    members = members_of(beliefs, documents)
    return beliefs.redrawn(mixed(documents.case.story, members, 2, beliefs.seed), documents=documents, members=members)


def members_of(beliefs: Beliefs, documents: Documents) -> tuple[Member, ...]:
    """The members with their priors as other documents have them, such as those of the case under rivals."""
    return tuple(replace(one, priors=documents.priors(*one.priors.part)) for one in beliefs.members)


def fail_if_not_as_stated(beliefs: Beliefs) -> None:
    """Fail if beliefs can't be drawn under rivals: posteriors, draws of one's own, and what a program changed.

    Raises
    ------
    InputError
    """
    stated = beliefs.documents.changes(*(member.priors for member in beliefs.members))
    learnt = beliefs.is_posterior or any(member.priors.learnt for member in beliefs.members)
    if beliefs.label or learnt or beliefs.changed != stated:
        raise InputError(
            f"rivals: found {beliefs.worldview!r}, not to be drawn under rivals; allowed: a worldview or a mixture "
            "as documents and --set state it"
        )
