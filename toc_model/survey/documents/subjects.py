"""What a person can be asked about: the question in words, its unit and what is possible, for surveys and panels."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.claims import fail_if_override_impossible
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.units import FIRST_YEAR
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.targets import places_of, target_unit
from toc_model.survey.documents.units import counts_years
from toc_model.survey.documents.wording import question_about


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about.

    Attributes
    ----------
    name : str
        Of the question.
    target : str
        Node, parameter, ``name[place]`` or function of nodes.
    condition : str
        What it is asked under; empty for the status quo.
    wording, unit : str
    lower, upper : float
        Least and largest possible value, NaN where there is none; of years, what is no year of the calendar.
    is_parameter : bool
    """

    name: str
    target: str
    condition: str
    wording: str
    unit: str
    lower: float
    upper: float
    is_parameter: bool


def subjects(
    documents: Documents,
    names: Sequence[str],
    priors: Priors | None = None,
    *,
    allocations: Allocations | None = None,
    conditions: Sequence[str] = ("",),
) -> list[Subject]:
    """What is asked about targets and, of nodes, under conditions; each once.

    Parameters and errors are those of `toc_model.survey.documents.template.template`.
    """
    asking = _Asking(documents.case, priors or documents.priors(), allocations or documents.allocations())
    for text in conditions:
        asking.fail_if_condition_unknown(text)
    under = [normal(text, documents.case.status_quo) for text in conditions]
    questions = [
        (target, condition)
        for name in names
        for target in asking.targets(name)
        for condition in (("",) if Entry.parse(target).name in documents.case.story.parameters else under)
    ]
    return [asking.subject(name, *about) for about, name in _named(questions).items()]


def _named(questions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of questions, by target and condition; those that signs alone tell apart are numbered."""
    found: dict[tuple[str, str], str] = {}
    for about in dict.fromkeys(questions):
        name = question_id(*about)
        tries = (name, *(f"{name}_{number}" for number in range(2, len(questions) + 2)))
        found[about] = next(text for text in tries if text not in found.values())
    return found


@dataclass(frozen=True, slots=True)
class _Asking:
    """What questions are made from."""

    case: Case
    priors: Priors
    allocations: Allocations

    def fail_if_condition_unknown(self, text: str) -> None:
        condition, known = parse_condition(text), self.allocations.named
        if condition.allocation and condition.allocation not in known:
            raise InputError(f"condition {text!r}: {unknown('allocation', condition.allocation, known)}")
        for override in condition.overrides:
            fail_if_override_impossible(self.case.story, override.text, f"condition {text!r}")

    def targets(self, name: str) -> tuple[str, ...]:
        """The target itself, or its places; those of a parameter that are constants are not asked about."""
        if Entry.parse(name).places:
            target_unit(self.case, name)
            return (name,)
        story = self.case.story
        known = [*self.case.targets, *story.parameters, *story.nodes]
        if name not in known:
            raise InputError(unknown("target", name, known))
        places = places_of(self.case, name)
        if name not in story.parameters:
            return places
        return tuple(place for place in places if not self.priors[place].distribution.is_constant) or places

    def subject(self, name: str, target: str, condition: str) -> Subject:
        """What is asked about a target under a condition."""
        unit = target_unit(self.case, target)
        _fail_if_held(target, condition)
        is_parameter = Entry.parse(target).name in self.case.story.parameters
        prior = self.priors[target] if is_parameter else None
        if prior and prior.distribution.is_constant:
            raise InputError(f"{target}: is a constant, {prior.distribution.location:g}; allowed: what is uncertain")
        question = prior.entry.question if prior else question_about(self.case, self.allocations, target, condition)
        return Subject(name, target, condition, question, unit, *self._bounds(target, unit, prior), is_parameter)

    def _bounds(self, target: str, unit: str, prior: Prior | None) -> tuple[float, float]:
        """What is possible; of years what is no year of the calendar, so that one is seen to be no answer."""
        lower, upper = self._possible(target, unit, prior)
        return lower, FIRST_YEAR if counts_years(unit) and math.isnan(upper) else upper

    def _possible(self, target: str, unit: str, prior: Prior | None) -> tuple[float, float]:
        story, name = self.case.story, Entry.parse(target).name
        if prior:
            lower, upper = prior.distribution.support
        else:
            lower, upper = story.range_of(story.nodes[name]) if name in story.nodes else story.range_in(unit)
        return lower if math.isfinite(lower) else math.nan, upper if math.isfinite(upper) else math.nan


def _fail_if_held(target: str, condition: str) -> None:
    for override in parse_condition(condition).overrides:
        if override.kind in ("do", "pin") and override.target in (target, Entry.parse(target).name):
            raise InputError(f"{target}: can't be asked under {override.text!r}, which holds it")


def question_id(target: str, condition: str) -> str:
    """Name a question by its target and what it holds under."""
    return "_if_".join(re.sub(r"\W+", "_", part).strip("_") for part in (target, condition) if part)
