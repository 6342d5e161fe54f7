"""Questions for a new survey: a file to send and fill in, and the mapping document to go with it."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import load_allocations
from toc_model.beliefs.claims import fail_if_override_unknown
from toc_model.beliefs.priors import Prior, Priors, load_priors
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.answers import COLUMNS, NUMBERS
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.schema import WORDING, write_columns
from toc_model.survey.documents.targets import TARGETS, places_of, target_unit
from toc_model.survey.documents.wording import question_about, request

FIRST = ("question_id", WORDING, "unit", "lower", "upper", "level", "value", "respondent_id")
"""What a respondent reads and fills in comes first."""
TEMPLATE_COLUMNS = (*FIRST, *(name for name in COLUMNS if name not in FIRST))
LEVELS = (0.1, 0.5, 0.9)
BOUNDS_OF_FAMILY = {"logit_normal": (0.0, 1.0), "lognormal": (0.0, math.nan), "lognormal_above_1": (1.0, math.nan)}
BOUNDS_OF_UNIT = {
    "probability": (0.0, 1.0),
    "fraction": (0.0, 1.0),
    "ratio": (0.0, math.nan),
    "fraction of cost": (0.0, math.nan),
    "years from late 2022": (0.0, math.nan),
}
BOUNDS_OF_NODE = {"reach": (-1.0, 1.0)}
UNBOUNDED = (math.nan, math.nan)


def template(
    story: Story,
    names: Sequence[str],
    priors: Priors | None = None,
    *,
    source: str = "survey",
    respondent: str = "",
    conditions: Sequence[str] = ("",),
) -> pd.DataFrame:
    """Make the questions for a new survey.

    Parameters
    ----------
    story : Story
    names : sequence of str
        Nodes, parameters or functions of `toc_model.survey.documents.targets`. One that has places is asked about at
        each that is uncertain, unless one is named, as in ``solved[pause]``.
    priors : Priors, optional
        For the questions of parameters; those that ship by default.
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
    priors = priors or load_priors()
    for text in conditions:
        _fail_if_condition_unknown(story, text)
    questions = [
        (target, condition)
        for name in names
        for target in _targets(story, priors, name)
        for condition in (("",) if Entry.parse(target).name in story.parameters else conditions)
    ]
    about = {"source_id": source, "respondent_id": respondent}
    rows = [about | row for target, text in dict.fromkeys(questions) for row in _rows(story, priors, target, text)]
    return _frame(rows)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = {name: math.nan if name in NUMBERS else "" for name in TEMPLATE_COLUMNS}
    return pd.DataFrame([blank | row for row in rows], columns=list(TEMPLATE_COLUMNS))


def _fail_if_condition_unknown(story: Story, text: str) -> None:
    condition = parse_condition(text)
    known = load_allocations().named
    if condition.allocation not in known:
        raise InputError(f"condition {text!r}: {unknown('allocation', condition.allocation, known)}")
    for override in condition.overrides:
        fail_if_override_unknown(story, override.text, f"condition {text!r}")


def _targets(story: Story, priors: Priors, name: str) -> tuple[str, ...]:
    """The target itself, or its places; those of a parameter that are constants are not asked about."""
    if Entry.parse(name).places:
        target_unit(story, name)
        return (name,)
    known = [*TARGETS, *story.parameters, *story.nodes]
    if name not in known:
        raise InputError(unknown("target", name, known))
    places = places_of(story, name)
    if name not in story.parameters:
        return places
    return tuple(place for place in places if not priors[place].distribution.is_constant) or places


def _rows(story: Story, priors: Priors, target: str, condition: str) -> Iterator[dict[str, Any]]:
    unit = target_unit(story, target)
    _fail_if_held(target, condition)
    prior = priors[target] if Entry.parse(target).name in story.parameters else None
    if prior and prior.distribution.is_constant:
        raise InputError(f"{target}: is a constant, {prior.distribution.location:g}; allowed: what is uncertain")
    question = prior.entry.question if prior else question_about(story, target, condition)
    lower, upper = _bounds(target, unit, prior)
    row = {
        "question_id": question_id(target, condition),
        "target": target,
        "unit": unit,
        "lower": lower,
        "upper": upper,
        "condition": normal(condition),
    }
    if unit == "probability":
        yield row | {"kind": "probability", WORDING: f"{question} {request(unit)}"}
        return
    for level in LEVELS:
        yield row | {"kind": "quantile", "level": level, WORDING: f"{question} {request(unit, level)}"}


def _fail_if_held(target: str, condition: str) -> None:
    for override in parse_condition(condition).overrides:
        if override.kind in ("do", "pin") and override.target in (target, Entry.parse(target).name):
            raise InputError(f"{target}: can't be asked under {override.text!r}, which holds it")


def question_id(target: str, condition: str) -> str:
    """Name a question by its target and what it holds under."""
    return "_if_".join(re.sub(r"\W+", "_", part).strip("_") for part in (target, condition) if part)


def _bounds(target: str, unit: str, prior: Prior | None) -> tuple[float, float]:
    if prior:
        return BOUNDS_OF_FAMILY.get(prior.entry.family, UNBOUNDED)
    return BOUNDS_OF_NODE.get(Entry.parse(target).name, BOUNDS_OF_UNIT.get(unit, UNBOUNDED))


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
