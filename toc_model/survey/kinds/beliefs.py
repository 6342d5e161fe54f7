"""How beliefs are spread around their centre where only bounds or summaries of them are stated.

On a logit they are Student-t with `TAILS` degrees of freedom, as those of `toc_model.survey.kinds.probability`: among
probabilities some people are far from the rest, and a normal law would bend to them. On a logarithm, or the scale
itself, they are normal, as those of `toc_model.survey.kinds.duration`. So bounds, counts and summaries say of a
question what single answers would.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, larger, log, normal_cdf
from toc_model.survey.kinds.densities import (
    LEAST_TAIL,
    SMALLEST,
    TAILS,
    normal_log_density,
    student_cdf,
    student_log_density,
)


class Law(NamedTuple):
    """A distribution around zero, of scale one.

    Attributes
    ----------
    cdf : callable
        Probability of lying below.
    least : float
        Least probability that `cdf` tells from zero.
    log_density : callable
        Of a value, its centre and its scale.
    quantile : callable
        The inverse of `cdf`, for arrays.
    """

    cdf: Callable[[Any], Any]
    least: float
    log_density: Callable[[Any, Any, Any], Any]
    quantile: Callable[[Any], Floats]

    def log_below(self, z: Quantity) -> Quantity:
        """Log probability of lying below."""
        return log(larger(self.cdf(z), self.least))

    def log_between(self, lower: Quantity, upper: Quantity) -> Quantity:
        """Log probability of lying between two bounds; taken further down, where differences are exact."""
        above, below = -larger(-upper, lower), -larger(-lower, upper)
        return log(larger(self.cdf(above) - self.cdf(below), self.least))

    def drawn(self, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Draw from it."""
        return self.quantile(rng.random(shape))


STUDENT = Law(student_cdf, LEAST_TAIL, student_log_density, lambda p: np.asarray(scipy.stats.t.ppf(p, TAILS)))
NORMAL = Law(normal_cdf, SMALLEST, normal_log_density, lambda p: np.asarray(scipy.stats.norm.ppf(p)))


def law_of(scale: str) -> Law:
    """The law of beliefs on a scale, one of `toc_model.survey.kinds.natural.SCALES`."""
    return STUDENT if scale == "logit" else NORMAL
