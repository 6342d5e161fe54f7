"""The units of the story, as types.

An argument of a law is annotated with its unit; the unit of a node is that of its function's result. When a story
is built, every arrow must have the same unit at both ends, and every prior must be elicited in the unit that the
law asks for. The names are those of the elicitation documents.
"""

from dataclasses import dataclass
from typing import Annotated

from toc_model.engine.laws import Quantity


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which a quantity is stated."""

    name: str


@dataclass(frozen=True, slots=True)
class Over:
    """The dimensions, besides draws, that a parameter has."""

    dims: tuple[str, ...]


EACH_INTERVENTION = Over(("intervention",))

Probability = Annotated[Quantity, Unit("probability")]
Fraction = Annotated[Quantity, Unit("fraction")]
Correlation = Annotated[Quantity, Unit("correlation")]
Ratio = Annotated[Quantity, Unit("ratio")]
Elasticity = Annotated[Quantity, Unit("elasticity")]
Exponent = Annotated[Quantity, Unit("exponent")]
Dimensionless = Annotated[Quantity, Unit("-")]
Indicator = Annotated[Quantity, Unit("0 or 1")]

Headcount = Annotated[Quantity, Unit("FTE")]
MedianFTE = Annotated[Quantity, Unit("median FTE")]
MedianResearchers = Annotated[Quantity, Unit("median-researcher units")]
MedianFTEYears = Annotated[Quantity, Unit("median FTE years")]
LogSd = Annotated[Quantity, Unit("log-sd")]

Logits = Annotated[Quantity, Unit("logits")]
LogitsPerLogit = Annotated[Quantity, Unit("logit per logit")]
LogitsPerLogEffort = Annotated[Quantity, Unit("logits per log effort")]
LogitsPerLogUnit = Annotated[Quantity, Unit("logit per log unit")]
LogPerLogit = Annotated[Quantity, Unit("log per logit")]
LogUnits = Annotated[Quantity, Unit("log units")]

Years = Annotated[Quantity, Unit("years")]
YearsFromStart = Annotated[Quantity, Unit("years from late 2022")]
Months = Annotated[Quantity, Unit("months")]
PerYear = Annotated[Quantity, Unit("1/year")]
FractionOfCost = Annotated[Quantity, Unit("fraction of cost")]
HoursPerHour = Annotated[Quantity, Unit("hours per hour")]
