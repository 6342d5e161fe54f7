"""Power-scaling of draws that count unequally, as ArviZ's ``psense`` does it for those that count alike.

The base is the distribution of the draws by their weights; raised to a power, the weights are multiplied by ratios that
are smoothed at both ends (Pareto-smoothed importance sampling), and the distance is the cumulative Jensen-Shannon one.
"""

import importlib
from typing import Any

import numpy as np

from toc_model.aliases import Floats

ALPHAS = (0.99, 1.01)
"""Powers on either side of one, from which the slope is taken."""


def sensitivities(density: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """How far distributions of outcomes move per doubling of the power of a density, shape (outcomes,).

    Parameters
    ----------
    density : array of shape (draws,)
        Its logarithm at each draw.
    outcomes : array of shape (draws, outcomes)
    weights : array of shape (draws,)
        How much each draw counts; those that count for nothing are left out.
    """
    arrays: Any = importlib.import_module("arviz_stats.base").array_stats
    counted = weights > 0
    density, outcomes, weights = density[counted], outcomes[counted], weights[counted] / weights.sum()
    slopes = np.zeros(outcomes.shape[1])
    for alpha in ALPHAS:
        logs = np.ravel(arrays.power_scale_lw(density[None], alpha=alpha, axis=(0, 1)))
        scaled = weights * np.exp(logs - logs.max())
        scaled /= scaled.sum()
        far = [max(_distance(own, weights, scaled), _distance(-own, weights, scaled)) for own in outcomes.T]
        slopes += np.array(far) / abs(np.log2(alpha))
    return slopes / len(ALPHAS)


def _distance(values: Floats, base: Floats, scaled: Floats) -> float:
    """Cumulative Jensen-Shannon distance of two distributions on the same values, each with weights that add up to one.

    The distance is relative to the range of values, so that draws at its ends which are lighter than half of one that
    counts like the others are beyond it.

    Nguyen, H.-V. and Vreeken, J. (2015), Non-parametric Jensen-Shannon divergence.
    """
    order = np.argsort(values, kind="stable")
    up_to, least = np.cumsum(base[order]), 0.5 / len(values)
    within = (up_to > least) & (up_to - base[order] < 1 - least)
    width = np.diff(values[order][within])
    one, other = (np.clip(np.cumsum(weights[order])[within][:-1], 0.0, 1.0) for weights in (base, scaled))
    one_whole, other_whole = float(one @ width), float(other @ width)
    middle = (one + other) / 2
    far = sum(
        max(0.0, float(width @ (own * (_log2(own) - _log2(middle)))) + half)
        for own, half in (
            (one, (other_whole - one_whole) / 2 / np.log(2)),
            (other, (one_whole - other_whole) / 2 / np.log(2)),
        )
    )
    whole = one_whole + other_whole
    return float(np.sqrt(far / whole)) if whole > 0 else 0.0


def _log2(shares: Floats) -> Floats:
    return np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
