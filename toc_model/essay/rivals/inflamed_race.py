"""Rival, inflamed_race: who tells labs how dangerous the technology is tells them how powerful it is."""

from toc_model.engine.declare import node
from toc_model.engine.laws import at, change, moved, times
from toc_model.engine.units import Fraction, Logits, LogitsPerLogit
from toc_model.essay import labs
from toc_model.essay.dimensions import OUTREACH


@node(claims="C11 C22 C62 C72 C75 C77 C78 C79")
def race(
    coordination: Fraction,
    race_now: Fraction,
    race_calming: LogitsPerLogit,
    activity: Fraction,
    race_fuel: Logits,
) -> Fraction:
    """Outreach makes labs race harder (fraction; allocation)."""
    return moved(
        labs.race(coordination, race_now, race_calming), times(race_fuel, change(at(activity, intervention=OUTREACH)))
    )
