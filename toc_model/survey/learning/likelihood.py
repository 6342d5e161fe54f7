"""The marginal likelihood of the answers to a question, without a story and without PyMC.

Given what a question's target and the bias common to its respondents add up to, answers depend on nothing else in the
model. What is unknown of how they came about (deviations between respondents, habits of rounding, camps) is integrated
out by importance sampling around its mode, the centre of each wording by quadrature (Tierney and Kadane 1986,
doi:10.1080/01621459.1986.10478240, made exact by weights; Vehtari et al. 2024, jmlr.org/papers/v25/19-556.html, for how
far they can be trusted). What is left is a function of one number, which is tabulated.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.given import log_likelihoods, size_of
from toc_model.survey.learning.habits import Camps, Habits
from toc_model.survey.learning.modes import mode_of
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.smoothed import MOST_K_HAT, Smoothed, smoothed

BUDGET, FEW, CHEAPER = 60_000_000, 4, 4
"""Densities of single answers that a question may cost; up to how many habits are few, and a so much smaller part does.
"""
MOST, FEWEST = 1024, 64
"""Places in the space of habits."""
DENSE, COARSE = 121, 21
"""Centres of beliefs at which each place is evaluated, near the mode: where that is cheap, and where it is not."""
MOST_STEPS = 2.0
"""How far apart they may be, in standard deviations of a centre where habits are known: else tables are ragged."""
REACH = 7.0
"""How far from the mode, in standard deviations."""
TAILS = np.array([1.2, 1.5, 2.0, 3.0, 5.0, 9.0, 20.0])
"""How far beyond, in reaches."""
FREEDOM, WIDER = 7.0, 1.15
"""Degrees of freedom of the proposal, and how much wider it is than the posterior seems to be."""
BLOCK = 3_000_000
"""Numbers in the largest array that is held at a time."""
SEED = 20_231_027
WORDED = 57
"""Places near the mode at which the likelihood of several wordings is tabulated."""
FINE = 12
"""Places between two centres at which wordings are integrated."""
SWING = 0.3
"""How far a log likelihood may rise above both neighbouring centres between them."""
ROUNDS, ENOUGH = 3, 100
"""How often the proposal is fitted again to what was found, unless so many places count in effect."""
LEAST_SPREAD = 1e-4
"""Variance that a proposal has at least."""


@dataclass(frozen=True, slots=True, repr=False)
class Table(Brief):
    """Log marginal likelihood of answers as a function of target and common bias together.

    Attributes
    ----------
    at, log : array of shape (knots,)
        Places on the natural scale, rising, and log likelihoods.
    width : float
        Over what distance it changes by about a half.
    middle, middle_sd : float
        What the middle respondent holds, wordings and camps as they answered: mean and standard deviation.
    trust : Smoothed
        Of the weights that integrated out the habits.
    """

    at: Floats
    log: Floats
    width: float
    middle: float
    middle_sd: float
    trust: Smoothed

    def __call__(self, y: Floats) -> Floats:
        """Interpolated; beyond the last places the slope goes on, where it falls: nothing out there is likelier."""
        found = np.interp(y, self.at, self.log)
        low, high = np.diff(self.log[[0, 1, -2, -1]])[[0, 2]] / np.diff(self.at[[0, 1, -2, -1]])[[0, 2]]
        if y.min() < self.at[0]:
            found = found + max(low, 0.0) * np.minimum(y - self.at[0], 0.0)
        if y.max() > self.at[-1]:
            found = found + min(high, 0.0) * np.maximum(y - self.at[-1], 0.0)
        return np.asarray(found)


def likelihood_of(question: Asked, place: float, spread: float, *, worded: bool) -> Table:
    """Tabulate the marginal likelihood of all answers to a question.

    Parameters
    ----------
    question : Asked
    place, spread : float
        Where the target and the common bias are expected together, and how far around: a guide to where it matters.
    worded : bool
        Whether wordings add something of their own, as they do where a source puts a matter in several ways.
    """
    if not KINDS[question.kind].informs_level(question.mapping):
        at = place + spread * _grid(COARSE)
        return Table(at, np.zeros(len(at)), spread, place, spread, smoothed(np.zeros(1)))
    found = mode_of(question, Habits.of(question), place, spread)
    habits = found.space
    centres = DENSE if size_of(question) * DENSE * MOST <= BUDGET else COARSE
    at = found.centres[:, None] + np.maximum(found.sds, 1e-6)[:, None] * _grid(centres)
    middle, covariance = found.habits, found.covariance
    for _ in range(ROUNDS):
        drawn = _drawn(question, habits, (middle, covariance), at)
        y, log, trust = _tabulated(question, drawn, at, (place, spread), worded=worded)
        if not habits.size or (trust.k_hat <= MOST_K_HAT and trust.effective >= ENOUGH):
            break
        middle = trust.weights @ drawn.z
        covariance = np.cov(drawn.z.T, aweights=trust.weights) + LEAST_SPREAD * np.eye(len(middle))
    if np.any(found.sds / found.alone > MOST_STEPS * (centres - 1) / (2 * REACH)):
        trust = Smoothed(trust.weights, math.inf)
    fine = _finer(y)
    said, said_sd = _middle(question, drawn, at, trust.weights)
    return Table(fine, _between(y, log), _width(y, log), said, said_sd, trust)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Places in the space of habits, the log ratio of prior and proposal, and log likelihoods there.

    The last are of shape (places, centres, wordings).
    """

    z: Floats
    log_ratio: Floats
    rows: Floats
    camps: Camps | None


def _drawn(question: Asked, habits: Habits, around: tuple[Floats, Floats], at: Floats) -> _Drawn:
    budget = BUDGET // (CHEAPER if habits.size <= FEW else 1)
    affordable = np.clip(budget // (size_of(question) * at.shape[1]), FEWEST, MOST)
    many = 2 ** int(np.log2(affordable))  # as places that fill a space evenly come
    z, log_ratio = _proposed(*around, many)
    return _Drawn(z, log_ratio, _rows(question, habits, z, at), habits.at(z)[1])


def _tabulated(
    question: Asked, drawn: _Drawn, at: Floats, expected: tuple[float, float], *, worded: bool
) -> tuple[Floats, Floats, Smoothed]:
    """What target and bias add up to, the log likelihood there, and how far the weights of habits can be trusted."""
    y, by_place = _over_wordings(question, at, drawn.rows) if worded else (at[0], drawn.rows[..., 0])
    near = -0.5 * ((y - expected[0]) / expected[1]) ** 2 + np.log(np.gradient(y))
    trust = smoothed(drawn.log_ratio + special.logsumexp(by_place + near, axis=1))
    return y, special.logsumexp(drawn.log_ratio[:, None] + by_place, axis=0) - math.log(len(drawn.z)), trust


def _grid(centres: int) -> Floats:
    """Places in standard deviations around a mode: dense within reach, ever further beyond."""
    tails = REACH * TAILS
    return np.concatenate([-tails[::-1], np.linspace(-REACH, REACH, centres), tails])


def _proposed(middle: Floats, covariance: Floats, many: int) -> tuple[Floats, Floats]:
    """Places in the space of habits, shape (many, habits), and the log ratio of their prior and the proposal.

    They are Student t, and fill the space evenly (scrambled Sobol' points).
    """
    dims = len(middle)
    if not dims:
        return np.zeros((1, 0)), np.zeros(1)
    even = scipy.stats.qmc.Sobol(dims + 1, rng=SEED).random(many)
    t = special.ndtri(even[:, :-1]) * np.sqrt(FREEDOM / 2 / special.gammaincinv(FREEDOM / 2, even[:, -1:]))
    root = WIDER * np.linalg.cholesky(covariance)
    z = middle + t @ root.T
    constant = math.lgamma((FREEDOM + dims) / 2) - math.lgamma(FREEDOM / 2) - dims / 2 * math.log(FREEDOM / 2)
    log_t = constant - (FREEDOM + dims) / 2 * np.log1p((t**2).sum(axis=1) / FREEDOM)
    log_proposal = log_t - np.log(np.diag(root)).sum()
    return z, -(z**2).sum(axis=1) / 2 - log_proposal


def _rows(question: Asked, habits: Habits, z: Floats, at: Floats) -> Floats:
    """Log likelihood of the answers under each wording, shape (places, centres, wordings)."""
    size = max(1, BLOCK // (size_of(question) * at.shape[1]))
    found = [log_likelihoods(question, habits, z[start : start + size], at) for start in range(0, len(z), size)]
    return np.concatenate(found)


def _over_wordings(question: Asked, at: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Integrate out what each wording adds, normal around what all share.

    Returns
    -------
    y : array of shape (knots,)
        What target and common bias add up to.
    log : array of shape (places, knots)
    """
    sd = question.mapping.apart
    middles, spread = at.mean(axis=1), sd / math.sqrt(len(at))
    wide = max(spread, float(np.ptp(middles)) / 4)
    y = float(middles.mean()) + wide * _grid(WORDED)
    total = np.zeros((len(rows), len(y)))
    for own, each in zip(at, np.moveaxis(rows, -1, 0), strict=True):
        fine = _finer(own)
        between = _between(own, each)
        log_step = np.log(np.gradient(fine))
        near = -0.5 * ((fine - y[:, None]) / sd) ** 2 - math.log(sd) - math.log(2 * math.pi) / 2 + log_step
        top_row, top_near = between.max(axis=1), near.max(axis=1)
        overlap = np.exp(between - top_row[:, None]) @ np.exp(near - top_near[:, None]).T
        total += np.log(np.maximum(overlap, 1e-300)) + top_row[:, None] + top_near
    return y, total


def _finer(knots: Floats) -> Floats:
    """The knots with places between them, evenly."""
    steps = np.linspace(0, 1, FINE, endpoint=False)
    between = knots[:-1, None] + np.diff(knots)[:, None] * steps
    return np.append(between.ravel(), knots[-1])


def _between(knots: Floats, log: Floats) -> Floats:
    """Log likelihoods at the places of `_finer`, shape (..., knots) to (..., places).

    A cubic spline is exact where they are all but quadratic; where they fall off a cliff it would swing far above both
    neighbours.
    """
    found = scipy.interpolate.CubicSpline(knots, log, axis=-1)(_finer(knots))
    higher = np.repeat(np.maximum(log[..., :-1], log[..., 1:]), FINE, axis=-1)
    found[..., :-1] = np.minimum(found[..., :-1], higher + SWING)
    return np.asarray(found)


def _width(y: Floats, log: Floats) -> float:
    """The standard deviation of the likelihood as a density of its argument."""
    weights = np.exp(log - log.max()) * np.gradient(y)
    weights = weights / weights.sum()
    middle = float(weights @ y)
    return float(np.sqrt(weights @ (y - middle) ** 2))


def _middle(question: Asked, drawn: _Drawn, at: Floats, weights: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the centre of beliefs, over wordings and camps as people answered."""
    framing, group, counts = (question.data[name].values for name in ("framing", "group", "count"))
    means, squares = np.zeros(len(weights)), np.zeros(len(weights))
    for each, (own, log) in enumerate(zip(at, np.moveaxis(drawn.rows, -1, 0), strict=True)):
        share = counts[framing == each].sum() / counts.sum()
        density = np.exp(log - log.max(axis=1, keepdims=True)) * np.gradient(own)
        density = density / density.sum(axis=1, keepdims=True)
        mean = density @ own
        means += share * mean
        squares += share**2 * np.maximum(density @ own**2 - mean**2, 0.0)
    if (camps := drawn.camps) is not None:
        many = camps.z.shape[1]
        shares = np.bincount(group, counts, minlength=many)[:many] / counts.sum()
        lag = camps.follow(camps.scale) @ shares
        means = means - lag * (means - (camps.fixed or (0.0,))[0]) + camps.shared()[0] @ shares
        squares = squares * (1 - lag) ** 2
    middle = float(weights @ means)
    return middle, float(np.sqrt(weights @ squares + weights @ (means - middle) ** 2))
