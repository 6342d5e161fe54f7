"""Allocations as points of a space: which levers are free, where the others are held, and what bounds there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocation
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import INTERVENTIONS, POOLS
from toc_model.statistics.optimise import Region

SHARES = POOLS
MIXES = tuple(f"mix.{pool}" for pool in POOLS)
GROUPS = (*SHARES, *MIXES)
"""What can be free: the share of each pool that buys time, and the mix of what they do then."""
FULL = 1 - 1e-6
"""Largest share of a pool that buys time: with nobody left, slopes are not defined."""
VARIABLES = (*SHARES, *(f"mix.{pool}.{intervention}" for pool in POOLS for intervention in INTERVENTIONS))


@dataclass(frozen=True, slots=True)
class LeverSpace:
    """Allocations as points: the free variables, and the allocation that the others are held at.

    Attributes
    ----------
    free : tuple of str
        Out of `VARIABLES`.
    base : array of shape (variable,)
        All variables under the allocation that is to be improved.
    """

    free: tuple[str, ...]
    base: Floats

    @property
    def _places(self) -> list[int]:
        return [VARIABLES.index(name) for name in self.free]

    @property
    def start(self) -> Floats:
        """The base, as a point."""
        return self.base[self._places]

    def whole(self, x: Floats) -> Floats:
        """All variables at a point."""
        values = self.base.copy()
        values[self._places] = x
        return values

    def arrays(self, x: Floats) -> tuple[Floats, Floats]:
        """Shares ``(pool,)`` and mixes ``(pool, intervention)`` at a point."""
        values = self.whole(x)
        return values[: len(POOLS)], values[len(POOLS) :].reshape(len(POOLS), len(INTERVENTIONS))

    def slopes(self, by_lever: Sequence[Floats]) -> Floats:
        """Derivatives by free variable, from those by lever."""
        return np.concatenate([slope.ravel() for slope in by_lever])[self._places]

    def allocation(self, x: Floats, description: str) -> Allocation:
        """A point as an allocation, rounded to 1e-6 with rows that still add up to one."""
        shares, mixes = self.arrays(x)
        return Allocation(
            description=description,
            buying_time_share={pool: round(float(share), 6) for pool, share in zip(POOLS, shares, strict=True)},
            mix={pool: _tidy_mix(row) for pool, row in zip(POOLS, mixes, strict=True)},
        )

    def region(self, bounds: Mapping[str, tuple[float, float]], at_most_moved: float | None) -> Region:
        """Where to look: shares in [0, 1], mixes that add up to one, own bounds, and how many points may move.

        Raises
        ------
        InputError
            If a bound is for a variable that is not free or is no range within [0, 1].
        """
        for name, (low, high) in bounds.items():
            if name not in self.free:
                raise InputError(f"bound {name}: {unknown('free variable', name, self.free)}")
            if not 0 <= low <= high <= 1:
                raise InputError(f"bound {name}: found {low:g}:{high:g}; allowed: LOW:HIGH within 0:1")
        if at_most_moved is not None and not 0 <= at_most_moved < np.inf:
            raise InputError(f"at most moved: found {100 * at_most_moved:g} points; allowed: 0 or more")
        limits = np.array([bounds.get(name, (0.0, 1.0)) for name in self.free])
        top = np.array([FULL if name in SHARES else 1.0 for name in self.free])
        lower, upper = np.minimum(limits.T, top)
        return Region(self.free, lower, upper, self._sums(), self._budget(at_most_moved))

    def _sums(self) -> tuple[Floats, Floats]:
        rows = [[float(name.startswith(f"{mix}.")) for name in self.free] for mix in MIXES]
        kept = np.array([row for row in rows if any(row)]).reshape(-1, len(self.free))
        return kept, np.ones(len(kept))

    def _budget(self, at_most_moved: float | None) -> tuple[Floats, Floats]:
        """What shares change by adds up to at most so much: one row for each choice of signs."""
        shares = [self.free.index(name) for name in SHARES if name in self.free]
        if at_most_moved is None or not shares:
            return np.zeros((0, len(self.free))), np.zeros(0)
        signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * len(shares))).reshape(len(shares), -1).T
        rows = np.zeros((len(signs), len(self.free)))
        rows[:, shares] = signs
        return rows, at_most_moved + rows @ self.start


def _tidy_mix(row: Floats) -> dict[str, float]:
    shares = [round(float(share), 6) for share in np.clip(row, 0, 1)]
    largest = int(np.argmax(shares))
    shares[largest] = round(1 - sum(shares[:largest] + shares[largest + 1 :]), 6)
    return dict(zip(INTERVENTIONS, shares, strict=True))


def lever_space(free: Sequence[str], base: Allocation) -> LeverSpace:
    """Free some groups of variables.

    Parameters
    ----------
    free : sequence of str
        Out of `GROUPS`; all of them if empty.
    base : Allocation
        Holds what is not free.

    Raises
    ------
    InputError
        If a group is unknown.
    """
    for name in free:
        if name not in GROUPS:
            raise InputError(f"free: {unknown('group of levers', name, GROUPS)}")
    chosen = [name for name in VARIABLES if _group(name) in (free or GROUPS)]
    shares = [min(base.buying_time_share[pool], FULL) for pool in POOLS]
    mixes = [share for pool in POOLS for share in base.mix_of(pool).values()]
    return LeverSpace(tuple(chosen), np.array([*shares, *mixes]))


def _group(variable: str) -> str:
    return variable if variable in SHARES else variable.rpartition(".")[0]
