"""Checks of chapter 4: how people and time make research, and more of it at the end."""

import xarray as xr

from toc_model.essay.checks.shared import NO_PAUSE, PATCHES, PAUSE, at_least, raised, same, where
from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, always, quantile, share

CLOSE = 1e-3
"""Of a slope that is taken over a thousandth of a year, as a fraction of itself."""
JUST_BEFORE, AGI = 9.999, 10.0


def in_pause(world: World) -> xr.DataArray:
    """Research that a pause adds."""
    return world.now("research", **PAUSE) - world.now("research", **NO_PAUSE)


def per_year(world: World) -> xr.DataArray:
    """Research that a year of pause adds."""
    return in_pause(world) / world.now("pause_length")


@check("C06", *PATCHES)
def a_year_for_everyone(world: World) -> list[Found]:
    """A pause gives its time to all: twice the people do twice the research in it, as likely to suffice."""
    twice = world.given("researchers_now*=2")
    return [
        always("the research of a pause is twice as much", same(in_pause(twice), 2 * in_pause(world))),
        always("solved is the same", same(twice.now("solved"), world.now("solved"))),
    ]


@check("C07", *PATCHES)
def the_last_year_is_worth_most(world: World) -> list[Found]:
    """Assistants, the known architecture and the grown field each make a year of pause worth more."""
    plain = {"assistant_multiplier": 1, "architecture_multiplier": 1, "field_growth": 0.0001}
    return [
        share(
            f"a pause year makes less research with {name} at {value}",
            per_year(world.given(f"{name}={value}")) < per_year(world),
            0.98,
        )
        for name, value in plain.items()
    ]


@check("C29", *PATCHES)
def bought_time_accrues_to_all(world: World) -> list[Found]:
    """A pause of twice the length makes twice the research."""
    longer = world.holding("pause_length", 2 * world.now("pause_length"))
    return [always("twice the length makes twice the research", abs(in_pause(longer) / in_pause(world) - 2) < CLOSE)]


@check("C30", *PATCHES)
def most_researchers_at_the_end(world: World) -> list[Found]:
    """A year of pause makes more research the later it comes, until the field no longer grows."""
    years = [per_year(world.given(f"agi_year={year}")) for year in (5, 10, 20)]
    steady = [per_year(world.given(f"growth_horizon=8; agi_year={year}")) for year in (10, 20)]
    return [
        always(
            "a later pause year makes no less research", at_least(years[1], years[0]) & at_least(years[2], years[1])
        ),
        always("and as much beyond growth_horizon", abs(steady[1] / steady[0] - 1) < CLOSE),
    ]


@check("C31", *PATCHES)
def understanding_grows(world: World) -> list[Found]:
    """The later AGI, the more research there is."""
    later = world.given("agi_year*=1.1")
    more = later.now("research", **NO_PAUSE) > world.now("research", **NO_PAUSE)
    return [always("research is more at a later agi_year", more)]


@check("C33", "essay")
def assistants_multiply_a_year(world: World) -> list[Found]:
    """A year with assistants is worth five to ten without."""
    found = world.parameter("assistant_multiplier")
    return [
        quantile("assistant_multiplier, lower quartile", found, 0.25, 4.7, 5.3),
        quantile("assistant_multiplier, upper quartile", found, 0.75, 9.7, 10.3),
    ]


@check("C34", *PATCHES)
def assistants_help_most_at_the_end(world: World) -> list[Found]:
    """Assistants that help all alike add to the research of a pause alone, in proportion."""
    few, many = (world.given(f"assistant_differential=0; assistant_multiplier={size}") for size in (2, 6))
    before = [there.now("research", **NO_PAUSE) for there in (few, many)]
    return [
        always("research before AGI is the same", before[0] == before[1]),
        always("research of a pause is in proportion", abs(in_pause(many) / in_pause(few) - 3) < CLOSE),
    ]


@check("C35", *PATCHES)
def a_known_architecture_helps_at_the_end(world: World) -> list[Found]:
    """Knowing the architecture changes nothing before AGI."""
    before = [world.given(f"architecture_multiplier={size}").now("research", **NO_PAUSE) for size in (1, 3)]
    return [always("research before AGI is the same", before[0] == before[1])]


@check("C36", *PATCHES)
def early_slowing_lacks_two_benefits(world: World) -> list[Found]:
    """A year of pause is worth as many years just before AGI as assistants and architecture multiply it by."""

    def ratio_of_years(there: World) -> xr.DataArray:
        before, at_agi = raised(there, "agi_arrival", JUST_BEFORE, AGI)
        grown = at_agi.now("research", **NO_PAUSE) - before.now("research", **NO_PAUSE)
        return per_year(at_agi) / (grown / (AGI - JUST_BEFORE))

    multiplied = world.parameter("assistant_multiplier") * world.parameter("architecture_multiplier")
    alike = world.given("assistant_differential=0")
    plain = world.given("assistant_differential=0; assistant_multiplier=1; architecture_multiplier=1")
    return [
        always(
            "a pause year over an early one is both multipliers", abs(ratio_of_years(alike) / multiplied - 1) < CLOSE
        ),
        always("it is 1 if both are", abs(ratio_of_years(plain) - 1) < CLOSE),
    ]


@check("C71", *PATCHES)
def convinced_labs_shift_people(world: World) -> list[Found]:
    """Concern brings recruits."""
    low, high = (there.now("field_growth_rate") for there in raised(world, "concern", 0.3, 0.6))
    return [
        always("the field grows faster with concern", where(high > low, world.parameter("recruits_from_concern") > 0)),
        always("the field does not grow more slowly with concern", at_least(high, low)),
    ]
