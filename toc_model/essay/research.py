"""Chapter 4: people and time make research, and time at the end makes more of it."""

from toc_model.engine.declare import node
from toc_model.engine.laws import Quantity, at, change, exp, growth_factor, larger, power, reference, smaller
from toc_model.engine.units import Elasticity, Exponent, Fraction, Indicator, PerYear, Ratio, Years
from toc_model.essay.dimensions import BUILDERS
from toc_model.essay.units import WHAT_TO_HOLD, MedianFTE, MedianFTEYears, YearsFromStart


def grown_years(years: Quantity, rate: Quantity, horizon: Quantity) -> Quantity:
    """Integral of a flow of 1 that grows at this rate up to the horizon and is steady after it."""
    growing = smaller(years, horizon)
    return growing * growth_factor(rate * growing) + exp(rate * horizon) * larger(years - horizon, 0.0)


def early_help(assistant_differential: Fraction, assistant_multiplier: Ratio) -> Quantity:
    """Multiplier of assistants before a pause, net of the equal help that they give to capabilities."""
    return 1 + assistant_differential * (assistant_multiplier - 1)


def headcount_scale(technical_effort: MedianFTE, parallelization: Exponent) -> Quantity:
    """Flow of research at the start: the field of the status quo, times what a change of headcount does to it."""
    at_reference = reference(technical_effort)
    return at_reference * power(technical_effort / at_reference, parallelization)


def research_until(
    years: Quantity,
    scale: Quantity,
    rate: Quantity,
    growth_horizon: Years,
    assistant_years: Years,
    assistant_differential: Fraction,
    assistant_multiplier: Ratio,
) -> Quantity:
    """Research done in so many years without a pause, the last of them with assistants."""
    done = grown_years(years, rate, growth_horizon)
    unassisted = grown_years(years - smaller(assistant_years, years), rate, growth_horizon)
    help_early = early_help(assistant_differential, assistant_multiplier)
    return scale * (done + (help_early - 1) * (done - unassisted))


def research_of_the_past(effort: Quantity, rate: Quantity, past_years: Years) -> Quantity:
    """Research done before the date of the beliefs by a field that had grown at this rate."""
    return effort * past_years * growth_factor(-rate * past_years)


@node(claims="C11 C17 C30 C71 C105", label="growth of the field")
def field_growth_rate(
    buying_time_share: Fraction,
    concern: Fraction,
    field_growth: PerYear,
    growth_from_builders: Fraction,
    builder_elasticity: Elasticity,
    recruits_from_concern: PerYear,
) -> PerYear:
    """Builders who buy time no longer grow the field; concern brings recruits from capabilities (1/year, log rate;
    allocation)."""
    still_building = 1 - at(buying_time_share, pool=BUILDERS)
    builders_left = power(still_building / reference(still_building), builder_elasticity)
    lost = growth_from_builders * (1 - builders_left)
    return field_growth * (1 - lost) + recruits_from_concern * change(concern)


@node(dims="", claims="C06 C31", label="research in the reference", instead=WHAT_TO_HOLD)
def reference_research(
    technical_effort: MedianFTE,
    field_growth_rate: PerYear,
    growth_horizon: Years,
    parallelization: Exponent,
    assistant_years: Years,
    assistant_differential: Fraction,
    assistant_multiplier: Ratio,
    past_years: Years,
    reference_years: Years,
) -> MedianFTEYears:
    """Experts are asked about the research of the reference world if AGI came at the reference date (median FTE years;
    no dimension)."""
    effort = reference(technical_effort)
    rate = parallelization * reference(field_growth_rate)
    return research_of_the_past(effort, rate, past_years) + research_until(
        reference_years, effort, rate, growth_horizon, assistant_years, assistant_differential, assistant_multiplier
    )


@node(dims="allocation branch", claims="C06 C07 C19 C28 C29 C31 C34 C35 C36 C37", label="alignment research")
def research(
    technical_effort: MedianFTE,
    field_growth_rate: PerYear,
    agi_arrival: YearsFromStart,
    pause_length: Years,
    paused: Indicator,
    growth_horizon: Years,
    parallelization: Exponent,
    assistant_years: Years,
    assistant_differential: Fraction,
    assistant_multiplier: Ratio,
    architecture_multiplier: Ratio,
    past_years: Years,
) -> MedianFTEYears:
    """Time at the end is worth more: the field is at its largest, with assistants, and the architecture is known
    (median FTE years; allocation x branch)."""
    scale = headcount_scale(technical_effort, parallelization)
    rate = parallelization * field_growth_rate
    past = research_of_the_past(reference(technical_effort), parallelization * reference(field_growth_rate), past_years)
    before = research_until(
        agi_arrival,
        scale,
        rate,
        growth_horizon,
        assistant_years,
        assistant_differential,
        assistant_multiplier,
    )
    flow_at_agi = scale * exp(rate * smaller(agi_arrival, growth_horizon))
    in_pause = flow_at_agi * assistant_multiplier * architecture_multiplier * pause_length
    return past + before + paused * in_pause


@node(dims="allocation branch", claims="C08 C32", label="serial years")
def serial_years(agi_arrival: YearsFromStart, pause_length: Years, paused: Indicator, past_years: Years) -> Years:
    """Some steps can't be done side by side: they take calendar time, in the past, before AGI or in a pause (years;
    allocation x branch)."""
    return past_years + agi_arrival + paused * pause_length
