"""Where the best point of a space is looked for: bounds and linear constraints."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from toc_model.aliases import Floats
from toc_model.errors import InputError

CORNERS = 6
"""Corners that a random point is mixed of, at the least."""
INWARDS = 0.02
"""How far towards the centre a start is moved, as a share of the way."""


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
        linprog: Any = scipy.optimize.linprog
        found = linprog(
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
        """Whether a point within the bounds obeys the linear constraints, as far as a share of the widths matters."""
        (a, b), (c, d) = self.equal, self.at_most
        left, above = (tolerance * _reach(rows, self.widths) for rows in (a, c))
        return bool((np.abs(a @ x - b) <= left).all() and (c @ x <= d + above).all())

    # The same in units of its widths, in which a search has one tolerance whatever variables are counted in

    @property
    def widths(self) -> Floats:
        """How far each variable may go; 1 where it may not move."""
        return np.where(self.upper > self.lower, self.upper - self.lower, 1.0)

    def units(self, x: Floats) -> Floats:
        """A point in units of the widths: 0 at the lower bounds and 1 at the upper."""
        return np.asarray((x - self.lower) / self.widths)

    def point(self, units: Floats) -> Floats:
        """The point that lies so many widths above the lower bounds, within the bounds."""
        return np.clip(self.lower + self.widths * units, self.lower, self.upper)

    def in_units(self) -> "Region":
        """The region of such units."""
        (a, b), (c, d) = self.equal, self.at_most
        left, above = (_reach(rows, self.widths) for rows in (a, c))
        return Region(
            self.names,
            np.zeros(len(self.names)),
            self.units(self.upper),
            (a * self.widths / left[:, None], (b - a @ self.lower) / left),
            (c * self.widths / above[:, None], (d - c @ self.lower) / above),
        )

    def constraints(self, extra: int = 0) -> list[dict[str, Any]]:
        """The linear constraints as `scipy.optimize.minimize` takes them, for points with so many entries more."""

        def linear(kind: str, matrix: Floats, right: Floats) -> dict[str, Any]:
            wide = np.hstack([matrix, np.zeros((len(matrix), extra))])
            sign = 1 if kind == "eq" else -1
            return {"type": kind, "fun": lambda x: sign * (wide @ x - right), "jac": lambda _: sign * wide}

        kinds = (("eq", self.equal), ("ineq", self.at_most))
        return [linear(kind, *rows) for kind, rows in kinds if len(rows[0])]


def _reach(rows: Floats, widths: Floats) -> Floats:
    """The most by which one variable moves what a constraint is about, shape (constraint,); 1 where none does."""
    most = np.abs(rows * widths).max(axis=1, initial=0.0)
    return np.where(most > 0, most, 1.0)
