"""Draws of a prior, weighted by what respondents said: a posterior without a sampler.

Given the targets of the questions, answers are independent of all other parameters of the story. So the weight of a
draw is the marginal likelihood of its targets, a product over groups of questions that share a bias.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.biases import Part, groups_of, log_marginal, wordings_of
from toc_model.survey.learning.likelihood import Table, likelihood_of
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.smoothed import MOST_K_HAT, Smoothed, smoothed
from toc_model.survey.learning.widths import spread_of
from toc_model.work.tasks import each

LEAST_EFFECTIVE = 400
"""Draws in effect below which weights are not relied on."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Draws of a prior with what respondents' answers make of them.

    Attributes
    ----------
    log_likelihood : xarray.Dataset
        Dims ``(draw,)``, one variable a bias group: log marginal likelihood of its answers.
    tables : mapping of str to Table
        By question.
    found : Smoothed
        The weights.
    """

    log_likelihood: xr.Dataset
    tables: Mapping[str, Table]
    found: Smoothed

    @property
    def too_few(self) -> bool:
        """Whether more draws of the prior may help: where that is all that is wrong."""
        return bool(self.problems) and not self._loose

    @property
    def _loose(self) -> list[str]:
        return [name for name, table in self.tables.items() if table.trust.k_hat > MOST_K_HAT]

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the weights can't be trusted; empty where they can."""
        said = [f"k-hat of the weights is {self.found.k_hat:.4g}; allowed: {MOST_K_HAT:g} at most"] * (
            self.found.k_hat > MOST_K_HAT
        )
        if self.found.effective < LEAST_EFFECTIVE:
            left = f"{self.found.effective:.1f} effective draws"
            said.append(f"the weights leave {left}; allowed: {LEAST_EFFECTIVE} or more")
        said += [f"k-hat of the habits behind the answers to {name} is above {MOST_K_HAT:g}" for name in self._loose]
        return tuple(said)


def targets_of(asked: Sequence[Asked], beliefs: Beliefs, allocations: Allocations) -> dict[str, Floats]:
    """What the model says to each question, draw by draw, on its natural scale; by what the question is about."""
    found: dict[str, Floats] = {}
    for question in asked:
        name = about(question)
        if name in found:
            continue
        if question.truth is not None:
            found[name] = np.full(beliefs.draws, question.truth)
            continue
        under = question.mapping.allocation
        levers = allocations.only([under] if under else []).levers()
        found[name] = np.asarray(question.natural(plain_values(beliefs, question.mapping, levers).values))
    return found


def about(question: Asked) -> str:
    """What a question asks of the model, in a name; the same for questions about the same thing."""
    mapping = question.mapping
    if question.truth is not None:
        return f"{question.truth!r} on {mapping.scale}"
    return "; ".join([mapping.target, mapping.scale, mapping.allocation, *mapping.condition])


def tables_of(
    asked: Sequence[Asked],
    targets: Mapping[str, Floats],
    common: Common,
    *,
    known: Mapping[str, Table] | None = None,
    progress: Progress | None = None,
) -> dict[str, Table]:
    """Tabulate the likelihood of the answers to each question.

    Parameters
    ----------
    asked : sequence of Asked
    targets : mapping of str to array of shape (draws,)
        As `targets_of` gives them; a guide to where a table matters.
    common : Common
    known : mapping of str to Table, optional
        Tables that were made before.
    progress : callable, optional
    """
    wordings, made = wordings_of(asked), dict(known or {})
    anew = []
    for question in (question for question in asked if question.name not in made):
        values = targets[about(question)]
        spread = float(np.hypot(spread_of(values), max(common.sd(question), question.mapping.width)))
        worded = wordings[question.source_id, question.bias] > 1
        anew.append(Tabled(question, float(np.median(values)), spread, worded))
    tables = each(_table, None, anew, progress=progress)
    return made | {one.question.name: table for one, table in zip(anew, tables, strict=True)}


@dataclass(frozen=True, slots=True)
class Tabled:
    """What the table of a question is made of; see `toc_model.survey.learning.likelihood.likelihood_of`."""

    question: Asked
    place: float
    spread: float
    worded: bool


def _table(_: None, one: Tabled) -> Table:
    return likelihood_of(one.question, one.place, one.spread, worded=one.worded)


def weighed(
    asked: Sequence[Asked], targets: Mapping[str, Floats], tables: Mapping[str, Table], common: Common
) -> Weighed:
    """Weigh draws by the marginal likelihood of answers at their targets.

    Parameters
    ----------
    asked : sequence of Asked
    targets : mapping of str to array of shape (draws,)
    tables : mapping of str to Table
        By question.
    common : Common
    """
    columns = {}
    for name, group in sorted(groups_of(asked).items()):
        ordered = sorted(group, key=lambda one: one.name)
        parts = [Part(one.source_id, tables[one.name], common.sd(one), about(one)) for one in ordered]
        columns[name] = log_marginal(parts, targets, group[0].mapping.bias_rho, common.shape)
    total = np.asarray(sum(columns.values()))
    return Weighed(xr.Dataset({name: ("draw", column) for name, column in columns.items()}), tables, smoothed(total))
