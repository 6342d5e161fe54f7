"""The best point of a region for losses that are known draw by draw.

Nothing here knows what the losses are of. An objective is the largest of one or more criteria; each criterion is the
mean of some draws' losses, or of the worst of them, less a reference: so one routine serves the mean, CVaR, the worst
worldview and minimax regret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy

from toc_model.aliases import Floats, Progress
from toc_model.errors import InputError
from toc_model.statistics import averages
from toc_model.statistics.draws import ROUNDING
from toc_model.statistics.region import Region
from toc_model.statistics.standard_errors import Design

TOLERANCE = 1e-12
"""Change below which a descent stops, as a share of the size of the objective."""
STEPS = 200
"""Steps of one descent at the most."""
FAR = 1e10
"""What counts for an objective that is no finite number, in units of its size."""


class Losses(Protocol):
    """Losses of all draws as a function of a point."""

    def value(self, x: Floats, /) -> Floats:
        """Shape ``(draw,)``."""
        ...

    def slope(self, x: Floats, weights: Floats, /) -> Floats:
        """Derivatives of the weighted sum of losses, shape ``(variable,)``; ``weights`` has the shape ``(draw,)``."""
        ...


@dataclass(frozen=True, slots=True)
class Criterion:
    """A figure of the losses that is to be small.

    Attributes
    ----------
    name : str
    draws : slice
        Which draws it is about.
    level : float
        0 for the mean; otherwise the mean of the draws beyond this quantile (CVaR).
    reference : float or array of shape (draw,)
        What is subtracted, draw by draw if it varies; for regret, the losses at the criterion's own best point.
    design : Design or None
        How its draws were made; None for independent ones.
    """

    name: str
    draws: slice = slice(None)
    level: float = 0.0
    reference: float | Floats = 0.0
    design: Design | None = None

    def weights(self, losses: Floats) -> Floats:
        """Weights of the draws, zero for those that do not count; they add up to one."""
        weights = np.zeros(len(losses))
        weights[self.draws] = averages.tail_weights(losses[self.draws], self.level, self._weight)
        return weights

    @property
    def _reference_weight(self) -> Floats | None:
        return self._weight if isinstance(self.reference, np.ndarray) else None

    @property
    def _weight(self) -> Floats | None:
        return None if self.design is None else self.design.weight

    def value(self, losses: Floats) -> float:
        """The figure."""
        reference = averages.mean_of(np.atleast_1d(self.reference), self._reference_weight)
        return float(self.weights(losses) @ losses) - float(reference)

    def influence(self, losses: Floats) -> Floats:
        """One number a draw whose mean is the figure and whose spread gives its Monte Carlo error.

        That is so of draws that count alike: weights are within these numbers.
        """
        mine = losses[self.draws]
        if self.level:
            threshold = self.threshold(mine)
            mine = threshold + np.maximum(mine - threshold, 0) / (1 - self.level)
        adds = mine - self.reference
        return adds if self.design is None else self.design.contributions(adds)

    def threshold(self, mine: Floats) -> float:
        """The quantile of its draws' losses beyond which they count among the worst."""
        return float(averages.quantiles_of(mine, [self.level], self._weight)[0])

    def pull(self, difference: Floats) -> Floats:
        """Slopes of half the sum of squares of a difference about its mean by what each draw adds, shape (draw,).

        The difference is of this criterion's influence less what does not hang on its losses.
        """
        away = difference - difference.mean()
        return away if self._weight is None else self._weight * (away - (self._weight * away).mean())


@dataclass(frozen=True, slots=True)
class Objective:
    """The largest of some criteria, as a function of a point; to be made small."""

    losses: Losses
    criteria: tuple[Criterion, ...]

    def values(self, x: Floats) -> Floats:
        """Each criterion."""
        losses = self.losses.value(x)
        return np.array([criterion.value(losses) for criterion in self.criteria])

    def slopes(self, x: Floats) -> Floats:
        """Derivatives of each criterion, shape ``(criterion, variable)``."""
        losses = self.losses.value(x)
        return np.stack([self.losses.slope(x, criterion.weights(losses)) for criterion in self.criteria])

    def value(self, x: Floats) -> float:
        """The largest criterion."""
        return float(self.values(x).max())


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best point that was found.

    Attributes
    ----------
    x : array of shape (variable,)
    value : float
        Of the objective.
    ends : tuple of array
        Where each start led.
    """

    x: Floats
    value: float
    ends: tuple[Floats, ...]


def minimise(
    objective: Objective,
    region: Region,
    starts: Sequence[Floats],
    *,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Optimum:
    """Find the best point by sequential quadratic programming (SLSQP) with exact slopes, from several starts.

    Variables are counted in widths of the region and the objective in its `size_of`, so that the point that is found
    depends neither on units nor on what is added to all losses.

    Parameters
    ----------
    objective : Objective
    region : Region
    starts : sequence of array
        Points of the region.
    tolerance : float
        Change of the objective below which a descent stops, as a share of its size.
    progress : callable, optional
        Called with the number of starts done and of all.

    Returns
    -------
    Optimum
        Never worse than the best start, and never where the objective is no finite number.

    Raises
    ------
    InputError
        If the objective is a finite number at none of the starts, or no start is within the region and leads into it.
    """
    ends = []
    with np.errstate(all="ignore"):
        size = size_of(objective, region, starts)
        for done, start in enumerate(starts, start=1):
            ends.append(_descend(_Sized(objective, region, size), np.asarray(start, float), tolerance))
            if progress:
                progress(done, len(starts))
        values = [_usable_value(objective, region, end) for end in ends]
    best = int(np.argmin(values))
    if not np.isfinite(values[best]):
        raise InputError(
            f"objective: found no start of {len(starts)} at which it is a finite number; allowed: one or more"
        )
    return Optimum(ends[best], values[best], tuple(ends))


def size_of(objective: Objective, region: Region, points: Sequence[Floats]) -> float:
    """By how much an objective changes over a region: the middle, over some points, of its steepest slope there.

    Parameters
    ----------
    objective : Objective
    region : Region
    points : sequence of array
        Points of the region; those at which slopes are no finite numbers tell nothing.

    Returns
    -------
    float
        More than 0, in the unit of the losses, over the width of the variable that matters most; 1 for an objective
        that is the same everywhere.
    """
    steepest = [float(np.abs(objective.slopes(x) * region.widths).max()) for x in points]
    noise = [ROUNDING * float(np.abs(objective.values(x)).max()) for x in points]
    told = [slope for slope, least in zip(steepest, noise, strict=True) if least < slope < np.inf]
    return float(np.median(told)) if told else 1.0


def _usable_value(objective: Objective, region: Region, x: Floats) -> float:
    """The objective; infinite where it is no finite number or the point breaks a constraint."""
    values = objective.values(x)
    return float(values.max()) if np.isfinite(values).all() and region.holds(x) else np.inf


@dataclass(frozen=True, slots=True)
class _Sized:
    """An objective in units of its size, at points in units of a region's widths; a finite number everywhere."""

    objective: Objective
    region: Region
    size: float

    def values(self, units: Floats, offset: float) -> Floats:
        found = (self.objective.values(self.region.point(units)) - offset) / self.size
        return found if np.isfinite(found).all() else np.full(len(found), FAR)

    def slopes(self, units: Floats) -> Floats:
        found = self.objective.slopes(self.region.point(units)) * self.region.widths / self.size
        return np.where(np.isfinite(found), found, 0.0)


def _descend(sized: _Sized, start: Floats, tolerance: float) -> Floats:
    """One descent. With several criteria their largest is one variable more, so that slopes stay smooth."""
    region = sized.region
    start = np.clip(start, region.lower, region.upper)
    first = sized.objective.value(start)
    if not np.isfinite(first):
        return start
    units = region.in_units()
    bounds = list(zip(units.lower, units.upper, strict=True))
    begin = region.units(start)
    minimize: Any = scipy.optimize.minimize
    how: dict[str, Any] = {"method": "SLSQP", "options": {"maxiter": STEPS, "ftol": tolerance}}
    if len(sized.objective.criteria) == 1:
        found = minimize(
            lambda x: sized.values(x, first)[0],
            begin,
            jac=lambda x: sized.slopes(x)[0],
            bounds=bounds,
            constraints=units.constraints(),
            **how,
        )
    else:
        many = len(sized.objective.criteria)
        below = {
            "type": "ineq",
            "fun": lambda x: x[-1] - sized.values(x[:-1], first),
            "jac": lambda x: np.hstack([-sized.slopes(x[:-1]), np.ones((many, 1))]),
        }
        found = minimize(
            lambda x: x[-1],
            np.append(begin, 0.0),
            jac=lambda x: np.append(np.zeros(len(x) - 1), 1.0),
            bounds=[*bounds, (None, None)],
            constraints=[*units.constraints(extra=1), below],
            **how,
        )
    end = region.point(found.x[: len(start)])
    before, after = (_usable_value(sized.objective, region, x) for x in (start, end))
    return end if after <= before else start
