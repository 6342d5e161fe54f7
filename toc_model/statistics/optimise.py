"""The best point of a region for losses that are known draw by draw.

Nothing here knows what the losses are of. An objective is the largest of one or more criteria; each criterion is the
mean of some draws' losses, or of the worst of them, less a reference: so one routine serves the mean, CVaR, the worst
worldview and minimax regret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import optimize

from toc_model.aliases import Floats, Progress
from toc_model.errors import InputError
from toc_model.statistics.standard_errors import Design

SMALL = 1e-9
_minimize: Any = optimize.minimize
_linprog: Any = optimize.linprog
CORNERS = 6
"""Corners that a random point is mixed of, at the least."""
INWARDS = 0.02
"""How far towards the centre a start is moved, as a share of the way."""
STEPS = 200
"""Steps of one descent at the most."""


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
        mine = losses[self.draws]
        tail = (1 - self.level) * len(mine)
        ranked = np.empty(len(mine))
        ranked[np.argsort(-mine, kind="stable")] = np.clip(tail - np.arange(len(mine)), 0, 1) / tail
        weights = np.zeros(len(losses))
        weights[self.draws] = ranked
        return weights

    def value(self, losses: Floats) -> float:
        """The figure."""
        return float(self.weights(losses) @ losses) - float(np.mean(self.reference))

    def influence(self, losses: Floats) -> Floats:
        """One number a draw whose mean is the figure and whose spread gives its Monte Carlo error."""
        mine = losses[self.draws]
        if not self.level:
            return mine - self.reference
        threshold = float(np.quantile(mine, self.level))
        return threshold + np.maximum(mine - threshold, 0) / (1 - self.level) - self.reference


@dataclass(frozen=True, slots=True)
class Region:
    """Where to look: bounds and linear constraints.

    Attributes
    ----------
    names : tuple of str
        Of the variables.
    lower, upper : array of shape (variable,)
    equal : tuple of array
        Matrix A and vector b of ``A x = b``.
    at_most : tuple of array
        Matrix C and vector d of ``C x <= d``.
    """

    names: tuple[str, ...]
    lower: Floats
    upper: Floats
    equal: tuple[Floats, Floats]
    at_most: tuple[Floats, Floats]

    def corner(self, direction: Floats) -> Floats:
        """The point of the region that is furthest against a direction.

        Raises
        ------
        InputError
            If nothing satisfies all constraints.
        """
        (a, b), (c, d) = self.equal, self.at_most
        found = _linprog(
            direction,
            A_ub=c if len(c) else None,
            b_ub=d if len(c) else None,
            A_eq=a if len(a) else None,
            b_eq=b if len(a) else None,
            bounds=np.stack([self.lower, self.upper], axis=1),
        )
        if found.status != 0:
            raise InputError(f"no allocation satisfies all bounds and budgets on {', '.join(self.names)}")
        return np.asarray(found.x)

    def centre(self) -> Floats:
        """A point well inside: the mean of the corners that are furthest along each variable."""
        axes = np.eye(len(self.names))
        return np.asarray(np.mean([self.corner(sign * axis) for axis in axes for sign in (1, -1)], axis=0))

    def random(self, rng: np.random.Generator) -> Floats:
        """A point within the region: a random mixture of corners, drawn a little towards the centre."""
        corners = [self.corner(rng.standard_normal(len(self.names))) for _ in range(max(len(self.names) + 1, CORNERS))]
        return self.inside(np.asarray(rng.dirichlet(np.ones(len(corners))) @ np.stack(corners)))

    def inside(self, x: Floats) -> Floats:
        """A point of the region moved a little towards the centre, for at the edges slopes may vanish."""
        return np.clip((1 - INWARDS) * x + INWARDS * self.centre(), self.lower, self.upper)

    def holds(self, x: Floats, tolerance: float = 1e-7) -> bool:
        """Whether a point within the bounds obeys the linear constraints."""
        (a, b), (c, d) = self.equal, self.at_most
        return bool((np.abs(a @ x - b) <= tolerance).all() and (c @ x <= d + tolerance).all())

    def constraints(self, extra: int = 0) -> list[dict[str, Any]]:
        """The linear constraints as `scipy.optimize.minimize` takes them, for points with so many entries more."""

        def linear(kind: str, matrix: Floats, right: Floats) -> dict[str, Any]:
            wide = np.hstack([matrix, np.zeros((len(matrix), extra))])
            sign = 1 if kind == "eq" else -1
            return {"type": kind, "fun": lambda x: sign * (wide @ x - right), "jac": lambda _: sign * wide}

        kinds = (("eq", self.equal), ("ineq", self.at_most))
        return [linear(kind, *rows) for kind, rows in kinds if len(rows[0])]


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
    tolerance: float = SMALL**1.5,
    progress: Progress | None = None,
) -> Optimum:
    """Find the best point by sequential quadratic programming (SLSQP) with exact slopes, from several starts.

    Parameters
    ----------
    objective : Objective
    region : Region
    starts : sequence of array
        Points of the region.
    tolerance : float
        Change of the objective below which a descent stops.
    progress : callable, optional
        Called with the number of starts done and of all.

    Returns
    -------
    Optimum
        Never worse than the best start.
    """
    ends = []
    for done, start in enumerate(starts, start=1):
        ends.append(_descend(objective, region, np.asarray(start), tolerance))
        if progress:
            progress(done, len(starts))
    values = [objective.value(end) for end in ends]
    best = int(np.argmin(values))
    return Optimum(ends[best], values[best], tuple(ends))


def _descend(objective: Objective, region: Region, start: Floats, tolerance: float) -> Floats:
    """One descent. With several criteria their largest is one variable more, so that slopes stay smooth."""
    bounds = list(zip(region.lower, region.upper, strict=True))
    if len(objective.criteria) == 1:
        found = _minimize(
            objective.value,
            start,
            jac=lambda x: objective.slopes(x)[0],
            bounds=bounds,
            constraints=region.constraints(),
            method="SLSQP",
            options={"maxiter": STEPS, "ftol": tolerance},
        )
    else:
        below = {
            "type": "ineq",
            "fun": lambda x: x[-1] - objective.values(x[:-1]),
            "jac": lambda x: np.hstack([-objective.slopes(x[:-1]), np.ones((len(objective.criteria), 1))]),
        }
        found = _minimize(
            lambda x: x[-1],
            np.append(start, objective.value(start)),
            jac=lambda x: np.append(np.zeros(len(x) - 1), 1.0),
            bounds=[*bounds, (None, None)],
            constraints=[*region.constraints(extra=1), below],
            method="SLSQP",
            options={"maxiter": STEPS, "ftol": tolerance},
        )
    end = np.clip(found.x[: len(start)], region.lower, region.upper)
    return end if region.holds(end) and objective.value(end) <= objective.value(start) else start
