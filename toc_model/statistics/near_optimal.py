"""All points of a region that are as good as the best one, as far as Monte Carlo error lets one tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy

from toc_model.aliases import Floats
from toc_model.statistics.decisions import AS_GOOD, still_as_good
from toc_model.statistics.draws import ROUNDING
from toc_model.statistics.optimise import Criterion, Objective
from toc_model.statistics.region import Region

TOLERANCE = 1e-4
"""By how much a point that a search found may miss a limit, as a share of the error that the limit allows for."""
PARTS = 25
"""Parts of a way that are looked at before it is halved."""
HALVINGS = 30
"""How often the end of what is as good is halved at the most."""
ROUNDS = 4
"""How often a search goes on from where it ended at the most, while it gets anywhere."""
LITTLE = 1e-3
"""Of a variable's width: less is nowhere."""


@dataclass(frozen=True, slots=True)
class NearOptimal:
    """All points whose objective can't be told from the best one's within Monte Carlo error.

    Attributes
    ----------
    objective : Objective
    best : array of shape (variable,)
    inflation : float
        How much larger errors are than those of independent draws, held while a search goes on, for its slopes know
        no other; 0 for what each difference says.
    """

    objective: Objective
    best: Floats
    inflation: float = 0.0

    def slack(self, x: Floats) -> Floats:
        """How far each criterion stays below the limit; the point is as good as the best where none is negative."""
        return np.array([room for room, _, _ in self._rooms(self.objective.losses.value(x))])

    def _rooms(self, losses: Floats) -> list[tuple[float, float, Criterion]]:
        """For each criterion, the widest room below one at the best point, give or take the error of the difference.

        Where several are nearly as large at the best point, chance could have made any of them the largest. Behind the
        room stand that error and the one at the best point.
        """
        best = self.objective.losses.value(self.best)
        rooms = []
        for mine in self.objective.criteria:
            errors = [
                _standard_error(*self._difference(mine, losses, other, best)) for other in self.objective.criteria
            ]
            limits = [
                still_as_good(other.value(best), error)
                for other, error in zip(self.objective.criteria, errors, strict=True)
            ]
            place = int(np.argmax(limits))
            rooms.append((limits[place] - mine.value(losses), errors[place], self.objective.criteria[place]))
        return rooms

    def holds(self, x: Floats, tolerance: float = 0.0) -> bool:
        """Whether a point is as good as the best, or misses that by no more than a share of the error allowed for."""
        losses = self.objective.losses.value(x)
        least = -ROUNDING * float(np.abs(losses).mean())
        return all(room >= least - tolerance * AS_GOOD * error for room, error, _ in self._rooms(losses))

    def furthest(self, region: Region, variable: int, sign: int) -> Floats:
        """Such a point with the smallest (sign 1) or largest (sign -1) value of a variable that was found.

        Ways from the best point are halved first: one on which the other variables move as little as they must, and
        one to a corner of the region. From the end of each a local search lets the others follow, so that the true
        extent is at least this.
        """
        direction = np.zeros(len(self.best))
        direction[variable] = sign
        corner = region.corner(direction)
        found = self.best
        for way in (_nearest_with(region, self.best, variable, corner), corner):
            end = self._go(region, direction, self.best, way)
            if any(criterion.level for criterion in self.objective.criteria):
                end = self._go_on(region, variable, direction, end)
            found = min(found, end, key=lambda x: sign * float(x[variable]))
            if sign * (found[variable] - corner[variable]) <= TOLERANCE * region.widths[variable]:
                break
        return found

    def _go(self, region: Region, direction: Floats, begin: Floats, way: Floats) -> Floats:
        """Go some way while points are as good, and search from there."""
        start = begin + _last_that(lambda share: self.holds(begin + share * (way - begin))) * (way - begin)
        return min(start, self._search(region, direction, start), key=lambda x: float(direction @ x))

    def _go_on(self, region: Region, variable: int, direction: Floats, end: Floats) -> Floats:
        """Go on along the variable from where a search ended: kinks of a mean of the worst may stop it early."""
        corner = region.corner(direction)
        for _ in range(ROUNDS):
            begin = end
            end = self._go(region, direction, begin, _nearest_with(region, begin, variable, corner))
            if direction @ (begin - end) <= LITTLE * region.widths[variable]:
                break
        return end

    def _search(self, region: Region, direction: Floats, start: Floats) -> Floats:
        """Where a local search along a direction ends that keeps to what is as good; its start if it leaves that."""
        units, begin = region.in_units(), region.units(start)
        held = replace(self, inflation=self._inflation_at(start))
        steep = float(np.abs(held.slack_slopes(start) * region.widths).max()) or 1.0
        below = {
            "type": "ineq",
            "fun": lambda x: held.slack(region.point(x)) / steep,
            "jac": lambda x: held.slack_slopes(region.point(x)) * region.widths / steep,
        }
        minimize: Any = scipy.optimize.minimize
        found = minimize(
            lambda x: direction @ x,
            begin,
            jac=lambda _: direction,
            bounds=list(zip(units.lower, units.upper, strict=True)),
            constraints=[*units.constraints(), below],
            method="SLSQP",
            options={"maxiter": 30, "ftol": 1e-5},
        )
        end = region.point(found.x)
        if not region.holds(end):
            return start
        if self.holds(end, TOLERANCE):
            return end
        return start + _last_that(lambda share: self.holds(start + share * (end - start))) * (end - start)

    def _inflation_at(self, x: Floats) -> float:
        losses, best = self.objective.losses.value(x), self.objective.losses.value(self.best)
        every = self.objective.criteria
        return max(_difference(mine, losses, other, best)[1] for mine in every for other in every)

    def _difference(self, mine: Criterion, losses: Floats, other: Criterion, best: Floats) -> tuple[Floats, float]:
        difference, inflation = _difference(mine, losses, other, best)
        return difference, self.inflation or inflation

    def slack_slopes(self, x: Floats) -> Floats:
        """Derivatives of each criterion's slack, shape ``(criterion, variable)``, the inflation of errors held."""
        losses = self.objective.losses.value(x)
        best = self.objective.losses.value(self.best)
        rows = []
        for mine, (_, _, other) in zip(self.objective.criteria, self._rooms(losses), strict=True):
            weights = -mine.weights(losses)
            weights[mine.draws] += AS_GOOD * _error_weights(mine, losses, *self._difference(mine, losses, other, best))
            rows.append(self.objective.losses.slope(x, weights))
        return np.stack(rows)


def _last_that(holds: Callable[[float], bool]) -> float:
    """The largest share of a way at which something was found to hold, as it does at 0: by parts, then by halves."""
    parts = np.linspace(1, 0, PARTS + 1)
    low = float(next((share for share in parts[:-1] if holds(share)), 0.0))
    high = min(low + 1 / PARTS, 1.0)
    for _ in range(HALVINGS):
        if high - low <= TOLERANCE * high:
            break
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _nearest_with(region: Region, x: Floats, variable: int, corner: Floats) -> Floats:
    """The point of a region nearest to another that has a corner's value of one variable."""
    units, begin, end = region.in_units(), region.units(x), region.units(corner)
    bounds = list(zip(units.lower, units.upper, strict=True))
    bounds[variable] = (end[variable], end[variable])
    minimize: Any = scipy.optimize.minimize
    found = minimize(
        lambda u: ((u - begin) ** 2).sum() / 2,
        end,
        jac=lambda u: u - begin,
        bounds=bounds,
        constraints=units.constraints(),
        method="SLSQP",
    )
    near = region.point(found.x)
    return near if region.holds(near) else corner


def _difference(mine: Criterion, losses: Floats, other: Criterion, best: Floats) -> tuple[Floats, float]:
    """What a criterion differs from one at the best point, draw by draw; worldviews share their random numbers.

    With it, how much larger its error is than that of independent draws.
    """
    difference = mine.influence(losses) - other.influence(best)
    made = [one.design for one in (mine, other) if one.design and not one.design.is_independent]
    return difference, float(made[0].unweighted.inflation(difference)) if made else 1.0


def _standard_error(difference: Floats, inflation: float = 1.0) -> float:
    return inflation * float(difference.std(ddof=1) / np.sqrt(len(difference)))


def _error_weights(criterion: Criterion, losses: Floats, difference: Floats, inflation: float = 1.0) -> Floats:
    """Derivatives of the standard error with respect to the losses of the criterion's draws; none where it is nil."""
    error = _standard_error(difference, inflation)
    count = len(difference)
    if not error > 0:
        return np.zeros(count)
    slope = inflation**2 * criterion.pull(difference) / ((count - 1) * count * error)
    if criterion.level:
        mine = losses[criterion.draws]
        slope = slope * (mine > criterion.threshold(mine)) / (1 - criterion.level)
    return np.asarray(slope)
