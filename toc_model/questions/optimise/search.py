"""The search for the best allocation: losses of a story at points of a lever space, fitted on one half of the draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.engine.facets import Objective as Valued
from toc_model.engine.program.outcome import RecordedOutcome, record_outcome
from toc_model.engine.value import DelayCost
from toc_model.errors import InputError
from toc_model.questions.optimise.space import LeverSpace
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective, Optimum, minimise, size_of
from toc_model.statistics.region import Region
from toc_model.statistics.standard_errors import Design, design_of

SEARCHES = 5
"""How often the search starts anew from a better point before it gives up."""
FEWEST_DRAWS = 100
TOLERANCE = 1e-8
"""Change of what is made small below which a search stops, as a share of its size."""

type Kind = Literal["mean", "cvar", "worst", "regret"]


@dataclass(frozen=True)
class StoryLosses:
    """The objective as a loss in all draws of some worldviews, one after another, at a point of a lever space."""

    valued: Valued
    space: LeverSpace
    outcomes: tuple[RecordedOutcome, ...]
    designs: tuple[Design, ...] = ()
    """How the draws of each worldview were made; none where all are independent."""
    _cached: Callable[[bytes], Floats] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cached", lru_cache(maxsize=8)(self._compute))

    def value(self, x: Floats) -> Floats:
        """Shape ``(draw,)``."""
        return self._cached(np.ascontiguousarray(x, float).tobytes())

    def _compute(self, point: bytes) -> Floats:
        arrays = self.space.arrays(np.frombuffer(point))
        found: Floats = self.valued.loss(np.concatenate([outcome.value(arrays) for outcome in self.outcomes]))
        return found

    def slope(self, x: Floats, weights: Floats) -> Floats:
        """Shape ``(variable,)``."""
        arrays, total, first = self.space.arrays(x), np.zeros(len(self.space.free)), 0
        for outcome in self.outcomes:
            mine = weights[first : first + outcome.draws]
            first += outcome.draws
            if mine.any():
                total += self.space.slopes(outcome.slope(arrays, mine))
        found: Floats = self.valued.loss(total)
        return found


@dataclass(frozen=True, slots=True, repr=False)
class Fit(Brief):
    """What a search found.

    Attributes
    ----------
    x : array of shape (variable,)
    extent : dict of str to (float, float)
        By free variable, in its own unit: the range over all points that were found to be as good.
    agreeing, starts : int
        How many of the starts led to a point that is as good.
    idle : tuple of str
        Free variables that nothing hangs on at the best point.
    gain_fitted, gain_judged, curse : float
        How much the objective improves on the base on the draws that chose the point and on the others, and what of
        the former was the optimiser's curse.
    """

    x: Floats
    extent: Mapping[str, tuple[float, float]]
    agreeing: int
    starts: int
    idle: tuple[str, ...]
    gain_fitted: float
    gain_judged: float
    curse: float


def fit(
    space: LeverSpace,
    region: Region,
    beliefs: Sequence[Beliefs],
    halves: Sequence[Sequence[xr.Dataset]],
    *,
    kind: Kind,
    level: float,
    starts: int,
    seed: int,
    progress: Progress | None,
    cost: DelayCost | None = None,
) -> Fit:
    """Search on one half of the draws, from the base and from random points; then on the other, to judge the first."""
    first_beliefs = beliefs[0]
    valued = first_beliefs.case.objective
    compiled = record_outcome(first_beliefs.story, halves[0][0], first_beliefs.anchor, valued.node, cost)
    rng = np.random.default_rng(seed)
    points = [region.inside(_nearest(region, space.start)), *(region.random(rng) for _ in range(starts))]
    count = _Count(progress, 2 * len(points) + 2 * len(space.free))
    objectives, found = [], []
    for half in halves:
        outcomes = tuple(compiled.with_draws(b.story, part) for b, part in zip(beliefs, half, strict=True))
        losses = StoryLosses(valued, space, outcomes, tuple(map(design_of, half)))
        objectives.append(objective_of(losses, kind, level, region, points))
        found.append(minimise(objectives[-1], region, points, tolerance=TOLERANCE, progress=count.step))
    (fitted, judge), (first, second) = objectives, found
    tolerance = TOLERANCE * size_of(fitted, region, points)
    first, ends = _confirmed(fitted, region, first, count, tolerance)
    near = NearOptimal(fitted, first.x)
    reached = np.stack([space.values(end) for pair in ends for end in pair])
    lows, highs = reached.min(axis=0), reached.max(axis=0)
    return Fit(
        x=first.x,
        extent={name: (float(low), float(high)) for name, low, high in zip(space.free, lows, highs, strict=True)},
        agreeing=sum(near.holds(end) for end in first.ends),
        starts=len(points),
        idle=_idle(fitted, space, region, first.x, tolerance),
        gain_fitted=fitted.value(space.start) - first.value,
        gain_judged=judge.value(space.start) - judge.value(first.x),
        curse=curse(fitted, judge, first, second),
    )


def _confirmed(
    objective: Objective, region: Region, found: Optimum, count: "_Count", tolerance: float
) -> tuple[Optimum, list[tuple[Floats, Floats]]]:
    """The optimum, and the ends of what is as good; an end that is better shows that the search has failed so far."""
    for _ in range(SEARCHES):
        near = NearOptimal(objective, found.x)
        ends = []
        for place in range(len(region.names)):
            low, high = (count.counted(near.furthest(region, place, sign)) for sign in (1, -1))
            ends.append((low, high))
        better = min((end for pair in ends for end in pair), key=objective.value)
        if objective.value(better) >= found.value - tolerance:
            return found, ends
        again = minimise(objective, region, [better], tolerance=TOLERANCE)
        found = replace(again, ends=(*found.ends, *again.ends))
    raise InputError("the search keeps finding better allocations; take more --starts, or free fewer levers")


def _idle(objective: Objective, space: LeverSpace, region: Region, x: Floats, tolerance: float) -> tuple[str, ...]:
    """Variables that could have any value without changing the objective, all else as it is."""
    best, found = objective.value(x), []
    for group in dict.fromkeys(variable.group for variable in space.variables):
        mine = [place for place, variable in enumerate(space.variables) if variable.group == group]
        ends = _ends(region, x, mine)
        if all(abs(objective.value(end) - best) <= tolerance for end in ends):
            found += [space.free[place] for place in mine]
    return tuple(found)


def _ends(region: Region, x: Floats, mine: Sequence[int]) -> list[Floats]:
    """Points that differ in some variables alone: one at its bound, or all of a sum given to one."""
    if len(mine) == 1:
        values = [np.array([bound[mine[0]]]) for bound in (region.lower, region.upper)]
    else:
        values = list(x[mine].sum() * np.eye(len(mine)))
    ends = [x.copy() for _ in values]
    for end, value in zip(ends, values, strict=True):
        end[mine] = value
    return ends


def halved(beliefs: Sequence[Beliefs]) -> list[list[xr.Dataset]]:
    """Draws that fit and draws that judge, by worldview: every other draw, so that chains are halved too.

    Raises
    ------
    InputError
        If there are too few, or worldviews have different numbers of them.
    """
    for found in beliefs:
        if found.draws < FEWEST_DRAWS:
            raise InputError(
                f"draws: found {found.draws}; allowed: {FEWEST_DRAWS} or more to optimise on one half of them"
            )
        if found.draws != beliefs[0].draws:
            raise InputError(f"draws: found {beliefs[0].draws} and {found.draws}; allowed: as many in each worldview")
    return [[found.parameters.isel(draw=slice(half, None, 2)) for found in beliefs] for half in (0, 1)]


def _nearest(region: Region, x: Floats) -> Floats:
    """The base, or if bounds forbid it a point of the region."""
    (a, b), (c, d) = region.equal, region.at_most
    near = np.clip(x, region.lower, region.upper)
    inside = np.allclose(near, x, atol=1e-5) and np.allclose(a @ near, b) and (c @ near <= d + 1e-9).all()
    return near if inside else region.random(np.random.default_rng(0))


def objective_of(losses: StoryLosses, kind: Kind, level: float, region: Region, points: Sequence[Floats]) -> Objective:
    """What is to be made small: a criterion a worldview, those of regret with their own best points as references."""
    criteria, first = [], 0
    for place, outcome in enumerate(losses.outcomes):
        draws = slice(first, first + outcome.draws)
        design = losses.designs[place] if losses.designs else None
        criteria.append(Criterion(str(place), draws, level if kind == "cvar" else 0.0, design=design))
        first += outcome.draws
    if kind == "regret":
        best = [minimise(Objective(losses, (one,)), region, points, tolerance=TOLERANCE).x for one in criteria]
        criteria = [replace(one, reference=losses.value(x)[one.draws]) for one, x in zip(criteria, best, strict=True)]
    return Objective(losses, tuple(criteria))


def curse(fitted: Objective, judge: Objective, first: Optimum, second: Optimum) -> float:
    """How much better each half's own optimum looks to it than the other half's does, on average."""
    own = (fitted.value(second.x) - first.value) + (judge.value(first.x) - second.value)
    return max(own, 0.0) / 2


class _Count:
    """Progress of several steps as one."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def step(self, _done: int = 0, _total: int = 0) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total)

    def counted[T](self, value: T) -> T:
        self.step()
        return value
