"""Checks of chapter 2: what makes labs concerned, able to act, and ready to coordinate."""

import xarray as xr

from toc_model.essay.checks.shared import (
    BOTH,
    DOOM,
    HALF,
    MOST,
    PATCHES,
    at_least,
    but,
    pinned,
    raised,
    where,
)
from toc_model.questions.claims.world import World, check
from toc_model.statistics import averages
from toc_model.statistics.shapley import shapley
from toc_model.statistics.verdicts import Found, always, mean, quantile, ratio, share, sometimes

TARGETS = ("concern", "solutions", "agi_arrival", "pause_probability")
ROUTES = ("concern", "solutions")
UNMOVED = "; ".join((but("convening"), pinned("activity", "technical_effort")))
"""Only what convening reaches moves."""


def rises(world: World, intervention: str) -> xr.DataArray:
    """Draws in which the recommended move raises the reach of an intervention."""
    return world.change("reach", intervention=intervention) > 0


def concern_follows(world: World, intervention: str) -> list[Found]:
    """Concern rises with the reach of one intervention, where that has an effect."""
    concern = world.given(but(intervention)).change("concern")
    gain = world.parameter("concern_gain", intervention=intervention)
    return [always(f"concern rises with {intervention}", where(concern > 0, rises(world, intervention), gain > 0))]


@check("C02", *BOTH)
def three_targets_are_met(world: World) -> list[Found]:
    """Concern, solutions and time all grow in most draws, by what reaches labs."""
    grown = [share(f"{node} rises", world.change(node) > 0, MOST) for node in TARGETS]
    held = world.given(pinned("reach")).change("concern")
    return [*grown, always("concern is unchanged with reach pinned", held == 0)]


@check("C03", *PATCHES)
def papers_raise_concern(world: World) -> list[Found]:
    """Grounding papers raise concern."""
    return concern_follows(world, "grounding_papers")


@check("C04", *PATCHES)
def outreach_raises_concern(world: World) -> list[Found]:
    """Outreach raises concern."""
    return concern_follows(world, "outreach")


@check("C11", *PATCHES)
def there_are_side_benefits(world: World) -> list[Found]:
    """Coordination, race, tolerance and the field's growth each have a part in the change."""
    usual = world.change(DOOM)
    return [
        share(
            f"the change of P(doom) is another with {node} pinned", world.given(pinned(node)).change(DOOM) != usual, 0
        )
        for node in ("coordination", "race", "tax_tolerance", "field_growth_rate")
    ]


@check("C38", *PATCHES)
def convening_builds_trust(world: World) -> list[Found]:
    """Coordination rises with the reach of convening."""
    found = world.given(UNMOVED).change("coordination") > 0
    works = world.parameter("coordination_gain") > 0
    return [always("coordination rises with convening", where(found, rises(world, "convening"), works))]


@check("C39", *PATCHES)
def some_work_costs_trust(world: World) -> list[Found]:
    """If outreach backfires much, the move lowers coordination in some draws."""
    worst = averages.quantile(world.parameter("outreach_backfire"), 0.95)
    found = world.given(f"outreach_backfire={worst!r}").change("coordination")
    return [sometimes("coordination falls at a large backfire", found < 0)]


@check("C53", *PATCHES)
def convening_does_three_things(world: World) -> list[Found]:
    """Convening raises concern, solutions and coordination, each where it has an effect."""
    gains = {
        "concern": world.parameter("concern_gain", intervention="convening"),
        "solutions": world.parameter("solutions_gain", intervention="convening"),
        "coordination": world.parameter("coordination_gain"),
    }
    held, there = world.given(UNMOVED), rises(world, "convening")
    return [
        always(f"{node} rises with convening", where(held.change(node) > 0, there, gain > 0))
        for node, gain in gains.items()
    ]


@check("C57", *PATCHES)
def papers_work_by_convincing(world: World) -> list[Found]:
    """Part of the time that papers buy goes through concern, the rest through solutions."""
    held = "; ".join((but("grounding_papers"), pinned("activity", "technical_effort", "insight")))

    def added(moving: frozenset[str]) -> xr.DataArray:
        still = pinned(*(route for route in ROUTES if route not in moving))
        return world.given(f"{held}; {still}").change("expected_arrival", HALF)

    parts = shapley(ROUTES, added)
    return [
        ratio("concern's share of the time added", parts["concern"], sum(parts.values(), xr.DataArray(0.0)), 0.2, 0.5)
    ]


@check("C72", *PATCHES)
def poor_outreach_backfires(world: World) -> list[Found]:
    """If work does six times the mean person's good in harm, the move lowers concern."""
    found = world.given("buying_time_harm=6").change("concern")
    return [share("concern falls at a harm of 6", found < 0, MOST)]


@check("C76", *PATCHES)
def several_leaders_slow_together(world: World) -> list[Found]:
    """A stronger response covers more actors with a pause, and lengthens it."""
    low, high = raised(world.given(pinned("own_delay", "lead")), "response", 0.2, 0.5)
    works = world.parameter("coordination_from_response") > 0
    covers = world.parameter("pause_coverage_coordination") > 0
    found = []
    for node, conditions in (("pause_coverage", (works, covers)), ("pause_length", (works,))):
        less, more = low.now(node), high.now(node)
        found += [
            always(f"{node} is not lower with a stronger response", at_least(more, less)),
            always(f"{node} is higher with a stronger response", where(more > less, *conditions)),
        ]
    return found


@check("C77", *PATCHES)
def convening_calms_the_race(world: World) -> list[Found]:
    """Race falls with the reach of convening."""
    found = world.given(UNMOVED).change("race") < 0
    works = [world.parameter(name) > 0 for name in ("coordination_gain", "race_calming")]
    return [always("race falls with convening", where(found, rises(world, "convening"), *works))]


@check("C79", *PATCHES)
def coordination_calms_the_race(world: World) -> list[Found]:
    """Race is lower where coordination is higher."""
    low, high = (there.now("race") for there in raised(world, "coordination", 0.3, 0.6))
    return [
        always("race is not higher with more coordination", at_least(low, high)),
        always("race is lower with more coordination", where(high < low, world.parameter("race_calming") > 0)),
    ]


@check("C82", *PATCHES)
def labs_that_care_gain_less(world: World) -> list[Found]:
    """If labs are concerned already, P(doom) is lower and the move gains less."""
    much, little = (world.given(f"concern_now={size}") for size in (0.9, 0.3))
    return [
        mean("change of P(doom) at concern .9 less that at .3", much.change(DOOM) - little.change(DOOM), low=0),
        mean("P(doom) at concern .9 less that at .3", much.now(DOOM) - little.now(DOOM), high=0),
    ]


@check("C83", "base")
def some_leaders_are_concerned(world: World) -> list[Found]:
    """Concern is neither absent nor general."""
    now = world.parameter("concern_now")
    return [share("concern_now in .1 to .5", (now >= 0.1) & (now <= 0.5), 0.8)]


@check("C58", *PATCHES)
def concern_and_solutions_are_both_needed(world: World) -> list[Found]:
    """Without one of the two, AGI is hardly later."""
    usual = world.given("hype=0").change("agi_arrival")
    missing = {
        "solutions": "solutions_now=1e-9; solutions_gain=0; solutions_from_research=0",
        "concern": "concern_now=1e-9; concern_gain=0",
    }
    return [
        ratio(
            f"gain in agi_arrival without {name}, over the usual one",
            world.given(f"hype=0; {without}").change("agi_arrival"),
            usual,
            -0.01,
            0.01,
        )
        for name, without in missing.items()
    ]


@check("C63", *PATCHES)
def publishing_less_does_little(world: World) -> list[Found]:
    """At most a quarter of the pace can be saved by publishing less, and little of it is."""
    return [
        quantile("max_publishing_cut, 95th percentile", world.parameter("max_publishing_cut"), 0.95, high=0.25),
        share("less_publishing below .15", world.now("less_publishing") < 0.15, 0.95),
    ]
