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
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.answers import COLUMNS, NUMBERS
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.schema import write_columns
from toc_model.survey.documents.targets import places_of, target_unit
from toc_model.survey.documents.wording import question_about, request
from toc_model.survey.kinds import KINDS

FIRST = ("question_id", WORDING, "unit", "lower", "upper", "level", "value", "respondent_id")
"""What a respondent reads and fills in comes first."""
TEMPLATE_COLUMNS = (*FIRST, *(name for name in COLUMNS if name not in FIRST))
BOUNDS_OF_FAMILY = {"logit_normal": (0.0, 1.0), "lognormal": (0.0, math.nan), "lognormal_above_1": (1.0, math.nan)}
UNBOUNDED = (math.nan, math.nan)


def template(
    documents: Documents,
    names: Sequence[str],
    priors: Priors | None = None,
    *,
    allocations: Allocations | None = None,
    source: str = "survey",
    respondent: str = "",
    conditions: Sequence[str] = ("",),
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
    respondent : str
        Who is asked; empty for the respondent to fill in.
    conditions : sequence of str
        What nodes are asked under: "" for the status quo, ``allocation=NAME``, or overrides. Parameters, whose
        questions say what they hold under, are asked once.

    Returns
    -------
    pandas.DataFrame
        The columns of the long format and ``wording``, a row for each number to fill in as ``value``: one for a
        probability, the quantiles of 10, 50 and 90 percent for anything else.

    Raises
    ------
    InputError
        If a name or condition is unknown, or a parameter is a constant.
    """
    asking = _Asking(documents.case, priors or documents.priors(), allocations or documents.allocations())
    for text in conditions:
        asking.fail_if_condition_unknown(text)
    questions = [
        (target, condition)
        for name in names
        for target in asking.targets(name)
        for condition in (("",) if Entry.parse(target).name in documents.case.story.parameters else conditions)
    ]
    about = {"source_id": source, "respondent_id": respondent}
    rows = [about | row for target, text in dict.fromkeys(questions) for row in asking.rows(target, text)]
    return _frame(rows)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = {name: math.nan if name in NUMBERS else "" for name in TEMPLATE_COLUMNS}
    return pd.DataFrame([blank | row for row in rows], columns=list(TEMPLATE_COLUMNS))


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
            "question_id": question_id(target, condition),
            "target": target,
            "unit": unit,
            "lower": lower,
            "upper": upper,
            "condition": normal(condition, self.allocations.status_quo),
        }
        kind = KINDS["probability" if unit == "probability" else "quantile"]
        for level in kind.asked_at:
            at_level = {} if level is None else {"level": level}
            yield row | at_level | {"kind": kind.name, WORDING: f"{question} {request(unit, level)}"}

    def _bounds(self, target: str, unit: str, prior: Prior | None) -> tuple[float, float]:
        if prior:
            return BOUNDS_OF_FAMILY.get(prior.entry.family, UNBOUNDED)
        story, name = self.case.story, Entry.parse(target).name
        known = story.units.get(unit)
        lower, upper = story.range_of(story.nodes[name]) if name in story.nodes else known.range if known else UNBOUNDED
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


def names_in(text: str) -> list[str]:
    """Split names joined by commas.

    Raises
    ------
    InputError
        If there is none.
    """
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise InputError("nodes: found no name; allowed: names of nodes or parameters, joined by commas")
    return names
