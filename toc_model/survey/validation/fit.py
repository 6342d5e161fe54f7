"""What is validated: answers fitted with all that is unknown of them, and the same without camps."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.posterior import flat
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.sampled import sampled
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.learning.update import update

MAX_DRAWS = 2000
"""More draws than these are thinned."""


def fitted(
    documents: Documents,
    files: Sequence[Path],
    worldview: str | None = None,
    *,
    maps: Sequence[str] = (),
    allocations: Allocations | None = None,
    common: Common | None = None,
    settings: Settings | None = None,
) -> Fitted:
    """Fit surveys by a sampler, with everything that is unknown of their answers.

    Parameters
    ----------
    documents, files, worldview, maps, allocations, common
        As `toc_model.survey.learning.update.update` takes them.
    settings : Settings, optional
        Of the sampler, whatever they say of weights.
    """
    how = replace(settings or Settings(), sampler="nuts")
    found = update(documents, files, worldview, maps=maps, allocations=allocations, common=common, settings=how)
    if found.found.everything is None:
        raise ValueError("a sampler keeps all draws")
    return Fitted(
        asked=found.surveys.asked,
        draws=thinned(found.found.everything),
        priors=found.priors,
        documents=found.documents,
        allocations=found.allocations,
        common=found.common,
        problems=found.problems,
    )


def without_camps(fit: Fitted, settings: Settings) -> Fitted:
    """Fit the same answers once more, as those of one pool without camps."""
    return fitted_anew(replace(fit, asked=tuple(_pooled(question) for question in fit.asked)), settings)


def fitted_anew(fit: Fitted, settings: Settings) -> Fitted:
    """Fit the questions of a fit as they are, by a sampler."""
    tree, problems = sampled(
        fit.documents,
        fit.priors,
        fit.allocations,
        fit.asked,
        settings,
        fit.common,
        shared_bias=has_shared_bias(fit),
    )
    return replace(fit, draws=thinned(flat(tree["posterior"].to_dataset())), problems=tuple(problems))


def has_shared_bias(fit: Fitted) -> bool:
    """Whether answers of one respondent share a bias."""
    return any(str(name).endswith("_loading") for name in fit.draws.data_vars)


def _pooled(question: Asked) -> Asked:
    return replace(question, groups=("",), data=question.data.assign(group=xr.zeros_like(question.data["group"])))


def has_camps(fit: Fitted) -> bool:
    """Whether any question was put to more than one camp."""
    return any(len(question.groups) > 1 for question in fit.asked)


def thinned(draws: xr.Dataset) -> xr.Dataset:
    """Keep at most `MAX_DRAWS` draws, evenly spaced."""
    many = draws.sizes["draw"]
    return draws.isel(draw=np.linspace(0, many - 1, min(many, MAX_DRAWS)).astype(int))
