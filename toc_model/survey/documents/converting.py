"""Answers and mappings in the units of what they are about; years of the calendar where years from a date are asked."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.survey.documents.answers import flags_of
from toc_model.survey.documents.flags import joined, with_flags
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.units import Conversion, conversion, counts_years, is_calendar, names_date
from toc_model.survey.documents.wanted import Wanted, wanted_by
from toc_model.survey.kinds import KINDS

BEFORE, AFTER = 20, 900
"""Numbers that lie within so many years before and after the date are taken for years of the calendar."""
AS_FAR = 1000
"""Who states one year of the calendar means one by every number from here on."""
FIVE_DIGITS = 10_000
"""Who states nothing but years up to here, where years from a named date are asked, means years of the calendar."""
ALIKE = ["source_id", "question_id", "target", "kind", "unit"]


@dataclass(frozen=True, slots=True)
class Change:
    """Answers to one question that were converted, or are years of the calendar and left out.

    Attributes
    ----------
    question : str
    answers : int
    stated, wanted : str
        Units.
    left_out : bool
    raw : tuple of str
        Each of them as it stands in the file, once.
    """

    question: str
    answers: int
    stated: str
    wanted: str
    left_out: bool
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Converted:
    """Answers in the units of their targets.

    Attributes
    ----------
    frame : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping or None
        With units, bounds, shifts and true values to match.
    changes : tuple of Change
    """

    frame: pd.DataFrame
    mapping: SurveyMapping | None
    changes: tuple[Change, ...]


def in_target_units(frame: pd.DataFrame, documents: Documents, mapping: SurveyMapping | None = None) -> Converted:
    """Convert answers, and the mapping that they go with, to the units of what they are about.

    The unit of a row decides, or else that of the mapping. Numbers that can only be years of the calendar, where years
    from a date are asked, are converted if the mapping's unit is that of calendar years, and else flagged and left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    documents : Documents
        Whose case has the targets, and whose date they count from.
    mapping : SurveyMapping, optional
        As its document states it. Answers to questions that it does not have are converted by the target that they
        name, and left as they are where the case has none of this name.

    Raises
    ------
    InputError
        If a unit can't be converted: the question, what was found, and what is allowed; or if bounds in years of the
        calendar lie before the date.
    """
    parts: list[pd.DataFrame] = []
    changes: list[Change] = []
    for _, rows in frame.groupby(ALIKE, sort=False):
        found, made = _of_question(rows, documents, mapping)
        parts.append(found)
        changes += made
    if changes:
        frame = _reflagged(frame, pd.concat(parts).loc[frame.index])
    return Converted(frame, mapping and _mapping_in(mapping, documents), tuple(changes))


def _of_question(
    rows: pd.DataFrame, documents: Documents, mapping: SurveyMapping | None
) -> tuple[pd.DataFrame, list[Change]]:
    """Answers to one question that are stated in one unit, and what was done to them."""
    first = rows.iloc[0]
    asked = mapping.questions if mapping and mapping.source_id == first["source_id"] else {}
    question = asked.get(first["question_id"])
    columns = KINDS[first["kind"]].in_unit
    wanted = wanted_by(documents, first["target"], question) if columns else None
    if wanted is None:
        return rows, []
    if not first["unit"] and question is None and KINDS[first["kind"]].has_unit:
        where = f"{first['source_id']}: {first['question_id']}: unit"
        raise InputError(f"{where}: found nothing; allowed: that of a {first['kind']}, in its row or in the mapping")
    name, unit = str(first["question_id"]), str(first["unit"] or (question.unit if question else wanted.unit))
    stated = list(KINDS[first["kind"]].quantities)
    found, told = wanted.conversion(unit, question, name), rows[rows[stated].notna().any(axis=1)]
    dated = _calendar(told, stated, wanted, unit) if counts_years(unit) else told.iloc[:0]
    changes = []
    if found.is_needed:
        rows = _changed(rows, columns, wanted, found, least=wanted.least if is_calendar(unit) else -math.inf)
        changes.append(_change(name, told.drop(dated.index), unit, wanted))
    if dated.empty:
        return rows, changes
    if question and is_calendar(question.unit):
        changes.append(_change(name, dated, question.unit, wanted))
        years = dated[stated] - (wanted.origin or 0.0)
        return rows.assign(**years.reindex(rows.index).fillna(rows[stated])), changes
    changes.append(_change(name, dated, unit, wanted, left_out=True))
    marks = pd.Series([f"{text};calendar;impossible" for text in dated["flags"]], dated.index)
    return rows.assign(flags=marks.reindex(rows.index).fillna(rows["flags"])), changes


def _change(name: str, rows: pd.DataFrame, stated: str, wanted: Wanted, *, left_out: bool = False) -> Change:
    return Change(name, len(rows), stated, wanted.unit, left_out, tuple(rows["raw"].drop_duplicates()))


def _changed(
    rows: pd.DataFrame, columns: tuple[str, ...], wanted: Wanted, found: Conversion, *, least: float
) -> pd.DataFrame:
    changed = rows.assign(unit=wanted.unit, **{name: found.of(rows[name]) for name in columns})
    return changed.assign(lower=np.fmax(changed["lower"], least)) if math.isfinite(least) else changed


def _calendar(rows: pd.DataFrame, quantities: list[str], wanted: Wanted, unit: str) -> pd.DataFrame:
    """The rows whose numbers can only be years of the calendar, where years from a date are asked."""
    if wanted.origin is None:
        return rows.iloc[:0]
    years = rows[quantities].max(axis=1)
    near = years.between(wanted.origin - BEFORE, wanted.origin + AFTER)
    by_same = near.groupby(rows["respondent_id"]).transform("any")
    found = near | (by_same & (years >= AS_FAR))
    if names_date(unit):
        dated = years.between(wanted.origin - BEFORE, FIVE_DIGITS, inclusive="left")
        found |= dated.groupby(rows["respondent_id"]).transform("all")
    return rows[found]


def _reflagged(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Converted answers with flags that follow from their values now, and those that don't follow from any."""
    followed = with_flags(before.assign(flags=""))["flags"]
    given = zip(before["flags"], after["flags"], followed, strict=True)
    kept = [
        joined({*(set(flags_of(old)) - set(flags_of(derived))), *(set(flags_of(new)) - set(flags_of(old)))})
        for old, new, derived in given
    ]
    return with_flags(after.assign(flags=pd.array(kept, dtype="str")))


def _mapping_in(mapping: SurveyMapping, documents: Documents) -> SurveyMapping:
    questions = {
        name: _question_in(question, documents, f"survey {mapping.source_id!r}: {name}")
        for name, question in mapping.questions.items()
    }
    return mapping.model_copy(update={"questions": questions})


def _question_in(question: Question, documents: Documents, where: str) -> Question:
    """The question in the unit of its target."""
    wanted = wanted_by(documents, question.target, question) if KINDS[question.kind].in_unit else None
    if wanted is None:
        return question
    found = conversion(question.unit, wanted.unit, origin=wanted.origin, shifted=bool(question.shift))
    if not found.is_needed:
        return question
    _fail_if_bound_before(question, wanted, where)
    changes: dict[str, Any] = {"unit": wanted.unit, "shift": wanted.shift(question)}
    for name in ("lower", "upper", "resolved"):
        if (value := getattr(question, name)) is not None:
            changes[name] = float(found.of(value))
    return question.model_copy(update=changes)


def _fail_if_bound_before(question: Question, wanted: Wanted, where: str) -> None:
    """Fail if years of the calendar must all lie before the date, as where a bound was left in years from it."""
    if is_calendar(question.unit) and question.upper is not None and question.upper < (wanted.origin or -math.inf):
        raise InputError(
            f"{where}: upper: found {question.upper:g} beside the unit {question.unit!r}; allowed: a calendar year "
            f"from {wanted.origin:g} on, or no upper"
        )
