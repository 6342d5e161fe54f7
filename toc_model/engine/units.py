"""Units, as types.

An argument of a law is annotated with its unit; the unit of a node is that of its function's result. When a story
is built, every arrow must have the same unit at both ends, and every prior must be elicited in the unit that the
law asks for. The names are those of the elicitation documents. A story adds units of its own.
"""

import math
from dataclasses import dataclass
from typing import Annotated

from toc_model.engine.laws import Quantity
from toc_model.engine.ranges import Range
from toc_model.errors import InputError

FIRST_YEAR = 1000.0
"""From here on a number in a unit that counts years from a date is a calendar year."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which a quantity is stated.

    Attributes
    ----------
    name : str
    lower, upper : float
        Least and largest possible value; infinite where there is none.
    is_date : bool
        Whether it counts years from the date of the beliefs.
    """

    name: str
    lower: float = -math.inf
    upper: float = math.inf
    is_date: bool = False

    @property
    def range(self) -> Range:
        """What a quantity in this unit can be."""
        return Range(self.lower, self.upper)

    def fail_if_calendar_year(self, value: float, where: str, instead: str) -> None:
        """Fail if a year of the calendar stands where years are counted from a date."""
        if self.is_date and value >= FIRST_YEAR:
            raise InputError(f"{where}: found {value:g}, a calendar year; allowed: {self.name}{instead}")


@dataclass(frozen=True, slots=True)
class Within:
    """What one parameter can be, where that is less than its unit allows."""

    lower: float = -math.inf
    upper: float = math.inf


@dataclass(frozen=True, slots=True)
class Over:
    """The dimensions, besides draws, that a parameter has."""

    dims: tuple[str, ...]


Probability = Annotated[Quantity, Unit("probability", 0.0, 1.0)]
Fraction = Annotated[Quantity, Unit("fraction", 0.0, 1.0)]
Correlation = Annotated[Quantity, Unit("correlation", -1.0, 1.0)]
Ratio = Annotated[Quantity, Unit("ratio", 0.0)]
Elasticity = Annotated[Quantity, Unit("elasticity")]
Exponent = Annotated[Quantity, Unit("exponent", 0.0)]
Dimensionless = Annotated[Quantity, Unit("-")]
Indicator = Annotated[Quantity, Unit("0 or 1", 0.0, 1.0)]

LogSd = Annotated[Quantity, Unit("log-sd", 0.0)]
Logits = Annotated[Quantity, Unit("logits")]
LogitsPerLogit = Annotated[Quantity, Unit("logit per logit")]
LogitsPerLogUnit = Annotated[Quantity, Unit("logit per log unit")]
LogPerLogit = Annotated[Quantity, Unit("log per logit")]
LogUnits = Annotated[Quantity, Unit("log units")]

Years = Annotated[Quantity, Unit("years", 0.0)]
Months = Annotated[Quantity, Unit("months", 0.0)]
PerYear = Annotated[Quantity, Unit("1/year")]
