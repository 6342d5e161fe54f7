"""One row of the long answer format: its columns, what they mean and what they may hold."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from toc_model.documents import Document
from toc_model.errors import unknown
from toc_model.survey.documents.conditions import parse_condition

type Kind = Literal["probability", "quantile", "cdf_point", "ordered", "duration"]

KINDS: tuple[str, ...] = get_args(Kind.__value__)
PROBABILITIES = ("probability", "cdf_point")
"""Kinds whose value is a stated probability."""
FLAGS = ("impossible", "incoherent", "zero", "one", "heaped", "censored")
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
        "probability", "quantile", "cdf_point", "ordered" or "duration".
    level : float, optional
        quantile: the probability level; cdf_point: the threshold quantity in `unit`; otherwise empty.
    value : float, optional
        probability, cdf_point: the stated probability, 0-1; quantile: the stated quantity in `unit`; ordered: the
        category, 1 to `upper`; duration: a time in `unit`. Empty where there is no answer, or none that is a number.
    unit : str
    lower, upper : float, optional
        Least and largest possible quantity in `unit`. ordered: 1 and the number of categories. duration flagged
        "censored": the bounds that the time is known to lie between; `upper` is empty if it had not ended.
    round : str
        The round in which it was given; empty where there is one.
    condition : str
        What the question holds under, as `toc_model.survey.documents.conditions.parse_condition` reads it.
    raw : str
        The answer as it stood in the source's file.
    flags : str
        Some of "impossible", "incoherent", "zero", "one", "heaped" and "censored", joined by ``;``.
    """

    source_id: str = Field(min_length=1)
    respondent_id: str
    group: str
    question_id: str = Field(min_length=1)
    target: str = Field(min_length=1)
    framing: str
    kind: Kind
    level: float | None
    value: float | None
    unit: str
    lower: float | None
    upper: float | None
    round: str
    condition: str
    raw: str
    flags: str

    @model_validator(mode="after")
    def _makes_sense(self) -> "Answer":
        _check_level(self)
        _check_bounds(self)
        _check_category(self)
        _check_flags(self)
        parse_condition(self.condition)
        if not self.respondent_id and (self.value is not None or self.raw):
            raise ValueError("respondent_id: found nothing beside an answer; allowed: whose answer it is")
        if not self.unit and self.kind in ("quantile", "cdf_point", "duration"):
            raise ValueError(f"unit: found nothing; allowed: the unit of a {self.kind}")
        return self


COLUMNS: tuple[str, ...] = tuple(Answer.model_fields)
TEXTS = tuple(name for name in COLUMNS if name not in NUMBERS)


def flags_of(text: str) -> tuple[str, ...]:
    """Split the flags of an answer."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _check_level(answer: Answer) -> None:
    level = answer.level
    if answer.kind == "quantile" and (level is None or not 0 < level < 1):
        raise ValueError(f"level: found {_shown(level)}; allowed: between 0 and 1, the level of the quantile")
    if answer.kind == "cdf_point" and level is None:
        raise ValueError("level: found nothing; allowed: a number, the threshold that the probability is about")
    if answer.kind not in ("quantile", "cdf_point") and level is not None:
        raise ValueError(f"level: found {_shown(level)}; allowed: nothing, for the kind {answer.kind!r}")


def _check_bounds(answer: Answer) -> None:
    if answer.lower is not None and answer.upper is not None and answer.lower >= answer.upper:
        raise ValueError(f"lower: found {_shown(answer.lower)}; allowed: less than upper, {_shown(answer.upper)}")


def _check_category(answer: Answer) -> None:
    if answer.kind != "ordered":
        return
    if answer.upper is None or answer.upper < 2 or answer.upper % 1:
        raise ValueError(f"upper: found {_shown(answer.upper)}; allowed: the number of categories, 2 or more")
    if answer.lower not in (None, 1):
        raise ValueError(f"lower: found {_shown(answer.lower)}; allowed: 1 or nothing, for ordered categories")
    if answer.value is not None and answer.value % 1:
        raise ValueError(f"value: found {_shown(answer.value)}; allowed: a category, a whole number")


def _check_flags(answer: Answer) -> None:
    for flag in flags_of(answer.flags):
        if flag not in FLAGS:
            raise ValueError(f"flags: {unknown('flag', flag, FLAGS)}")
        if flag == "censored" and answer.kind != "duration":
            raise ValueError(f"flags: found 'censored' for the kind {answer.kind!r}; allowed: for durations")


def _shown(number: float | None) -> str:
    return "nothing" if number is None else f"{number:g}"
