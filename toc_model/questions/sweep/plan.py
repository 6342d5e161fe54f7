"""What a sweep does: which beliefs, mechanisms, draws and allocations, and how these are cut into chunks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.beliefs.sets import Sets, fail_if_not_in_sets, under_rivals, without_draws
from toc_model.engine.case import WITH, Case
from toc_model.errors import InputError
from toc_model.labels import MADE, made_as
from toc_model.questions.sweep.grid import Grid
from toc_model.work.identity import fingerprint

POINTS = 2**20
"""Numbers of a chunk, at the most."""
FEW = 4
"""Chunks of draws and allocations below which camps are shared out among workers, too, though each draws the pool."""
WRITTEN = "as written"
"""What the laws are called that no rival takes the place of."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chunk: one set of the draws and one part of the allocations, under one worldview and mechanism.

    Attributes
    ----------
    worldview, mechanism, set, part : int
        Places along the plan's.
    """

    worldview: int
    mechanism: int
    set: int
    part: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a sweep.

    Attributes
    ----------
    beliefs : tuple of tuple of Beliefs
        By worldview and mechanism, without more draws than are needed to draw them again.
    rivals : tuple of tuple of str
        Names of the rival mechanisms of each set of these; none for the laws as they are written down.
    sets : Sets
    grid : Grid
    """

    beliefs: tuple[tuple[Beliefs, ...], ...]
    rivals: tuple[tuple[str, ...], ...]
    sets: Sets
    grid: Grid

    @property
    def node(self) -> str:
        """The outcome: the case's objective."""
        return self.case.objective.node

    @property
    def case(self) -> Case:
        """What it is about, as it is written down."""
        return self.grid.allocations.case

    @property
    def worldviews(self) -> tuple[str, ...]:
        """Names of the worldviews."""
        return tuple(row[0].worldview for row in self.beliefs)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Names of the sets of rivals."""
        return tuple(WITH.join(names) or WRITTEN for names in self.rivals)

    @property
    def coords(self) -> dict[str, Any]:
        """Labels of worldviews, mechanisms and allocations, and what moves in the latter."""
        everything = slice(0, self.grid.size)
        return {
            "worldview": list(self.worldviews),
            "mechanism": list(self.mechanisms),
            "allocation": np.array(self.grid.labels(everything)),
            **{name: ("allocation", values) for name, values in self.grid.values(everything).items()},
        }

    @property
    def made(self) -> Mapping[str, tuple[str, ...]]:
        """By worldview, what is told of how its draws were made."""
        return {
            row[0].worldview: tuple(name for name in MADE if name in made_as(row[0].parameters)) for row in self.beliefs
        }

    @property
    def width(self) -> int:
        """Allocations of a part; the last may have fewer."""
        return max(1, min(POINTS // self.sets.size, self.grid.size))

    @property
    def parts(self) -> int:
        """Number of parts of the allocations."""
        return math.ceil(self.grid.size / self.width)

    def part(self, place: int) -> slice:
        """Which of the allocations a part has."""
        return slice(place * self.width, min((place + 1) * self.width, self.grid.size))

    def chunks(self) -> Iterator[tuple[Place, ...]]:
        """All chunks, those together that one worker does one after another because they share draws of a pool."""
        apart = self.sets.many * self.parts < FEW
        every = range(len(self.beliefs))
        picked = [place for place in every if any(one.priors.camp for one in self.beliefs[place][0].members)]
        together = [[place] for place in picked] if apart else [picked]
        groups = [*together, *([place] for place in every if place not in picked)]
        for group in filter(None, groups):  # those that take longest first, so that workers end together
            for one in range(self.sets.many):
                for part in range(self.parts):
                    yield tuple(
                        Place(worldview, mechanism, one, part)
                        for worldview in group
                        for mechanism in range(len(self.rivals))
                    )

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, and of the code that does it."""
        return fingerprint(self)


def planned(
    beliefs: Sequence[Beliefs],
    grid: Grid,
    *,
    rivals: Sequence[Sequence[str]] = (),
    draws: int | None = None,
) -> Plan:
    """Plan a sweep.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One a worldview.
    grid : Grid
        The status quo first.
    rivals : sequence of sequence of str
        Sets of rival mechanisms, beside the laws as they are written down.
    draws : int, optional
        As many as the first beliefs have by default.

    Raises
    ------
    InputError
        If there are no beliefs, two have one name, draws can't be made, or a rival is unknown.
    """
    if not beliefs:
        raise InputError("worldviews: found none; allowed: one or more")
    fail_if_twice(beliefs)
    sets = Sets(beliefs[0].draws if draws is None else draws)
    for one in beliefs:
        fail_if_not_in_sets(one, sets)
    several = ((), *(tuple(names) for names in rivals))
    if len(set(map(frozenset, several))) < len(several):
        raise InputError("rivals: found a set of them twice; allowed: each once")
    rows = tuple(tuple(without_draws(under_rivals(one, names)) for names in several) for one in beliefs)
    return Plan(rows, several, sets, grid)
