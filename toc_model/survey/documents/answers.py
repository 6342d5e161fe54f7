"""One row of the long answer format: its columns, what they mean and what they may hold."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from toc_model.documents import Document
from toc_model.errors import unknown
from toc_model.survey.documents.conditions import parse_condition
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import shown


def _known_kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError(unknown("kind", name, KINDS))
    return name


type KindName = Annotated[str, AfterValidator(_known_kind)]
"""The name of a kind of answers, one of `toc_model.survey.kinds.KINDS`."""

FLAGS = ("impossible", "incoherent", "zero", "one", "heaped", "censored", "calendar")
NUMBERS = ("level", "value", "lower", "upper")


class Answer(Document):
    """One answer of one respondent to one question.

    Attributes
    ----------
    source_id, respondent_id : str
        The survey, and the respondent in it. A row without a value needs no respondent.
    group : str
        The respondent's camp; empty where the survey has none.
    question_id : str
        As in the survey's mapping document.
    target : str
        Node, parameter, ``name[index]`` or function of `toc_model.survey.documents.targets` that the question is about.
    framing : str
        Which wording of the question the respondent saw; empty where there is one.
    kind : str
        One of `toc_model.survey.kinds.KINDS`: "probability", "quantile", "cdf_point", "ordered", "duration",
        "interval", "count" or "summary".
    level : float, optional
        quantile: the probability level; cdf_point: the threshold quantity in `unit`; summary: the share of people below
        `value` (.5 for the median), or nothing, for the mean; otherwise empty.
    value : float, optional
        probability, cdf_point: the stated probability, 0-1; quantile: the stated quantity in `unit`; ordered: the
        category, 1 to `upper`; duration: a time in `unit`; summary: the published figure. Empty where there is no
        answer, or none that is a number, and for intervals and counts.
    unit : str
        Of the quantities of the row; empty for that of the mapping.
    lower, upper : float, optional
        Least and largest possible quantity in `unit`. ordered: 1 and the number of categories. duration flagged
        "censored": the bounds that the number is known to lie between, of which one may be empty: `upper` of a time
        that had not ended, `lower` of one that is only known to be shorter. Such a row needs no value. interval, count:
        the bounds that the answer, or all answers, lie between; one may be empty. summary: what was rounded to `value`.
    round : str
        The round in which it was given, a number or a word that the mapping's ``rounds`` put in order; empty where
        there is one round.
    condition : str
        What the question holds under, as `toc_model.survey.documents.conditions.parse_condition` reads it.
    raw : str
        The answer as it stood in the source's file.
    people : float, optional
        How many people the row stands for: needed for a count and a summary; nothing, or 1, for other kinds. A file
        need not have this column.
    flags : str
        Some of "impossible", "incoherent", "zero", "one", "heaped", "censored" and "calendar" (a year of the calendar
        where years from a date are asked), joined by ``;``.
    """

    source_id: str = Field(min_length=1)
    respondent_id: str
    group: str
    question_id: str = Field(min_length=1)
    target: str = Field(min_length=1)
    framing: str
    kind: KindName
    level: float | None
    value: float | None
    unit: str
    lower: float | None
    upper: float | None
    round: str
    condition: str
    raw: str
    flags: str
    people: float | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "Answer":
        KINDS[self.kind].check_answer(self)
        _check_bounds(self)
        _check_people(self)
        _check_flags(self)
        parse_condition(self.condition)
        if not self.respondent_id and (self.value is not None or self.raw or _has_own_flag(self) or _is_range(self)):
            raise ValueError("respondent_id: found nothing beside an answer; allowed: whose answer it is")
        return self


COLUMNS: tuple[str, ...] = tuple(name for name, field in Answer.model_fields.items() if field.is_required())
"""Columns that every table of answers has; beside them it may have `PEOPLE`."""
TEXTS = tuple(name for name in COLUMNS if name not in NUMBERS)


def flags_of(text: str) -> tuple[str, ...]:
    """Split the flags of an answer."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _has_own_flag(answer: Answer) -> bool:
    """Whether a row without a value says by a flag that it is an answer, such as a censored one."""
    return not set(KINDS[answer.kind].own_flags).isdisjoint(flags_of(answer.flags))


def _is_range(answer: Answer) -> bool:
    return KINDS[answer.kind].is_range and (answer.lower is not None or answer.upper is not None)


def _check_people(answer: Answer) -> None:
    many = answer.people
    if KINDS[answer.kind].of_many:
        if many is None or many < 1 or many % 1:
            raise ValueError(
                f"people: found {shown(many)}; allowed: a whole number, 1 or more: how many people it is of"
            )
    elif many not in (None, 1):
        raise ValueError(f"people: found {shown(many)}; allowed: nothing, or 1, for the kind {answer.kind!r}")


def _check_bounds(answer: Answer) -> None:
    if answer.lower is not None and answer.upper is not None and answer.lower >= answer.upper:
        raise ValueError(f"lower: found {shown(answer.lower)}; allowed: less than upper, {shown(answer.upper)}")


def _check_flags(answer: Answer) -> None:
    for flag in flags_of(answer.flags):
        if flag not in FLAGS:
            raise ValueError(f"flags: {unknown('flag', flag, FLAGS)}")
        allowed = [name for name, kind in KINDS.items() if flag in kind.own_flags]
        if allowed and answer.kind not in allowed:
            named = ", ".join(f"{name}s" for name in allowed)
            raise ValueError(f"flags: found {flag!r} for the kind {answer.kind!r}; allowed: for {named}")
