"""Densities that several kinds of answers share, for xarray and ``pymc.dims`` values alike."""

import math

from toc_model.engine.laws import Quantity, arctan, exp, larger, log, normal_cdf

TAILS = 5
"""Degrees of freedom of the deviations of stated probabilities and quantiles: some people are far from the rest."""
SMALLEST = 1e-300
"""Stands for a probability of zero."""


LEAST_TAIL = 1e-15
"""Least probability of a tail that `student_cdf` tells from zero."""


def normal_log_density(x: Quantity, centre: Quantity, sd: Quantity) -> Quantity:
    """Log density of a normal variable."""
    z = (x - centre) / sd
    return -z * z / 2 - log(sd) - math.log(2 * math.pi) / 2


def log_normal_between(lower: Quantity, upper: Quantity) -> Quantity:
    """Log probability that a standard normal variable lies between two bounds; one side may be open.

    It is taken of the interval or of its mirror image, whichever lies further down, where differences are exact.
    """
    above, below = -larger(-upper, lower), -larger(-lower, upper)
    return log(larger(normal_cdf(above) - normal_cdf(below), SMALLEST))


def student_log_density(x: Quantity, centre: Quantity, scale: Quantity) -> Quantity:
    """Log density of a Student-t variable with `TAILS` degrees of freedom."""
    z = (x - centre) / scale
    constant = math.lgamma((TAILS + 1) / 2) - math.lgamma(TAILS / 2) - math.log(TAILS * math.pi) / 2
    return constant - log(scale) - (TAILS + 1) / 2 * log(1 + z * z / TAILS)


def log_student_beyond(z: Quantity, side: Quantity) -> Quantity:
    """Log probability that such a variable is below z where the side is -1, above it where that is 1."""
    return log(larger(student_cdf(-side * z), LEAST_TAIL))


def student_cdf(x: Quantity) -> Quantity:
    """Probability that a Student-t variable with `TAILS` degrees of freedom is below x, in closed form."""
    z = x / math.sqrt(TAILS)
    cosine_squared = 1 / (1 + z * z)
    return 0.5 + (arctan(z) + z * cosine_squared * (1 + 2 / 3 * cosine_squared)) / math.pi


def around(deviation: Quantity, overconfidence: Quantity, stated: Quantity) -> Quantity:
    """Scale of a stated middle around its centre: biases and calibrated errors together.

    Parameters
    ----------
    deviation : scalar
        Of respondents' biases.
    overconfidence : scalar
        Logarithm of the ratio of errors to stated spreads; zero for calibrated respondents.
    stated : dims ``(...)``
        The spread of a respondent's own distribution.
    """
    error = exp(overconfidence) * stated
    variance = deviation * deviation + error * error
    return exp(log(variance) / 2)
