"""How far a fitted distribution is from what was said: in probability, at the quantiles that were said.

A quantile can be missed by a hair of the whole range and yet by most of what was said: 3, 8 and 2045 years at 5, 50 and
95 % are fitted with 38 % below 3. So what counts is the probability that the fit gives where another was said.
"""

from collections.abc import Mapping
from functools import lru_cache

from toc_model.beliefs.distributions import Distribution

MISSED = 0.05
"""From which difference in probability a fit misses what was said. What the rule of fitting takes for rounding, a tenth
of the outer quantiles' distance, is at most 4.4 points of 5 and 95 %."""


def probabilities(distribution: Distribution, quantiles: Mapping[float, float]) -> dict[float, float]:
    """What the fit gives the values up to each elicited quantile, by its level; none for a constant.

    Parameters
    ----------
    distribution : Distribution
    quantiles : mapping of level to value
        Given that the effect is not nil, as the probabilities are.
    """
    if distribution.is_constant:
        return {}
    return {level: distribution.below_given_some(value) for level, value in quantiles.items()}


def largest(found: Mapping[float, float]) -> float:
    """The largest difference of such a probability from what was said."""
    return max((abs(given - said) for said, given in found.items()), default=0.0)


def missed_in_words(distribution: Distribution, quantiles: Mapping[float, float]) -> str:
    """Where a fit misses what was said, in words; empty where it does not."""
    return _missed(distribution, tuple(quantiles.items()))


@lru_cache(maxsize=1024)
def _missed(distribution: Distribution, quantiles: tuple[tuple[float, float], ...]) -> str:
    values = dict(quantiles)
    told = [
        f"{100 * given:.1f} % below {values[said]:g} where {100 * said:g} % was said"
        for said, given in probabilities(distribution, values).items()
        if abs(given - said) >= MISSED
    ]
    return " and ".join(told)
