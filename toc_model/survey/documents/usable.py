"""One rule for which answers can be learned from: `toc survey check` tells what `toc update` uses."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from toc_model.errors import InputError
from toc_model.survey.documents.answers import NUMBERS
from toc_model.survey.documents.flags import has_flag
from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.rounds import fail_if_round_unknown, order_of, superseded, with_several_rounds
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import EMPTY
from toc_model.survey.kinds.patterns import PEOPLE

IMPOSSIBLE = "impossible"
CALENDAR = "years of the calendar where years from a date are asked"
NOT_MAPPED = "to no question of the mapping"
SUPERSEDED = "superseded by a later round"
UNORDERED = "of several rounds, whose order a mapping must state"


def verdicts(frame: pd.DataFrame, mappings: Mapping[str, SurveyMapping] | None = None) -> "pd.Series[str]":
    """Say why answers don't count, row by row; nothing of those that do.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format, with the flags that `toc_model.survey.documents.schema.read_long` adds.
    mappings : mapping of str to SurveyMapping, optional
        By source; of a source without one, only what follows from the answers themselves is said.

    Raises
    ------
    InputError
        If somebody answered a mapped question in several rounds of which nothing says which came first.
    """
    rows = tidy(frame)
    found = pd.Series("", index=rows.index)
    for kind, of_kind in rows.groupby("kind"):
        found[of_kind.index[~KINDS[str(kind)].stated(of_kind)]] = EMPTY
    found[has_flag(rows, "impossible")] = IMPOSSIBLE
    found[has_flag(rows, "calendar")] = CALENDAR
    for source, of_source in rows.groupby("source_id"):
        mapping = (mappings or {}).get(str(source))
        if mapping:
            found[of_source.index[~of_source["question_id"].isin(list(mapping.questions))]] = NOT_MAPPED
            fail_if_round_unknown(of_source["round"].unique(), mapping.rounds, f"survey {source!r}")
            _say_of_blanks(found, of_source, mapping)
            found[_ruled_out(of_source[found[of_source.index] == ""], mapping)] = IMPOSSIBLE
        for question, asked in of_source[found[of_source.index] == ""].groupby("question_id"):
            found[asked.index] = _of_question(asked, str(question), mapping)
    return pd.Series(found.to_numpy(), index=frame.index, dtype="str")


def _say_of_blanks(found: "pd.Series[str]", rows: pd.DataFrame, mapping: SurveyMapping) -> None:
    for (kind, question), blank in rows[found[rows.index] == EMPTY].groupby(["kind", "question_id"]):
        found[blank.index] = KINDS[str(kind)].blank(blank, mapping.questions[str(question)])


def _ruled_out(rows: pd.DataFrame, mapping: SurveyMapping) -> list[int]:
    """Rows whose answers the bounds or the scale of their question make impossible."""
    found: list[int] = []
    for (kind, question), asked in rows.groupby(["kind", "question_id"]):
        found += asked.index[KINDS[str(kind)].ruled_out(asked, mapping.questions[str(question)])].tolist()
    return found


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Answers that a program made, as `toc_model.survey.documents.schema.read_long` has them: rows counted, numbers."""
    named = [*NUMBERS, *([PEOPLE] if PEOPLE in frame else [])]
    numbers = {name: pd.to_numeric(frame[name], errors="coerce").astype(float) for name in named}
    return frame.assign(**numbers, round=frame["round"].astype(str)).reset_index(drop=True)


def _of_question(rows: pd.DataFrame, question: str, mapping: SurveyMapping | None) -> "pd.Series[str]":
    found = _of_rounds(rows, question, mapping)
    for kind, of_kind in rows[found == ""].groupby("kind"):
        found[of_kind.index] = _faults(str(kind), of_kind, question, mapping)
    return found


def _faults(kind: str, rows: pd.DataFrame, question: str, mapping: SurveyMapping | None) -> "pd.Series[str]":
    return KINDS[kind].faults(rows, mapping.questions[question] if mapping else None)


def _of_rounds(rows: pd.DataFrame, question: str, mapping: SurveyMapping | None) -> "pd.Series[str]":
    found = pd.Series("", index=rows.index)
    several = rows[with_several_rounds(rows)]
    if several.empty:
        return found
    labels = sorted(several["round"].unique())
    order = order_of(labels, mapping.rounds if mapping else ())
    if order:
        found[several.index[superseded(several, order)]] = SUPERSEDED
    elif mapping:
        raise InputError(
            f"survey {mapping.source_id!r}: {question}: round: found {', '.join(map(repr, labels))}, whose order is "
            'not known; allowed: numbers, or words that the mapping puts in order (rounds = ["FIRST", ..., "LAST"])'
        )
    else:
        found[several.index] = UNORDERED
    return found


def usable(frame: pd.DataFrame, mappings: Mapping[str, SurveyMapping] | None = None) -> pd.DataFrame:
    """Keep the answers that `verdicts` has nothing against."""
    return frame[verdicts(frame, mappings) == ""]


# Who counts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Answers that don't count for one reason.

    Attributes
    ----------
    reason : str
    answers : int
        Rows; blank ones of nobody with them.
    people : tuple of str
        Who gave them, and may count by other answers.
    """

    reason: str
    answers: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Who and what counts of the answers to one question.

    Attributes
    ----------
    source, question : str
    people : tuple of str
        Respondents some of whose answers count.
    respondents : int
        How many they are; those who are groups of people count as many.
    answers : int
        Rows that count.
    left_out : tuple of LeftOut
        By reason.
    """

    source: str
    question: str
    people: tuple[str, ...]
    respondents: int
    answers: int
    left_out: tuple[LeftOut, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        left_out = [{**asdict(one), "people": list(one.people)} for one in self.left_out]
        return {**asdict(self), "people": list(self.people), "left_out": left_out}


def tallies(frame: pd.DataFrame, found: "pd.Series[str]") -> tuple[Tally, ...]:
    """Count who and what counts, question by question.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    found : pandas.Series
        Its `verdicts`.
    """
    by = ["source_id", "question_id"]
    return tuple(
        _tally(str(source), str(question), rows, found[rows.index])
        for (source, question), rows in frame.groupby(by, sort=False)
    )


def _tally(source: str, question: str, rows: pd.DataFrame, found: "pd.Series[str]") -> Tally:
    good = rows[found == ""]
    reasons = [reason for reason in dict.fromkeys(found) if reason]
    out = [(reason, rows[found == reason]) for reason in reasons]
    left_out = tuple(LeftOut(reason, len(some), _people(some)) for reason, some in out)
    return Tally(source, question, _people(good), how_many(good), len(good), left_out)


def how_many(rows: pd.DataFrame) -> int:
    """How many people gave answers: of those who answered for themselves, each once, and all whom groups stand for."""
    of_many = rows["kind"].isin([name for name, kind in KINDS.items() if kind.of_many])
    alone = rows[~of_many & (rows["respondent_id"] != "")]
    groups = rows[of_many].groupby("kind")
    return len(alone["respondent_id"].unique()) + sum(KINDS[str(kind)].people(some) for kind, some in groups)


def _people(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(name) for name in rows["respondent_id"].unique() if name != "")


def fail_if_nothing_counts(found: Sequence[Tally], where: str) -> None:
    """Fail if no answer to any question counts.

    Raises
    ------
    InputError
        What there is instead, by reason.
    """
    if any(tally.answers for tally in found):
        return
    many: dict[str, int] = {}
    for left_out in (one for tally in found for one in tally.left_out):
        many[left_out.reason] = many.get(left_out.reason, 0) + left_out.answers
    listed = "; ".join(f"{count} {reason}" for reason, count in many.items())
    raise InputError(f"{where}: found no usable answer to a mapped question ({listed}); allowed: at least one")
