"""Allocations as points of a space: which variables of levers are free, where the others are held, and what bounds
there are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocation
from toc_model.beliefs.levers import levers_at
from toc_model.engine.declare import Lever, Nested, Variable
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.statistics.region import Region

DIGITS = 6
"""Of an optimum as a document, in units of a lever's range."""


def groups_of(story: Story) -> tuple[str, ...]:
    """What can be free: each variable, or all of those together that add up to one."""
    return tuple(dict.fromkeys(variable.group for variable in story.variables))


@dataclass(frozen=True, slots=True)
class LeverSpace:
    """Allocations as points: free variables in units of their lever's range, 0 at its lower bound and 1 at its upper.

    Attributes
    ----------
    story : Story
    free : tuple of str
        Variables that may change.
    base : array of shape (variable,)
        All variables of the story under the allocation that is to be improved, in their own units.
    """

    story: Story
    free: tuple[str, ...]
    base: Floats

    @property
    def variables(self) -> list[Variable]:
        """Those that are free."""
        return [self.story.variable(name) for name in self.free]

    @property
    def _places(self) -> list[int]:
        names = [variable.name for variable in self.story.variables]
        return [names.index(name) for name in self.free]

    @property
    def _lowest(self) -> Floats:
        return np.array([variable.lever.lower for variable in self.variables])

    @property
    def _range(self) -> Floats:
        return np.array([_range(variable.lever) for variable in self.variables])

    @property
    def start(self) -> Floats:
        """The base, as a point."""
        return self.point(self.base[self._places])

    def point(self, values: Floats) -> Floats:
        """Values of the free variables as a point."""
        return (values - self._lowest) / self._range

    def values(self, x: Floats) -> Floats:
        """Values of the free variables at a point, in their own units."""
        return self._lowest + self._range * x

    def whole(self, x: Floats) -> Floats:
        """Values of all variables of the story at a point."""
        values = self.base.copy()
        values[self._places] = self.values(x)
        return values

    def arrays(self, x: Floats) -> list[Floats]:
        """Every lever at a point, of the shape of its places."""
        whole, found = self.whole(x), []
        for lever in self.story.levers.values():
            shape = [len(self.story.dimensions[dim]) for dim in lever.places]
            mine, whole = np.split(whole, [math.prod(shape)])
            found.append(mine.reshape(shape))
        return found

    def levers(self, x: Floats, base: xr.Dataset, name: str) -> xr.Dataset:
        """A point as levers of one allocation; ``base`` are those of any other, without the dim ``allocation``."""
        whole = zip(self.story.variables, self.whole(x), strict=True)
        return levers_at(self.story, base, {variable.name: np.array([value]) for variable, value in whole}, [name])

    def slopes(self, by_lever: Sequence[Floats]) -> Floats:
        """Derivatives by free variable, from those by lever."""
        found: Floats = self._range * np.concatenate([slope.ravel() for slope in by_lever])[self._places]
        return found

    def allocation(self, x: Floats, description: str) -> Allocation:
        """A point as an allocation, rounded, with sums that are still one."""
        levers = self.story.levers.values()
        arrays = zip(levers, self.arrays(x), strict=True)
        values = {lever.name: _nested(lever, self.story.dimensions, _tidy(lever, array)) for lever, array in arrays}
        return Allocation(description, values)

    def region(self, bounds: Mapping[str, tuple[float, float]], at_most_moved: float | None) -> Region:
        """Where to look: the levers' bounds and sums, own bounds, and how much may move.

        Parameters
        ----------
        bounds : mapping of str to (low, high)
            By free variable, in its own unit.
        at_most_moved : float or None
            Largest sum of all changes of levers without a sum, in their unit.

        Raises
        ------
        InputError
            If a bound is for a variable that is not free or is no range within the lever's, if a lever has no end, or
            if what may move is no number from 0 on or is of several units.
        """
        for name, (low, high) in bounds.items():
            if name not in self.free:
                raise InputError(f"bound {name}: {unknown('free variable', name, self.free)}")
            lever = self.story.variable(name).lever
            if not lever.lower <= low <= high <= lever.upper:
                raise InputError(
                    f"bound {name}: found {low:g}:{high:g}; allowed: LOW:HIGH within {lever.lower:g}:{lever.upper:g}"
                    f"{lever.range.meant(max(low, high))}"
                )
        limits = [bounds.get(one.name, (one.lever.lower, one.lever.upper)) for one in self.variables]
        top = [_top(variable.lever) for variable in self.variables]
        lower, upper = (self.point(np.minimum(ends, top)) for ends in np.array(limits).T)
        return Region(self.free, lower, upper, self._sums(), self._budget(at_most_moved))

    def _sums(self) -> tuple[Floats, Floats]:
        """A row for each group that adds up to one."""
        groups = dict.fromkeys(variable.group for variable in self.variables if variable.lever.sums_over)
        rows = [[float(variable.group == group) for variable in self.variables] for group in groups]
        kept = np.array(rows).reshape(-1, len(self.free))
        return kept * self._range, 1 - kept @ self._lowest

    def _budget(self, at_most_moved: float | None) -> tuple[Floats, Floats]:
        """What levers without a sum change by adds up to at most so much: one row for each choice of signs."""
        alone = [place for place, variable in enumerate(self.variables) if not variable.lever.sums_over]
        if at_most_moved is not None and not 0 <= at_most_moved < np.inf:
            raise InputError(f"at most moved: found {at_most_moved:g}; allowed: 0 or more")
        if at_most_moved is None or not alone:
            return np.zeros((0, len(self.free))), np.zeros(0)
        units = dict.fromkeys(self.variables[place].lever.unit for place in alone)
        if len(units) > 1:
            raise InputError(f"at most moved: found levers in {', '.join(units)}; allowed: free levers of one unit")
        rows = np.zeros((2 ** len(alone), len(self.free)))
        rows[:, alone] = np.array(np.meshgrid(*[[-1.0, 1.0]] * len(alone))).reshape(len(alone), -1).T
        rows *= self._range
        return rows, at_most_moved + rows @ self.start


def _range(lever: Lever) -> float:
    if not math.isfinite(lever.upper - lever.lower):
        raise InputError(f"lever {lever.name}: found no bounds; allowed: a lower and an upper one, to search between")
    return lever.upper - lever.lower


def _top(lever: Lever) -> float:
    """The largest value that a search goes to."""
    return lever.upper - lever.margin


def _tidy(lever: Lever, values: Floats) -> Floats:
    """Values with few digits; the largest of those that add up to one takes what rounding leaves."""
    size = lever.upper - lever.lower
    digits = DIGITS - math.floor(math.log10(size)) if math.isfinite(size) else DIGITS
    rounded = np.round(values, digits)
    if lever.sums_over:
        rounded = np.round(np.clip(values, lever.lower, lever.upper), digits)
        for row in rounded.reshape(-1, rounded.shape[-1]):
            largest = int(row.argmax())
            row[largest] = round(1 - (row[:largest].sum() + row[largest + 1 :].sum()), digits)
    return rounded


def _nested(lever: Lever, dimensions: Mapping[str, tuple[str, ...]], values: Floats) -> Nested:
    """Values as a document nests them."""

    def inner(part: Any, dims: tuple[str, ...]) -> Nested:
        if not dims:
            return float(part)
        return {place: inner(one, dims[1:]) for place, one in zip(dimensions[dims[0]], part, strict=True)}

    return inner(values, lever.places)


def lever_space(story: Story, free: Sequence[str], base: Allocation) -> LeverSpace:
    """Free some groups of variables.

    Parameters
    ----------
    story : Story
    free : sequence of str
        Out of `groups_of`; all of them if empty.
    base : Allocation
        Holds what is not free.

    Raises
    ------
    InputError
        If a group is unknown.
    """
    groups = groups_of(story)
    for name in free:
        if name not in groups:
            raise InputError(f"free: {unknown('group of levers', name, groups)}")
    chosen = [variable.name for variable in story.variables if variable.group in (free or groups)]
    values = [min(base.at(story, variable.name), _top(variable.lever)) for variable in story.variables]
    return LeverSpace(story, tuple(chosen), np.array(values))
