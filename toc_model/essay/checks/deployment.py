"""Checks of chapter 6: what is deployed, and what a lead is worth."""

import numpy as np
import xarray as xr

from toc_model.essay.checks.shared import (
    BOTH,
    DOOM,
    MOST,
    NO_PAUSE,
    PATCHES,
    PAUSE,
    at_least,
    pinned,
    raised,
    where,
)
from toc_model.questions.claims.world import World, check
from toc_model.statistics import averages
from toc_model.statistics.verdicts import Found, always, apart, mean, share

SLOWER = 0.03
"""Of the pace: by how much more the leaders slow down on their own."""


def harm_of_own_slowdown(world: World, lead: float) -> xr.DataArray:
    """Change of P(doom) if nothing but the leaders' own research is slower, at a lead of so many months."""
    there = world.given(f"field_wide_share=0; lead_now={lead}")
    usual = there.now("less_capabilities_research")
    return there.holding("less_capabilities_research", usual + SLOWER).now(DOOM) - there.now(DOOM)


def quarters_of(x: xr.DataArray) -> list[np.ndarray]:
    """Places of draws in four parts that count alike, those of the least values first."""
    order = np.argsort(x.values)
    weights = averages.weights_of(x)
    upto = np.cumsum(np.ones(order.size) if weights is None else weights[order])
    return np.split(order, np.searchsorted(upto, upto[-1] * np.array([0.25, 0.5, 0.75]), side="right"))


def change_by_lead(world: World) -> list[Found]:
    """Mean change of P(doom) by quartile of today's lead, the shortest first."""
    change = world.change(DOOM)
    return [
        mean(f"change of P(doom), quartile {place} of lead_now", change.isel(draw=draws))
        for place, draws in enumerate(quarters_of(world.parameter("lead_now")), 1)
    ]


@check("C20", *PATCHES)
def evaluations_stop_deployment(world: World) -> list[Found]:
    """What is caught lowers the risk of deployment in a pause, and only there."""
    few, many = (world.given(f"deployment_caught={size}") for size in (0.2, 0.8))
    risks = {
        name: [there.now("deployment_risk", **branch) for there in (few, many)]
        for name, branch in (("no pause", NO_PAUSE), ("a pause", PAUSE))
    }
    return [
        always("the risk with no pause is the same", risks["no pause"][0] == risks["no pause"][1]),
        always("the risk in a pause falls", risks["a pause"][1] < risks["a pause"][0]),
    ]


@check("C69", *BOTH)
def withholding_saves_the_world_for_a_time(world: World) -> list[Found]:
    """Labs that catch and withhold lower P(doom), and more so if what they withhold is not released later."""
    caught = world.given("do(pause_probability)=0.98").now(DOOM)
    never, later = (world.given(f"released_later={size}").change(DOOM) for size in (0, 0.98))
    return [
        mean("P(doom) at a pause_probability of .98, less the usual", caught - world.now(DOOM), high=0),
        mean("P(doom) at a pause_probability of .98", caught, low=0),
        mean("change of P(doom) with no later release, less that with one", never - later, high=0),
    ]


@check("C70", *PATCHES)
def naive_accidents_fall(world: World) -> list[Found]:
    """If nearly all dangerous systems are caught, fewer are deployed."""
    caught = world.given("do(pause_probability)=0.98")
    risk = (caught.now("branch_probability") * caught.now("deployment_risk")).sum("branch")
    return [share("risk below .8 of that with no pause", risk < 0.8 * caught.now("deployment_risk", **NO_PAUSE), MOST)]


@check("C80", "essay")
def slowing_the_leader_costs_its_lead(world: World) -> list[Found]:
    """The leaders' own slowdown does harm with a short lead, and less with a long one."""
    short, long = (harm_of_own_slowdown(world, lead) for lead in (3, 48))
    return [
        mean("change of P(doom) by the leaders' own slowdown, lead of 3 months", short, low=0),
        mean("the same less that at 48 months", short - long, low=0),
    ]


@check("C81", *BOTH)
def a_long_lead_favours_the_move(world: World) -> list[Found]:
    """The change of P(doom) is the most favourable where the lead is longest."""
    *others, longest = change_by_lead(world)
    return [
        *others,
        longest,
        *(apart(f"quartile 4 less quartile {place}", longest, one, high=0) for place, one in enumerate(others, 1)),
    ]


@check("C84", *PATCHES)
def a_less_cautious_actor_deploys_more(world: World) -> list[Found]:
    """A less cautious actor deploys at least as readily as the leaders."""
    leaders = world.now("deployment_risk", **NO_PAUSE)
    return [always("a laggard deploys no less", at_least(world.now("laggard_deployment"), leaders))]


@check("C87", *PATCHES)
def slowing_the_cautious_alone_does_harm(world: World) -> list[Found]:
    """With a short lead the leaders' own slowdown raises P(doom)."""
    return [mean("change of P(doom) by the leaders' own slowdown", harm_of_own_slowdown(world, 3), low=0)]


@check("C88", *PATCHES)
def slowing_everyone_is_good(world: World) -> list[Found]:
    """A later date that binds all never raises P(doom)."""
    held = world.given(
        f"field_wide_share=1; lead_erosion=0; entry_barrier=0; {pinned('technical_effort', 'insight', 'own_delay')}"
    )
    early, late = (there.now(DOOM) for there in raised(held, "agi_arrival", 10, 13))
    return [always("P(doom) does not rise with agi_arrival", at_least(early, late))]


@check("C89", *PATCHES)
def audits_spread(world: World) -> list[Found]:
    """A stronger response makes less cautious actors adopt more."""
    low, high = (there.now("laggard_adoption") for there in raised(world, "response", 0.2, 0.5))
    return [
        always("laggards adopt more with a stronger response", where(high > low, world.parameter("audit_spread") > 0)),
        always("laggards do not adopt less with a stronger response", at_least(high, low)),
    ]


@check("C93", *BOTH)
def a_short_lead_is_the_counter_argument(world: World) -> list[Found]:
    """The move gains less where the lead is shortest."""
    shortest, *_, longest = change_by_lead(world)
    return [shortest, longest, apart("quartile 1 less quartile 4", shortest, longest, low=0)]
