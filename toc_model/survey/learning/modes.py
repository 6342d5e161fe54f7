"""Where centres and habits fit the answers to a question best, and how sharply."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy

from toc_model.aliases import Floats
from toc_model.survey.learning.given import log_likelihoods
from toc_model.survey.learning.habits import Habits
from toc_model.survey.learning.questions import Asked

STEP = 1e-4
"""Of finite differences; those of second order have its square root."""
SOFTEST = 1e-3
"""Least curvature along any direction; priors have 1."""
STARTS = 5
PRECISE = 1e-3
"""Largest slope at what is taken for a mode; weights make up for what is left."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of the posterior of centres and habits, and the normal distribution that is as curved there.

    Attributes
    ----------
    centres, sds, alone : array of shape (wordings,)
        Of the centre of beliefs under each wording, standard deviations, and those where all else is known.
    habits : array of shape (habits,)
    covariance : array of shape (habits, habits)
    space : Habits
        What the habits are; under one wording those on the scale of the question follow the centre.
    """

    centres: Floats
    sds: Floats
    alone: Floats
    habits: Floats
    covariance: Floats
    space: Habits


def mode_of(question: Asked, habits: Habits, place: float, spread: float) -> Mode:
    """Find the mode, from the best of a few starts.

    Parameters
    ----------
    question : Asked
    habits : Habits
    place, spread : float
        Of the centres, which are normal around it for this purpose.
    """
    wordings = len(question.framings)
    loss = _loss(question, habits, place, spread)
    ahead = place + spread * np.linspace(-2, 2, STARTS)
    starts = np.column_stack([np.repeat(ahead[:, None], wordings, axis=1), np.zeros((STARTS, habits.size))])
    start = starts[int(np.argmin(loss(starts)))]
    minimize: Any = scipy.optimize.minimize
    found = minimize(
        lambda x: _with_gradient(loss, x),
        start,
        jac=True,
        method="BFGS",
        options={"gtol": PRECISE},
    )
    if habits.can_follow and wordings == 1:
        camps = habits.at(found.x[None, wordings:])[1]
        habits = replace(habits, fixed=(float(found.x[0]), float(camps.scale[0]) if camps else 1.0))
        loss = _loss(question, habits, place, spread)
    curved = _curved(_hessian(loss, found.x))
    inverse = np.linalg.inv(curved)
    sds, alone = np.sqrt(np.diag(inverse)[:wordings]), 1 / np.sqrt(np.diag(curved)[:wordings])
    return Mode(found.x[:wordings], sds, alone, found.x[wordings:], inverse[wordings:, wordings:], habits)


def _loss(question: Asked, habits: Habits, place: float, spread: float) -> Callable[[Floats], Floats]:
    """The negative log posterior at many places at once, shape (places, wordings + habits) to (places,)."""
    wordings = len(question.framings)

    def loss(x: Floats) -> Floats:
        centres, z = x[:, :wordings], x[:, wordings:]
        fit = log_likelihoods(question, habits, z, centres[:, :, None]).sum(axis=(1, 2))
        return np.asarray((z**2).sum(axis=1) / 2 + (((centres - place) / spread) ** 2).sum(axis=1) / 2 - fit)

    return loss


def _with_gradient(loss: Callable[[Floats], Floats], x: Floats) -> tuple[float, Floats]:
    """A loss and its slopes by central differences, all evaluated at once."""
    steps = STEP * np.eye(len(x))
    here, found = np.split(loss(np.concatenate([x[None], x + steps, x - steps])), [1])
    return float(here[0]), np.asarray((found[: len(x)] - found[len(x) :]) / (2 * STEP))


def _hessian(loss: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Second derivatives by central differences."""
    size, step = len(x), np.sqrt(STEP)
    steps = step * np.eye(size)
    one, other = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    pairs = [x + a * steps[one.ravel()] + b * steps[other.ravel()] for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    pp, pm, mp, mm = np.split(loss(np.concatenate(pairs)), 4)
    found = ((pp - pm - mp + mm) / (4 * step**2)).reshape(size, size)
    return np.asarray((found + found.T) / 2)


def _curved(hessian: Floats) -> Floats:
    """A matrix of curvatures that are all positive."""
    values, vectors = np.linalg.eigh(hessian)
    return np.asarray((vectors * np.maximum(values, SOFTEST)) @ vectors.T)
