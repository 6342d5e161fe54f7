"""On which axis judgements are drawn, so that none of them makes the others illegible, and their densities on it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution
from toc_model.brief import Brief

CENTRAL, TAILS, HALF = (0.05, 0.95), (0.01, 0.99), np.array([0.25, 0.75])
FAR = np.array([1e-9, 1e-6, 1e-4, 0.002])
OWN = np.concatenate([FAR, np.linspace(0.01, 0.99, 41), 1 - FAR[::-1]])
"""Levels at whose quantiles a density is computed besides the points of the axis, so that no spike falls between."""
POINTS = 161
DECADES = 100.0
"""How many times the least value the largest may be before an axis is one of logarithms."""
BEYOND = 2.0
"""How far an axis goes beyond the medians, in widths of the middle range, however far a tail does."""
CUT = 2.5
"""How many times as high as the middle one's typical height the highest curve may be before it is cut."""
MARGIN = 0.03
"""Of an axis, at either end."""


class Curved(Protocol):
    """What has a density to be drawn."""

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels."""
        ...

    def density(self, x: Any) -> Floats:
        """Probability density, 0 outside the support."""
        ...


@dataclass(frozen=True, slots=True)
class Before:
    """A parameter's prior, given that the effect is not nil; what is left for that has no density."""

    distribution: Distribution

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels."""
        return np.asarray(self.distribution.given_some(level), float)

    def density(self, x: Any) -> Floats:
        """Probability density, 0 outside the support."""
        family = self.distribution.family
        inside = (x > family.lower) & (x < family.upper)
        some = np.where(inside, x, self.distribution.given_some(0.5))
        return np.where(inside, self.distribution.density(some), 0.0)


@dataclass(frozen=True, slots=True)
class Extent:
    """What an axis has to show of one belief: the range and the median that are drawn, and how far its tails go."""

    low: float
    median: float
    high: float
    curved: Curved | None = None

    def reach(self, levels: tuple[float, float]) -> tuple[float, float]:
        """Quantiles at levels, no less far apart than the range; the range where there is no distribution."""
        if self.curved is None:
            return self.low, self.high
        low, high = self.curved.quantile(np.array(levels)).tolist()
        return min(low, self.low), max(high, self.high)


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis of a question's figures.

    Attributes
    ----------
    low, high : float
        Its ends, in the question's unit.
    is_log : bool
        Whether it is one of logarithms; densities are by factor then.
    """

    low: float
    high: float
    is_log: bool

    @property
    def points(self) -> Floats:
        """Points that are equally far apart on it, of shape (n,)."""
        if self.is_log:
            return np.geomspace(self.low, self.high, POINTS)
        return np.linspace(self.low, self.high, POINTS)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Curve(Brief):
    """A density along an axis.

    Attributes
    ----------
    x, y : array of shape (n,)
        The density is by the unit, or on an axis of logarithms by factor.
    typical : float
        The mean density of the middle half, which spikes at a bound don't raise; infinite where it has no width.
    """

    x: Floats
    y: Floats
    typical: float

    @property
    def peak(self) -> float:
        """The largest density that is drawn."""
        return float(self.y.max(initial=0.0))


def axis_of(extents: Sequence[Extent], support: tuple[float, float]) -> Axis:
    """The axis on which all medians lie, and of the ranges and tails as much as does not press the others together.

    Parameters
    ----------
    extents : sequence of Extent
        Of experts and of the prior.
    support : (float, float)
        Bounds of the question, infinite where there is none.
    """
    is_log = _spans_decades(extents, support)
    to, back = (math.log, math.exp) if is_log else (float, float)
    bottom, top = ((to(end) if math.isfinite(end) and (end > 0 or not is_log) else end) for end in support)
    bottom = -math.inf if is_log and support[0] <= 0 else bottom
    medians = [to(one.median) for one in extents]
    ends = [_on(one.reach(TAILS), to, is_log=is_log) for one in extents]
    room = BEYOND * _middle(extents, to, is_log=is_log)
    low = max(min(low for low, _ in ends), min(medians) - room, bottom)
    high = min(max(high for _, high in ends), max(medians) + room, top)
    if not low < high:
        low, high = max(low - room, bottom), min(high + room, top)
    margin = MARGIN * (high - low)
    return Axis(back(low - margin), back(high + margin), is_log)


def _spans_decades(extents: Sequence[Extent], support: tuple[float, float]) -> bool:
    """Whether medians are far apart, and for what has no upper bound, medians and ranges together.

    One range that is very wide is no reason for an axis that presses the others together.
    """
    if support[0] < 0 or min(one.low for one in extents) <= 0:
        return False
    medians = [one.median for one in extents]
    apart = max(medians) / min(medians)
    if math.isfinite(support[1]):
        return apart > DECADES
    ratios = sorted(one.high / one.low for one in extents)
    return apart * ratios[(len(ratios) - 1) // 2] > DECADES


def _on(ends: tuple[float, float], to: Any, *, is_log: bool) -> tuple[float, float]:
    """The ends of a belief on the axis, infinite where they are beyond it."""
    low, high = ends
    if not is_log:
        return low, high
    return to(low) if low > 0 else -math.inf, to(high) if math.isfinite(high) else math.inf


def _middle(extents: Sequence[Extent], to: Any, *, is_log: bool) -> float:
    """The width of the middle range, of an even number the narrower one; of none, something about as large."""
    reached = [_on(one.reach(CENTRAL), to, is_log=is_log) for one in extents]
    widths = sorted(high - low for low, high in reached if 0 < high - low < math.inf)
    if widths:
        return widths[(len(widths) - 1) // 2]
    return 1.0 if is_log else max(abs(one.median) for one in extents) or 1.0


def curve_of(curved: Curved, axis: Axis, members: Sequence[Curved] = ()) -> Curve:
    """A density along an axis.

    Parameters
    ----------
    curved : Curved
    axis : Axis
    members : sequence of Curved
        Of a pool, whose spikes it has too.
    """
    with np.errstate(all="ignore"):
        own = curved.quantile(OWN[1:-1] if members else OWN)
        x = np.unique(np.concatenate([axis.points, own, *(one.quantile(OWN[::4]) for one in members)]))
        x = x[np.isfinite(x) & (x >= axis.low) & (x <= axis.high)]
        low, high = np.log(curved.quantile(HALF)) if axis.is_log else curved.quantile(HALF)
        typical = float(0.5 / (high - low))
        y = curved.density(x) * (x if axis.is_log else 1.0)
    kept = np.isfinite(y)
    return Curve(x[kept], y[kept], typical)


def height_of(curves: Sequence[Curve], pool: Curve | None = None) -> float:
    """Up to which density curves are drawn, so that a spike does not flatten the others.

    Parameters
    ----------
    curves : sequence of Curve
        Of experts and of the prior.
    pool : Curve, optional
        Which may be higher than all of them.
    """
    heights = sorted(curve.typical for curve in curves)
    highest = max(curve.peak for curve in (*curves, *([pool] if pool else ())))
    middle = heights[(len(heights) - 1) // 2]
    return float(min(highest, CUT * middle))
