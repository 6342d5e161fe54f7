"""From surveys to a posterior: what was asked, what the model says now, and how the recommendation moved."""

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.beliefs.allocations import Allocations, load_allocations
from toc_model.beliefs.posterior import Posterior, fail_if_counted_twice, flat
from toc_model.beliefs.priors import BASE, Evidence, Priors, load_priors
from toc_model.beliefs.provenance import provenance
from toc_model.documents import as_number, digest, fail_if_not_netcdf, write_netcdf
from toc_model.errors import InputError
from toc_model.essay import STORY
from toc_model.survey.documents.mapping import SurveyMapping, fail_if_mapping_unknown, load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import log_likelihood
from toc_model.survey.learning.questions import Asked, prepare

PRIOR_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Settings:
    """How to sample."""

    draws: int = 1000
    tune: int = 1000
    chains: int = 4
    seed: int = 1
    target_accept: float = 0.95
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Surveys:
    """Answers that are ready to learn from, and where they come from."""

    asked: tuple[Asked, ...]
    evidence: tuple[Evidence, ...]
    unused: int


@dataclass(frozen=True, slots=True)
class Update:
    """A worldview, surveys and the posterior.

    Attributes
    ----------
    priors : Priors
    surveys : Surveys
    allocations : Allocations
    tree : xarray.DataTree
        ``posterior`` and ``sample_stats``, dims ``(chain, draw, ...)``, ``log_likelihood``, dims ``(chain, draw)``,
        and how they were made.
    prior_draws : xarray.Dataset
        Parameters drawn from the priors, dims ``(draw, ...)``.
    bias_scale : float
        What the stated scales of common biases were multiplied by.
    problems : tuple of str
        Why the run is not good; empty for a good one.
    """

    priors: Priors
    surveys: Surveys
    allocations: Allocations
    tree: xr.DataTree
    prior_draws: xr.Dataset
    bias_scale: float
    problems: tuple[str, ...]

    @property
    def posterior(self) -> Posterior:
        """The posterior of the parameters."""
        draws = self.tree["posterior"].to_dataset()[list(STORY.parameters)]
        evidence = (*self.priors.evidence, *self.surveys.evidence)
        likelihood = flat(self.tree["log_likelihood"].to_dataset())
        return Posterior(self.priors, evidence, self.problems, flat(draws), likelihood)

    def biases(self) -> xr.Dataset:
        """All draws, chains one after another, with the biases of questions, framings and camps."""
        return flat(self.tree["posterior"].to_dataset())

    def save(self, path: Path) -> None:
        """Write the posterior, as ``toc run --posterior`` reads it.

        Raises
        ------
        InputError
            If the name does not end in ``.nc`` or the file can't be written.
        """
        fail_if_not_netcdf(path)
        write_netcdf(path, self.tree)


def read_surveys(
    files: Sequence[Path], maps: Sequence[str], priors: Priors, named: Collection[str], *, bias_scale: float = 1.0
) -> Surveys:
    """Read answers and say what they ask of the model.

    Parameters
    ----------
    files : sequence of Path
        In the long format.
    maps : sequence of str
        Mapping documents of one's own; sources without one use those that ship with the package.
    priors : Priors
        The worldview to be updated, which may already rest on surveys.
    named : collection of str
        Names of the allocations that questions may be about.
    bias_scale : float
        What to multiply the stated scales of common biases by; 0 denies them.

    Raises
    ------
    InputError
        If a file or mapping can't be read, a source has no mapping, or anything would be counted twice.
    """
    own = {mapping.source_id: mapping for mapping in map(load_mapping, maps)}
    asked: list[Asked] = []
    evidence: list[Evidence] = []
    unused = 0
    for path in files:
        answers = read_long(path)
        for source_id, rows in answers.groupby("source_id", sort=False):
            mapping = own.get(str(source_id)) or load_mapping(str(source_id))
            fail_if_mapping_unknown(STORY, mapping, list(named))
            evidence.append(_evidence(mapping, rows, bias_scale))
            ready = prepare(rows, _scaled(mapping, bias_scale))
            unused += int((~rows["question_id"].isin(list(mapping.questions))).sum())
            asked += ready
    fail_if_counted_twice(evidence, priors.evidence)
    if not asked:
        raise InputError(f"{', '.join(map(str, files))}: found no usable answer to a mapped question")
    return Surveys(tuple(asked), tuple(evidence), unused)


def fail_if_no_scale(bias_scale: float) -> None:
    """Fail if a common bias can't be multiplied by a number.

    Raises
    ------
    InputError
        If it is negative, infinite or no number.
    """
    if not 0 <= bias_scale < math.inf:
        raise InputError(f"bias scale: found {bias_scale:g}; allowed: 0 or more")


def scales_in(text: str) -> tuple[float, ...]:
    """Scales of common biases, joined by commas.

    Raises
    ------
    InputError
        If one of them is no scale.
    """
    found = tuple(as_number(word) for word in text.split(",") if word.strip())
    for scale in found:
        fail_if_no_scale(scale)
    return found


def _scaled(mapping: SurveyMapping, bias_scale: float) -> SurveyMapping:
    """The mapping with wider or narrower common biases; where they are denied, with the stated ones, unused."""
    factor = bias_scale or 1.0
    questions = {
        name: question.model_copy(update={"bias_sd": question.bias_sd * factor})
        for name, question in mapping.questions.items()
    }
    return mapping.model_copy(update={"questions": questions})


def _evidence(mapping: SurveyMapping, rows: pd.DataFrame, bias_scale: float) -> Evidence:
    return Evidence(
        source_id=mapping.source_id,
        digest=digest(rows.to_csv(index=False)),
        derived_from=list(mapping.derived_from),
        verified=mapping.verified,
        bias_scale=bias_scale,
    )


def update(
    files: Sequence[Path],
    worldview: str = BASE,
    *,
    maps: Sequence[str] = (),
    allocations: Path | None = None,
    priors: Path | None = None,
    bias_scale: float = 1.0,
    shared_bias: bool = False,
    settings: Settings | None = None,
) -> Update:
    """Update a worldview from surveys.

    Parameters
    ----------
    files : sequence of Path
        Answers in the long format.
    worldview : str
        A name, or the path of a worldview document.
    maps : sequence of str
        Mapping documents of one's own.
    allocations, priors : Path, optional
        Documents of one's own.
    bias_scale : float
        What to multiply the stated scales of common biases by. 0 denies that respondents may share a bias, which makes
        the posterior too narrow; for comparison only.
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias; else they are independent given the rest.
    settings : Settings, optional

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    fail_if_no_scale(bias_scale)
    settings = settings or Settings()
    named = load_allocations(allocations)
    found = load_priors(worldview, priors)
    surveys = read_surveys(files, maps, found, named.named, bias_scale=bias_scale)
    tree, problems = sampled(found, named, surveys.asked, settings, common_bias=bias_scale > 0, shared_bias=shared_bias)
    about = provenance(
        STORY,
        worldview=worldview,
        priors=str(priors) if priors else "",
        digests=dict(found.digests),
        evidence=[record.model_dump() for record in (*found.evidence, *surveys.evidence)],
        bias_scale=bias_scale,
        shared_bias=shared_bias,
        sampling=asdict(settings),
        problems=problems,
    )
    tree["log_likelihood"] = xr.DataTree(_log_likelihood(tree["posterior"].to_dataset(), surveys, found, named))
    tree.attrs = {"update": json.dumps(about)}
    prior_draws = found.draw(STORY, PRIOR_DRAWS, settings.seed)
    return Update(found, surveys, named, tree, prior_draws, bias_scale, tuple(problems))


def _log_likelihood(draws: xr.Dataset, surveys: Surveys, priors: Priors, allocations: Allocations) -> xr.Dataset:
    """Log likelihood of all answers, dims ``(chain, draw)``; one chain at a time, to hold fewer densities."""
    chains = [draws.isel(chain=place, drop=True) for place in range(draws.sizes["chain"])]
    found = [log_likelihood(Fitted(surveys.asked, chain, priors, allocations)) for chain in chains]
    return xr.concat(found, draws["chain"])


def sampled(
    priors: Priors,
    allocations: Allocations,
    asked: Sequence[Asked],
    settings: Settings,
    *,
    common_bias: bool,
    shared_bias: bool,
) -> tuple[xr.DataTree, list[str]]:
    """Sample the posterior of priors and answers.

    Returns
    -------
    tree : xarray.DataTree
        ``posterior`` with the parameters, and ``sample_stats``, dims ``(chain, draw, ...)``.
    problems : list of str
        Why the run is not good; empty for a good one.
    """
    from toc_model.beliefs import pymc_model as inference

    about = allocations.only([question.mapping.allocation for question in asked]).levers()
    model = inference.build_survey_model(STORY, priors, about, asked, common_bias=common_bias, shared_bias=shared_bias)
    free = [variable.name for variable in model.free_RVs]
    tree = inference.sample(
        model,
        draws=settings.draws,
        tune=settings.tune,
        chains=settings.chains,
        seed=settings.seed,
        target_accept=settings.target_accept,
        progress=settings.progress,
    )
    problems = inference.problems(tree, free)
    posterior = tree["posterior"].to_dataset()
    parameters = priors.from_scores(STORY, posterior["latent"])
    groups = {"posterior": posterior.merge(parameters), "sample_stats": tree["sample_stats"].to_dataset()}
    return xr.DataTree.from_dict(groups), problems


@dataclass(frozen=True, slots=True)
class Touched:
    """What became of one question's target.

    Attributes
    ----------
    question : Asked
    prior, posterior : numpy.ndarray
        Draws of the target in its own unit.
    believed : numpy.ndarray
        Draws of what the middle respondent believes: another quantity than the target, biases included.
    conflict : float
        Distance of the respondents' middle from the prior's, in standard deviations of prior and stated bias.
    """

    question: Asked
    prior: np.ndarray
    posterior: np.ndarray
    believed: np.ndarray
    conflict: float


def touched(result: Update) -> list[Touched]:
    """What became of the target of each question; seed questions have none."""
    levers = result.allocations.levers()
    draws = result.biases()
    found = []
    for question in result.surveys.asked:
        if question.truth is not None:
            continue
        prior = plain_values(STORY, question.mapping, result.prior_draws, levers)
        posterior = plain_values(STORY, question.mapping, draws[list(STORY.parameters)], levers)
        believed = _believed(question, question.natural(posterior.values), draws)
        y = question.natural(prior.values)
        scale = np.hypot(y.std(), question.mapping.bias_sd)
        found.append(
            Touched(
                question=question,
                prior=prior.values,
                posterior=posterior.values,
                believed=np.asarray(question.from_natural(believed)),
                conflict=float((believed.mean() - y.mean()) / scale),
            )
        )
    return found


def _believed(question: Asked, target: np.ndarray, draws: xr.Dataset) -> np.ndarray:
    """Draws of the centre of beliefs on the natural scale, over framings and camps as they answered."""
    weights = question.data["count"].values
    total = target
    if f"{question.name}_centre" in draws:
        total = _of_answers(draws[f"{question.name}_centre"], question.data["framing"].values, weights)
    if f"{question.name}_camp" in draws:
        total = total + _of_answers(draws[f"{question.name}_camp"], question.data["group"].values, weights)
    return total


def _of_answers(effect: xr.DataArray, place: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.average(effect.transpose("draw", ...).values[:, place], axis=1, weights=weights)
