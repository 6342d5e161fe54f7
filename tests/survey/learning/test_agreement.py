"""Weights of prior draws and a sampler of the joint model find the same posterior."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special

from tests.toy.case import CASE
from toc_model.aliases import Floats
from toc_model.beliefs.loading import beliefs_on
from toc_model.beliefs.shipped import Documents
from toc_model.statistics.averages import mean_of, quantiles_of, sd_of
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.learning.learning import found_posterior
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.sampled import sampled
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.learning.widths import with_widths

DOCUMENTS = Documents.of(CASE)
LEVELS = (0.05, 0.5, 0.95)
MOST = 3.0
"""Standard errors that two estimates of one quantity may be apart, nearly always."""
ENOUGH = 4000
"""Effective draws on both sides."""
WEIGHTED = Settings(draws=32_000, sampler="weights")
BY_NUTS = Settings(draws=20_000, tune=500, chains=2, target_accept=0.95)


def asked_about(target: str, kind: str, scale: Any, unit: str, bias_sd: float, **others: Any) -> Question:
    said: dict[str, Any] = {"wording": "?", "bias_reason": "a test", "fair": "a test"}
    return Question(target=target, kind=kind, scale=scale, unit=unit, bias_sd=bias_sd, **said | others)


def answered(question: str, kind: str, values: Floats, **columns: Any) -> pd.DataFrame:
    """Answers, shape (respondents,) or, at levels, (respondents, levels)."""
    levels = columns.pop("levels", [np.nan])
    points = np.reshape(values, (-1, len(levels)))
    rows = pd.DataFrame([dict.fromkeys(COLUMNS, "")] * points.size).assign(
        respondent_id=np.repeat([f"r{place}" for place in range(len(points))], len(levels)),
        question_id=question,
        kind=kind,
        value=points.ravel(),
        level=np.tile(levels, len(points)),
        lower=np.nan,
        upper=np.nan,
        round=1,
    )
    return rows.assign(**{name: np.repeat(column, len(levels)) for name, column in columns.items()})


def read(source: str, questions: dict[str, Question], answers: Sequence[pd.DataFrame]) -> list[Asked]:
    mapping = SurveyMapping(
        source_id=source,
        title="t",
        citation="c",
        population="p",
        year=2026,
        verified="yes",
        derived_from=[],
        questions=questions,
    )
    frame = pd.concat(answers, ignore_index=True).assign(source_id=source)
    return prepare(frame, with_widths(DOCUMENTS, DOCUMENTS.priors(), mapping))


def people(many: int, seed: int, middle: float = 0.0, spread: float = 1.0) -> Floats:
    return middle + spread * np.random.default_rng(seed).standard_normal(many)


def two_targets_and_camps() -> list[Asked]:
    """Quantiles of a parameter, by people of two camps, and of what comes of the plan."""
    spread = np.array([-1.0, 0.0, 1.0])
    jumping = np.concatenate([people(6, 1, -0.4, 0.4), people(6, 2, 0.6, 0.4)])[:, None] + 0.5 * spread
    bringing = people(6, 3, 41.0, 1.5)[:, None] + 2.0 * spread
    levels = [0.1, 0.5, 0.9]
    questions = {
        "jumping": asked_about("jumped", "quantile", "logit", "fraction", 0.4),
        "plan": asked_about("harvest", "quantile", "identity", "tonnes", 2.0, allocation="plan"),
    }
    camps = np.repeat(["boasters", "grumblers"], 6)
    return read("one", questions, [
        answered("jumping", "quantile", special.expit(jumping), levels=levels, group=camps),
        answered("plan", "quantile", bringing, levels=levels),
    ])  # fmt: skip


def two_wordings_and_points() -> list[Asked]:
    """Numbers under two wordings, and points of distributions."""
    questions = {
        "now": asked_about("worth_of_the_fence", "duration", "log", "tonnes", 0.1, framings=["a", "b"], lower=0.0),
        "jumping": asked_about("jumped", "cdf_point", "logit", "fraction", 0.4),
    }
    points = special.ndtr((special.logit([0.15, 0.3, 0.5]) - people(5, 5, -0.3, 0.5)[:, None]) / 0.8)
    points = np.clip(points + 0.05 * people(15, 6).reshape(5, 3), 0.01, 0.99)
    return read("two", questions, [
        answered("now", "duration", np.exp(people(10, 4, 3.6, 0.3)), framing=np.repeat(["a", "b"], 5)),
        answered("jumping", "cdf_point", np.sort(points), levels=[0.15, 0.3, 0.5]),
    ])  # fmt: skip


def two_sources_of_one_population() -> list[Asked]:
    """Two sources ask one population about one topic, the second two things."""
    group: dict[str, Any] = {"bias_group": "villagers:deer", "bias_rho": 0.6}
    jumping = asked_about("jumped", "duration", "logit", "fraction", 0.5, **group)
    bringing = asked_about("harvest", "duration", "identity", "tonnes", 1.5, allocation="plan", lower=0.0, **group)
    first = read(
        "first", {"jumping": jumping}, [answered("jumping", "duration", special.expit(people(8, 7, -0.2, 0.5)))]
    )
    second = read("second", {"jumping": jumping, "plan": bringing}, [
        answered("jumping", "duration", special.expit(people(5, 8, -1.6, 0.3))),
        answered("plan", "duration", people(7, 9, 42.0, 2.0)),
    ])  # fmt: skip
    return [*first, *second]


SURVEYS: dict[str, tuple[Callable[[], list[Asked]], Common]] = {
    "two targets and camps": (two_targets_and_camps, Common()),
    "two wordings and points": (two_wordings_and_points, Common(shape="student")),
    "two sources of one population": (two_sources_of_one_population, Common(1.5)),
}


@dataclass(frozen=True)
class Draws:
    """Draws of one quantity; how many equal and independent ones they are worth; and their weights."""

    values: Floats
    effective: dict[str, float]
    weights: Floats | None = None

    def quantile(self, level: float) -> tuple[float, float]:
        """It and its standard error, from how far it moves with the level."""
        apart = np.sqrt(level * (1 - level) / self.effective[f"{level}"])
        low, middle, high = quantiles_of(self.values, [level - apart, level, level + apart], self.weights)
        return float(middle), float(high - low) / 2

    def mean(self) -> tuple[float, float]:
        """It and its standard error."""
        sd = float(sd_of(self.values, self.weights))
        return float(mean_of(self.values, self.weights)), sd / np.sqrt(self.effective["mean"])


def by_weights(asked: list[Asked], common: Common) -> tuple[dict[str, Draws], tuple[str, ...]]:
    found = found_posterior(DOCUMENTS, DOCUMENTS.priors(), DOCUMENTS.allocations(), asked, common, WEIGHTED)
    weights = found.parameters["weight"].values
    assert found.trust is not None
    many = found.trust["effective"]
    quantities = _quantities(found.parameters.drop_vars("weight"))
    return {
        name: Draws(values, {**{f"{level}": many for level in LEVELS}, "mean": many}, weights)
        for name, values in quantities.items()
    }, found.problems


def by_nuts(asked: list[Asked], common: Common) -> tuple[dict[str, Draws], list[str]]:
    import arviz as az

    tree, problems = sampled(DOCUMENTS, DOCUMENTS.priors(), DOCUMENTS.allocations(), asked, BY_NUTS, common)
    posterior = tree["posterior"].to_dataset()[list(CASE.story.parameters)]
    flat = posterior.stack(sample=("chain", "draw")).reset_index("sample", drop=True).rename(sample="draw")
    shape = (posterior.sizes["chain"], posterior.sizes["draw"])
    found = {}
    for name, values in _quantities(flat).items():
        chains = values.reshape(shape)
        effective = {f"{level}": float(az.ess(chains, method="quantile", prob=level)) for level in LEVELS}
        found[name] = Draws(values, {**effective, "mean": float(az.ess(chains, method="bulk"))})
    return found, problems


def _quantities(parameters: xr.Dataset) -> dict[str, Floats]:
    """Every parameter that is uncertain, and the change of the outcome, draw by draw."""
    parameters = parameters.assign_coords(draw=np.arange(parameters.sizes["draw"]))
    beliefs = beliefs_on(DOCUMENTS, DOCUMENTS.priors(), parameters, seed=1)
    outcome = beliefs.outcome(DOCUMENTS.allocations().levers())
    found = {"change": (outcome.sel(allocation="plan") - outcome.sel(allocation="today")).values}
    for name, values in parameters.data_vars.items():
        for place, column in enumerate(np.atleast_2d(values.transpose(..., "draw").values)):
            if np.ptp(column):
                found[f"{name}[{place}]"] = column
    return found


def in_errors(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How many standard errors two estimates are apart; none for those that are the same, such as an exact nil."""
    return 0.0 if one[0] == other[0] else float(abs(one[0] - other[0]) / np.hypot(one[1], other[1]))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SURVEYS))
def test_weights_and_a_sampler_agree(name: str) -> None:
    make, common = SURVEYS[name]
    asked = make()
    weighted, wrong = by_weights(asked, common)
    nuts, diagnosed = by_nuts(asked, common)
    assert (wrong, diagnosed) == ((), [])
    apart: dict[tuple[str, Any], float] = {}
    for quantity, one in weighted.items():
        other = nuts[quantity]
        assert min(one.effective["mean"], other.effective["mean"]) > ENOUGH, quantity
        for level in LEVELS:
            apart[quantity, level] = in_errors(one.quantile(level), other.quantile(level))
        apart[quantity, "mean"] = in_errors(one.mean(), other.mean())
    beyond = {key: found for key, found in apart.items() if found > MOST}
    assert apart["change", "mean"] < MOST
    assert len(beyond) <= 0.01 * len(apart), beyond
