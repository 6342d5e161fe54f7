"""Questions for a new survey: a file to send and fill in, and the mapping document to go with it."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.claims import fail_if_override_impossible
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.units import FIRST_YEAR
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.answers import COLUMNS, NUMBERS
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.schema import write_columns
from toc_model.survey.documents.targets import places_of, target_unit
from toc_model.survey.documents.units import counts_years
from toc_model.survey.documents.wording import question_about, request
from toc_model.survey.kinds import KINDS

FIRST = ("question_id", WORDING, "unit", "lower", "upper", "level", "value", "respondent_id")
"""What a respondent reads and fills in comes first."""
TEMPLATE_COLUMNS = (*FIRST, *(name for name in COLUMNS if name not in FIRST))


def template(
    documents: Documents,
    names: Sequence[str],
    priors: Priors | None = None,
    *,
    allocations: Allocations | None = None,
    source: str = "survey",
    respondents: Sequence[str] = ("",),
    conditions: Sequence[str] = ("",),
    levels: Sequence[float] = (),
) -> pd.DataFrame:
    """Make the questions for a new survey.

    Parameters
    ----------
    documents : Documents
        Whose case the questions are about.
    names : sequence of str
        Nodes, parameters or functions of `toc_model.survey.documents.targets`. One that has places is asked about at
        each that is uncertain, unless one is named, as in ``node[place]``.
    priors : Priors, optional
        For the questions of parameters; those of the base worldview by default.
    allocations : Allocations, optional
        That nodes may be asked about; those of the documents by default.
    source : str
        Identifier of the survey.
    respondents : sequence of str
        Who is asked, each all questions; an empty name for the respondent to fill in.
    conditions : sequence of str
        What nodes are asked under: "" for the status quo, ``allocation=NAME``, or overrides. Parameters, whose
        questions say what they hold under, are asked once.
    levels : sequence of float
        Between 0 and 1, in order: of the quantiles that are asked for; 10, 50 and 90 percent by default.

    Returns
    -------
    pandas.DataFrame
        The columns of the long format and ``wording``, a row for each number to fill in as ``value``: one for a
        probability, quantiles for anything else.

    Raises
    ------
    InputError
        If a name or condition is unknown, a parameter is a constant, a respondent is there twice, or levels are asked
        for and no question has any.
    """
    if not source:
        raise InputError("source: found nothing; allowed: an identifier of the survey")
    _fail_if_twice(respondents)
    asking = _Asking(documents.case, priors or documents.priors(), allocations or documents.allocations(), levels)
    for text in conditions:
        asking.fail_if_condition_unknown(text)
    under = [normal(text, documents.case.status_quo) for text in conditions]
    questions = [
        (target, condition)
        for name in names
        for target in asking.targets(name)
        for condition in (("",) if Entry.parse(target).name in documents.case.story.parameters else under)
    ]
    named = _named(questions)
    asked = [row | {"question_id": named[about]} for about in named for row in asking.rows(*about)]
    if levels and all(math.isnan(row.get("level", math.nan)) for row in asked):
        told = ", ".join(f"{100 * level:.6g} %" for level in levels)
        raise InputError(f"levels: found {told}, and only probabilities to ask for; allowed: beside other quantities")
    return _frame([{"source_id": source, "respondent_id": name} | row for name in respondents for row in asked])


def _fail_if_twice(respondents: Sequence[str]) -> None:
    for name in respondents:
        if respondents.count(name) > 1:
            raise InputError(f"respondent {name!r}: found it {respondents.count(name)} times; allowed: once")


def _named(questions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of questions, by target and condition; those that signs alone tell apart are numbered."""
    found: dict[tuple[str, str], str] = {}
    for about in dict.fromkeys(questions):
        name = question_id(*about)
        tries = (name, *(f"{name}_{number}" for number in range(2, len(questions) + 2)))
        found[about] = next(text for text in tries if text not in found.values())
    return found


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = {name: math.nan if name in NUMBERS else "" for name in TEMPLATE_COLUMNS}
    return pd.DataFrame([blank | row for row in rows], columns=list(TEMPLATE_COLUMNS))


@dataclass(frozen=True, slots=True)
class _Asking:
    """What questions are made from."""

    case: Case
    priors: Priors
    allocations: Allocations
    levels: Sequence[float]

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

    def rows(self, target: str, condition: str) -> Iterator[dict[str, Any]]:
        """A row for each number that is asked for."""
        unit = target_unit(self.case, target)
        _fail_if_held(target, condition)
        prior = self.priors[target] if Entry.parse(target).name in self.case.story.parameters else None
        if prior and prior.distribution.is_constant:
            raise InputError(f"{target}: is a constant, {prior.distribution.location:g}; allowed: what is uncertain")
        question = prior.entry.question if prior else question_about(self.case, self.allocations, target, condition)
        lower, upper = self._bounds(target, unit, prior)
        row = {
            "target": target,
            "unit": unit,
            "lower": lower,
            "upper": upper,
            "condition": condition,
        }
        kind = KINDS["probability" if unit == "probability" else "quantile"]
        for level in (self.levels or kind.asked_at) if kind.has_levels else kind.asked_at:
            at_level = {} if level is None else {"level": level}
            yield row | at_level | {"kind": kind.name, WORDING: f"{question} {request(unit, level)}"}

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


def write_template(frame: pd.DataFrame, path: Path | str) -> None:
    """Write the questions as a file to send and fill in.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    write_columns(frame, TEMPLATE_COLUMNS, Path(path))
