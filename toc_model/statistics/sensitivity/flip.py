"""How little must differ for the sign of an outcome to flip: the nearest such point on the latent normal scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.statistics.draws import fail_if_unfit
from toc_model.statistics.sensitivity.response import Model

FARTHEST = 4.0
"""Standard deviations that are searched along one input, and the farthest point that counts as found."""
POINTS = 81
STEP = 0.02
ROUNDS = 40
PRECISION = 1e-4
"""Of the squared distance."""
MOST = 3
"""Largest number of inputs that move together, besides all of them."""
CLOSE = 1e-3
"""How near to zero, relative to where it started, an outcome must be."""

type Outcome = Callable[[Floats], Floats]
"""From moves, shape (rows, inputs), to an outcome, shape (rows,)."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A point at which the outcome is zero.

    Attributes
    ----------
    moved : dict of str to float
        How far each input is moved from its start, in standard deviations; the farthest first.
    """

    moved: dict[str, float]

    @property
    def distance(self) -> float:
        """Euclidean norm of all moves."""
        return float(np.linalg.norm(list(self.moved.values())))


def flips(
    start: xr.DataArray,
    model: Model,
    outcome: str,
    *,
    most: int = MOST,
    progress: Progress | None = None,
) -> tuple[float, list[Flip]]:
    """Nearest points at which an outcome is zero, when one input moves, or two, and so on, or all.

    Parameters
    ----------
    start : xarray.DataArray
        Dims ``(entry,)``: where the search starts, in standard deviations.
    model : callable
        From scores (standard deviations), dims ``(draw, entry)``, to outcomes, dims ``(draw, outcome)``.
    outcome : str
    most : int
        Largest number of inputs that move together, besides all of them.
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Returns
    -------
    float
        The outcome at the start.
    list of Flip
        With 1, 2 ... ``most`` inputs and with all; fewer where no point is found within `FARTHEST`.

    Notes
    -----
    One input is searched on a grid. For more, SLSQP looks for the nearest point from there, with finite differences; to
    each set the one input is added that has the steepest slope at the last point. So a distance is an upper bound for
    its number of inputs. All inputs together begin at the start.
    """
    fail_if_unfit(start, "start")
    names = [str(name) for name in start["entry"].values]

    def at(moves: Floats) -> Floats:
        rows = xr.DataArray(start.values + moves, dims=("draw", "entry"), coords={"entry": names})
        found = model(rows).sel(outcome=outcome)
        fail_if_unfit(found, outcome)
        return np.asarray(found.values)

    origin = float(at(np.zeros((1, len(names))))[0])
    chain = [_single(at, len(names))]
    for size in range(2, min(most, len(names)) + 1):
        chain.append(_one_more(at, chain[-1], origin))
        if progress:
            progress(size, most + 1)
    chain.append(_nearest(at, np.zeros(len(names)), np.arange(len(names)), origin))
    found = np.array(chain)
    return origin, [Flip(_moves(names, moves)) for moves in found[_good(at, found, origin)]]


def _one_more(at: Outcome, moves: Floats, origin: float) -> Floats:
    """The nearest zero when those inputs may move that do already, and the one other that matters most there."""
    _, slopes = _value_and_slopes(at, moves, np.arange(len(moves)))
    other = np.argmax(np.where(moves == 0, np.abs(slopes), -1.0))
    return _nearest(at, moves, np.array([*np.flatnonzero(moves), other]), origin)


def _nearest(at: Outcome, moves: Floats, may_move: np.ndarray, origin: float) -> Floats:
    """The zero of the outcome nearest to the start when some inputs may move; what was reached if there is none."""
    seen: dict[bytes, tuple[float, Floats]] = {}

    def here(x: Floats) -> tuple[float, Floats]:
        key = x.tobytes()
        if key not in seen:
            placed = np.zeros(len(moves))
            placed[may_move] = x
            seen[key] = _value_and_slopes(at, placed, may_move)
        return seen[key]

    unit = abs(origin) or 1.0

    def constraint(x: Floats) -> float:
        return here(x)[0] / unit

    def constraint_slopes(x: Floats) -> Floats:
        return here(x)[1] / unit

    def squared(x: Floats) -> float:
        return float(x @ x)

    def doubled(x: Floats) -> Floats:
        return 2 * x

    settings: Any = {
        "jac": doubled,
        "method": "SLSQP",
        "bounds": [(-FARTHEST, FARTHEST)] * len(may_move),
        "constraints": {"type": "eq", "fun": constraint, "jac": constraint_slopes},
        "options": {"maxiter": ROUNDS, "ftol": PRECISION},
    }
    found: Any = scipy.optimize.minimize(squared, moves[may_move], **settings)
    reached = np.zeros(len(moves))
    reached[may_move] = found.x
    return reached


def _value_and_slopes(at: Outcome, moves: Floats, may_move: np.ndarray) -> tuple[float, Floats]:
    """The outcome and its central differences at a point, in one run of the model."""
    units = STEP * np.eye(len(moves))[may_move]
    values = at(moves + np.concatenate([np.zeros((1, len(moves))), units, -units]))
    width = len(may_move)
    return float(values[0]), (values[1 : 1 + width] - values[1 + width :]) / (2 * STEP)


def _good(at: Outcome, moves: Floats, origin: float) -> np.ndarray:
    """Whether points are zeros of an outcome, in view of where it started, and not too far."""
    return (np.abs(at(moves)) <= CLOSE * abs(origin)) & (np.linalg.norm(moves, axis=1) <= FARTHEST)


def _moves(names: Sequence[str], moves: Floats) -> dict[str, float]:
    order = np.argsort(-np.abs(moves))
    return {names[place]: float(moves[place]) for place in order if abs(moves[place]) > 0}


def _single(at: Outcome, inputs: int) -> Floats:
    """The nearest zero that one input reaches alone; without any, the point that comes closest to one."""
    grid = np.linspace(-FARTHEST, FARTHEST, POINTS)
    values = at((grid[:, None] * np.eye(inputs)[:, None]).reshape(-1, inputs)).reshape(inputs, POINTS)
    turns = (values[:, :-1] > 0) != (values[:, 1:] > 0)
    if not turns.any():
        place, nearest = np.unravel_index(np.argmin(np.abs(values)), values.shape)
        return np.asarray(grid[nearest] * np.eye(inputs)[place])
    middles = np.abs(grid[:-1] + grid[1:]) / 2
    place, first = np.unravel_index(np.argmin(np.where(turns, middles, np.inf)), turns.shape)
    low, high = grid[first], grid[first + 1]
    for _ in range(2):
        fine = np.linspace(low, high, POINTS)
        found = at(fine[:, None] * np.eye(inputs)[place])
        bracket = int(np.argmax((found[:-1] > 0) != (found[1:] > 0)))
        low, high = fine[bracket], fine[bracket + 1]
    return np.asarray((low + high) / 2 * np.eye(inputs)[place])
