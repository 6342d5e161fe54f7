"""How a posterior is found: by weights of prior draws, and by a sampler where these can't be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.loading import beliefs_on
from toc_model.beliefs.posterior import flat
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.likelihood import Table
from toc_model.survey.learning.pointwise import log_likelihood
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.sampled import sampled
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.learning.weighing import Weighed, tables_of, targets_of, weighed

MORE, MOST_DRAWS = 4, 64_000
"""By how much to take more draws where too few count, and up to how many."""


@dataclass(frozen=True, slots=True, repr=False)
class Found(Brief):
    """A posterior as it was found.

    Attributes
    ----------
    method : str
        "weights" or "nuts".
    prior : xarray.Dataset
        Parameters drawn from the priors, dims ``(draw, ...)``; of weights, those that were weighted.
    parameters : xarray.Dataset
        Those of the posterior, dims ``(draw, ...)``; see `toc_model.beliefs.posterior.Posterior`.
    log_likelihood : xarray.Dataset
        Dims ``(draw,)``, one variable a bias group.
    tables : mapping of str to Table
        What answers say of their targets, by question; none where a respondent's answers share a bias.
    problems : tuple of str
        Why it can't be trusted; empty where it can.
    went_on : tuple of str
        Why a sampler took over from weights; empty where none did.
    trust : dict or None
        ``k_hat`` and ``effective`` draws of the weights.
    everything : xarray.Dataset or None
        Of a sampler: all draws, dims ``(draw, ...)``, with biases and what else the observation model has.
    """

    method: str
    prior: xr.Dataset
    parameters: xr.Dataset
    log_likelihood: xr.Dataset
    tables: Mapping[str, Table]
    problems: tuple[str, ...] = ()
    went_on: tuple[str, ...] = ()
    trust: Mapping[str, Any] | None = None
    everything: xr.Dataset | None = None

    @property
    def group(self) -> str:
        """Where a file has the draws."""
        return "prior" if self.method == "weights" else "posterior"


def found_posterior(
    documents: Documents,
    priors: Priors,
    allocations: Allocations,
    asked: Sequence[Asked],
    common: Common,
    settings: Settings,
    *,
    shared_bias: bool = False,
    progress: Progress | None = None,
) -> Found:
    """Find the posterior of a worldview given answers.

    Parameters
    ----------
    documents : Documents
    priors : Priors
    allocations : Allocations
        That questions may be about.
    asked : sequence of Asked
    common : Common
    settings : Settings
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias, which only a sampler takes into account.
    progress : callable, optional
        Called with the number of questions that were read and the number of all.
    """
    went_on: tuple[str, ...] = ("answers of one respondent share a bias",) if shared_bias else ()
    tables: Mapping[str, Table] = {}
    if settings.sampler != "nuts" and not shared_bias:
        by_weights = _by_weights(documents, priors, allocations, asked, common, settings, progress)
        if settings.sampler == "weights" or not by_weights.problems:
            return by_weights
        went_on, tables = by_weights.problems, by_weights.tables
    tree, problems = sampled(documents, priors, allocations, asked, settings, common, shared_bias=shared_bias)
    everything = flat(tree["posterior"].to_dataset())
    parameters = everything[list(documents.case.story.parameters)]
    fit = Fitted(tuple(asked), everything, priors, documents, allocations, common)
    likelihood, tables = (log_likelihood(fit), {}) if shared_bias else _marginal(fit, tables)
    prior = priors.draw(documents.case.story, settings.draws, settings.seed)
    return Found("nuts", prior, parameters, likelihood, tables, tuple(problems), went_on, None, everything)


def _by_weights(
    documents: Documents,
    priors: Priors,
    allocations: Allocations,
    asked: Sequence[Asked],
    common: Common,
    settings: Settings,
    progress: Progress | None,
) -> Found:
    """Weigh prior draws, and more of them where too few count."""
    draws, tables = settings.draws, dict[str, Table]()
    while True:
        prior = priors.draw(documents.case.story, draws, settings.seed)
        targets = targets_of(asked, beliefs_on(documents, priors, prior, seed=settings.seed), allocations)
        tables = tables or tables_of(asked, targets, common, progress=progress)
        found = weighed(asked, targets, tables, common)
        if settings.sampler == "weights" or not found.too_few or MORE * draws > MOST_DRAWS:
            return _as_found(prior, found)
        draws *= MORE


def _as_found(prior: xr.Dataset, found: Weighed) -> Found:
    many = prior.sizes["draw"]
    k_hat = float(found.found.k_hat)
    trust = {"k_hat": k_hat if np.isfinite(k_hat) else None, "effective": found.found.effective}
    likelihood = found.log_likelihood.assign_coords(draw=prior["draw"])
    parameters = prior.assign_coords(weight=("draw", many * found.found.weights))
    return Found("weights", prior, parameters, likelihood, found.tables, found.problems, (), trust)


def _marginal(fit: Fitted, tables: Mapping[str, Table]) -> tuple[xr.Dataset, Mapping[str, Table]]:
    """Log marginal likelihood at the draws of a sampler, by bias group, and the tables that it takes."""
    targets = targets_of(fit.asked, fit.beliefs, fit.allocations)
    known = tables_of(fit.asked, targets, fit.common, known=tables)
    return weighed(fit.asked, targets, known, fit.common).log_likelihood, known
