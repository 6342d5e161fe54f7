"""Sums over the stated probabilities of many people, which are drawn as such: nobody's answer is.

What one person states has a few hundred possible values, and their probabilities are known. So are then the mean and
covariance of any sum over people; of many people such sums are normal.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from toc_model.aliases import Floats
from toc_model.survey.kinds.densities import student_cdf
from toc_model.survey.kinds.natural import SCALES
from toc_model.survey.kinds.rounding import BOUNDS, DIGITS, NEXT_TO_NOTHING, SAID, STOCK
from toc_model.survey.kinds.slips import OUTLIERS

FINEST = 0.0005
"""Stated probabilities are brought this far from 0 and 1 before they are summarised on a natural scale."""
WHOLE_PER_CENTS = np.arange(101) / 100
"""What a slip may say. The density grants any answer the share of one of them."""
POWERS = np.arange(5)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is kept of answers to some surveys, each array of shape (surveys,).

    Attributes
    ----------
    people : array
    believed : array
        How many of them state more than zero.
    mean, squares : arrays
        Of what these state on the natural scale, the mean and the sum of squares around it; zero without any.
    """

    people: Floats
    believed: Floats
    mean: Floats
    squares: Floats

    def joined(self, other: "Sums") -> "Sums":
        """Those of both together (Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115)."""
        believed = self.believed + other.believed
        share, apart = other.believed / np.maximum(believed, 1.0), other.mean - self.mean
        squares = self.squares + other.squares + self.believed * share * apart**2
        return Sums(self.people + other.people, believed, self.mean + share * apart, squares)

    def summaries(self, scale: str) -> Floats:
        """Mean and spread of what is more than zero, and the share of zeros; shape (surveys, 3).

        Where all say zero, these are taken for the least that is told from it.
        """
        least = float(on_scale(np.zeros(1), scale)[0])
        mean = np.where(self.believed > 0, self.mean, least)
        spread = np.sqrt(self.squares / np.maximum(self.believed, 1.0))
        return np.stack([mean, spread, (self.people - self.believed) / self.people], axis=-1)


def sums_of(answers: Floats, scale: str) -> Sums:
    """What is kept of answers, shape (..., respondents)."""
    believes, y = answers > 0, on_scale(answers, scale)
    believed = believes.sum(axis=-1).astype(float)
    mean = (believes * y).sum(axis=-1) / np.maximum(believed, 1.0)
    squares = (believes * (y - mean[..., None]) ** 2).sum(axis=-1)
    return Sums(np.full_like(believed, answers.shape[-1]), believed, mean, squares)


def on_scale(stated: Floats, scale: str) -> Floats:
    """Stated probabilities on the natural scale, whose ends they are kept away from."""
    return np.asarray(SCALES[scale].to(np.clip(stated, FINEST, 1 - FINEST)))


@dataclass(frozen=True, slots=True)
class Moments:
    """What one person states: each array of shape (surveys,).

    Attributes
    ----------
    zero : array
        Probability of stating zero.
    mean, variance, third, fourth : arrays
        Of what is more than zero on the natural scale, the mean and the moments around it.
    """

    zero: Floats
    mean: Floats
    variance: Floats
    third: Floats
    fourth: Floats

    def sums(self, people: int, rng: np.random.Generator) -> Sums:
        """Draw what so many people state, who are many enough for sums over them to be normal."""
        believed = np.asarray(people - rng.binomial(people, self.zero), float)
        one, other = rng.standard_normal((2, len(believed)))
        root = np.sqrt(np.maximum(believed, 1.0))
        sd = np.sqrt(self.variance)
        slope = self.third / np.where(sd > 0, sd, 1.0)
        left = np.sqrt(np.maximum(self.fourth - self.variance**2 - slope**2, 0.0))
        around = believed * self.variance + root * (slope * one + left * other)
        squares = np.maximum(around - self.variance * one**2, 0.0)
        mean = self.mean + sd * one / root
        return Sums(
            np.full_like(believed, people), believed, *(np.where(believed > 0, x, 0.0) for x in (mean, squares))
        )


def moments(scale: str, centre: Floats, deviation: Floats, grid: Floats, spike: Floats, near: Floats) -> Moments:
    """What one person states, by the law that `toc_model.survey.kinds.probability.stated_probabilities` draws from.

    Parameters
    ----------
    scale : str
    centre, deviation : arrays of shape (surveys,)
        Of beliefs, which are Student-t on the scale.
    grid, spike, near : arrays of shape (surveys, labels)
        Shares of the habits of rounding, of stock answers, and of those near them.
    """
    bounds, rises, last = _rises(scale)
    below = np.asarray(student_cdf((bounds - centre[:, None]) / deviation[:, None]))
    by_grid = last - (below @ rises).reshape(len(centre), *last.shape)
    believed = np.einsum("sg,sgk->sk", grid, by_grid)
    nothing, half, certain = (_powers(np.array([said]), scale) for said in STOCK)
    missing = np.array(NEXT_TO_NOTHING)
    low, high = _powers(missing, scale), _powers(np.round(1 - missing, DIGITS), scale)
    stock = near @ np.stack([[nothing, low], [certain, high]]).transpose(1, 0, 2).reshape(2, -1)
    zero_or_one = stock.reshape(-1, 2, len(POWERS))
    meant = spike[:, [0]] * zero_or_one[:, 0] + spike[:, [1]] * half + spike[:, [2]] * zero_or_one[:, 1]
    raw = (1 - OUTLIERS) * (meant + spike[:, [3]] * believed) + OUTLIERS * _powers(WHOLE_PER_CENTS, scale)
    zero = np.clip(1 - raw[:, 0], 0.0, 1.0)
    m1, m2, m3, m4 = (raw[:, 1:] / raw[:, [0]]).T
    variance, third = np.maximum(m2 - m1**2, 0.0), m3 - 3 * m1 * m2 + 2 * m1**3
    return Moments(zero, m1, variance, third, np.maximum(m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4, 0.0))


@cache
def _rises(scale: str) -> tuple[Floats, Floats, Floats]:
    """Bounds between places of all grids, by how much powers rise at each, and the powers at the last places.

    Returns
    -------
    bounds : array of shape (bounds,)
        On the natural scale.
    rises : array of shape (bounds, grids * powers)
    last : array of shape (grids, powers)
    """
    every = np.unique(np.concatenate(BOUNDS))
    rises = np.zeros((len(every), len(SAID), len(POWERS)))
    for place, (said, own) in enumerate(zip(SAID, BOUNDS, strict=True)):
        rises[np.searchsorted(every, own), place] = np.diff(_each_power(said, scale), axis=0)
    told = np.abs(rises).max(axis=(1, 2)) > 0
    last = np.stack([_each_power(said[-1:], scale)[0] for said in SAID])
    return np.asarray(SCALES[scale].to(every[told])), rises[told].reshape(told.sum(), -1), last


def _powers(said: Floats, scale: str) -> Floats:
    """Mean powers, from the 0th, of answers that are as likely as each other; nothing of those that are zero."""
    return np.asarray(_each_power(said, scale).mean(axis=0))


def _each_power(said: Floats, scale: str) -> Floats:
    return np.asarray((said > 0)[:, None] * on_scale(said, scale)[:, None] ** POWERS)
