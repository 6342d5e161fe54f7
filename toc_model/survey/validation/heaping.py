"""How many answers are heaped, and how many the model would have be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import centres
from toc_model.survey.learning.questions import Asked
from toc_model.survey.validation.predictions import at_draws, simulated_answers

SIMULATIONS = 500
"""Surveys that are simulated to see how much heaping the model expects."""

HEAPS: dict[str, Callable[[Floats], Any]] = {
    "multiples of 5 %": lambda stated: np.abs(20 * stated - np.rint(20 * stated)) < 1e-6,
    "multiples of 10 %": lambda stated: np.abs(10 * stated - np.rint(10 * stated)) < 1e-6,
    "exactly 0": lambda stated: stated == 0,
    "exactly 1": lambda stated: stated == 1,
}


@dataclass(frozen=True, slots=True)
class Heap:
    """How many answers are heaped, as observed and as the model would have it.

    Attributes
    ----------
    question, what : str
    observed : float
        Share of the answers.
    predicted : tuple of float
        The 5 %, 50 % and 95 % quantiles of that share in surveys simulated from the posterior.
    """

    question: str
    what: str
    observed: float
    predicted: tuple[float, float, float]


def heaping(fit: Fitted, question: Asked, rng: np.random.Generator) -> list[Heap]:
    """Compare the heaping of stated probabilities with that of simulated surveys of the same people.

    Parameters
    ----------
    fit : Fitted
    question : Asked
        With answers that are rounded.
    rng : numpy.random.Generator
    """
    patterns = np.repeat(np.arange(question.data.sizes["pattern"]), question.data["count"].values)
    observed = KINDS[question.kind].observed(question.data)[patterns]
    surveys = _surveys(fit, question, patterns, rng)
    found = []
    for what, is_heaped in HEAPS.items():
        low, middle, high = (float(share) for share in np.quantile(is_heaped(surveys).mean(axis=1), [0.05, 0.5, 0.95]))
        found.append(Heap(question.name, what, float(is_heaped(observed).mean()), (low, middle, high)))
    return found


def _surveys(fit: Fitted, question: Asked, patterns: np.ndarray, rng: np.random.Generator) -> Floats:
    """Simulated answers of the same people, shape ``(surveys, people)``, each survey from one draw."""
    many = fit.draws.sizes["draw"]
    draws = np.linspace(0, many - 1, min(SIMULATIONS, many)).astype(int)[:, None]
    centre = centres(fit, question).values[draws, patterns]
    return simulated_answers(question, centre, at_draws(fit, question, draws), patterns, rng)
