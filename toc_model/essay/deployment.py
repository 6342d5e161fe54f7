"""Chapter 6: what is deployed, by whom, and whether the leaders are overtaken."""

from toc_model.engine.declare import node
from toc_model.engine.laws import change, logistic, logit_change, moved, power, reference, union
from toc_model.engine.units import (
    Elasticity,
    Fraction,
    Indicator,
    Logits,
    LogitsPerLogit,
    Months,
    Probability,
    Ratio,
    Years,
)
from toc_model.essay.research import REFERENCE_YEARS
from toc_model.essay.units import YearsFromStart

MONTHS_PER_YEAR = 12


@node(claims="C19 C20 C64 C69 C70")
def deployment_risk(
    concern: Fraction,
    pause_probability: Probability,
    deployment_unchecked: Probability,
    deployment_concern: LogitsPerLogit,
    deployment_caught: Fraction,
) -> Probability:
    """Concerned labs are less likely to deploy a misaligned system, and heeded evaluations stop some (probability;
    allocation)."""
    unless_caught = moved(deployment_unchecked, -deployment_concern * logit_change(concern))
    return unless_caught * (1 - deployment_caught * pause_probability)


@node(claims="C20 C69 C70")
def eventual_deployment(deployment_risk: Probability, released_later: Probability) -> Probability:
    """Withholding a system saves the world for a time: it, or one like it, may be deployed later (probability;
    allocation)."""
    return union(deployment_risk, released_later)


@node(claims="C84 C86 C90")
def lead(
    agi_arrival: YearsFromStart,
    response: Fraction,
    lead_now: Months,
    lead_erosion: Elasticity,
    entry_barrier: Months,
) -> Months:
    """Longer timelines erode the leaders' lead; a response raises barriers to entry (months; allocation)."""
    return lead_now * power(agi_arrival / REFERENCE_YEARS, -lead_erosion) + entry_barrier * change(response)


@node(claims="C80 C84")
def own_delay(agi_arrival: YearsFromStart, less_capabilities_research: Fraction) -> Years:
    """The leaders slow themselves down more than under the status quo (years of delay that are their own;
    allocation)."""
    return agi_arrival * change(less_capabilities_research) / (1 - reference(less_capabilities_research))


@node(claims="C28 C62 C76 C88")
def pause_coverage(
    coordination: Fraction, pause_coverage_now: Fraction, pause_coverage_coordination: LogitsPerLogit
) -> Fraction:
    """The better labs coordinate, the more of a pause less cautious actors observe too (fraction; allocation)."""
    return moved(pause_coverage_now, pause_coverage_coordination * logit_change(coordination))


@node(dims="allocation branch", claims="C80 C84")
def lead_spent(
    own_delay: Years, pause_coverage: Fraction, pause_length: Years, paused: Indicator, field_wide_share: Fraction
) -> Months:
    """Delay that less cautious actors do not share uses up the lead (months; allocation x branch)."""
    early = MONTHS_PER_YEAR * (1 - field_wide_share) * own_delay
    in_pause = MONTHS_PER_YEAR * (1 - pause_coverage) * pause_length
    return early + paused * in_pause


@node(dims="allocation branch", claims="C80 C84 C87 C92 C93 C108")
def overtaken(lead_spent: Months, lead: Months, lead_softness: Months) -> Probability:
    """A leader who spends more than the lead is overtaken by a less cautious actor (probability; allocation x
    branch)."""
    return logistic((lead_spent - lead) / lead_softness)


@node(claims="C84 C89")
def laggard_adoption(response: Fraction, laggard_adoption_now: Ratio, audit_spread: LogitsPerLogit) -> Ratio:
    """Audits and standards spread to less cautious actors (ratio of their adoption of a solution to the leaders';
    allocation)."""
    return moved(laggard_adoption_now, audit_spread * logit_change(response))


@node(dims="", claims="C84")
def laggard_deployment(
    deployment_unchecked: Probability, laggard_gap: Logits, released_later: Probability
) -> Probability:
    """A less cautious actor is likelier to deploy a misaligned system than unchecked leaders are (probability; no
    dimension)."""
    return union(moved(deployment_unchecked, laggard_gap), released_later)
