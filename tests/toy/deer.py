"""Chapter 1, deer: what a fence and people who watch at night keep them from eating."""

from typing import Annotated

from tests.toy.units import EACH_FIELD, Kilometres, Tonnes, TonnesPerKm
from toc_model.engine.declare import node
from toc_model.engine.laws import change, total
from toc_model.engine.units import Fraction


@node(dims="allocation field", claims="T3", label="grain guarded at night")
def guarded(watch: Fraction, watch_gain: Annotated[Tonnes, EACH_FIELD]) -> Tonnes:
    """Deer eat less where people watch at night (tonnes; allocation x field)."""
    return watch_gain * change(watch)


@node(claims="T1 T2", label="grain spared")
def spared(fence: Kilometres, guarded: Tonnes, fence_gain: TonnesPerKm, jumped: Fraction) -> Tonnes:
    """A fence spares grain in all fields, but for the deer that jump it (tonnes; allocation)."""
    return fence_gain * (1 - jumped) * change(fence) + total(guarded, "field")
