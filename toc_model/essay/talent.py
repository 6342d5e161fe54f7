"""Chapter 1: who moves, and what they can do.

People differ, with heavy tails, in what they are good at. Those with the weakest signal of technical talent move
first, so what is lost to technical work is less than their share of the field.
"""

from typing import Annotated

from toc_model.engine.declare import node
from toc_model.engine.laws import (
    Quantity,
    at,
    change,
    exp,
    exp_less_1,
    larger,
    normal_cdf,
    normal_quantile,
    reference,
    saturating,
    smaller,
    total,
)
from toc_model.engine.units import Correlation, Fraction, Indicator, LogSd, Ratio, Years
from toc_model.essay.dimensions import BUILDERS, RESEARCHERS
from toc_model.essay.units import (
    EACH_INTERVENTION,
    UNBOUNDED,
    WHAT_TO_HOLD,
    Headcount,
    MedianFTE,
    MedianResearchers,
    YearsFromStart,
)

SMALLEST_SHARE = 1e-6


def inner_share(share: Quantity) -> Quantity:
    """A share, kept off 0 and 1, where the last person to move is not defined."""
    return larger(smaller(share, 1 - SMALLEST_SHARE), SMALLEST_SHARE)


def moving_cutoff(share: Quantity) -> Quantity:
    """Signal of the last person to move, in standard deviations, when this share of a pool moves."""
    return normal_quantile(inner_share(share))


def technical_impact(talent: Quantity, technical_talent_spread: LogSd, technical_harm: Fraction) -> Quantity:
    """Impact of one technical researcher of latent talent z, in units of the median person's gross impact."""
    s = technical_talent_spread
    return exp(s * talent) - technical_harm * exp(s * s / 2)


def buying_time_benefit(talent: Quantity, technical_talent_spread: LogSd, buying_time_spread_ratio: Ratio) -> Quantity:
    """Benefit of one person of latent talent y who buys time, before harm, as a ratio to the mean person's."""
    b = technical_talent_spread * buying_time_spread_ratio
    return exp(b * talent - b * b / 2)


@node(claims="C10 C37 C47 C96 C98 C99 C101", label="effort left in technical work")
def technical_effort(
    buying_time_share: Fraction,
    researchers_now: Headcount,
    technical_talent_spread: LogSd,
    screening_validity: Correlation,
    technical_harm: Fraction,
) -> MedianFTE:
    """What is left of technical research when those with the weakest signal of talent have moved (median FTE;
    allocation)."""
    s = technical_talent_spread
    moved_share = at(buying_time_share, pool=RESEARCHERS)
    kept = normal_cdf(s * screening_validity - moving_cutoff(moved_share))
    return researchers_now * exp(s * s / 2) * (kept - technical_harm * (1 - inner_share(moved_share)))


@node(claims="C08 C10 C19 C37 C47 C96 C99 C101", label="top talent in technical work")
def insight(buying_time_share: Fraction, technical_talent_spread: LogSd, screening_validity: Correlation) -> Fraction:
    """How much of the field's top talent, weighted by the square of impact, stays in technical work (fraction;
    allocation)."""
    moved_share = at(buying_time_share, pool=RESEARCHERS)
    return normal_cdf(2 * technical_talent_spread * screening_validity - moving_cutoff(moved_share))


@node(dims="allocation pool intervention", claims="C23 C42", label="effort of those who move")
def gross_effort(
    buying_time_share: Fraction,
    mix: Fraction,
    is_researcher: Indicator,
    researchers_now: Headcount,
    builders_now: Headcount,
    technical_talent_spread: LogSd,
    buying_time_spread_ratio: Annotated[Ratio, EACH_INTERVENTION],
    talent_correlation: Annotated[Correlation, EACH_INTERVENTION],
    screening_validity: Correlation,
    buying_time_productivity: MedianResearchers,
    builder_productivity: Ratio,
) -> MedianFTE:
    """Those who move bring their talent for what they move to, which goes with technical talent only in part (median
    FTE; allocation x pool x intervention)."""
    spread = technical_talent_spread * buying_time_spread_ratio
    cutoff = moving_cutoff(at(buying_time_share, pool=RESEARCHERS))
    talent_moved = normal_cdf(cutoff - spread * talent_correlation * screening_validity)
    by_researchers = researchers_now * buying_time_productivity * talent_moved
    by_builders = builders_now * builder_productivity * at(buying_time_share, pool=BUILDERS)
    return mix * (is_researcher * by_researchers + (1 - is_researcher) * by_builders)


@node(dims="allocation pool intervention", claims="C23 C42", label="harm by those who buy time")
def harm_done(
    buying_time_share: Fraction,
    mix: Fraction,
    is_researcher: Indicator,
    researchers_now: Headcount,
    builders_now: Headcount,
    buying_time_productivity: MedianResearchers,
    builder_productivity: Ratio,
    buying_time_harm: Annotated[Ratio, EACH_INTERVENTION],
) -> MedianFTE:
    """Whoever buys time does some harm as well, talented or not (median FTE; allocation x pool x intervention)."""
    researchers = researchers_now * buying_time_productivity * at(buying_time_share, pool=RESEARCHERS)
    builders = builders_now * builder_productivity * at(buying_time_share, pool=BUILDERS)
    return mix * buying_time_harm * (is_researcher * researchers + (1 - is_researcher) * builders)


@node(dims="allocation intervention", claims="C23", label="net effort by intervention", bounds=UNBOUNDED)
def intervention_effort(gross_effort: MedianFTE, harm_done: MedianFTE) -> MedianFTE:
    """An intervention has the effort of both pools, net of the harm that they do (median FTE; allocation x
    intervention)."""
    return total(gross_effort - harm_done, "pool")


@node(dims="", claims="C23 C26 C95", label="part that has come to bear", instead=WHAT_TO_HOLD)
def arrived(agi_year: YearsFromStart, buildup_years: Years) -> Fraction:
    """Outreach and trust build up slowly: a part of what a move changes has come to bear when AGI comes (fraction; no
    dimension)."""
    return -exp_less_1(-agi_year / buildup_years)


@node(dims="", claims="C23 C26 C95", label="average over years before AGI", instead=WHAT_TO_HOLD)
def averaged(arrived: Fraction, agi_year: YearsFromStart, buildup_years: Years) -> Ratio:
    """Over the years before AGI a move has on average borne less than at their end (ratio of the average to what has
    arrived; no dimension)."""
    return (1 + buildup_years / agi_year * exp_less_1(-agi_year / buildup_years)) / arrived


def built(level: Quantity, arrived: Quantity) -> Quantity:
    """What of a change of a level from the reference has come to bear, on top of the level there."""
    return reference(level) + arrived * change(level)


@node(
    dims="allocation intervention",
    bounds=(0.0, 1.0),
    attained=(True, False),
    claims="C22 C72",
    label="activity by intervention",
)
def activity(gross_effort: MedianFTE, half_effort: MedianFTE, arrived: Fraction) -> Fraction:
    """Much is going on where many work, whether it does good or harm (fraction of all that could go on; allocation x
    intervention)."""
    return built(saturating(total(gross_effort, "pool"), half_effort), arrived)


@node(
    dims="allocation intervention",
    bounds=(-1.0, 1.0),
    claims="C03 C04 C20 C22 C23 C26 C38 C52 C53 C54 C72 C77 C95 C103",
    label="reach of interventions",
)
def reach(intervention_effort: MedianFTE, half_effort: MedianFTE, arrived: Fraction) -> Fraction:
    """Effort has diminishing returns and reaches at most everyone; work that is harmful on balance backfires
    (fraction; allocation x intervention)."""
    return built(saturating(intervention_effort, half_effort), arrived)
