"""Probabilities of one event by several experts, as one probability.

References
----------
Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and an annotated bibliography.
Statistical Science 1(1), 114-135.
Satopää, V. A. et al. (2014). Combining multiple probability predictions using a simple logit model. International
Journal of Forecasting 30(2), 344-356.
Hanea, A. M. et al. (2021). Mathematically aggregating experts' predictions of possible futures. PLoS ONE 16(9),
e0256919.
Neyman, E. and Roughgarden, T. (2021). Are you smarter than a random expert? The robust aggregation of substitutable
signals. arXiv:2111.03153.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.statistics.pooling.weights import shares

TRIMMED = 0.1
"""Share of the weight that a trimmed mean leaves out at either end."""
FACTOR = 2.5
"""By which log odds are extremised; Satopää et al. (2014) found 1.2 to 3.9 best for geopolitical questions."""
REPLACEMENTS = (0.01, 0.001, 0.0001)
"""What may stand for a 0; for a 1, one less it."""
AS_SAID, LEFT_OUT = "as said", "left out"


def linear(probabilities: Any, weights: Any = None) -> Floats:
    """The mean (linear opinion pool).

    Parameters
    ----------
    probabilities : array of shape (experts, ...)
        0 to 1.
    weights : array of shape (experts,), optional
        What each expert counts for; all alike where they are left out.

    Returns
    -------
    array of shape (...)

    Raises
    ------
    InputError
        If a probability is none, or the weights are not to be used.
    """
    p, share = _checked(probabilities, weights)
    return np.tensordot(share, p, 1)


def mean_odds(probabilities: Any, weights: Any = None) -> Floats:
    """The probability at the mean odds; a 1 makes it 1. Parameters are those of `linear`."""
    p, share = _checked(probabilities, weights)
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (1 + 1 / np.tensordot(share, p / (1 - p), 1)))


def geometric_odds(probabilities: Any, weights: Any = None) -> Floats:
    """The probability at the geometric mean of odds: the logarithmic opinion pool of an event and its opposite.

    Parameters are those of `linear`. One 0, or one 1, decides it; where there are both it is not defined.

    Raises
    ------
    InputError
        If one expert said 0 and another 1, or as `linear` does.
    """
    return extremised(probabilities, 1.0, weights)


def probit_mean(probabilities: Any, weights: Any = None) -> Floats:
    """The probability at the mean of normal scores. Parameters and errors are those of `geometric_odds`."""
    p, share = _checked(probabilities, weights)
    return special.ndtr(_mean_score(special.ndtri(p), share))


def extremised(probabilities: Any, factor: float = FACTOR, weights: Any = None, baseline: float = 0.5) -> Floats:
    """The probability at mean log odds that are so many times as far from a baseline's.

    Parameters
    ----------
    probabilities : array of shape (experts, ...)
    factor : float
        Above 1 to extremise, below 1 to moderate.
    weights : array of shape (experts,), optional
    baseline : float
        What would be believed without the experts.

    Raises
    ------
    InputError
        If the factor is not above 0, the baseline is not inside 0 to 1, or as `geometric_odds` does.
    """
    if not 0 < factor < math.inf:
        raise InputError(f"factor: found {factor:g}; allowed: above 0")
    if not 0 < baseline < 1:
        raise InputError(f"baseline: found {baseline:g}; allowed: above 0 and below 1")
    p, share = _checked(probabilities, weights)
    start = special.logit(baseline)
    return np.asarray(special.expit(start + factor * (_mean_score(special.logit(p), share) - start)))


def neyman_factor(experts: int) -> float:
    """The factor by which Neyman and Roughgarden (2021) extremise the mean of so many experts.

    It is 1 for one expert and nears the square root of 3 for many.
    """
    if experts < 1:
        raise InputError(f"experts: found {experts}; allowed: at least 1")
    n = experts
    return n * (math.sqrt(3 * n * n - 3 * n + 1) - 2) / (n * n - n - 1)


def neyman(probabilities: Any, weights: Any = None, baseline: float = 0.5) -> Floats:
    """The probability extremised by `neyman_factor`, of as many experts as have a weight; as `extremised` else."""
    p, share = _checked(probabilities, weights)
    return extremised(p, neyman_factor(len(p)), share, baseline)


def trimmed(probabilities: Any, share: float = TRIMMED, weights: Any = None) -> Floats:
    """The mean of what is left when a share of the weight is left out at either end.

    Parameters
    ----------
    probabilities : array of shape (experts, ...)
    share : float
        At least 0 and below 1/2. An expert in whose weight a cut falls counts in part.
    weights : array of shape (experts,), optional

    Raises
    ------
    InputError
        If the share is outside, or as `linear` does.
    """
    if not 0 <= share < 0.5:
        raise InputError(f"share: found {share:g}; allowed: at least 0 and below 0.5")
    p, own = _checked(probabilities, weights)
    order = np.argsort(p, axis=0, kind="stable")
    ordered = np.take_along_axis(p, order, axis=0)
    ends = np.cumsum(own[order], axis=0)
    starts = np.concatenate([np.zeros_like(ends[:1]), ends[:-1]])
    kept = np.clip(np.minimum(ends, 1 - share) - np.maximum(starts, share), 0.0, None)
    return np.asarray((kept * ordered).sum(0) / kept.sum(0))


METHODS: Mapping[str, Callable[[Any, Any], Floats]] = {
    "linear": linear,
    "geometric_odds": geometric_odds,
    "mean_odds": mean_odds,
    "probit_mean": probit_mean,
    "trimmed": lambda p, weights: trimmed(p, weights=weights),
    "extremised": lambda p, weights: extremised(p, weights=weights),
    "neyman": neyman,
}
"""Ways to pool, at their usual settings."""


@dataclass(frozen=True, slots=True)
class Pools:
    """One event's probability by several methods, and under several treatments of zeros and ones.

    Attributes
    ----------
    values : dict of str to dict of str to float
        By method and treatment; NaN where a method gives nothing. With neither 0 nor 1 there is one treatment.
    zeros, ones : int
        How many experts said so.
    """

    values: dict[str, dict[str, float]]
    zeros: int
    ones: int

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON, None where a method gives nothing."""
        table = {
            method: {treatment: None if math.isnan(value) else value for treatment, value in row.items()}
            for method, row in self.values.items()
        }
        return {"values": table, "zeros": self.zeros, "ones": self.ones}


def pools(
    probabilities: Any,
    weights: Any = None,
    methods: Mapping[str, Callable[[Any, Any], Floats]] = METHODS,
    replacements: Sequence[float] = REPLACEMENTS,
) -> Pools:
    """Pool one event's probabilities by several methods; where some are 0 or 1, under each treatment of these.

    They may be pooled as they were said, left out, or be replaced: each 0 by a small number and each 1 by one less it.
    Which is right can't be told from the numbers, so that none is chosen here.

    Parameters
    ----------
    probabilities : array of shape (experts,)
    weights : array of shape (experts,), optional
    methods : mapping of str to callable
        Of the probabilities and the weights.
    replacements : sequence of float
        Above 0 and below 1/2.

    Raises
    ------
    InputError
        If the probabilities are of several events, or a replacement is outside, or as `linear` does.
    """
    p, share = _checked(probabilities, weights)
    if p.ndim != 1:
        raise InputError(f"probabilities: found {p[0].size} events; allowed: one")
    for small in replacements:
        if not 0 < small < 0.5:
            raise InputError(f"replacements: found {small:g}; allowed: above 0 and below 0.5")
    zero, one = p == 0, p == 1
    inner = ~(zero | one)
    treated = {AS_SAID: (p, share)}
    if not inner.all():
        treated[LEFT_OUT] = p[inner], share[inner]
        treated |= {f"{small:g}": (np.where(zero, small, np.where(one, 1 - small, p)), share) for small in replacements}
    values = {
        name: {treatment: _or_nothing(method, *given) for treatment, given in treated.items()}
        for name, method in methods.items()
    }
    return Pools(values, int(zero.sum()), int(one.sum()))


def _or_nothing(method: Callable[[Any, Any], Floats], p: Floats, share: Floats) -> float:
    """What a method gives; NaN where nobody is left, or it is not defined."""
    if not p.size:
        return math.nan
    try:
        return float(method(p, share))
    except InputError:
        return math.nan


def _checked(probabilities: Any, weights: Any) -> tuple[Floats, Floats]:
    """Probabilities of the experts that count, and their shares."""
    p = np.asarray(probabilities, float)
    if p.ndim == 0:
        raise InputError("probabilities: found one number; allowed: one for each expert")
    if (bad := p[~((p >= 0) & (p <= 1))]).size:
        raise InputError(f"probabilities: found {bad.flat[0]:g}; allowed: 0 to 1")
    share = shares(weights, len(p))
    counts = share > 0
    return p[counts], share[counts]


def _mean_score(scores: Floats, share: Floats) -> Floats:
    """The mean of scores of which some may be infinite, on one side."""
    both = np.isneginf(scores).any(0) & np.isposinf(scores).any(0)
    if both.any():
        where = f" for {both.sum()} of {both.size} events" if both.ndim else ""
        raise InputError(f"probabilities: found 0 and 1{where}; allowed: one of them, for they have no mean log odds")
    return np.tensordot(share, scores, 1)
