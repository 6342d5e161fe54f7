"""Chapter 8: the essay's back-of-the-envelope figure."""

import math

from toc_model.engine.declare import outcome
from toc_model.engine.laws import at, change, exp, ratio_or, reference, smaller
from toc_model.engine.units import Fraction, PerYear, Probability, Ratio, Years
from toc_model.essay.dimensions import PAUSE, RESEARCHERS
from toc_model.essay.research import grown_years
from toc_model.essay.units import Headcount, HoursPerHour, YearsFromStart


@outcome(claims="C06 C29 C95 C98 C109 C110 C111", label="hours bought per hour", undefined_where="no researcher moves")
def hours_bought_per_hour(
    buying_time_share: Fraction,
    agi_arrival: YearsFromStart,
    branch_probability: Probability,
    pause_length: Years,
    field_growth_rate: PerYear,
    researchers_now: Headcount,
    growth_horizon: Years,
    assistant_multiplier: Ratio,
    architecture_multiplier: Ratio,
) -> HoursPerHour:
    """An hour of a researcher who buys time buys hours for all who stay in technical work, those in a pause counted
    by their quality; it compares moves of researchers only, so hold the builders' share (hours per hour;
    allocation)."""
    rate = reference(field_growth_rate)
    years = reference(agi_arrival)
    share = at(buying_time_share, pool=RESEARCHERS)
    headcount_at_end = researchers_now * exp(rate * smaller(years, growth_horizon))
    end_quality = assistant_multiplier * architecture_multiplier
    years_bought = change(agi_arrival) + end_quality * change(at(branch_probability, branch=PAUSE) * pause_length)
    spent = change(share) * researchers_now * grown_years(years, rate, growth_horizon)
    return ratio_or(math.nan, headcount_at_end * (1 - share) * years_bought, spent)
