"""Chapter 2: labs take the risk seriously, and have concrete things that they can do."""

from typing import Annotated

from toc_model.engine.declare import node
from toc_model.engine.laws import (
    Quantity,
    at,
    both_needed,
    change,
    log,
    logit,
    logit_change,
    moved,
    reference,
    times,
    total,
)
from toc_model.engine.units import Dimensionless, Fraction, Logits, LogitsPerLogit
from toc_model.essay.dimensions import CONVENING, OUTREACH
from toc_model.essay.units import EACH_INTERVENTION, LogitsPerLogEffort, MedianFTE


def response_logits(
    response: Quantity, complementarity: Quantity, concern_reference: Quantity, solutions_reference: Quantity
) -> Quantity:
    """Log odds of the response beyond those at the concern and solutions at which experts were asked."""
    return logit(response) - logit(both_needed(concern_reference, solutions_reference, complementarity))


@node(claims="C02 C03 C04 C57 C58 C60 C71 C72 C82 C97 C102", label="labs' concern")
def concern(reach: Fraction, concern_now: Fraction, concern_gain: Annotated[Logits, EACH_INTERVENTION]) -> Fraction:
    """Outreach, evaluations, papers and convening make labs take existential risk seriously (fraction of influence;
    allocation)."""
    return moved(concern_now, total(concern_gain * change(reach), "intervention"))


@node(claims="C02 C03 C58 C60 C82", label="measures labs can implement")
def solutions(
    reach: Fraction,
    technical_effort: MedianFTE,
    solutions_now: Fraction,
    solutions_gain: Annotated[Logits, EACH_INTERVENTION],
    solutions_from_research: LogitsPerLogEffort,
) -> Fraction:
    """Interventions and technical research supply measures that a concerned lab can implement (fraction of what it
    needs; allocation)."""
    from_interventions = total(solutions_gain * change(reach), "intervention")
    from_research = times(solutions_from_research, log(technical_effort / reference(technical_effort)))
    return moved(solutions_now, from_interventions + from_research)


@node(claims="C58 C59 C90", label="labs' response")
def response(concern: Fraction, solutions: Fraction, complementarity: Dimensionless) -> Fraction:
    """Labs respond where they are concerned and have something to do: both are needed (fraction; allocation)."""
    return both_needed(concern, solutions, complementarity)


@node(claims="C05 C11 C38 C39 C53 C62 C65 C72 C76 C77 C79", label="coordination of labs")
def coordination(
    reach: Fraction,
    activity: Fraction,
    response: Fraction,
    coordination_now: Fraction,
    coordination_gain: Logits,
    outreach_backfire: Logits,
    coordination_from_response: LogitsPerLogit,
) -> Fraction:
    """Convening builds trust between labs, as does a shared response; outreach, good or bad, can cost some (fraction;
    allocation)."""
    from_convening = coordination_gain * change(at(reach, intervention=CONVENING))
    lost_to_mistrust = outreach_backfire * change(at(activity, intervention=OUTREACH))
    from_response = times(coordination_from_response, logit_change(response))
    return moved(coordination_now, from_convening - lost_to_mistrust + from_response)


@node(claims="C11 C62 C75 C77 C78 C79", label="race between labs")
def race(coordination: Fraction, race_now: Fraction, race_calming: LogitsPerLogit) -> Fraction:
    """Labs that coordinate race less (fraction; allocation)."""
    return moved(race_now, -times(race_calming, logit_change(coordination)))
