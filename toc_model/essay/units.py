"""Units that only this story has: people by talent, dates from late 2022, costs."""

import math
from typing import Annotated

from toc_model.engine.laws import Quantity
from toc_model.engine.units import Over, Unit, Within

EACH_INTERVENTION = Over(("intervention",))

UNBOUNDED = (-math.inf, math.inf)
"""Bounds of nodes that may be below nil in units that are not: net effects, and what comes earlier or falls behind."""
WHAT_TO_HOLD = "solved adopted overtaken pause_probability"
"""Nodes to change in place of those that only keep accounts of them."""

Headcount = Annotated[Quantity, Unit("FTE", 0.0)]
MedianFTE = Annotated[Quantity, Unit("median FTE", 0.0)]
MedianResearchers = Annotated[Quantity, Unit("median-researcher units", 0.0)]
MedianFTEYears = Annotated[Quantity, Unit("median FTE years", 0.0)]
LogitsPerLogEffort = Annotated[Quantity, Unit("logits per log effort")]
LogSpread = Annotated[Quantity, Unit("log units"), Within(0.0)]
YearsFromStart = Annotated[Quantity, Unit("years from late 2022", 0.0, is_date=True)]
HoursPerHour = Annotated[Quantity, Unit("hours per hour")]
