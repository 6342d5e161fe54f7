"""Rival, spillover: technical alignment research makes systems more capable too."""

from toc_model.engine.declare import node
from toc_model.engine.laws import power, reference
from toc_model.engine.units import Elasticity, Fraction, LogUnits, Ratio
from toc_model.essay import slowdown
from toc_model.essay.units import MedianFTE


@node(claims="C34 C37 C59 C61 C63 C72")
def pace(
    less_capabilities_research: Fraction,
    less_publishing: Fraction,
    activity: Fraction,
    hype: LogUnits,
    technical_effort: MedianFTE,
    capabilities_spillover: Elasticity,
) -> Ratio:
    """Capabilities come faster the more technical alignment research is done (ratio to an unslowed pace;
    allocation)."""
    else_alike = slowdown.pace(less_capabilities_research, less_publishing, activity, hype)
    return else_alike * power(technical_effort / reference(technical_effort), capabilities_spillover)
