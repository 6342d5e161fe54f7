"""Rival, regulation: governments bind all developers to a pause."""

from toc_model.engine.declare import node
from toc_model.engine.laws import logit_change, moved, times, union
from toc_model.engine.units import Fraction, LogitsPerLogit, Probability
from toc_model.essay import slowdown


@node(claims="C21", label="P(binding regulation)")
def regulation(concern: Fraction, regulation_now: Probability, regulation_from_concern: LogitsPerLogit) -> Probability:
    """Labs that are seen to worry make governments likelier to bind everyone to a pause, or less likely where the
    worry becomes a party's (probability; allocation)."""
    return moved(regulation_now, times(regulation_from_concern, logit_change(concern)))


@node(claims="C21 C28 C62 C76 C88")
def pause_coverage(
    coordination: Fraction,
    pause_coverage_reference: Fraction,
    pause_coverage_coordination: LogitsPerLogit,
    coordination_reference: Fraction,
    regulation: Probability,
) -> Fraction:
    """Less cautious actors observe a pause because labs coordinate, or because they must (fraction; allocation)."""
    agreed = slowdown.pause_coverage(
        coordination, pause_coverage_reference, pause_coverage_coordination, coordination_reference
    )
    return union(agreed, regulation)
