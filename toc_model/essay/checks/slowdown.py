"""Checks of chapter 3: what slows AGI down, before it and at its end."""

import xarray as xr

from toc_model.essay.checks.shared import BOTH, DOOM, PATCHES, at_least, pinned, raised, same, where
from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, always, mean, quantile, share, sometimes


@check("C24", "essay")
def agi_is_likely_in_five_to_fifteen_years(world: World) -> list[Found]:
    """The middle 80 % of the essay's dates."""
    years = world.parameter("agi_year")
    return [
        quantile("agi_year, 10th percentile", years, 0.1, 4.5, 5.5),
        quantile("agi_year, 90th percentile", years, 0.9, 14.5, 15.5),
    ]


@check("C28", *PATCHES)
def an_evaluation_fires_and_a_lab_slows(world: World) -> list[Found]:
    """Detection makes a pause likelier, and changes neither deployment nor the date of AGI."""
    low, high = raised(world, "detection", 0.3, 0.6)
    return [
        always("a pause is likelier with more detection", high.now("pause_probability") > low.now("pause_probability")),
        *(
            always(f"{node} is the same", high.now(node) == low.now(node))
            for node in ("deployment_risk", "agi_arrival")
        ),
    ]


@check("C55", *BOTH)
def labs_use_evaluations(world: World) -> list[Found]:
    """A pause takes a warning and a lab that heeds it; where none does, the move gains less."""
    few, many = (world.given(f"heeding_reference={size}").change(DOOM) for size in (0.05, 0.4))
    product = world.now("detection") * world.now("heeding")
    return [
        always("pause_probability is detection times heeding", same(world.now("pause_probability"), product)),
        mean("change of P(doom) at heeding .05 less that at .4", few - many, low=0),
    ]


@check("C56", "essay")
def a_pause_may_last_for_years(world: World) -> list[Found]:
    """Labs that slow together may add years."""
    return [share("longest_pause above 2 years", world.parameter("longest_pause") > 2, 0.5)]


@check("C59", *PATCHES)
def timelines_hang_on_concern_and_solutions(world: World) -> list[Found]:
    """With concern, solutions and race held, hype alone moves the date of AGI."""
    held = pinned("concern", "solutions", "race")
    still, excited = world.given(f"{held}; hype=0"), world.given(held)
    return [
        always("agi_arrival is the same without hype", same(still.now("agi_arrival"), still.then("agi_arrival"))),
        sometimes("agi_arrival moves with hype", excited.change("agi_arrival") != 0),
    ]


@check("C61", *PATCHES)
def less_research_makes_agi_later(world: World) -> list[Found]:
    """The more research labs can cut, the later AGI, where they do."""
    less, more = (world.given(f"max_research_cut={size}") for size in (0.1, 0.3))
    cut = less.change("less_capabilities_research") > 0
    rises = more.change("agi_arrival") > less.change("agi_arrival")
    return [always("agi_arrival rises with max_research_cut", where(rises, cut))]


@check("C62", *PATCHES)
def coordination_helps(world: World) -> list[Found]:
    """Labs that coordinate race no more, heed no less, and pause for longer and with more others."""
    low, high = raised(world, "coordination", 0.3, 0.6)
    short, long = raised(world.given(pinned("race")), "coordination", 0.3, 0.6)
    return [
        always("race is not higher", at_least(low.now("race"), high.now("race"))),
        *(
            always(f"{node} is not lower", at_least(high.now(node), low.now(node)))
            for node in ("heeding", "pause_coverage")
        ),
        always("pause_length is longer, race held", long.now("pause_length") > short.now("pause_length")),
    ]


@check("C64", *PATCHES)
def concerned_labs_deploy_and_scale_less(world: World) -> list[Found]:
    """Concern makes labs heed more, research less and deploy less, where it has an effect."""
    low, high = raised(world.given(pinned("solutions")), "concern", 0.3, 0.6)
    found = []
    for node, effect, sign in (
        ("heeding", "heeding_from_response", 1),
        ("less_capabilities_research", "max_research_cut", 1),
        ("deployment_risk", "deployment_concern", -1),
    ):
        place = {"branch": "no_pause"} if node == "deployment_risk" else {}
        less, more = sign * low.now(node, **place), sign * high.now(node, **place)
        direction = "rises" if sign > 0 else "falls"
        found += [
            always(f"{node} {direction} with concern", where(more > less, world.parameter(effect) > 0)),
            always(f"{node} never goes the other way", at_least(more, less)),
        ]
    return found


@check("C65", *PATCHES)
def all_four_give_time(world: World) -> list[Found]:
    """Cuts of research and publishing, coordination and heeding each add to the time that there is."""

    def time(there: World) -> xr.DataArray:
        return there.now("agi_arrival") + there.now("pause_probability") * there.now("pause_length")

    pairs = {
        name: (world.given(f"{name}=0.1"), world.given(f"{name}=0.3"))
        for name in ("max_research_cut", "max_publishing_cut")
    }
    pairs |= {node: raised(world, node, 0.3, 0.6) for node in ("coordination", "heeding")}
    return [
        always(f"there is no less time with more {name}", at_least(time(high), time(low)))
        for name, (low, high) in pairs.items()
    ]


@check("C75", *PATCHES)
def labs_that_race_do_not_slow(world: World) -> list[Found]:
    """In a race labs cut less, heed less and tolerate less."""
    low, high = raised(world, "race", 0.4, 0.7)
    return [
        always(f"{node} falls with race", high.now(node) < low.now(node))
        for node in ("less_capabilities_research", "heeding", "tax_tolerance")
    ]


@check("C85", "essay")
def the_lead_is_over_half_a_year(world: World) -> list[Found]:
    """The leading labs are likely over six months ahead."""
    return [share("lead_now above 6 months", world.parameter("lead_now") > 6, 0.7)]


@check("C86", *PATCHES)
def leads_erode(world: World) -> list[Found]:
    """The later AGI, the shorter the lead."""
    soon, late = (world.given(f"agi_year={years}").now("lead") for years in (5, 20))
    earlier, later = raised(world.given("entry_barrier=0"), "agi_arrival", 10, 15)
    return [
        always("lead is shorter at agi_year 20 than at 5", late < soon),
        always("lead falls as agi_arrival rises", later.now("lead") < earlier.now("lead")),
    ]


@check("C90", *PATCHES)
def a_response_raises_barriers(world: World) -> list[Found]:
    """A stronger response lengthens the lead."""
    low, high = (there.now("lead") for there in raised(world.given(pinned("agi_arrival")), "response", 0.2, 0.5))
    return [
        always("lead is longer with a stronger response", where(high > low, world.parameter("entry_barrier") > 0)),
        always("lead is not shorter with a stronger response", at_least(high, low)),
    ]
