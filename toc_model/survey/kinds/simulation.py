"""Simulated answers: for each kind, draws from the likelihood in `toc_model.survey.kinds.likelihood`.

Centres and parameters are arrays that broadcast against each other, one place a simulated answer. What is simulated
for a kind is what `observed` reads from the answers themselves.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.survey.kinds.densities import split
from toc_model.survey.kinds.likelihood import OUTLIERS, PLACES, TAILS
from toc_model.survey.kinds.questions import Asked
from toc_model.survey.kinds.rounding import STOCK, rounded

type Drawn = Mapping[str, Floats]
"""Parameters by name; shares have one more axis than centres, the last."""


def observed(question: Asked) -> Floats:
    """What is compared with simulated answers, in the units of `simulated`.

    Returns
    -------
    array of shape (pattern,), or (pattern, point) for points of a stated distribution
        NaN where nothing exact was stated.
    """
    data = question.data
    if question.kind == "cdf_point":
        return np.where(data["given"].values > 0, data["stated"].values, np.nan)
    if question.kind == "duration":
        return np.where(data["censored"].values > 0, np.nan, data["stated"].values)
    names = {"probability": "value", "quantile": "middle", "ordered": "category"}
    return np.asarray(data[names[question.kind]].values, float)


def simulated(
    question: Asked, centre: Floats, parameters: Drawn, patterns: np.ndarray, rng: np.random.Generator
) -> Floats:
    """Draw answers.

    Parameters
    ----------
    question : Asked
    centre : array
        Centres of beliefs on the natural scale, one a simulated answer.
    parameters : mapping of name to array
        ``deviation`` and what else the likelihood of the kind takes.
    patterns : array of int
        Whose circumstances (stated spread, thresholds) each answer has; broadcasts against the centres.
    rng : numpy.random.Generator

    Returns
    -------
    array of the shape of the centres, and a last axis for the points of a stated distribution
        Stated probability, category, or natural scale of the middle or the duration.
    """
    if "loading" in parameters:
        shift, residual = split(parameters, rng.standard_normal(centre.shape))
        centre, parameters = centre + shift, {**parameters, "deviation": residual}
    return DRAWING[question.kind](question, centre, parameters, patterns, rng)


def stated_probabilities(belief: Floats, grids: Floats, spikes: Floats, rng: np.random.Generator) -> Floats:
    """Draw what is stated by people who believe a probability: rounded, a stock answer, or a slip.

    Parameters
    ----------
    belief : array
    grids, spikes : arrays with one more axis
        Shares that sum to one along the last.
    rng : numpy.random.Generator
    """
    stated = np.choose(
        categories(spikes, belief.shape, rng), [*STOCK, rounded(belief, categories(grids, belief.shape, rng))]
    )
    slip = rng.random(belief.shape) < OUTLIERS
    return np.where(slip, rng.integers(0, PLACES, belief.shape) / (PLACES - 1), stated)


def categories(shares: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw places along the last axis of shares that sum to one along it."""
    rising = np.cumsum(shares, axis=-1)[..., :-1]
    return np.asarray((rng.random(shape)[..., None] > rising).sum(axis=-1))


def _probability(question: Asked, centre: Floats, of: Drawn, _: np.ndarray, rng: np.random.Generator) -> Floats:
    belief = question.from_natural(centre + of["deviation"] * rng.standard_t(TAILS, centre.shape))
    return stated_probabilities(np.clip(belief, 0.0, 1.0), of["grid"], of["spike"], rng)


def _quantile(question: Asked, centre: Floats, of: Drawn, patterns: np.ndarray, rng: np.random.Generator) -> Floats:
    spread = question.data["spread"].values[patterns]
    scale = np.hypot(of["deviation"], np.exp(of["overconfidence"]) * spread)
    return np.asarray(centre + scale * rng.standard_t(TAILS, centre.shape))


def _cdf_point(question: Asked, centre: Floats, of: Drawn, patterns: np.ndarray, rng: np.random.Generator) -> Floats:
    around = np.hypot(of["deviation"], np.exp(of["overconfidence"]) * of["spread"])
    middle = centre + around * rng.standard_normal(centre.shape)
    thresholds = question.data["threshold"].values[patterns]
    believed = special.ndtr((thresholds - middle[..., None]) / of["spread"][..., None])
    return np.asarray(believed + of["noise"][..., None] * rng.standard_normal(believed.shape))


def _duration(_: Asked, centre: Floats, of: Drawn, _patterns: np.ndarray, rng: np.random.Generator) -> Floats:
    return np.asarray(centre + of["deviation"] * rng.standard_normal(centre.shape))


def _ordered(question: Asked, centre: Floats, of: Drawn, _: np.ndarray, rng: np.random.Generator) -> Floats:
    highest = len(question.mapping.categories)
    latent = centre - of["reference"] + of.get("deviation", 1.0) * rng.standard_normal(centre.shape)
    steps = np.cumsum(of["step"], axis=-1)
    cuts = np.concatenate([np.zeros_like(steps[..., :1]), steps], axis=-1) + of["first_cut"][..., None]
    chosen = 1 + (latent[..., None] > cuts).sum(axis=-1)
    slip = rng.random(centre.shape) < OUTLIERS
    return np.where(slip, rng.integers(1, highest + 1, centre.shape), chosen).astype(float)


DRAWING: dict[str, Callable[[Asked, Floats, Any, np.ndarray, np.random.Generator], Floats]] = {
    "probability": _probability,
    "quantile": _quantile,
    "cdf_point": _cdf_point,
    "duration": _duration,
    "ordered": _ordered,
}
