"""How answers come about: log densities of what respondents say, given what the model says.

A respondent's belief about a node, on the node's natural scale, is ``centre + deviation``: the centre is the node
plus the biases of the question, its framing and the respondent's camp; deviations differ between respondents and
are integrated out here, in closed form or by quadrature. The functions take xarray and ``pymc.dims`` values alike
and return one log density a pattern (a distinct answer, or a respondent).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, arctan, exp, larger, log, log_sum_exp, normal_cdf, power, total

OUTLIERS = 0.002
"""Share of answers that come from anywhere, which keeps a single slip from deciding."""

PLACES = 101
"""How many probabilities an outlier may state: the whole per cents."""

KNOTS = 15
"""Places of Gauss-Hermite quadrature."""

TAILS = 5
"""Degrees of freedom of the deviations of stated probabilities and quantiles: some people are far from the rest."""


MOODS = 7
"""Places of the quadrature over what the answers of one expert share."""

type Data = Mapping[str, Quantity]


def knots() -> tuple[Floats, Floats]:
    """Places and log weights for the integral of a function that is near to a standard normal density."""
    places, weights = np.polynomial.hermite_e.hermegauss(KNOTS)
    return places, np.log(weights) + places**2 / 2


def moods() -> tuple[Floats, Floats]:
    """Places and log weights for the integral of a function of a standard normal variable."""
    places, weights = np.polynomial.hermite_e.hermegauss(MOODS)
    return places, np.log(weights / weights.sum())


def normal_log_density(x: Quantity, centre: Quantity, sd: Quantity) -> Quantity:
    """Log density of a normal variable."""
    z = (x - centre) / sd
    return -z * z / 2 - log(sd) - math.log(2 * math.pi) / 2


def student_log_density(x: Quantity, centre: Quantity, scale: Quantity) -> Quantity:
    """Log density of a Student-t variable with `TAILS` degrees of freedom."""
    z = (x - centre) / scale
    constant = math.lgamma((TAILS + 1) / 2) - math.lgamma(TAILS / 2) - math.log(TAILS * math.pi) / 2
    return constant - log(scale) - (TAILS + 1) / 2 * log(1 + z * z / TAILS)


def student_cdf(x: Quantity) -> Quantity:
    """Probability that a Student-t variable with `TAILS` degrees of freedom is below x, in closed form."""
    z = x / math.sqrt(TAILS)
    cosine_squared = 1 / (1 + z * z)
    return 0.5 + (arctan(z) + z * cosine_squared * (1 + 2 / 3 * cosine_squared)) / math.pi


def rounded_probability(
    centre: Quantity, deviation: Quantity, grid_weights: Quantity, spikes: Quantity, cells: Data
) -> Quantity:
    """Log probability of stating a rounded probability.

    A belief is Student-t on the scale of the question; it is stated as the nearest place of the grid that the
    respondent uses (`toc_model.survey.kinds.rounding`), so an answer stands for the cells of all grids that it lies on,
    and those of 0 and 1 are open.

    Parameters
    ----------
    centre : dims ``(pattern,)``
        Centre of beliefs on the natural scale.
    deviation : scalar
        Scale of beliefs between respondents.
    grid_weights : dims ``(grid,)``
        Share of respondents who round to each grid; sums to one.
    spikes : dims ``(spike,)``
        Shares who say 0 or 1 on principle, 50 % for want of an opinion, and none of these (last); sum to one.
    cells : mapping of name to array
        ``lower`` and ``upper`` edges on the natural scale, dims ``(pattern, grid)``, equal where the answer is no
        place of the grid; ``at_spike`` (0 or 1), dims ``(pattern, spike)``, whose last place is 1 everywhere and
        stands for beliefs, as ``is_belief``, dims ``(spike,)``, says.
    """
    inside = student_cdf((cells["upper"] - centre) / deviation) - student_cdf((cells["lower"] - centre) / deviation)
    believed = total(grid_weights * inside, "grid")
    is_belief = cells["is_belief"]
    stated = total(spikes * cells["at_spike"] * ((1 - is_belief) + is_belief * believed), "spike")
    return log((1 - OUTLIERS) * stated + OUTLIERS / PLACES)


def stated_quantiles(centre: Quantity, deviation: Quantity, overconfidence: Quantity, beliefs: Data) -> Quantity:
    """Log density of the middle of a stated distribution.

    Parameters
    ----------
    centre : dims ``(pattern,)``
    deviation : scalar
        Standard deviation of respondents' biases.
    overconfidence : scalar
        Logarithm of the ratio of errors to stated spreads; zero for calibrated respondents.
    beliefs : mapping of name to array
        ``middle`` and ``spread`` of each stated distribution on the natural scale, dims ``(pattern,)``.
    """
    return student_log_density(beliefs["middle"], centre, _spread(deviation, overconfidence, beliefs["spread"]))


def stated_cdf_points(
    centre: Quantity,
    deviation: Quantity,
    overconfidence: Quantity,
    spread: Quantity,
    noise: Quantity,
    points: Data,
    shift: Quantity = 0.0,
) -> Quantity:
    """Log density of probabilities stated for several thresholds, with noise on the axis of probability.

    The middle of a respondent's distribution, which all the points share, is integrated out by quadrature around the
    middle that the points suggest, to first order.

    Parameters
    ----------
    centre : dims ``(pattern,)``
    deviation, overconfidence : scalars
        As for `stated_quantiles`.
    spread : scalar
        Standard deviation of a respondent's own distribution, on the natural scale.
    noise : scalar
        Standard deviation of what is stated around what is believed.
    points : mapping of name to array
        ``threshold`` on the natural scale, ``stated`` probability, its ``probit``, the ``slope`` of the normal cdf
        there, and ``given`` (0 or 1), dims ``(pattern, point)``; ``place`` and ``log_weight``, dims ``(knot,)``, as
        `knots` gives them.
    shift : dims ``(mood,)``, optional
        What is added to the centre. The places of the quadrature don't follow it, so that the answers are computed
        once for all shifts.
    """
    around = _spread(deviation, overconfidence, spread)
    precision = points["given"] * power(points["slope"] / (spread * noise), 2.0)
    total_precision = total(precision, "point") + 1 / (around * around)
    suggested = total(precision * (points["threshold"] - spread * points["probit"]), "point")
    width = power(total_precision, -0.5)
    middle = (suggested + centre / (around * around)) / total_precision + width * points["place"]
    believed = normal_cdf((points["threshold"] - middle) / spread)
    answers = total(points["given"] * normal_log_density(points["stated"], believed, noise), "point")
    whole = answers + normal_log_density(middle, centre + shift, around) + points["log_weight"]
    return log_sum_exp(whole, "knot") + log(width)


def stated_duration(centre: Quantity, deviation: Quantity, durations: Data) -> Quantity:
    """Log density of a stated quantity, or log probability of lying above it where it is right-censored.

    Parameters
    ----------
    centre : dims ``(pattern,)``
    deviation : scalar
    durations : mapping of name to array
        ``stated`` on the natural scale and ``censored`` (0 or 1), dims ``(pattern,)``.
    """
    exact = normal_log_density(durations["stated"], centre, deviation)
    above = log(larger(normal_cdf((centre - durations["stated"]) / deviation), 1e-300))
    return durations["censored"] * above + (1 - durations["censored"]) * exact


def stated_category(centre: Quantity, cuts: Sequence[Quantity], is_category: Sequence[Quantity]) -> Quantity:
    """Log probability of a category of an ordered answer, in units of the deviation between respondents.

    Parameters
    ----------
    centre : dims ``(pattern,)``
    cuts : sequence of scalars
        Rising cut points, one fewer than there are categories.
    is_category : sequence of arrays, dims ``(pattern,)``
        For each category, 1 where it is the answer and 0 elsewhere.
    """
    below: list[Quantity] = [0.0, *(normal_cdf(cut - centre) for cut in cuts), 1.0]
    chosen: Quantity = 0.0
    for k, here in enumerate(is_category):
        chosen = chosen + here * (below[k + 1] - below[k])
    return log((1 - OUTLIERS) * chosen + OUTLIERS / len(is_category))


def _spread(deviation: Quantity, overconfidence: Quantity, stated: Quantity) -> Quantity:
    """Standard deviation of a middle around its centre: biases and calibrated errors together."""
    error = exp(overconfidence) * stated
    variance = deviation * deviation + error * error
    return exp(log(variance) / 2)
