"""Questions for a new survey: a file to send and fill in, and the mapping document to go with it."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS, NUMBERS
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.schema import write_columns
from toc_model.survey.documents.subjects import Subject, subjects
from toc_model.survey.documents.wording import request
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
    about = subjects(documents, names, priors, allocations=allocations, conditions=conditions)
    asked = [row for subject in about for row in _rows(subject, levels)]
    if levels and all(math.isnan(row.get("level", math.nan)) for row in asked):
        told = ", ".join(f"{100 * level:.6g} %" for level in levels)
        raise InputError(f"levels: found {told}, and only probabilities to ask for; allowed: beside other quantities")
    return _frame([{"source_id": source, "respondent_id": name} | row for name in respondents for row in asked])


def _fail_if_twice(respondents: Sequence[str]) -> None:
    for name in respondents:
        if respondents.count(name) > 1:
            raise InputError(f"respondent {name!r}: found it {respondents.count(name)} times; allowed: once")


def _rows(subject: Subject, levels: Sequence[float]) -> Iterator[dict[str, Any]]:
    """A row for each number that is asked for."""
    row = {
        "question_id": subject.name,
        "target": subject.target,
        "unit": subject.unit,
        "lower": subject.lower,
        "upper": subject.upper,
        "condition": subject.condition,
    }
    kind = KINDS["probability" if subject.unit == "probability" else "quantile"]
    for level in (levels or kind.asked_at) if kind.has_levels else kind.asked_at:
        at_level = {} if level is None else {"level": level}
        wording = f"{subject.wording} {request(subject.unit, level)}"
        yield row | at_level | {"kind": kind.name, WORDING: wording}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = {name: math.nan if name in NUMBERS else "" for name in TEMPLATE_COLUMNS}
    return pd.DataFrame([blank | row for row in rows], columns=list(TEMPLATE_COLUMNS))


def write_template(frame: pd.DataFrame, path: Path | str) -> None:
    """Write the questions as a file to send and fill in.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    write_columns(frame, TEMPLATE_COLUMNS, Path(path))
