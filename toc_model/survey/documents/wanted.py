"""What unit an answer is wanted in: that of its target, and the date that it counts from."""

import math
from dataclasses import dataclass

from toc_model.beliefs.shipped import Documents
from toc_model.engine.units import Unit
from toc_model.errors import InputError
from toc_model.survey.documents.mapping import Question
from toc_model.survey.documents.targets import target_unit
from toc_model.survey.documents.units import Conversion, conversion, is_calendar, same


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that answers are converted to.

    Attributes
    ----------
    unit : str
    least : float
        Of what is measured in it.
    origin : float or None
        The calendar year, with its fraction, that it counts from; None if it does not count from a date.
    """

    unit: str
    least: float
    origin: float | None

    def conversion(self, stated: str, question: Question | None, where: str) -> Conversion:
        """From a stated unit to this one, before the question's shift is added.

        Raises
        ------
        InputError
            If there is none.
        """
        shift = self.shift(question) if question else 0.0
        by_mapping = question is not None and same(stated, question.unit)
        try:
            found = conversion(stated, self.unit, origin=self.origin, shifted=bool(shift) and by_mapping)
        except InputError as error:
            raise InputError(f"{where}: unit: {error}") from None
        names_date = is_calendar(stated) or (same(stated, self.unit) and self.origin is not None)
        return Conversion(found.ratio, found.offset - shift) if names_date and not by_mapping else found

    def shift(self, question: Question) -> float:
        """What is to be added to converted answers; years of the calendar need nothing."""
        if is_calendar(question.unit):
            return 0.0
        found = conversion(question.unit, self.unit, origin=self.origin, shifted=bool(question.shift))
        return float(question.shift * found.ratio.numerator / found.ratio.denominator)


def wanted_by(documents: Documents, target: str, question: Question | None) -> Wanted | None:
    """The unit that answers to a question are wanted in.

    Parameters
    ----------
    documents : Documents
    target : str
        As the answers name it; that of the question holds.
    question : Question, optional
        A seed question's answers are wanted as they are, but ones on the scale of logits as probabilities.

    Returns
    -------
    Wanted or None
        None where nobody knows what the answers are about.
    """
    if question and question.resolved is not None:
        return Wanted("probability" if question.scale == "logit" else question.unit, -math.inf, None)
    try:
        name = target_unit(documents.case, question.target if question else target)
    except InputError:
        if question:
            raise
        return None
    unit, date = documents.case.story.units.get(name, Unit(name)), documents.date
    origin = date.year if unit.is_date and date else None
    if question and question.shift and is_calendar(question.unit) and unit.is_date:
        origin = -question.shift
    return Wanted(name, unit.lower, origin)
