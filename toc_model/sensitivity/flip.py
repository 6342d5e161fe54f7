"""How little must differ for the sign of an outcome to flip: the nearest such point on the latent normal scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.distributions import Floats
from toc_model.evaluate import Progress
from toc_model.sensitivity.response import Model

FARTHEST = 4.0
"""Standard deviations that are searched along one input, and the farthest point that counts as found."""
POINTS = 81
STEP = 0.02
ROUNDS = 40
DAMPING = 0.7
CLOSE = 1e-4
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
    outcome: str = "change",
    *,
    most: int = 5,
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
        Called with the number of rounds done and the largest number of all.

    Returns
    -------
    float
        The outcome at the start.
    list of Flip
        With 1, 2 ... ``most`` inputs and with all; fewer where no point is found within `FARTHEST`.

    Notes
    -----
    One input is searched on a grid. For more, the point nearest to the start is that of the Hasofer-Lind-Rackwitz-
    Fiessler iteration with finite differences. Which inputs move is decided greedily, by how far they move when all
    may; so a distance is an upper bound for its number of inputs.
    """
    names = [str(name) for name in start["entry"].values]

    def at(moves: Floats) -> Floats:
        rows = xr.DataArray(start.values + moves, dims=("draw", "entry"), coords={"entry": names})
        return np.asarray(model(rows).sel(outcome=outcome).values)

    origin = float(at(np.zeros((1, len(names))))[0])
    everything = np.ones((1, len(names)), dtype=bool)
    full = _nearest(at, everything, origin, progress)
    order = np.argsort(-np.abs(full[0]))
    sets = np.array([np.isin(np.arange(len(names)), order[:size]) for size in range(2, min(most, len(names)) + 1)])
    several = _nearest(at, sets, origin, progress) if len(sets) else np.empty((0, len(names)))
    candidates = [*_single(at, len(names)), *several, *full]
    values = at(np.array(candidates))
    found = [
        Flip(_moves(names, moves))
        for moves, value in zip(candidates, values, strict=True)
        if abs(value) <= CLOSE * abs(origin) and np.linalg.norm(moves) <= FARTHEST
    ]
    return origin, found


def _moves(names: Sequence[str], moves: Floats) -> dict[str, float]:
    order = np.argsort(-np.abs(moves))
    return {names[place]: float(moves[place]) for place in order if abs(moves[place]) > 0}


def _single(at: Outcome, inputs: int) -> list[Floats]:
    """The nearest flip that one input makes alone, if there is one."""
    grid = np.linspace(-FARTHEST, FARTHEST, POINTS)
    rows = (grid[:, None, None] * np.eye(inputs)).transpose(1, 0, 2)
    values = at(rows.reshape(-1, inputs)).reshape(inputs, POINTS)
    brackets = [
        (abs(grid[i] + grid[i + 1]), place, i)
        for place, row in enumerate(values)
        for i in range(POINTS - 1)
        if (row[i] > 0) != (row[i + 1] > 0)
    ]
    if not brackets:
        return []
    _, place, first = min(brackets)
    low, high = grid[first], grid[first + 1]
    for _ in range(2):
        fine = np.linspace(low, high, POINTS)
        found = at(fine[:, None] * np.eye(inputs)[place])
        bracket = int(np.flatnonzero((found[:-1] > 0) != (found[1:] > 0))[0])
        low, high = fine[bracket], fine[bracket + 1]
    return [(low + high) / 2 * np.eye(inputs)[place]]


def _nearest(at: Outcome, may_move: np.ndarray, origin: float, progress: Progress | None = None) -> Floats:
    """For each set of inputs that may move, the nearest zero of the outcome, shape (sets, inputs)."""
    moves = np.zeros(may_move.shape)
    for done in range(1, ROUNDS + 1):
        values, slopes = _values_and_slopes(at, moves)
        slopes = np.where(may_move, slopes, 0.0)
        steepness = np.maximum((slopes**2).sum(axis=1), np.finfo(float).tiny)
        target = slopes * (((slopes * moves).sum(axis=1) - values) / steepness)[:, None]
        step = DAMPING * (target - moves)
        moves = _within(moves + step, 2 * FARTHEST)
        if progress:
            progress(done, ROUNDS)
        if np.abs(step).max() < CLOSE**2 or origin == 0:
            break
    return moves


def _values_and_slopes(at: Outcome, moves: Floats) -> tuple[Floats, Floats]:
    """The outcome and its central differences at each point, all in one run of the model."""
    inputs = moves.shape[1]
    around = STEP * np.concatenate([np.zeros((1, inputs)), np.eye(inputs), -np.eye(inputs)])
    values = at((moves[:, None] + around).reshape(-1, inputs)).reshape(len(moves), -1)
    return values[:, 0], (values[:, 1 : 1 + inputs] - values[:, 1 + inputs :]) / (2 * STEP)


def _within(moves: Floats, radius: float) -> Floats:
    """Points pulled back to a ball."""
    norms = np.linalg.norm(moves, axis=1, keepdims=True)
    return moves * np.minimum(1.0, radius / np.maximum(norms, radius))
