"""What became of the targets of questions: before, after, and what respondents believe."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.statistics.averages import quantiles
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.update import Learned

LEVELS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}


@dataclass(frozen=True, slots=True)
class Touched:
    """What became of one question's target.

    Attributes
    ----------
    question : Asked
    bias_sd : float
        Scale of the common bias as it was taken, on the target's natural scale.
    prior, posterior : mapping of str to float
        Quantiles of the target in its own unit, by name.
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
    before, after = result.before, result.after
    asked = [question for question in result.surveys.asked if question.truth is None]
    return [_touched(result, question, before, after) for question in asked]


def _touched(result: Learned, question: Asked, before: Beliefs, after: Beliefs) -> Touched:
    under = question.mapping.allocation
    levers = result.allocations.only([under] if under else []).levers()
    prior, posterior = (plain_values(found, question.mapping, levers) for found in (before, after))
    y, bias_sd = question.natural(prior.values), result.common.sd(question)
    table = result.found.tables.get(question.name)
    believed = conflict = None
    if table is not None and question.mapping.informs_level:
        believed = {
            name: float(question.from_natural(table.middle + special.ndtri(level) * table.middle_sd))
            for name, level in LEVELS.items()
        }
        conflict = float((table.middle - np.mean(y)) / np.hypot(np.std(y), bias_sd))
    return Touched(question, bias_sd, _quantiles(prior), _quantiles(posterior), believed, conflict)


def _quantiles(draws: xr.DataArray) -> dict[str, float]:
    found: Floats = quantiles(draws, list(LEVELS.values()))
    return dict(zip(LEVELS, map(float, found), strict=True))
