"""Chapter 3: labs that respond slow down early, and pause when an evaluation fires, for as long as their lead lasts."""

from toc_model.engine.declare import node
from toc_model.engine.laws import (
    Quantity,
    at,
    change,
    exp,
    larger,
    logits_from,
    moved,
    power,
    ratio_or,
    reference,
    times,
    union,
)
from toc_model.engine.units import (
    Dimensionless,
    Elasticity,
    Fraction,
    Logits,
    LogitsPerLogit,
    LogUnits,
    Months,
    Probability,
    Ratio,
    Years,
)
from toc_model.essay.dimensions import EVALUATIONS, OUTREACH
from toc_model.essay.labs import response_logits
from toc_model.essay.units import UNBOUNDED, YearsFromStart

MONTHS_PER_YEAR = 12


def own_months(own_delay: Quantity, field_wide_share: Quantity) -> Quantity:
    """Months of lead that the leaders' own delay costs, where less cautious actors do not share it."""
    return MONTHS_PER_YEAR * (1 - field_wide_share) * own_delay


def pause_months(pause_length: Quantity, pause_coverage: Quantity) -> Quantity:
    """Months of lead that a pause costs, where less cautious actors do not observe it."""
    return MONTHS_PER_YEAR * (1 - pause_coverage) * pause_length


@node(claims="C61 C64 C65 C75 C80", label="less capabilities research")
def less_capabilities_research(
    response: Fraction, race: Fraction, max_research_cut: Fraction, race_resistance: Fraction
) -> Fraction:
    """Labs that respond do less capabilities research, and less so the harder they race (fraction of pace;
    allocation)."""
    return max_research_cut * response * (1 - race_resistance * race)


@node(claims="C53 C63 C65", label="less publishing")
def less_publishing(response: Fraction, max_publishing_cut: Fraction) -> Fraction:
    """Labs that respond publish fewer advances, so that others build on fewer (fraction of pace; allocation)."""
    return max_publishing_cut * response


@node(claims="C59 C61 C63 C72", label="pace of capabilities")
def pace(less_capabilities_research: Fraction, less_publishing: Fraction, activity: Fraction, hype: LogUnits) -> Ratio:
    """Both cuts slow capabilities, and the excitement that outreach causes speeds them up (ratio to an unslowed
    pace; allocation)."""
    excitement = exp(hype * change(at(activity, intervention=OUTREACH)))
    return (1 - less_capabilities_research) * (1 - less_publishing) * excitement


@node(claims="C02 C06 C19 C36 C59 C61 C65 C86", label="arrival of AGI")
def agi_arrival(pace: Ratio, averaged: Ratio, agi_year: YearsFromStart) -> YearsFromStart:
    """AGI comes later in proportion as the pace falls, on average over the years until then (years from late 2022;
    allocation)."""
    return agi_year * (1 + averaged * (reference(pace) / pace - 1))


@node(claims="C80 C84", label="leaders' own delay", bounds=UNBOUNDED)
def own_delay(agi_arrival: YearsFromStart, averaged: Ratio, less_capabilities_research: Fraction) -> Years:
    """Of the delay some is the leaders' own doing, which others need not share (years; allocation)."""
    cut_more = change(less_capabilities_research) / (1 - reference(less_capabilities_research))
    return averaged * agi_arrival * cut_more


@node(claims="C84 C86 C90", label="leaders' lead", bounds=UNBOUNDED)
def lead(
    agi_arrival: YearsFromStart,
    response: Fraction,
    lead_now: Months,
    lead_erosion: Elasticity,
    entry_barrier: Months,
    past_years: Years,
    reference_years: Years,
) -> Months:
    """Longer timelines erode the leaders' lead; a response raises barriers to entry (months; allocation)."""
    lasted = (past_years + agi_arrival) / (past_years + reference_years)
    return lead_now * power(lasted, -lead_erosion) + entry_barrier * change(response)


@node(claims="C28 C62 C76 C88", label="coverage of a pause")
def pause_coverage(
    coordination: Fraction,
    pause_coverage_reference: Fraction,
    pause_coverage_coordination: LogitsPerLogit,
    coordination_reference: Fraction,
) -> Fraction:
    """The better labs coordinate, the more of a pause less cautious actors observe too (fraction; allocation)."""
    from_coordination = times(pause_coverage_coordination, logits_from(coordination, coordination_reference))
    return moved(pause_coverage_reference, from_coordination)


@node(claims="C20 C28 C55 C69", label="P(caught | dangerous)")
def detection(reach: Fraction, detection_now: Probability, detection_gain: Logits) -> Probability:
    """Work on evaluations makes it likelier that one reveals dangerous misalignment in time (probability;
    allocation)."""
    return moved(detection_now, detection_gain * change(at(reach, intervention=EVALUATIONS)))


@node(claims="C28 C55 C59 C64 C65 C75", label="P(warning heeded)")
def heeding(
    response: Fraction,
    race: Fraction,
    heeding_reference: Probability,
    heeding_from_response: LogitsPerLogit,
    heeding_race_penalty: LogitsPerLogit,
    complementarity: Dimensionless,
    concern_reference: Fraction,
    solutions_reference: Fraction,
    race_reference: Fraction,
) -> Probability:
    """A lab that responds delays deployment after such an evaluation, and less likely so in a race (probability;
    allocation)."""
    responding = response_logits(response, complementarity, concern_reference, solutions_reference)
    from_response = times(heeding_from_response, responding)
    return moved(heeding_reference, from_response - times(heeding_race_penalty, logits_from(race, race_reference)))


@node(claims="C02 C19 C28 C55 C69 C70", label="P(pause | dangerous)")
def pause_probability(detection: Probability, heeding: Probability) -> Probability:
    """A dangerous system is caught, and the warning heeded (probability, if the system is dangerous; allocation)."""
    return detection * heeding


@node(claims="C02 C06 C19 C28 C29 C36 C56 C62 C65 C76 C84", label="length of a pause")
def pause_length(
    coordination: Fraction,
    lead: Months,
    own_delay: Years,
    pause_coverage: Fraction,
    longest_pause: Years,
    pause_base: Fraction,
    pause_lead_share: Fraction,
    field_wide_share: Fraction,
) -> Years:
    """A pause lasts longer the better the labs coordinate, and ends when the lead that they would spend on it runs out
    (years; allocation)."""
    wanted = longest_pause * union(pause_base, coordination)
    to_spend = pause_lead_share * larger(lead - own_months(own_delay, field_wide_share), 0.0)
    costs = pause_months(wanted, pause_coverage)
    return ratio_or(wanted, wanted * to_spend, to_spend + costs)
