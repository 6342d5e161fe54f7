"""Answers beside what others predict: simulated answers, their CRPS, and where the true ones fall (PIT)."""

import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
import xarray as xr

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import own_draws, parameters_of
from toc_model.survey.learning.questions import Asked

ENSEMBLE = 500
"""Simulated answers beside each true one."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """Answers to a question and what was predicted for each without it.

    Attributes
    ----------
    question : str
    observed : array of shape (answers,)
        Points of a stated distribution are an answer each.
    ensemble : array of shape (answers, `ENSEMBLE`)
        Simulated answers.
    answers : array of int, shape (answers,)
        Place of each among all that were to be predicted, also those that are not exact.
    """

    question: str
    observed: Floats
    ensemble: Floats
    answers: np.ndarray

    @property
    def crps(self) -> float:
        """Mean continuous ranked probability score; NaN where nothing exact was observed."""
        if not len(self.observed):
            return math.nan
        scoringrules: Any = importlib.import_module("scoringrules")
        return float(np.mean(scoringrules.crps_ensemble(self.observed, self.ensemble, backend="numpy")))


def predicted(
    fit: Fitted,
    question: Asked,
    centre: xr.DataArray,
    patterns: np.ndarray,
    draws: np.ndarray,
    rng: np.random.Generator,
) -> Predicted:
    """Simulate answers beside some true ones.

    Parameters
    ----------
    fit : Fitted
    question : Asked
    centre : xarray.DataArray
        Centre of beliefs, dims ``(draw, pattern)``.
    patterns : array of int, shape (answers,)
        The true answers.
    draws : array of int, shape (answers, ensemble)
        The draws to simulate from.
    rng : numpy.random.Generator
    """
    found = KINDS[question.kind].observed(question.data)[patterns]
    ensemble = simulated_answers(
        question, centre.values[draws, patterns[:, None]], at_draws(fit, question, draws), patterns[:, None], rng
    )
    given = np.isfinite(found)
    return Predicted(question.name, found[given], np.moveaxis(ensemble, 1, -1)[given], np.nonzero(given)[0])


def simulated_answers(
    question: Asked, centre: Floats, parameters: Mapping[str, Floats], patterns: np.ndarray, rng: np.random.Generator
) -> Floats:
    """Draw answers of some respondents.

    Parameters
    ----------
    question : Asked
    centre : array
        Centres of beliefs on the natural scale, one a simulated answer.
    parameters : mapping of name to array
        As `at_draws` gives them.
    patterns : array of int
        Whose circumstances (stated spread, thresholds) each answer has; broadcasts against the centres.
    rng : numpy.random.Generator
    """
    kind = KINDS[question.kind]
    circumstances = {name: question.data[name].values[patterns] for name in kind.circumstances}
    return kind.simulated(question.mapping, centre, parameters, circumstances, rng)


def at_draws(fit: Fitted, question: Asked, draws: np.ndarray) -> dict[str, Floats]:
    """The parameters of a question at some draws."""
    found = parameters_of(question, own_draws(fit, question))
    return {name: values.transpose("draw", ...).values[draws] for name, values in found.items()}


@dataclass(frozen=True, slots=True)
class Pit:
    """Where answers fall in what the other answers predict.

    Attributes
    ----------
    question : str
    values : numpy.ndarray
        One an answer, uniform on [0, 1] if the model is right.
    """

    question: str
    values: Floats

    @property
    def bins(self) -> np.ndarray:
        """Share of answers in each tenth."""
        return np.asarray(np.histogram(self.values, bins=10, range=(0, 1))[0] / len(self.values))

    @property
    def distance(self) -> tuple[float, float]:
        """Kolmogorov-Smirnov distance from uniform, and its p value if answers were independent of the fit."""
        found = scipy.stats.kstest(self.values, "uniform")
        return float(found.statistic), float(found.pvalue)


def randomised_pit(found: Predicted, rng: np.random.Generator) -> Pit:
    """Rank each answer among those simulated for it, at random among those that are the same."""
    true = found.observed[:, None]
    below, alike = (found.ensemble < true - EPSILON).sum(axis=1), (abs(found.ensemble - true) <= EPSILON).sum(axis=1)
    ranks = below + rng.random(len(below)) * (alike + 1)
    return Pit(found.question, ranks / (found.ensemble.shape[1] + 1))


EPSILON = 1e-11
"""Answers that differ by less are the same place of a grid."""


def not_covered(asked: Sequence[Asked], found: Sequence[Pit]) -> list[str]:
    """Questions without an answer that can be placed, such as those that are all censored."""
    return [question.name for question in asked if question.name not in {pit.question for pit in found}]
