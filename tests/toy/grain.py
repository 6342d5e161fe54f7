"""Chapter 2, grain: what is sown, and what is brought in."""

from tests.toy.units import Days, DaysPerKm, Kilometres, Tonnes, TonnesPerSquareKm
from toc_model.engine.declare import node, outcome
from toc_model.engine.laws import change


@node(claims="T4", label="grain sown")
def sown(fence: Kilometres, sown_before: Tonnes, toil: TonnesPerSquareKm) -> Tonnes:
    """Those who build a fence sow less, and the more the longer it is (tonnes; allocation)."""
    return sown_before - toil * change(fence) * change(fence)


@outcome(claims="T5")
def harvest(sown: Tonnes, spared: Tonnes) -> Tonnes:
    """What is sown is brought in, and what is spared is added (tonnes; allocation)."""
    return sown + spared


@node(claims="T4", label="when grain is ripe")
def ripe(fence: Kilometres, spring: Days, late: DaysPerKm) -> Days:
    """Those who build a fence sow later, so that the harvest comes later (days from the date; allocation)."""
    return spring + late * change(fence)
