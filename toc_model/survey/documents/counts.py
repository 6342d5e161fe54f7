"""What is in a file of answers, counted: a row a question and wording, and what is odd about its answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from toc_model.survey.documents.flags import has_flag, is_multiple
from toc_model.survey.kinds import KINDS

FINE, COARSE = 0.05, 0.1
"""Steps whose multiples are counted among stated probabilities."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers to one wording of a question.

    Attributes
    ----------
    source, question, framing, target, condition, kind : str
        As the answers have them.
    respondents, answers : int
    missing : int
        Blank rows, and points that somebody left out who gave others of the same question.
    impossible, zero, one, incoherent : int
        Answers with these flags; of zeros and ones, usable ones.
    fine, coarse : float or None
        Share of usable answers that are multiples of `FINE` and of `COARSE`; None for what is no probability, or
        where there are none.
    """

    source: str
    question: str
    framing: str
    target: str
    condition: str
    kind: str
    respondents: int
    answers: int
    missing: int
    impossible: int
    fine: float | None
    coarse: float | None
    zero: int
    one: int
    incoherent: int


def counts_of(frame: pd.DataFrame, found: "pd.Series[str]") -> list[Counts]:
    """Count the answers of a table in the long format, question by question and wording by wording.

    Parameters
    ----------
    frame : pandas.DataFrame
    found : pandas.Series
        Why answers don't count, row by row, as `toc_model.survey.documents.usable.verdicts` has it.
    """
    return [_counts(rows, rows[found[rows.index] == ""]) for rows in _by_wording(frame)]


def impossible(frame: pd.DataFrame) -> dict[str, tuple[int, tuple[str, ...]]]:
    """By question, how many answers are impossible, and each of them as it stands in the file, once."""
    marked = frame[has_flag(frame, "impossible")]
    return {
        str(question): (len(rows), tuple(rows["raw"].drop_duplicates()))
        for question, rows in marked.groupby("question_id", sort=False)
    }


def _by_wording(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for _, of_question in frame.groupby(["source_id", "question_id"], sort=False):
        yield from (rows for _, rows in of_question.groupby("framing"))


def _counts(rows: pd.DataFrame, good: pd.DataFrame) -> Counts:
    first, given = rows.iloc[0], rows[_is_given(rows)]
    is_probability = KINDS[first["kind"]].is_probability
    fine, coarse = (_share(good, step) if is_probability else None for step in (FINE, COARSE))
    zero, one = (int(has_flag(good, flag).sum()) for flag in ("zero", "one"))
    return Counts(
        source=first["source_id"],
        question=first["question_id"],
        framing=first["framing"],
        target=first["target"],
        condition=first["condition"],
        kind=first["kind"],
        respondents=KINDS[first["kind"]].people(given),
        answers=len(given),
        missing=_missing(rows, given),
        impossible=int(has_flag(rows, "impossible").sum()),
        fine=fine,
        coarse=coarse,
        zero=zero,
        one=one,
        incoherent=int(has_flag(rows, "incoherent").sum()),
    )


def _is_given(rows: pd.DataFrame) -> "pd.Series[bool]":
    return KINDS[rows["kind"].iloc[0]].stated(rows) | (rows["raw"] != "")


def _missing(rows: pd.DataFrame, given: pd.DataFrame) -> int:
    """Blank rows, and levels that somebody left out who answered at others."""
    if KINDS[rows["kind"].iloc[0]].of_many:
        return int((~_is_given(rows)).sum())
    levels = rows["level"].nunique(dropna=False)
    answered = given.groupby(["source_id", "respondent_id"])["level"].nunique(dropna=False)
    left_out = int((levels - answered).sum())
    blank = rows[~_is_given(rows)]
    counted = blank["respondent_id"].isin(given["respondent_id"])
    return left_out + int((~counted).sum())


def _share(rows: pd.DataFrame, step: float) -> float | None:
    if rows.empty:
        return None
    return sum(is_multiple(float(value), step) for value in rows["value"]) / len(rows)
