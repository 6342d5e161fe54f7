"""From surveys to a posterior."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import beliefs_of
from toc_model.beliefs.mixture import COPIES
from toc_model.beliefs.posterior import Posterior, flat
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.provenance import SAMPLERS, provenance, versions
from toc_model.beliefs.seal import write_sealed
from toc_model.beliefs.shipped import Documents
from toc_model.documents import fail_if_not_netcdf
from toc_model.errors import InputError
from toc_model.memory import fail_if_beyond_memory
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import log_likelihood
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.surveys import Surveys, fail_if_no_scale, read_surveys

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
class Learned:
    """A worldview, surveys and the posterior.

    Attributes
    ----------
    documents : Documents
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
    settings : Settings
    problems : tuple of str
        Why the run is not good; empty for a good one.
    """

    documents: Documents
    priors: Priors
    surveys: Surveys
    allocations: Allocations
    tree: xr.DataTree
    prior_draws: xr.Dataset
    bias_scale: float
    settings: Settings
    problems: tuple[str, ...]

    @property
    def posterior(self) -> Posterior:
        """The posterior of the parameters."""
        draws = self.tree["posterior"].to_dataset()[list(self.documents.case.story.parameters)]
        evidence = (*self.priors.evidence, *self.surveys.evidence)
        likelihood = flat(self.tree["log_likelihood"].to_dataset())
        return Posterior(self.priors, evidence, self.problems, flat(draws), likelihood, self._origin)

    @property
    def _origin(self) -> dict[str, Any]:
        about = json.loads(self.tree.attrs["update"])
        return {key: about[key] for key in ("versions", "surveys", "mappings", "bias_scale", "shared_bias", "sampling")}

    @property
    def before(self) -> Beliefs:
        """The prior draws as beliefs."""
        drawn = Posterior(self.priors, self.priors.evidence, (), self.prior_draws)
        return beliefs_of(drawn, self.documents, seed=self.settings.seed)

    @property
    def after(self) -> Beliefs:
        """The posterior draws as beliefs."""
        return beliefs_of(self.posterior, self.documents, seed=self.settings.seed)

    def biases(self) -> xr.Dataset:
        """All draws, chains one after another, with the biases of questions, framings and camps."""
        return flat(self.tree["posterior"].to_dataset())

    def save(self, path: Path | str) -> None:
        """Write the posterior, as ``toc run --posterior`` reads it.

        Raises
        ------
        InputError
            If the name does not end in ``.nc``, the file can't be written, or no document has the priors, so that
            nothing could say later what the posterior rests on.
        """
        fail_if_not_netcdf(Path(path))
        if not json.loads(self.tree.attrs["update"])["worldview"]:
            raise InputError(
                f"{path}: rests on {self.priors.worldview!r} as changed in Python; allowed: a worldview's document"
            )
        write_sealed(Path(path), self.tree)


def update(
    documents: Documents,
    files: Sequence[Path],
    worldview: str | Priors | None = None,
    *,
    maps: Sequence[str] = (),
    allocations: Allocations | None = None,
    bias_scale: float = 1.0,
    shared_bias: bool = False,
    settings: Settings | None = None,
) -> Learned:
    """Update a worldview from surveys.

    Parameters
    ----------
    documents : Documents
    files : sequence of Path
        Answers in the long format.
    worldview : str or Priors, optional
        A name, the path of a worldview document, or priors; the base by default.
    maps : sequence of str
        Mapping documents of one's own.
    allocations : Allocations, optional
        That questions may be about; those of the documents by default.
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
    numbers = settings.chains * (settings.draws + settings.tune)
    fail_if_beyond_memory(numbers, COPIES * len(documents.case.story.entries), "draws and tune of all chains")
    case, named = documents.case, allocations or documents.allocations()
    found = worldview if isinstance(worldview, Priors) else documents.priors(worldview)
    fail_if_not_updatable(documents, found)
    surveys = read_surveys(documents, files, maps, found, named.named, bias_scale=bias_scale)
    name, digests = _in_documents(documents, found)
    tree, problems = sampled(
        documents, found, named, surveys.asked, settings, common_bias=bias_scale > 0, shared_bias=shared_bias
    )
    about = provenance(
        case.story,
        versions=versions(*SAMPLERS),
        case=case.name,
        home=case.home,
        worldview=name,
        priors="" if documents.are_shipped else str(documents.folder.resolve()),
        digests=digests,
        sets=list(documents.sets),
        allocations=dict(named.digests),
        evidence=[record.model_dump() for record in (*found.evidence, *surveys.evidence)],
        surveys=dict(surveys.files),
        mappings=dict(surveys.mappings),
        bias_scale=bias_scale,
        shared_bias=shared_bias,
        sampling=asdict(settings),
        problems=problems,
    )
    fit = Fitted(surveys.asked, tree["posterior"].to_dataset(), found, documents, named)
    tree["log_likelihood"] = xr.DataTree(_log_likelihood(fit))
    tree.attrs = {"update": json.dumps(about)}
    prior_draws = found.draw(case.story, PRIOR_DRAWS, settings.seed)
    return Learned(documents, found, surveys, named, tree, prior_draws, bias_scale, settings, tuple(problems))


def fail_if_not_updatable(documents: Documents, priors: Priors) -> None:
    """Fail if priors rest on a survey already, or are held at another date than that which surveys are mapped to."""
    case = documents.case
    if priors.camp:
        raise InputError(
            f"update: found {priors.worldview!r}, a camp, which already rests on a survey; allowed: {case.base}, or a "
            "worldview without a camp"
        )
    if documents.date and documents.date.name != case.date:
        raise InputError(
            f"update: found beliefs as of {documents.date.name}; allowed: {case.date}, from which years count"
        )


def _in_documents(documents: Documents, priors: Priors) -> tuple[str, dict[str, str]]:
    """By what name or path documents give some priors, and the digests of these; empty where none does."""
    try:
        found = documents.priors(priors.named)
    except InputError:
        return "", {}
    same = (found.entries, found.correlations, found.factors) == (priors.entries, priors.correlations, priors.factors)
    return (priors.named, dict(found.digests)) if same else ("", {})


def _log_likelihood(fit: Fitted) -> xr.Dataset:
    """Log likelihood of all answers, dims ``(chain, draw)``; one chain at a time, to hold fewer densities."""
    chains = [fit.draws.isel(chain=place, drop=True) for place in range(fit.draws.sizes["chain"])]
    return xr.concat([log_likelihood(replace(fit, draws=chain)) for chain in chains], fit.draws["chain"])


def sampled(
    documents: Documents,
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
    from toc_model.survey.learning import sampling
    from toc_model.survey.learning.model import build_survey_model

    case = documents.case
    about = allocations.only([found for question in asked if (found := question.mapping.allocation)]).levers()
    if case.reference not in about["allocation"].values:
        about = joined(documents.anchor(), about)
    model = build_survey_model(case, priors, about, asked, common_bias=common_bias, shared_bias=shared_bias)
    free = [variable.name for variable in model.free_RVs]
    tree = sampling.sample(
        model,
        draws=settings.draws,
        tune=settings.tune,
        chains=settings.chains,
        seed=settings.seed,
        target_accept=settings.target_accept,
        progress=settings.progress,
    )
    problems = sampling.problems(tree, free)
    posterior = tree["posterior"].to_dataset()
    parameters = priors.from_sources(case.story, posterior["sources"])
    groups = {"posterior": posterior.merge(parameters), "sample_stats": tree["sample_stats"].to_dataset()}
    return xr.DataTree.from_dict(groups), problems
