"""Whether the update finds the truth: surveys simulated with a common bias, and fitted as real ones are.

Each replication draws the target from its prior and everything else that the observation model has (the common bias of
each question, the deviation between respondents, the shares of rounding grids and of stock answers) from its prior too;
respondents then believe, round and answer. The fit is that of `toc update`, by the marginal likelihood of the answers,
with all of these unknown. Replications have random numbers of their own, so that fewer are the first of more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import scipy
from scipy import special

from toc_model.aliases import Entry, Floats, Progress
from toc_model.beliefs.distributions import Distribution
from toc_model.beliefs.priors import Priors
from toc_model.engine.ranges import Range
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.natural import SCALES
from toc_model.survey.kinds.simulation import simulated_survey
from toc_model.survey.learning.likelihood import Table
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.weighing import about, tables_of, weighed
from toc_model.work.pieces import nothing_kept
from toc_model.work.tasks import each

SOURCE = "simulated"
RANKS = 100
"""Ranks of the truth run from 0 to one less than this, as thinned draws allow."""
TENTHS = 10
SCORES = np.linspace(-8.0, 8.0, 4001)
"""Of the prior, at which a target is told."""
FARTHEST = 36.0
"""Log odds farther out are taken for these, for probabilities there can't be told from 1."""
FITS = MappingProxyType({True: Common(), False: Common(0.0)})
"""Ways to fit, by whether the common bias is modelled."""
PROBABILITY = 0.9
"""Content of the intervals."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is simulated and how it is fitted.

    Attributes
    ----------
    parameter : str
        What the questions are about: a scalar parameter that is a probability.
    questions, respondents : int
        How many questions, and respondents to each.
    bias_sd : float
        Standard deviation of each question's common bias, in logits; the fit is told so.
    kinds : tuple of str
        Kinds of the questions' answers, in turn; of those that are a number each.
    """

    parameter: str
    questions: int = 2
    respondents: int = 60
    bias_sd: float = 0.7
    kinds: tuple[str, ...] = ("probability", "duration")


@dataclass(frozen=True, slots=True)
class Recovery:
    """How often intervals held the truth.

    Attributes
    ----------
    setup : Setup
    common_bias : bool
        Whether the fit knew that respondents may share a bias.
    ranks : numpy.ndarray
        Rank of the truth among draws, from 0 to `RANKS` - 1, one a replication.
    covered : numpy.ndarray
        Whether the central 90 % interval held the truth, one a replication.
    """

    setup: Setup
    common_bias: bool
    ranks: np.ndarray
    covered: np.ndarray

    @property
    def coverage(self) -> float:
        """Share of replications whose interval held the truth."""
        return float(self.covered.mean())

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """Where the coverage would settle with more replications (95 %, Wilson)."""
        found = scipy.stats.binomtest(int(self.covered.sum()), len(self.covered)).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    @property
    def shares(self) -> list[float]:
        """Shares of replications whose truth lies in each tenth of the posterior; even ones where the fit is right."""
        counts = np.histogram(self.ranks, bins=TENTHS, range=(0, RANKS))[0]
        return [float(share) for share in counts / len(self.ranks)]

    @property
    def chi_square(self) -> tuple[float, float]:
        """Chi-square of the ranks against even ones, over as many bins as hold five or more, and its p value."""
        bins = int(np.clip(len(self.ranks) // 5, 2, TENTHS))
        counts = np.histogram(self.ranks, bins=bins, range=(0, RANKS))[0]
        found = scipy.stats.chisquare(counts)
        return float(found.statistic), float(found.pvalue)


def calibration(
    replications: int,
    setup: Setup,
    priors: Priors,
    *,
    seed: int = 1,
    progress: Progress | None = None,
) -> tuple[Recovery, Recovery]:
    """Simulate surveys, fit them with and without a common bias, and see how often the truth is found.

    Parameters
    ----------
    replications : int
        The first of any larger number with the same seed, each a task of its own.
    setup : Setup
    priors : Priors
        Have that of the target.
    seed : int
    progress : callable, optional
        Called with the replications done and in all.

    Returns
    -------
    tuple of Recovery
        With the common bias modelled, and with it switched off.

    Raises
    ------
    InputError
        If the parameter has no uncertain probability, or there are no replications.
    """
    if replications < 1:
        raise InputError(f"replications: found {replications}; allowed: 1 or more")
    shared = setup, _prior_of(setup, priors), seed
    found = each(_replicated, shared, range(replications), progress=progress)
    with_bias, without = (
        Recovery(setup, common_bias, np.array([one.rank for one in fits]), np.array([one.covered for one in fits]))
        for common_bias, fits in zip(FITS, zip(*found, strict=True), strict=True)
    )
    return with_bias, without


class _Found(NamedTuple):
    """Of one fit: the rank of the truth, and whether the interval holds it."""

    rank: int
    covered: bool


def _replicated(shared: tuple[Setup, Distribution, int], place: int) -> list[_Found]:
    """Simulate one survey, and fit it in each way."""
    setup, prior, seed = shared
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(place,)))
    truth, asked = simulated(setup, prior, rng)
    target = _logits(prior, SCORES)
    with nothing_kept():  # but what is found
        tables = tables_of(asked, {about(question): target for question in asked}, FITS[True])
    quantiles = [_fit(asked, prior, tables, common) for common in FITS.values()]
    return [_Found(_rank(quantile, truth), _covers(quantile, truth)) for quantile in quantiles]


def _prior_of(setup: Setup, priors: Priors) -> Distribution:
    prior = priors[setup.parameter].distribution
    if not _is_probability(prior):
        raise InputError(f"{setup.parameter}: allowed: a parameter with an uncertain probability, which is never nil")
    return prior


def _is_probability(prior: Distribution) -> bool:
    """Whether it is uncertain, has values between 0 and 1 alone, and may not be nil."""
    return not prior.is_constant and prior.nil == 0 and Range(0.0, 1.0).covers(prior.support)


def _logits(prior: Distribution, scores: Floats | float) -> Floats:
    """Log odds of a probability at standard normal scores of its prior."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(special.logit(prior.from_latent(scores)), -FARTHEST, FARTHEST))


def _rank(quantile: Callable[[float], float], truth: float) -> int:
    """How many of evenly spaced quantiles are below the truth."""
    return sum(quantile(place / RANKS) < truth for place in range(1, RANKS))


def _covers(quantile: Callable[[float], float], truth: float) -> bool:
    return quantile((1 - PROBABILITY) / 2) <= truth <= quantile((1 + PROBABILITY) / 2)


# Simulation -----------------------------------------------------------------------------------------------------


def simulated(setup: Setup, prior: Distribution, rng: np.random.Generator) -> tuple[float, list[Asked]]:
    """Draw the target on its natural scale, and answers to questions about it.

    Parameters
    ----------
    setup : Setup
    prior : Distribution
        Of the target.
    rng : numpy.random.Generator
    """
    truth = float(_logits(prior, rng.standard_normal()))
    mapping = _mapping(setup)
    answers = [_answers(name, question, truth, setup, rng) for name, question in mapping.questions.items()]
    return truth, prepare(pd.concat(answers, ignore_index=True), mapping)


def _names(setup: Setup) -> list[str]:
    return [f"q{place}" for place in range(1, setup.questions + 1)]


def _mapping(setup: Setup) -> SurveyMapping:
    names = _names(setup)
    return SurveyMapping(
        source_id=SOURCE,
        title="Simulated",
        citation="none",
        population="simulated",
        year=2025,
        verified="yes",
        derived_from=[],
        questions={name: _question(setup, kind) for name, kind in zip(names, cycle(setup.kinds))},
    )


def _question(setup: Setup, kind: str) -> Question:
    return Question.model_validate(
        {
            "wording": "Simulated",
            "target": setup.parameter,
            "scale": "logit",
            "kind": kind,
            "unit": "probability",
            "bias_sd": setup.bias_sd,
            "bias_reason": "As simulated",
            "fair": "Simulated from the model",
        }
    )


def _answers(name: str, question: Question, truth: float, setup: Setup, rng: np.random.Generator) -> pd.DataFrame:
    circumstances = KINDS[question.kind].planned(np.array([truth]), question.width)
    found = simulated_survey(question, np.array([truth]), setup.respondents, circumstances, rng)[0]
    stated = found if KINDS[question.kind].is_probability else SCALES[question.scale].back(found)
    table = pd.DataFrame({"value": stated, "respondent_id": [f"{name}-{i}" for i in range(setup.respondents)]})
    fixed: dict[str, Any] = {
        "source_id": SOURCE,
        "question_id": name,
        "target": setup.parameter,
        "kind": question.kind,
        "unit": question.unit,
        "level": np.nan,
        "lower": 0.0,
        "upper": 1.0,
        "round": 1,
    }
    empty = {column: "" for column in COLUMNS if column not in fixed and column not in table}
    return table.assign(**fixed, **empty)[list(COLUMNS)]


# Fitting --------------------------------------------------------------------------------------------------------


def _fit(
    asked: Sequence[Asked], prior: Distribution, tables: Mapping[str, Table], common: Common
) -> Callable[[float], float]:
    """The posterior of the target, by quadrature: a function from levels to quantiles."""
    target = _logits(prior, SCORES)
    about_it = {about(question): target for question in asked}
    likelihood = weighed(asked, about_it, tables, common).log_likelihood
    log = sum(column.values for column in likelihood.values()) - SCORES**2 / 2
    below = np.cumsum(np.exp(log - log.max()))
    return lambda level: float(np.interp(level, below / below[-1], target))


def first_probability(priors: Priors) -> str:
    """The first parameter that is an uncertain probability, for surveys to be simulated about.

    Raises
    ------
    InputError
        If there is none.
    """
    for name, prior in priors.entries.items():
        if _is_probability(prior.distribution) and prior.entry.unit == "probability" and not Entry.parse(name).places:
            return name
    raise InputError(f"{priors.source}: found no uncertain probability to simulate surveys about")
