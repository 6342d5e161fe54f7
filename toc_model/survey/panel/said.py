"""What one expert said about one question in one round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Self

from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics.elicitation.judgements import Judgements, judged
from toc_model.survey.panel.panel import Question

QUANTILE, CDF_POINT, PROBABILITY = "quantile", "cdf_point", "probability"
YEARS_BEFORE, YEARS_AFTER = 100, 200
"""About the date that years are counted from: what lies there is a calendar year that was not said to be one."""
KINDS = (QUANTILE, CDF_POINT, PROBABILITY)
"""Values at levels, probabilities of at most a value, and the probability of one event: as in the long format."""


@dataclass(frozen=True, slots=True, repr=False)
class Said(Brief):
    """What one expert said about one question in one round.

    Attributes
    ----------
    round, expert, question : str
        As the panel names them.
    kind : str
        One of `KINDS`.
    points : mapping of float to float
        For a quantile, values by level; for cdf points, probabilities of at most each value, by value; for a
        probability, itself under the key 0.
    argument : str
        Why, in the expert's own words.
    note : str
        How it was understood, where it was not said in this form.
    file : str
        Where it stood.
    digest : str
        SHA-256 of that file.
    read : date, optional
        When it was read.
    replaced : date, optional
        When another answer to the same question in the same round took its place.
    """

    round: str
    expert: str
    question: str
    kind: str
    points: Mapping[float, float]
    argument: str = ""
    note: str = ""
    file: str = ""
    digest: str = ""
    read: date | None = None
    replaced: date | None = None

    @classmethod
    def of_quantiles(
        cls, round_: str, expert: str, question: str, values: Mapping[float, float], note: str = ""
    ) -> Self:
        """Values by level."""
        return cls(round_, expert, question, QUANTILE, MappingProxyType(dict(sorted(values.items()))), note=note)

    @classmethod
    def of_cdf(cls, round_: str, expert: str, question: str, below: Mapping[float, float], note: str = "") -> Self:
        """Probabilities of at most each value."""
        return cls(round_, expert, question, CDF_POINT, MappingProxyType(dict(sorted(below.items()))), note=note)

    @classmethod
    def of_probability(cls, round_: str, expert: str, question: str, probability: float, note: str = "") -> Self:
        """The probability of one event."""
        return cls(round_, expert, question, PROBABILITY, MappingProxyType({0.0: probability}), note=note)

    @property
    def probability(self) -> float:
        """That of the event, for a question about one."""
        return self.points[0.0]

    @property
    def place(self) -> tuple[str, str, str]:
        """Round, expert and question: there is one answer for each."""
        return self.round, self.expert, self.question

    def judgements(self, question: Question, where: str = "") -> Judgements:
        """The points as those of a cdf on the support of the question.

        Parameters
        ----------
        question : Question
        where : str
            For messages; the expert and the question where it is left out.

        Raises
        ------
        InputError
            If they are not in order, or one lies outside the support, or it is the probability of an event.
        """
        place = where or f"{self.expert}: {self.question}"
        if self.kind == PROBABILITY:
            raise InputError(f"{place}: found the probability of an event; allowed: quantiles, or points of a cdf")
        stated = [(value, level) for level, value in self.ordered] if self.kind == QUANTILE else self.ordered
        low, high = question.support
        return judged([value for value, _ in stated], [level for _, level in stated], low, high, place)

    @property
    def ordered(self) -> list[tuple[float, float]]:
        """The points, by levels or by values that rise."""
        return sorted(self.points.items())

    def kept(self, file: str, digest: str, read: date) -> Self:
        """The same with where it stood, and when that was read."""
        return replace(self, file=file, digest=digest, read=read)

    def fail_if_impossible(self, question: Question, where: str) -> None:
        """Fail for what can't be meant: another form, values out of order or beyond the support, no probability.

        Raises
        ------
        InputError
            Naming the place, what was found and what is allowed.
        """
        if (self.kind == PROBABILITY) != question.is_event:
            raise InputError(f"{where}: found {self.kind.replace('_', ' ')}; allowed: {question.form}")
        if self.kind != PROBABILITY:
            self.judgements(question, where)
            self._fail_if_calendar_years(question, where)
        elif not 0 <= self.probability <= 1:
            raise InputError(f"{where}: found {self.probability:g}; allowed: 0 to 1, a probability")

    def _fail_if_calendar_years(self, question: Question, where: str) -> None:
        """Fail for what is like a calendar year, where years are counted from a date."""
        if question.origin is None or question.is_event:
            return
        values = (value if self.kind == QUANTILE else at for at, value in self.ordered)
        for value in values:
            if question.origin - YEARS_BEFORE <= value <= question.origin + YEARS_AFTER:
                raise InputError(
                    f"{where}: found {value:g}, which is like a calendar year; allowed: "
                    f"{question.counted or question.unit}, or the unit 'calendar year'"
                )
