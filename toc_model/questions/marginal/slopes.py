"""What a little more of each variable of a lever is worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined, levers_at
from toc_model.engine.declare import Variable
from toc_model.engine.story import Story
from toc_model.labels import made_as

HALF = 0.005
"""Half of the difference over which a slope is taken, as a part of a lever's range."""
FRACTION, POINT = "fraction", 0.01
"""What is stated as a fraction is told by the percentage point."""


@dataclass(frozen=True, slots=True)
class Move:
    """One variable, lower and higher by a little.

    Attributes
    ----------
    variable : Variable
    low, high : mapping of str to float
        Values of all variables that move, by their names.
    """

    variable: Variable
    low: Mapping[str, float]
    high: Mapping[str, float]

    @property
    def width(self) -> float:
        """How far the variable moves, in its own unit."""
        return self.high[self.variable.name] - self.low[self.variable.name]


def step_of(variable: Variable) -> tuple[float, str]:
    """How much more is told about, in the unit of the lever, and what that is called."""
    return (POINT, "percentage point") if variable.lever.unit == FRACTION else (1.0, variable.lever.unit)


def slopes(beliefs: Beliefs, allocations: Allocations, at: str) -> xr.DataArray:
    """What one more step of each variable gains, from differences around an allocation.

    A difference is central where the bounds of the lever leave room on both sides, and one-sided at a bound. Variables
    that add up to one move at the expense of the others, in proportion to what these have.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    at : str
        Around which.

    Returns
    -------
    xarray.DataArray
        In small amounts of the outcome for each `step_of` a variable, positive for the better; dims ``(draw,
        variable)``.
    """
    story = beliefs.case.story
    now = {variable.name: allocations.named[at].at(story, variable.name) for variable in story.variables}
    moves = moves_of(story, now)
    points = [{**now, **point} for move in moves for point in (move.low, move.high)]
    columns = {name: np.array([point[name] for point in points]) for name in now}
    quo = allocations.only([]).levers()
    labels = [f"{allocations.status_quo} {place}" for place in range(len(points))]
    levers = joined(quo, levers_at(story, quo.isel(allocation=0, drop=True), columns, labels))
    loss = beliefs.loss(levers).sel(allocation=labels).values
    steps = [step_of(move.variable)[0] / (beliefs.case.objective.small.size * move.width) for move in moves]
    return xr.DataArray(
        (loss[:, 0::2] - loss[:, 1::2]) * np.array(steps),
        dims=("draw", "variable"),
        coords={"draw": beliefs.parameters["draw"].values, "variable": [move.variable.name for move in moves]},
    ).assign_coords(made_as(beliefs.parameters))


def moves_of(story: Story, now: Mapping[str, float]) -> list[Move]:
    """A small move of every variable around where all are now."""
    together: dict[str, list[str]] = {}
    for variable in story.variables:
        together.setdefault(variable.group, []).append(variable.name)
    return [_move(variable, {name: now[name] for name in together[variable.group]}) for variable in story.variables]


def _move(variable: Variable, now: Mapping[str, float]) -> Move:
    """A move of one variable, and of those that add up to one with it."""
    lever = variable.lever
    half = HALF * (lever.upper - lever.lower)
    top = lever.upper - lever.margin
    ends = (max(lever.lower, now[variable.name] - half), min(top, now[variable.name] + half))
    low, high = (_placed(variable, now, end) for end in ends)
    return Move(variable, low, high)


def _placed(variable: Variable, now: Mapping[str, float], value: float) -> dict[str, float]:
    """Values with one variable at a value; others share what is left in proportion, alike where they have nothing."""
    others = {name: x for name, x in now.items() if name != variable.name}
    if not variable.lever.sums_over or not others:
        return {variable.name: value}
    total = sum(others.values())
    shares = {name: x / total if total else 1 / len(others) for name, x in others.items()}
    return {variable.name: value, **{name: (1 - value) * share for name, share in shares.items()}}
