"""Rival, engagement_teaches: those who talk with labs find out where the field is wrong."""

from toc_model.engine.declare import node
from toc_model.engine.laws import at, change, moved, times
from toc_model.engine.units import Fraction, Logits, LogitsPerLogUnit, Probability, Years
from toc_model.essay import alignment
from toc_model.essay.dimensions import OUTREACH
from toc_model.essay.units import MedianFTEYears


@node(dims="allocation branch", claims="C08 C25 C92 C96 C102 C103")
def solved(
    research: MedianFTEYears,
    reference_research: MedianFTEYears,
    serial_years: Years,
    insight: Fraction,
    solved_by_reference: Probability,
    solved_elasticity: LogitsPerLogUnit,
    serial_weight: Fraction,
    past_years: Years,
    reference_years: Years,
    reach: Fraction,
    engagement_learning: Logits,
) -> Probability:
    """Outreach teaches the field what labs know, so that a solution becomes likelier (probability; allocation x
    branch)."""
    by_research = alignment.solved(
        research,
        reference_research,
        serial_years,
        insight,
        solved_by_reference,
        solved_elasticity,
        serial_weight,
        past_years,
        reference_years,
    )
    return moved(by_research, times(engagement_learning, change(at(reach, intervention=OUTREACH))))
