"""What is validated: a fresh update or a saved posterior, and the same answers fitted without camps."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.posterior import WHAT, all_draws, flat, posterior_in
from toc_model.beliefs.seal import read_sealed
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.surveys import read_surveys
from toc_model.survey.learning.update import Learned, Settings, sampled

MAX_DRAWS = 2000
"""More draws than these are thinned."""


def fitted(result: Learned) -> Fitted:
    """What a fresh update has to say about its surveys."""
    return Fitted(
        asked=result.surveys.asked,
        draws=thinned(result.biases()),
        priors=result.priors,
        documents=result.documents,
        allocations=result.allocations,
        bias_scale=result.bias_scale,
        problems=result.problems,
    )


def read_fitted(
    case: Case,
    posterior: Path,
    files: Sequence[Path],
    maps: Sequence[str] = (),
    allocations: Path | Choice | None = None,
) -> Fitted:
    """Read a posterior of ``toc update`` and the surveys that made it.

    The folder of documents, the worldview and the scale of common biases are those that the posterior names.

    Parameters
    ----------
    case : Case
    posterior : Path
    files : sequence of Path
        In the long format.
    maps : sequence of str
        Mapping documents of one's own.
    allocations : Path or Choice, optional
        A document of allocations of one's own that questions are about, or what is asked for beside those that ship.

    Raises
    ------
    InputError
        If either can't be read, or the posterior rests on other answers or another law of how they come about.
    """
    saved = read_sealed(posterior, WHAT)
    about, documents = posterior_in(saved, case, even_if_bad=True)
    named = documents.allocations(allocations)
    scale = about.evidence[-1].bias_scale
    surveys = read_surveys(documents, files, maps, about.priors, named.named, bias_scale=scale)
    known = {record.digest for record in about.evidence}
    for record in surveys.evidence:
        if record.digest not in known:
            raise InputError(f"{posterior}: does not rest on these answers of {record.source_id!r}; run toc update")
    draws = flat(all_draws(saved))
    if not all(_has_parameters(draws, question) for question in surveys.asked):
        raise InputError(f"{posterior}: learnt by another law of how answers come about; run toc update again")
    return Fitted(surveys.asked, thinned(draws), about.priors, documents, named, scale, about.problems)


def _has_parameters(draws: xr.Dataset, question: Asked) -> bool:
    """Whether draws have what the law of a question's answers takes, each of its places."""
    declared = KINDS[question.kind].parameters(question.mapping)
    labelled = {name.dim(question.name): name.labels for name in declared if name.labels is not None}
    return all(name.variable(question.name) in draws for name in declared) and all(
        draws.sizes[dim] == len(labels) for dim, labels in labelled.items()
    )


def without_camps(fit: Fitted, settings: Settings) -> Fitted:
    """Fit the same answers once more, as those of one pool without camps."""
    asked = tuple(_pooled(question) for question in fit.asked)
    shared_bias = any(str(name).endswith("_loading") for name in fit.draws.data_vars)
    tree, problems = sampled(
        fit.documents,
        fit.priors,
        fit.allocations,
        asked,
        settings,
        common_bias=fit.bias_scale > 0,
        shared_bias=shared_bias,
    )
    return replace(fit, asked=asked, draws=thinned(flat(tree["posterior"].to_dataset())), problems=tuple(problems))


def _pooled(question: Asked) -> Asked:
    return replace(question, groups=("",), data=question.data.assign(group=xr.zeros_like(question.data["group"])))


def has_camps(fit: Fitted) -> bool:
    """Whether any question was put to more than one camp."""
    return any(len(question.groups) > 1 for question in fit.asked)


def thinned(draws: xr.Dataset) -> xr.Dataset:
    """Keep at most `MAX_DRAWS` draws, evenly spaced."""
    many = draws.sizes["draw"]
    return draws.isel(draw=np.linspace(0, many - 1, min(many, MAX_DRAWS)).astype(int))
