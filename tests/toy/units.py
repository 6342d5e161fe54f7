"""Units that only this story has, and its one dimension."""

from typing import Annotated

from toc_model.engine.laws import Quantity
from toc_model.engine.units import Over, Unit

DIMENSIONS = {"field": ("hill", "valley")}
EACH_FIELD = Over(("field",))

Tonnes = Annotated[Quantity, Unit("tonnes")]
Kilometres = Annotated[Quantity, Unit("km", 0.0)]
TonnesPerKm = Annotated[Quantity, Unit("tonnes per km")]
TonnesPerSquareKm = Annotated[Quantity, Unit("tonnes per square km")]
Days = Annotated[Quantity, Unit("days", 0.0)]
DaysPerKm = Annotated[Quantity, Unit("days per km")]
