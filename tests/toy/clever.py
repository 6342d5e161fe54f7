"""Rival, clever: deer learn to get round a fence."""

from tests.toy import deer
from tests.toy.units import Kilometres, Tonnes, TonnesPerKm
from toc_model.engine.declare import node
from toc_model.engine.units import Fraction


@node(claims="T1 T2")
def spared(
    fence: Kilometres, guarded: Tonnes, fence_gain: TonnesPerKm, jumped: Fraction, walked_round: Fraction
) -> Tonnes:
    """A fence spares less where deer walk round it (tonnes; allocation)."""
    return deer.spared(fence, guarded, fence_gain * (1 - walked_round), jumped)
