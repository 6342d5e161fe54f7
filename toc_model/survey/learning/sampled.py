"""The posterior by a sampler, on the story and the answers together: where weights of prior draws can't be trusted."""

from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.levers import joined
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common, Settings


def sampled(
    documents: Documents,
    priors: Priors,
    allocations: Allocations,
    asked: Sequence[Asked],
    settings: Settings,
    common: Common,
    *,
    shared_bias: bool = False,
) -> tuple[xr.DataTree, list[str]]:
    """Sample the posterior of priors and answers by NUTS.

    Returns
    -------
    tree : xarray.DataTree
        ``posterior`` with the parameters, the biases and all else that the observation model has, and
        ``sample_stats``, dims ``(chain, draw, ...)``.
    problems : list of str
        Why the run is not good; empty for a good one.
    """
    from toc_model.survey.learning import sampling
    from toc_model.survey.learning.model import build_survey_model

    case = documents.case
    about = allocations.only([found for question in asked if (found := question.mapping.allocation)]).levers()
    if case.reference not in about["allocation"].values:
        about = joined(documents.anchor(), about)
    scaled = tuple(_scaled(one, common) for one in asked)
    run = sampling.sample(
        lambda: build_survey_model(case, priors, about, scaled, common, shared_bias),
        (case, priors, about, scaled, common, shared_bias),
        draws=-(-settings.draws // settings.chains),
        tune=settings.tune,
        chains=settings.chains,
        seed=settings.seed,
        target_accept=settings.target_accept,
        progress=settings.progress,
    )
    posterior = run.tree["posterior"].to_dataset()
    parameters = priors.from_sources(case.story, posterior["sources"])
    groups = {"posterior": posterior.merge(parameters), "sample_stats": run.tree["sample_stats"].to_dataset()}
    return xr.DataTree.from_dict(groups), run.problems


def _scaled(question: Asked, common: Common) -> Asked:
    """A question with a wider or narrower common bias; where it is denied, with the stated one, unused."""
    scale = question.mapping.bias_sd * (common.scale or 1.0)
    return replace(question, mapping=question.mapping.model_copy(update={"bias_sd": scale}))
