"""Whether a mapping fits the case, and answers the mapping."""

from collections.abc import Collection, Hashable, Mapping
from typing import Any

import pandas as pd

from toc_model.beliefs.claims import fail_if_override_impossible
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.conditions import normal
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.targets import target_unit
from toc_model.survey.documents.units import conversion
from toc_model.survey.kinds import KINDS

FRACTIONS = ("probability", "fraction", "ratio")
"""Units of which a logit can be taken."""


def fail_if_mapping_unknown(case: Case, mapping: SurveyMapping, allocations: Collection[str]) -> None:
    """Fail if a mapping is no evidence, or names what the model does not have.

    Parameters
    ----------
    case : Case
    mapping : SurveyMapping
    allocations : collection of str
        Names of the allocations that questions may be about.

    Raises
    ------
    InputError
        The first thing that is wrong, by source and question.
    """
    if mapping.verified == case.name:
        raise InputError(
            f"survey {mapping.source_id!r}: verified: found {case.name!r}; {case.theory}'s own assumptions are no "
            "evidence (allowed: yes, secondary, derived)"
        )
    for name, question in mapping.questions.items():
        _fail_if_question_unknown(case, question, allocations, f"survey {mapping.source_id!r}: {name}")


def _fail_if_question_unknown(case: Case, question: Question, allocations: Collection[str], where: str) -> None:
    if question.resolved is not None:
        return
    try:
        unit = target_unit(case, question.target)
    except InputError as error:
        raise InputError(f"{where}: target: {error}") from None
    if question.scale == "logit" and unit not in FRACTIONS:
        raise InputError(f"{where}: scale: found 'logit' for a target in {unit!r}; allowed: log, identity")
    _fail_if_unit_unknown(case, question, unit, where)
    for text in question.condition:
        fail_if_override_impossible(case.story, text, f"{where}: condition")
    if question.allocation and question.allocation not in allocations:
        raise InputError(f"{where}: {unknown('allocation', question.allocation, allocations)}")


def _fail_if_unit_unknown(case: Case, question: Question, wanted: str, where: str) -> None:
    found = case.story.units.get(wanted)
    origin = 0.0 if found and found.is_date else None  # whichever: only whether there is one matters here
    try:
        if KINDS[question.kind].in_unit:
            conversion(question.unit, wanted, origin=origin, shifted=bool(question.shift))
    except InputError as error:
        raise InputError(f"{where}: unit: {error}") from None


def fail_if_answers_differ(frame: pd.DataFrame, mapping: SurveyMapping, status_quo: str) -> None:
    """Fail if answers of a survey are to other questions than its mapping has, or to questions put otherwise.

    Their units may differ: `toc_model.survey.documents.converting.in_target_units` converts or refuses them.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping
    status_quo : str
        Name of the allocation that goes without saying.

    Raises
    ------
    InputError
        The first answer that differs, by question.
    """
    own = frame[frame["source_id"] == mapping.source_id]
    if own.empty:
        raise InputError(
            f"survey {mapping.source_id!r}: {unknown('source', mapping.source_id, set(frame['source_id']))}"
        )
    columns = ["question_id", "target", "framing", "kind", "condition"]
    for row in own[columns].drop_duplicates().to_dict("records"):
        question = mapping.question(row["question_id"])
        row["condition"] = normal(row["condition"], status_quo)
        _fail_if_put_otherwise(row, question, f"survey {mapping.source_id!r}: {row['question_id']}")


def _fail_if_put_otherwise(row: Mapping[Hashable, Any], question: Question, where: str) -> None:
    framings = question.framings or [""]
    if row["framing"] not in framings:
        raise InputError(f"{where}: {unknown('framing', row['framing'], framings)}")
    expected = {
        "target": question.target,
        "kind": question.kind_under(row["framing"]),
        "condition": question.condition_text,
    }
    for column, allowed in expected.items():
        if row[column] != allowed:
            raise InputError(
                f"{where}: {column}: found {row[column]!r} in the answers; allowed: {allowed!r}, as in the mapping"
            )
