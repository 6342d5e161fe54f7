"""Chapter 6: what is deployed, by whom, and whether the leaders are overtaken."""

from toc_model.engine.declare import node
from toc_model.engine.laws import Quantity, logistic, logits_from, moved, reference, times, union
from toc_model.engine.units import (
    Dimensionless,
    Fraction,
    Indicator,
    Logits,
    LogitsPerLogit,
    Months,
    Probability,
    Ratio,
    Years,
)
from toc_model.essay.labs import response_logits
from toc_model.essay.slowdown import own_months, pause_months
from toc_model.essay.units import UNBOUNDED


def unless_stopped(
    concern: Quantity, deployment_unchecked: Quantity, deployment_concern: Quantity, concern_reference: Quantity
) -> Quantity:
    """Probability that leaders of this concern deploy a misaligned system that no evaluation stops."""
    return moved(deployment_unchecked, -times(deployment_concern, logits_from(concern, concern_reference)))


@node(dims="allocation branch", claims="C19 C20 C64 C69 C70", label="P(deployed at first)")
def deployment_risk(
    concern: Fraction,
    paused: Indicator,
    deployment_unchecked: Probability,
    deployment_concern: LogitsPerLogit,
    deployment_caught: Fraction,
    concern_reference: Fraction,
) -> Probability:
    """Concerned labs are less likely to deploy a misaligned system, and a heeded evaluation stops some (probability;
    allocation x branch)."""
    unchecked = unless_stopped(concern, deployment_unchecked, deployment_concern, concern_reference)
    return unchecked * (1 - paused * deployment_caught)


@node(dims="allocation branch", claims="C20 C69 C70", label="P(deployed)")
def eventual_deployment(deployment_risk: Probability, released_later: Probability) -> Probability:
    """Withholding a system saves the world for a time: it, or one like it, may be deployed later (probability;
    allocation x branch)."""
    return union(deployment_risk, released_later)


@node(dims="allocation branch", claims="C80 C84", label="lead spent", bounds=UNBOUNDED)
def lead_spent(
    own_delay: Years, pause_coverage: Fraction, pause_length: Years, paused: Indicator, field_wide_share: Fraction
) -> Months:
    """Delay that less cautious actors do not share uses up the lead (months; allocation x branch)."""
    return own_months(own_delay, field_wide_share) + paused * pause_months(pause_length, pause_coverage)


@node(dims="allocation branch", claims="C80 C84 C87 C92 C93 C108", label="P(overtaken)")
def overtaken(lead_spent: Months, lead: Months, lead_softness: Months) -> Probability:
    """A leader who spends more than the lead is overtaken by a less cautious actor (probability; allocation x
    branch)."""
    return logistic((lead_spent - lead) / lead_softness)


@node(claims="C84 C89", label="laggard's adoption")
def laggard_adoption(
    response: Fraction,
    laggard_adoption_reference: Ratio,
    audit_spread: LogitsPerLogit,
    complementarity: Dimensionless,
    concern_reference: Fraction,
    solutions_reference: Fraction,
) -> Fraction:
    """Audits and standards spread to less cautious actors (fraction of the leaders' adoption of a solution;
    allocation)."""
    responding = response_logits(response, complementarity, concern_reference, solutions_reference)
    return moved(laggard_adoption_reference, times(audit_spread, responding))


@node(dims="", claims="C84", label="P(laggard deploys)")
def laggard_deployment(
    concern: Fraction,
    deployment_unchecked: Probability,
    deployment_concern: LogitsPerLogit,
    concern_reference: Fraction,
    laggard_gap: Logits,
    released_later: Probability,
) -> Probability:
    """A less cautious actor is likelier to deploy a misaligned system than unchecked leaders are (probability; no
    dimension)."""
    leaders = unless_stopped(reference(concern), deployment_unchecked, deployment_concern, concern_reference)
    return union(moved(leaders, laggard_gap), released_later)
