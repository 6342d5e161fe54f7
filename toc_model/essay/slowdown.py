"""Chapter 3: labs that respond slow down early, and pause when an evaluation fires."""

from toc_model.engine.declare import node
from toc_model.engine.laws import at, change, logit_change, moved, reference, union
from toc_model.engine.units import Fraction, Logits, LogitsPerLogit, Probability, Ratio, Years
from toc_model.essay.dimensions import EVALUATIONS, OUTREACH
from toc_model.essay.units import YearsFromStart


@node(claims="C61 C64 C65 C75 C80")
def less_capabilities_research(
    response: Fraction, race: Fraction, max_research_cut: Fraction, race_resistance: Fraction
) -> Fraction:
    """Labs that respond do less capabilities research, and less so the harder they race (fraction of pace;
    allocation)."""
    return max_research_cut * response * (1 - race_resistance * race)


@node(claims="C53 C63 C65")
def less_publishing(response: Fraction, max_publishing_cut: Fraction) -> Fraction:
    """Labs that respond publish fewer advances, so that others build on fewer (fraction of pace; allocation)."""
    return max_publishing_cut * response


@node(claims="C59 C61 C63 C72")
def pace(less_capabilities_research: Fraction, less_publishing: Fraction, reach: Fraction, hype: Fraction) -> Ratio:
    """Both cuts slow capabilities, and the excitement that outreach causes speeds them up (ratio to an unslowed
    pace; allocation)."""
    excitement = hype * change(at(reach, intervention=OUTREACH))
    return (1 - less_capabilities_research) * (1 - less_publishing) * (1 + excitement)


@node(claims="C02 C06 C19 C36 C59 C61 C65 C86")
def agi_arrival(pace: Ratio, agi_year: YearsFromStart) -> YearsFromStart:
    """AGI comes later in proportion as the pace falls (years from late 2022; allocation)."""
    return agi_year * reference(pace) / pace


@node(claims="C20 C28 C55 C69")
def detection(reach: Fraction, detection_now: Probability, detection_gain: Logits) -> Probability:
    """Work on evaluations makes it likelier that one reveals dangerous misalignment in time (probability;
    allocation)."""
    return moved(detection_now, detection_gain * change(at(reach, intervention=EVALUATIONS)))


@node(claims="C28 C55 C59 C64 C65 C75")
def heeding(
    response: Fraction,
    race: Fraction,
    heeding_now: Probability,
    heeding_from_response: LogitsPerLogit,
    heeding_race_penalty: LogitsPerLogit,
) -> Probability:
    """A lab that responds delays deployment after such an evaluation, and less likely so in a race (probability;
    allocation)."""
    from_response = heeding_from_response * logit_change(response)
    return moved(heeding_now, from_response - heeding_race_penalty * logit_change(race))


@node(claims="C02 C19 C28 C55 C69 C70")
def pause_probability(detection: Probability, heeding: Probability) -> Probability:
    """There is a pause if an evaluation reveals the danger in time and the leading lab heeds it (probability;
    allocation)."""
    return detection * heeding


@node(claims="C02 C06 C19 C28 C29 C36 C56 C62 C65 C76")
def pause_length(coordination: Fraction, longest_pause: Years, pause_base: Fraction) -> Years:
    """A pause lasts longer the better the labs coordinate (years; allocation)."""
    return longest_pause * union(pause_base, coordination)
