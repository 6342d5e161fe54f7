"""The best allocation of people under stated beliefs: what to free, what to hold, and how sure that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.beliefs.allocations import STATUS_QUO, Allocation, Allocations, levers
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.compiled import CompiledOutcome, compile_outcome
from toc_model.errors import InputError
from toc_model.questions.optimise.space import LeverSpace, lever_space
from toc_model.statistics import decisions
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective, Optimum, Region, minimise

OUTCOME = "p_doom"
SEARCHES = 5
"""How often the search starts anew from a better point before it gives up."""
SMALLEST_TAIL = 10
"""Draws that a mean of the worst must have."""
TOLERANCE = 1e-9
"""Change of P(doom) below which a search stops: a thousandth of a micro-doom."""

type Kind = Literal["mean", "cvar", "worst", "regret"]


@dataclass(frozen=True)
class StoryLosses:
    """P(doom) of all draws of some worldviews, one after another, at a point of a lever space."""

    space: LeverSpace
    outcomes: tuple[CompiledOutcome, ...]
    _cached: Callable[[bytes], Floats] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cached", lru_cache(maxsize=8)(self._compute))

    def value(self, x: Floats) -> Floats:
        """Shape ``(draw,)``."""
        return self._cached(np.ascontiguousarray(x, float).tobytes())

    def _compute(self, point: bytes) -> Floats:
        arrays = self.space.arrays(np.frombuffer(point))
        return np.concatenate([outcome.value(arrays) for outcome in self.outcomes])

    def slope(self, x: Floats, weights: Floats) -> Floats:
        """Shape ``(variable,)``."""
        arrays, total, first = self.space.arrays(x), np.zeros(len(self.space.free)), 0
        for outcome in self.outcomes:
            mine = weights[first : first + outcome.draws]
            first += outcome.draws
            if mine.any():
                total += self.space.slopes(outcome.slope(arrays, mine))
        return total


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The best allocation that was found, and how good it is on draws that did not choose it.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    kind : str
        Objective: "mean", "cvar", "worst" (worldview) or "regret" (largest over worldviews).
    level : float
        Of CVaR.
    space : LeverSpace
    x : array of shape (variable,)
    extent : dict of str to tuple of float
        By free variable: the range over all allocations that were found to be as good within Monte Carlo error.
    agreeing, starts : int
        How many of the starts led to an allocation that is as good.
    gain_fitted, gain_judged : float
        How much the objective falls below that of the base allocation, on the draws that chose it and on the others.
    curse : float
        What of the fitted gain was the optimiser's curse: mean over both ways of halving the draws.
    judged : tuple of xarray.DataArray
        P(doom) on the judging draws, one array a worldview, dims ``(draw, allocation)`` with ``status_quo``, the base
        if it is another, and ``optimum``.
    base : str
        Name of the allocation that was to be improved.
    limits : dict
        Bounds and budget.
    """

    beliefs: tuple[Beliefs, ...]
    kind: Kind
    level: float
    space: LeverSpace
    x: Floats
    extent: dict[str, tuple[float, float]]
    agreeing: int
    starts: int
    gain_fitted: float
    gain_judged: float
    curse: float
    judged: tuple[xr.DataArray, ...]
    base: str
    limits: dict[str, Any]

    @property
    def worldviews(self) -> str:
        """Names of all worldviews that it rests on."""
        return ", ".join(beliefs.worldview for beliefs in self.beliefs)

    @property
    def description(self) -> str:
        """What the optimum is the best of, in words."""
        wanted = {
            "mean": "least mean P(doom)",
            "cvar": f"least mean of the worst {100 * (1 - self.level):.3g} % of draws of P(doom)",
            "worst": "least mean P(doom) in the worst worldview",
            "regret": "least regret in the worldview where it is largest",
        }
        return f"{wanted[self.kind]}; worldview{'s' if len(self.beliefs) > 1 else ''} {self.worldviews}"

    def allocation(self) -> Allocation:
        """The optimum as an allocation."""
        return self.space.allocation(self.x, self.description)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc optimise --json`` prints them."""
        found = self.allocation()
        return {
            "worldviews": [beliefs.worldview for beliefs in self.beliefs],
            "objective": {"kind": self.kind, "level": self.level if self.kind == "cvar" else None},
            "base": self.base,
            "optimum": found.model_dump(exclude={"description"}),
            "as_good": {name: list(ends) for name, ends in self.extent.items()},
            "limits": self.limits,
            "starts": {"all": self.starts, "as_good": self.agreeing},
            "gain": {"fitted": self.gain_fitted, "judged": self.gain_judged, "optimisers_curse": self.curse},
            "judged": {
                found.worldview: _judgement(loss, self.base)
                for found, loss in zip(self.beliefs, self.judged, strict=True)
            },
            "rests_on": [beliefs.rests_on() for beliefs in self.beliefs],
            "provenance": [beliefs.provenance() for beliefs in self.beliefs],
        }


def _judgement(loss: xr.DataArray, base: str) -> dict[str, Any]:
    change = decisions.paired_change(loss, base).sel(allocation="optimum")
    return {
        "draws": loss.sizes["draw"],
        "p_doom": {str(name): float(loss.sel(allocation=name).mean()) for name in loss["allocation"].values},
        **decisions.effect_figures(decisions.paired_effect(change)),
    }


def recommend(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    kind: Kind = "mean",
    level: float = decisions.LEVEL,
    free: Sequence[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
    at_most_moved: float | None = None,
    base: str = STATUS_QUO,
    starts: int = 4,
    seed: int = 1,
    progress: Progress | None = None,
) -> Recommendation:
    """Find the allocation that is best under some beliefs.

    It is fitted on one half of the draws and judged on the other; then the halves change places, which tells how much
    of the gain was the optimiser's curse.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One for "mean" and "cvar"; several worldviews for "worst" and "regret".
    allocations : Allocations
        Has the status quo, the base and (as further starts) any other.
    kind : str
        "mean", "cvar", "worst" or "regret".
    level : float
        Share of draws that are not among the worst, for "cvar".
    free : sequence of str
        Groups of levers that may change, out of `GROUPS`; all by default.
    bounds : mapping of str to (low, high), optional
        For variables such as ``researchers`` or ``mix.builders.outreach``.
    at_most_moved : float, optional
        Largest sum of the changes of both shares from the base, as a fraction (.2: twenty points).
    base : str
        The allocation that is to be improved and that holds what is not free.
    starts : int
        Random starts, besides the base.
    seed : int
        Of the random starts.

    Raises
    ------
    InputError
        If a name is unknown, a bound no range, the budget infeasible, or there are fewer than 100 draws.
    """
    space = lever_space(free, allocations.only([base]).named[base])
    region = space.region(bounds or {}, at_most_moved)
    region.corner(np.zeros(len(space.free)))
    halves = _halves(beliefs)
    tail = (1 - level) * halves[0][0].sizes["draw"]
    if kind == "cvar" and tail < SMALLEST_TAIL:
        raise InputError(f"level: found {level:g}, which leaves {tail:.3g} draws; allowed: {SMALLEST_TAIL} or more")
    compiled = compile_outcome(beliefs[0].story, halves[0][0], allocations.levers(), OUTCOME)
    rng = np.random.default_rng(seed)
    points = [region.inside(_nearest(region, space.start)), *(region.random(rng) for _ in range(starts))]
    count = _Count(progress, 2 * len(points) + 2 * len(space.free))
    objectives, found = [], []
    for half in halves:
        losses = StoryLosses(
            space, tuple(compiled.with_draws(b.story, part) for b, part in zip(beliefs, half, strict=True))
        )
        objectives.append(_objective(losses, kind, level, region, points))
        found.append(minimise(objectives[-1], region, points, tolerance=TOLERANCE, progress=count.step))
    (fitted, judge), (first, second) = objectives, found
    first, ends = _confirmed(fitted, region, first, count)
    near = NearOptimal(fitted, first.x)
    extent = {name: (float(low[place]), float(high[place])) for place, (name, (low, high)) in enumerate(ends.items())}
    return Recommendation(
        beliefs=tuple(beliefs),
        kind=kind,
        level=level,
        space=space,
        x=first.x,
        extent=extent,
        agreeing=sum(near.holds(end) for end in first.ends),
        starts=len(points),
        gain_fitted=fitted.value(space.start) - first.value,
        gain_judged=judge.value(space.start) - judge.value(first.x),
        curse=_curse(fitted, judge, first, second),
        judged=tuple(
            _judged(replace(one, parameters=draws), allocations, space, first.x, base)
            for one, draws in zip(beliefs, halves[1], strict=True)
        ),
        base=base,
        limits={"bounds": {k: list(v) for k, v in (bounds or {}).items()}, "at_most_moved": at_most_moved},
    )


def _confirmed(
    objective: Objective, region: Region, found: Optimum, count: "_Count"
) -> tuple[Optimum, dict[str, tuple[Floats, Floats]]]:
    """The optimum, and the ends of what is as good; an end that is better shows that the search has failed so far."""
    for _ in range(SEARCHES):
        near = NearOptimal(objective, found.x)
        ends = {}
        for place, name in enumerate(region.names):
            low, high = (count.counted(near.furthest(region, place, sign)) for sign in (1, -1))
            ends[name] = (low, high)
        better = min((end for pair in ends.values() for end in pair), key=objective.value)
        if objective.value(better) >= found.value - TOLERANCE:
            return found, ends
        again = minimise(objective, region, [better], tolerance=TOLERANCE)
        found = replace(again, ends=(*found.ends, *again.ends))
    raise InputError("the search keeps finding better allocations; take more --starts, or free fewer levers")


def _halves(beliefs: Sequence[Beliefs]) -> list[list[xr.Dataset]]:
    """Draws that fit and draws that judge, by worldview: every other draw, so that chains are halved too."""
    for found in beliefs:
        if found.draws < 100:
            raise InputError(f"draws: found {found.draws}; allowed: 100 or more to optimise on one half of them")
        if found.draws != beliefs[0].draws:
            raise InputError(f"draws: found {beliefs[0].draws} and {found.draws}; allowed: as many in each worldview")
    return [[found.parameters.isel(draw=slice(half, None, 2)) for found in beliefs] for half in (0, 1)]


def _nearest(region: Region, x: Floats) -> Floats:
    """The base, or if bounds forbid it a point of the region."""
    (a, b), (c, d) = region.equal, region.at_most
    near = np.clip(x, region.lower, region.upper)
    inside = np.allclose(near, x, atol=1e-5) and np.allclose(a @ near, b) and (c @ near <= d + 1e-9).all()
    return near if inside else region.random(np.random.default_rng(0))


def _objective(losses: StoryLosses, kind: Kind, level: float, region: Region, points: Sequence[Floats]) -> Objective:
    criteria, first = [], 0
    for place, outcome in enumerate(losses.outcomes):
        draws = slice(first, first + outcome.draws)
        criteria.append(Criterion(str(place), draws, level if kind == "cvar" else 0.0))
        first += outcome.draws
    if kind in ("mean", "cvar"):
        return Objective(losses, tuple(criteria[:1]))
    if kind == "regret":
        best = [minimise(Objective(losses, (one,)), region, points, tolerance=TOLERANCE).x for one in criteria]
        criteria = [replace(one, reference=losses.value(x)[one.draws]) for one, x in zip(criteria, best, strict=True)]
    return Objective(losses, tuple(criteria))


def _curse(fitted: Objective, judge: Objective, first: Optimum, second: Optimum) -> float:
    """How much better each half's own optimum looks to it than the other half's does, on average."""
    own = (fitted.value(second.x) - first.value) + (judge.value(first.x) - second.value)
    return max(own, 0.0) / 2


def _judged(beliefs: Beliefs, allocations: Allocations, space: LeverSpace, x: Floats, base: str) -> xr.DataArray:
    names = list(dict.fromkeys([STATUS_QUO, base]))
    known = allocations.only(names).levers()
    shares, mixes = space.arrays(x)
    whole = levers(
        [*names, "optimum"],
        np.vstack([known["buying_time_share"].values, shares]),
        np.vstack([known["mix"].values, mixes[None]]),
    )
    return beliefs.outcome(whole, OUTCOME)


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
