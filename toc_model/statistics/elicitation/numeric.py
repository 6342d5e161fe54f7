"""Least squares, inverses and moments, for many distributions at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError

type Rows = NDArray[np.intp]
type Residuals = Callable[[Floats, Rows], Floats]
STEP = 1e-5
"""Of the central differences that slopes are of; parameters are scaled to be about 1."""
SETTLED = 1e-12
"""A step as short as this ends a search."""
ROUNDS = 200
STEPS = 400
"""At the most of the search for a root."""
PATIENCE = 60
"""Steps after which an interval is halved by orders of magnitude every other time, for it may have hundreds."""
TINY = 1e-300
"""Where orders of magnitude end and numbers are about 0."""
OUTERMOST = 8.0
"""Normal scores between which moments are computed; farther out, levels can't be told from 1."""
NODES, SHARES = np.polynomial.legendre.leggauss(12)


def least_squares(residuals: Residuals, start: Floats) -> Floats:
    """Minimise sums of squares, one for each row, by the method of Levenberg and Marquardt.

    Parameters
    ----------
    residuals : callable
        Given parameters of shape (some rows, k) and which rows they are of, gives the residuals of these, of shape
        (some rows, m).
    start : array of shape (rows, k)

    Returns
    -------
    array of shape (rows, k)
    """
    best = np.array(start, float)
    damping = np.full(len(best), 1e-3)
    active: Rows = np.arange(len(best), dtype=np.intp)
    now = residuals(best, active)
    squares = (now**2).sum(-1)
    for _ in range(ROUNDS):
        if active.size == 0:
            break
        at = best[active]
        slopes = _slopes(residuals, at, active)
        normal = slopes @ slopes.swapaxes(-1, -2)
        downhill = (slopes @ now[active][..., None])[..., 0]
        diagonal = np.einsum("nii->ni", normal)
        ridge = damping[active, None] * np.maximum(diagonal, 1e-12)
        step = -np.linalg.solve(normal + ridge[:, None] * np.eye(at.shape[1]), downhill[..., None])[..., 0]
        tried = residuals(at + step, active)
        reached = (tried**2).sum(-1)
        better = reached <= squares[active]
        taken = active[better]
        best[taken], now[taken], squares[taken] = (at + step)[better], tried[better], reached[better]
        damping[active] = np.clip(damping[active] * np.where(better, 0.1, 10.0), 1e-15, 1e15)
        moving = np.abs(step).max(-1) > SETTLED * (1 + np.abs(at).max(-1))
        active = active[moving & (damping[active] < 1e15)]
    return best


def _slopes(residuals: Residuals, at: Floats, rows: Rows) -> Floats:
    """Slopes of residuals by each parameter, of shape (rows, k, m)."""
    sides = np.eye(at.shape[1]) * STEP
    columns = [(residuals(at + side, rows) - residuals(at - side, rows)) / (2 * STEP) for side in sides]
    return np.stack(columns, axis=1)


def inverse(rising: Callable[[Floats], Floats], target: Floats, low: Floats, high: Floats) -> Floats:
    """Where a function that rises meets its targets, by the method of Chandrupatla (1997).

    Parameters
    ----------
    rising : callable
        Takes and gives arrays of the shape of the targets.
    target, low, high : array
        Of shapes that go together; what lies beyond the function's values at an end is met there.

    Returns
    -------
    array
        Of their joint shape.

    References
    ----------
    Chandrupatla, T. R. (1997). A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
    without using derivatives. Advances in Engineering Software 28(3), 145-149.
    """
    target, low, high = (np.array(side, float) for side in np.broadcast_arrays(target, low, high))
    at_low, at_high = rising(low) - target, rising(high) - target
    # The search goes from the first end to the second where both lie on one side.
    turned = at_low > 0
    x1, x2 = np.where(turned, high, low), np.where(turned, low, high)
    f1, f2 = np.where(turned, at_high, at_low), np.where(turned, at_low, at_high)
    following = x1 + (x2 - x1) / 2
    done = (f1 == 0) | (f2 == 0) | (low == high)
    for step in range(STEPS):
        if done.all():
            break
        x = np.where(done, x1, following)
        f = np.where(done, f1, rising(x) - target)
        same = np.sign(f) == np.sign(f1)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same | done, x2, x1), np.where(same | done, f2, f1)
        x1, f1 = x, f
        nearest = np.where(np.abs(f1) < np.abs(f2), x1, x2)
        with np.errstate(divide="ignore", invalid="ignore"):
            least = (2 * np.finfo(float).eps * np.abs(nearest) + np.finfo(float).tiny) / np.abs(x2 - x1)
        done |= (least > 0.5) | (f1 == 0) | (f2 == 0)
        if step < PATIENCE or step % 2:
            following = _by_parabola((x1, x2, x3), (f1, f2, f3), np.minimum(least, 0.5))
        else:
            following = _half_of_orders(x1, x2)
    return np.where(np.abs(f1) < np.abs(f2), x1, x2)


def _by_parabola(x: tuple[Floats, Floats, Floats], f: tuple[Floats, Floats, Floats], least: Floats) -> Floats:
    """Where a search looks next between two ends: at the root of a parabola through three points, else halfway."""
    (x1, x2, x3), (f1, f2, f3) = x, f
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        place, height = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        bent = (height**2 < place) & ((1 - height) ** 2 < 1 - place)
        part = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        return np.asarray(x1 + np.clip(np.where(bent & np.isfinite(part), part, 0.5), least, 1 - least) * (x2 - x1))


def _half_of_orders(x1: Floats, x2: Floats) -> Floats:
    """Where half of the orders of magnitude between two ends lie on either side."""
    with np.errstate(divide="ignore"):
        orders = [np.sign(x) * np.logaddexp(0.0, np.log(np.abs(x)) - np.log(TINY)) for x in (x1, x2)]
    middle = (orders[0] + orders[1]) / 2
    return np.asarray(np.sign(middle) * (np.exp(np.abs(middle) + np.log(TINY)) - TINY))


def checked(level: Any) -> Floats:
    """Levels of quantiles, which lie between 0 and 1.

    Raises
    ------
    InputError
        If one does not.
    """
    found = np.asarray(level, float)
    if (bad := found[~((found >= 0) & (found <= 1))]).size:
        raise InputError(f"level: found {bad.flat[0]:g}; allowed: 0 to 1")
    return found


def moments(quantile: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Mean and standard deviation from a quantile function, by quadrature over normal scores.

    Parameters
    ----------
    quantile : callable
        Takes levels of shape (n,) and gives values of shape (..., n); its distribution has both moments.

    Returns
    -------
    tuple of arrays of shape (...)
    """
    edges = np.linspace(-OUTERMOST, OUTERMOST, 65)
    scores, widths = nodes_between(edges[:-1], edges[1:])
    shares = widths * np.exp(-(scores**2) / 2) / np.sqrt(2 * np.pi)
    values, shares = quantile(special.ndtr(scores.ravel())), shares.ravel()
    mean = np.asarray(values @ shares)
    return mean, np.sqrt(((values - mean[..., None]) ** 2) @ shares)


def nodes_between(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre between ends, along a new last axis."""
    half = (np.asarray(high) - np.asarray(low))[..., None] / 2
    return np.asarray(low)[..., None] + half * (NODES + 1), half * SHARES
