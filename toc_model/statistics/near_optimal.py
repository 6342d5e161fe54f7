"""All points of a region that are as good as the best one, as far as Monte Carlo error lets one tell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from toc_model.aliases import Floats
from toc_model.statistics.decisions import AS_GOOD, still_as_good
from toc_model.statistics.optimise import SMALL, Criterion, Objective, Region

TOLERANCE = 1e-7
"""By how much a point that a search found may miss a limit."""
_minimize: Any = optimize.minimize


@dataclass(frozen=True, slots=True)
class NearOptimal:
    """All points whose objective can't be told from the best one's within Monte Carlo error.

    Attributes
    ----------
    objective : Objective
    best : array of shape (variable,)
    """

    objective: Objective
    best: Floats

    def slack(self, x: Floats) -> Floats:
        """How far each criterion stays below the limit; the point is as good as the best where none is negative."""
        return np.array([room for room, _ in self._rooms(self.objective.losses.value(x))])

    def _rooms(self, losses: Floats) -> list[tuple[float, Criterion]]:
        """For each criterion, the widest room below one at the best point, give or take the error of the difference.

        Where several are nearly as large at the best point, chance could have made any of them the largest.
        """
        best = self.objective.losses.value(self.best)
        rooms = []
        for mine in self.objective.criteria:
            every = [
                (still_as_good(other.value(best), _standard_error(*_difference(mine, losses, other, best))), place)
                for place, other in enumerate(self.objective.criteria)
            ]
            limit, place = max(every)
            rooms.append((limit - mine.value(losses), self.objective.criteria[place]))
        return rooms

    def holds(self, x: Floats) -> bool:
        """Whether a point is as good as the best."""
        return bool((self.slack(x) >= -SMALL).all())

    def furthest(self, region: Region, variable: int, sign: int) -> Floats:
        """Such a point with the smallest (sign 1) or largest (sign -1) value of a variable that was found.

        The search is local, from the best point towards the corner of the region that is furthest in that direction,
        so the true extent is at least this.
        """
        direction = np.zeros(len(self.best))
        direction[variable] = sign
        corner = region.corner(direction)
        start = self.best + self._furthest(corner) * (corner - self.best)
        found = _minimize(
            lambda x: sign * x[variable],
            start,
            jac=lambda _: direction,
            bounds=list(zip(region.lower, region.upper, strict=True)),
            constraints=[
                *region.constraints(),
                {"type": "ineq", "fun": lambda x: 1e3 * self.slack(x), "jac": lambda x: 1e3 * self._slack_slopes(x)},
            ],
            method="SLSQP",
            options={"maxiter": 30, "ftol": 1e-5},
        )
        end = np.clip(found.x, region.lower, region.upper)
        further = sign * end[variable] < sign * start[variable]
        usable = further and region.holds(end) and (self.slack(end) >= -TOLERANCE).all()
        return end if usable else start

    def _furthest(self, corner: Floats) -> float:
        """How far towards a corner points stay as good as the best, as a share of the way."""
        steps = np.linspace(1, 0, 26)[:-1]
        return float(next((s for s in steps if self.holds(self.best + s * (corner - self.best))), 0.0))

    def _slack_slopes(self, x: Floats) -> Floats:
        losses = self.objective.losses.value(x)
        best = self.objective.losses.value(self.best)
        rows = []
        for mine, (_, other) in zip(self.objective.criteria, self._rooms(losses), strict=True):
            weights = -mine.weights(losses)
            weights[mine.draws] += AS_GOOD * _error_weights(mine, losses, *_difference(mine, losses, other, best))
            rows.append(self.objective.losses.slope(x, weights))
        return np.stack(rows)


def _difference(mine: Criterion, losses: Floats, other: Criterion, best: Floats) -> tuple[Floats, float]:
    """What a criterion differs from one at the best point, draw by draw; worldviews share their random numbers.

    With it, how much larger its error is than that of independent draws.
    """
    difference = mine.influence(losses) - other.influence(best)
    made = [one.design for one in (mine, other) if one.design and not one.design.is_independent]
    return difference, float(made[0].inflation(difference)) if made else 1.0


def _standard_error(difference: Floats, inflation: float = 1.0) -> float:
    return inflation * float(np.sqrt((difference.var(ddof=1) + SMALL**2) / len(difference)))


def _error_weights(criterion: Criterion, losses: Floats, difference: Floats, inflation: float = 1.0) -> Floats:
    """Derivatives of the standard error with respect to the losses of the criterion's draws."""
    error = _standard_error(difference)
    count = len(difference)
    slope = inflation * (difference - difference.mean()) / ((count - 1) * count * error)
    if criterion.level:
        mine = losses[criterion.draws]
        slope = slope * (mine > np.quantile(mine, criterion.level)) / (1 - criterion.level)
    return np.asarray(slope)
