"""Units that only this story has: people by talent, dates from late 2022, costs."""

from typing import Annotated

from toc_model.engine.laws import Quantity
from toc_model.engine.units import Over, Unit

EACH_INTERVENTION = Over(("intervention",))

WHAT_TO_HOLD = "solved adopted overtaken pause_probability"
"""Nodes to change in place of those that only keep accounts of them."""

Headcount = Annotated[Quantity, Unit("FTE")]
MedianFTE = Annotated[Quantity, Unit("median FTE")]
MedianResearchers = Annotated[Quantity, Unit("median-researcher units")]
MedianFTEYears = Annotated[Quantity, Unit("median FTE years")]
LogitsPerLogEffort = Annotated[Quantity, Unit("logits per log effort")]
YearsFromStart = Annotated[Quantity, Unit("years from late 2022", 0.0, is_date=True)]
HoursPerHour = Annotated[Quantity, Unit("hours per hour")]
