"""What became of the targets of questions: before, after, and what respondents believe."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.labels import made_as, without_draw_labels
from toc_model.statistics.averages import mean, quantiles, sd
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.update import Learned
from toc_model.survey.learning.weighing import about

LEVELS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}


@dataclass(frozen=True, slots=True, repr=False)
class Touched(Brief):
    """What became of one question's target.

    Attributes
    ----------
    question : Asked
    bias_sd : float
        Scale of the common bias as it was taken, on the target's natural scale.
    prior, posterior : mapping of str to float
        Quantiles of the target in its own unit, by name, before the update and after it.
    believed : mapping of str to float or None
        Those of what the middle respondent believes, as far as the answers themselves tell: another quantity than the
        target, biases included. None where a sampler took all answers of a respondent together, or answers say nothing
        of the level.
    conflict : float or None
        Distance of the respondents' middle from the prior's, in standard deviations of prior and stated bias.
    """

    question: Asked
    bias_sd: float
    prior: Mapping[str, float]
    posterior: Mapping[str, float]
    believed: Mapping[str, float] | None
    conflict: float | None


def touched(result: Learned) -> list[Touched]:
    """What became of the target of each question; seed questions have none."""
    asked = [question for question in result.surveys.asked if question.truth is None]
    values: dict[str, tuple[xr.DataArray, xr.DataArray]] = {}
    before, after = result.before, result.after
    for question in asked:
        if about(question) not in values:
            values[about(question)] = _values(result, question, before, after)
    return [_touched(result, question, *values[about(question)]) for question in asked]


def _values(result: Learned, question: Asked, before: Beliefs, after: Beliefs) -> tuple[xr.DataArray, xr.DataArray]:
    """The target before and after; of the same draws, the same with other weights."""
    under = question.mapping.allocation
    levers = result.allocations.only([under] if under else []).levers()
    prior = plain_values(before, question.mapping, levers)
    if drawn_alike(before, after):
        bare = without_draw_labels(prior).assign_coords(draw=after.parameters["draw"].values)
        return prior, bare.assign_coords(made_as(after.parameters))
    return prior, plain_values(after, question.mapping, levers)


def drawn_alike(before: Beliefs, after: Beliefs) -> bool:
    """Whether both are the same draws, which may count differently."""
    if before.draws != after.draws:
        return False
    return all(np.array_equal(before.parameters[name], after.parameters[name]) for name in after.parameters)


def _touched(result: Learned, question: Asked, prior: xr.DataArray, posterior: xr.DataArray) -> Touched:
    y, bias_sd = prior.copy(data=question.natural(prior.values)), result.common.sd(question)
    table = result.found.tables.get(question.name)
    believed = conflict = None
    if table is not None and question.mapping.informs_level:
        believed = {
            name: float(question.from_natural(table.middle + special.ndtri(level) * table.middle_sd))
            for name, level in LEVELS.items()
        }
        conflict = float((table.middle - mean(y)) / np.hypot(sd(y), bias_sd))
    return Touched(question, bias_sd, _quantiles(prior), _quantiles(posterior), believed, conflict)


def _quantiles(draws: xr.DataArray) -> dict[str, float]:
    found: Floats = quantiles(draws, list(LEVELS.values()))
    return dict(zip(LEVELS, map(float, found), strict=True))
