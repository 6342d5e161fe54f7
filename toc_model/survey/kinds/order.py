"""Order statistics of people's answers that were rounded when they were published: in which cells they lie.

The rank of the quantile at level p of n people is 1 + (n - 1) p, as most software has it; between two ranks, as that of
the median of an even number of people, the density of order statistics is taken at the fraction. Of n independent
draws, those of ranks r_1 < ... < r_m have the density

    n! / prod (g_j - 1)!  F(x_1)^(g_0 - 1) prod (F(x_(j+1)) - F(x_j))^(g_j - 1) (1 - F(x_m))^(g_m - 1) prod f(x_j)

with the gaps g between ranks, and 0 and n + 1. A cell stands for all that was rounded to its figure: the density is
integrated over it, at places that are close enough for the sampling error of so many people. It is a chain, so that
each step needs the places of two cells only.
"""

import math
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, log_sum_exp
from toc_model.survey.kinds.beliefs import Law
from toc_model.survey.kinds.kind import Values
from toc_model.survey.kinds.natural import OPEN

LEAST_KNOTS, MOST_KNOTS, MOST_ALONE = 5, 64, 256
"""Fewest and most places in a cell, and most in one that stands alone, for two cells make the product of theirs."""
CLOSE = 1.6
"""Places in a cell as wide as a sampling error, the width of the question over the root of the number of people: it
keeps them two errors apart at most if people differ by a third of that width."""
TAIL = 12.0
"""Widths of the question beyond which an open cell is not looked for."""


def gaps(levels: Floats, many: float) -> Floats:
    """Gaps between the ranks of quantiles, and the ends, shape (levels + 1,)."""
    ranks = 1 + (many - 1) * levels
    return np.diff(np.concatenate([[0.0], ranks, [many + 1.0]]))


def resolved(cells: Floats, many: float, width: float) -> float:
    """How many people the places in cells can tell apart: all, unless they are too many for the widest cell.

    Parameters
    ----------
    cells : array of shape (points, 2)
        Ends of cells on the natural scale.
    many : float
        How many people there are.
    width : float
        Of the question.
    """
    given = cells[np.isfinite(cells).all(axis=1)]
    widest = float(np.ptp(_closed(given, width), axis=1).max(initial=0.0))
    return min(many, (_most(cells.shape[0]) * width / (CLOSE * widest)) ** 2) if widest else many


def order_data(cells: Floats, levels: Floats, many: Floats, width: float) -> xr.Dataset:
    """What `log_order` takes.

    Parameters
    ----------
    cells : array of shape (patterns, points, 2)
        Ends of the cells of order statistics on the natural scale, by rising level; NaN behind the last of a pattern.
    levels : array of shape (patterns, points)
    many : array of shape (patterns,)
        How many people there are, as `resolved`.
    width : float
        Of the question.

    Returns
    -------
    xarray.Dataset
        For each point j: ``placej`` and ``log_weightj``, dims ``(pattern, knotj)``; and, dims ``(pattern,)``, the gap
        before it less one (``beforej``), that behind it if it is the last (``behindj``, else 0) and ``givenj`` (0 or
        1). ``constant``, dims ``(pattern,)``.
    """
    data = xr.Dataset()
    patterns, points = levels.shape
    between = [gaps(one[np.isfinite(one)], n) for one, n in zip(levels, many, strict=True)]
    for j in range(points):
        given = np.isfinite(levels[:, j])
        ends = _closed(np.where(given[:, None], cells[:, j], 0.0), width)
        needed = CLOSE * np.ptp(ends, axis=1) / width * np.sqrt(many)
        knots = int(np.clip(np.ceil(needed.max()), LEAST_KNOTS, _most(points)))
        nodes, weights = np.polynomial.legendre.leggauss(knots)
        middle, half = ends.mean(axis=1)[:, None], np.ptp(ends, axis=1)[:, None] / 2
        with np.errstate(divide="ignore"):
            log_weight = np.where(given[:, None], np.log(half * weights), -math.log(knots))
        last = [len(gap) == j + 2 for gap in between]
        data[f"place{j}"] = (("pattern", f"knot{j}"), middle + half * nodes)
        data[f"log_weight{j}"] = (("pattern", f"knot{j}"), log_weight)
        data[f"given{j}"] = ("pattern", given.astype(float))
        before = [gap[j] - 1 if there else 0.0 for gap, there in zip(between, given, strict=True)]
        data[f"before{j}"] = ("pattern", before)
        behind = [gap[-1] - 1 if here else 0.0 for gap, here in zip(between, last, strict=True)]
        data[f"behind{j}"] = ("pattern", behind)
    constant = [special.gammaln(gap.sum()) - special.gammaln(gap).sum() for gap in between]
    return data.assign(constant=("pattern", np.array(constant).reshape(patterns)))


def _closed(cells: Floats, width: float) -> Floats:
    """Cells without open ends."""
    low, high = cells[..., 0], cells[..., 1]
    return np.stack(
        [np.where(low <= -OPEN, high - TAIL * width, low), np.where(high >= OPEN, low + TAIL * width, high)], axis=-1
    )


def _most(points: int) -> int:
    return MOST_ALONE if points == 1 else MOST_KNOTS


def log_order(law: Law, middle: Any, deviation: Any, data: Values) -> Quantity:
    """Log probability of order statistics in their cells; nothing for patterns that have none.

    Parameters
    ----------
    law : Law
        Of beliefs.
    middle, deviation : dims ``(pattern, ...)``
        Its centre and scale.
    data : mapping of name to array
        As `order_data` has them.
    """
    so_far: Any = data["constant"]
    before: Any = None
    j = 0
    while f"place{j}" in data:
        given: Any = data[f"given{j}"]
        z = (data[f"place{j}"] - middle) / deviation
        if before is None:
            reached = so_far + data[f"before{j}"] * law.log_below(z)
        else:
            inner = so_far + data[f"before{j}"] * law.log_between(before, z)
            reached = log_sum_exp(inner, f"knot{j - 1}")
        here = law.log_density(data[f"place{j}"], middle, deviation)
        so_far = reached + given * here + data[f"log_weight{j}"] + data[f"behind{j}"] * law.log_below(-z)
        before, j = z, j + 1
    return log_sum_exp(so_far, f"knot{j - 1}") if j else so_far
