"""A survey that is only planned: what its answers might be in each draw, as summaries.

Answers come about as the update takes them to (`toc_model.survey.learning.observation`): in each draw the respondents'
beliefs are centred on the target plus one bias that they all share, deviate from person to person, and are rounded or
stated in the way of the question's kind. What the update does not know beforehand (the size of deviations, habits of
rounding) is drawn anew for each draw. More respondents never remove the shared bias, which is why a survey's value
levels off."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.survey.documents.mapping import Question
from toc_model.survey.kinds.likelihood import TAILS
from toc_model.survey.kinds.questions import INVERSES, SCALES
from toc_model.survey.kinds.rounding import GRIDS, SPIKES
from toc_model.survey.kinds.scales import (
    CUT_SD,
    DEVIATION_LOG_SD,
    NOISE_SD,
    OVERCONFIDENCE_SD,
    STEP_LOG_MEAN,
    STEP_LOG_SD,
)
from toc_model.survey.kinds.simulation import stated_probabilities

FINEST = GRIDS[0] / 2
"""Stated probabilities are brought this far from 0 and 1 before they are put on a natural scale."""
MOST = 100_000
"""Most experts whose answers are simulated."""

type Simulator = Callable[[float, float, int, np.random.Generator], Floats]


def simulated_summaries(
    question: Question,
    target: Floats,
    experts: Sequence[int],
    *,
    spread: float | None = None,
    seed: int = 1,
) -> dict[int, xr.Dataset]:
    """Simulate a survey in each draw and summarise it.

    Parameters
    ----------
    question : Question
        Its kind, scale and shared bias.
    target : array of shape (draws,)
        What the question is about, in its own unit.
    experts : sequence of int
        Numbers of respondents; smaller surveys are the first respondents of the largest.
    spread : float, optional
        Standard deviation between respondents on the natural scale; unknown, as the update takes it, by default.
    seed : int

    Returns
    -------
    dict of int to xarray.Dataset
        For each number of respondents, summaries with the dims ``(draw,)``.

    Raises
    ------
    InputError
        If a number of respondents or the spread is not positive, or the target can't be put on its scale.
    """
    fail_if_no_survey(experts, spread)
    natural = _on_scale(question, target)
    simulate, summarise = SIMULATORS[question.kind](question, natural), SUMMARIES[question.kind]
    rows: dict[int, list[list[float]]] = {many: [] for many in experts}
    for draw, y in enumerate(natural):
        rng = np.random.default_rng([seed, draw])
        centre = y + question.bias_sd * rng.standard_normal()
        deviation = float(np.exp(DEVIATION_LOG_SD * rng.standard_normal()))
        answers = simulate(centre, deviation if spread is None else spread, max(experts), rng)
        for many, found in rows.items():
            found.append(summarise(question, answers[:many]))
    return {many: _dataset(np.array(found)) for many, found in rows.items()}


def fail_if_no_survey(experts: Sequence[int], spread: float | None = None) -> None:
    """Fail if a number of respondents or the spread between them is not one that can be simulated."""
    if not experts:
        raise InputError("experts: found none; allowed: a number or more")
    for many in experts:
        if not 1 <= many <= MOST:
            raise InputError(f"experts: found {many}; allowed: 1 to {MOST}")
    if spread is not None and not 0 < spread < np.inf:
        raise InputError(f"spread: found {spread:g}; allowed: more than 0")


def _on_scale(question: Question, target: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        natural = np.asarray(SCALES[question.scale](np.asarray(target, float)))
    if not np.isfinite(natural).all():
        raise InputError(
            f"{question.target}: found a value that the scale {question.scale!r} does not have; allowed: "
            + {"logit": "values between 0 and 1", "log": "positive values", "identity": "finite values"}[question.scale]
        )
    return natural


def _dataset(rows: Floats) -> xr.Dataset:
    return xr.Dataset({f"summary{place}": ("draw", column) for place, column in enumerate(rows.T)})


# How answers of each kind come about --------------------------------------------------------------------------------


def _probabilities(question: Question, _: Floats) -> Simulator:
    def simulate(centre: float, deviation: float, many: int, rng: np.random.Generator) -> Floats:
        grids, spikes = rng.dirichlet(np.ones(len(GRIDS))), rng.dirichlet(list(SPIKES.values()))
        belief = np.asarray(INVERSES[question.scale](centre + deviation * rng.standard_t(TAILS, many)))
        return stated_probabilities(np.clip(belief, 0, 1), grids, spikes, rng)

    return simulate


def _durations(_: Question, __: Floats) -> Simulator:
    def simulate(centre: float, deviation: float, many: int, rng: np.random.Generator) -> Floats:
        return centre + deviation * rng.standard_normal(many)

    return simulate


def _quantiles(_: Question, __: Floats) -> Simulator:
    def simulate(centre: float, deviation: float, many: int, rng: np.random.Generator) -> Floats:
        spreads = np.exp(DEVIATION_LOG_SD * rng.standard_normal(many))
        return centre + _around(deviation, spreads, rng) * rng.standard_t(TAILS, many)

    return simulate


def _cdf_points(_: Question, natural: Floats) -> Simulator:
    thresholds = np.quantile(natural, [0.25, 0.5, 0.75])

    def simulate(centre: float, deviation: float, many: int, rng: np.random.Generator) -> Floats:
        spread = float(np.exp(DEVIATION_LOG_SD * rng.standard_normal()))
        middles = centre + _around(deviation, np.array(spread), rng) * rng.standard_normal(many)
        noise = NOISE_SD * abs(rng.standard_normal()) * rng.standard_normal((many, len(thresholds)))
        return np.asarray(np.clip(special.ndtr((thresholds - middles[:, None]) / spread) + noise, 0, 1))

    return simulate


def _around(deviation: float, spreads: Floats, rng: np.random.Generator) -> Floats:
    """Scale of stated middles around their centre: biases, and errors as large as an unknown multiple of spreads."""
    errors = np.exp(OVERCONFIDENCE_SD * rng.standard_normal()) * spreads
    return np.asarray(np.hypot(deviation, errors))


def _categories(question: Question, _: Floats) -> Simulator:
    steps = len(question.categories) - 2

    def simulate(centre: float, _: float, many: int, rng: np.random.Generator) -> Floats:
        first = CUT_SD * rng.standard_normal()
        cuts = first + np.r_[0, np.cumsum(np.exp(STEP_LOG_MEAN + STEP_LOG_SD * rng.standard_normal(steps)))]
        return np.searchsorted(cuts, centre + rng.standard_normal(many)).astype(float)

    return simulate


SIMULATORS: dict[str, Callable[[Question, Floats], Simulator]] = {
    "probability": _probabilities,
    "duration": _durations,
    "quantile": _quantiles,
    "cdf_point": _cdf_points,
    "ordered": _categories,
}


# What is kept of them -----------------------------------------------------------------------------------------------


def _of_probabilities(question: Question, stated: Floats) -> list[float]:
    """Mean and spread of the answers but zeros, on the natural scale, and the share of zeros."""
    believed = stated[stated > 0] if stated.any() else stated
    y = np.asarray(SCALES[question.scale](np.clip(believed, FINEST, 1 - FINEST)))
    return [float(y.mean()), float(y.std()), float((stated == 0).mean())]


def _of_numbers(_: Question, answers: Floats) -> list[float]:
    return [float(answers.mean()), float(answers.std())]


def _of_middles(_: Question, answers: Floats) -> list[float]:
    """Median, which heavy tails don't move, and spread."""
    return [float(np.median(answers)), float(answers.std())]


def _of_points(_: Question, answers: Floats) -> list[float]:
    return [float(mean) for mean in answers.mean(axis=0)]


SUMMARIES: dict[str, Callable[[Question, Floats], list[float]]] = {
    "probability": _of_probabilities,
    "duration": _of_numbers,
    "quantile": _of_middles,
    "cdf_point": _of_points,
    "ordered": _of_numbers,
}
