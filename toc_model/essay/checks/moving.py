"""Checks of the recommendation: what moving a person, or many, does to P(doom)."""

import math

import numpy as np
import xarray as xr
from scipy import special

from toc_model.essay.checks.shared import BOTH, DOOM, EVERY, MARGIN, MOST, NO_PAUSE, PATCHES, pinned, where
from toc_model.essay.steps.better import technical_less_buying_time
from toc_model.questions.claims.world import World, check
from toc_model.statistics import averages
from toc_model.statistics.verdicts import Found, always, apart, mean, quantile, ratio, share, sometimes

NO_TIME = "max_research_cut=1e-9; max_publishing_cut=1e-9; longest_pause=1e-9"
HOURS = "hours_bought_per_hour"
GRID = (*(round(0.1 * step, 1) for step in range(10)), 0.99)
"""Shares of researchers."""
PEOPLE = 9
"""Percentiles of each of the two talents of people who are drawn."""


def two_people(world: World) -> xr.Dataset:
    """By how much technical work is better for people of the median and of the 99th percentile of technical talent.

    Dims ``(draw, person)``; both have the talent for buying time that goes with it on average.
    """
    talent = xr.DataArray(special.ndtri([0.5, 0.99]), dims="person", coords={"person": ["median", "tail"]})
    return technical_less_buying_time(world.beliefs, world.allocations, talent)


def drawn_people(world: World) -> xr.Dataset:
    """The same for people whose talents are both drawn, at the middles of equal parts of either distribution."""
    levels = special.ndtri((np.arange(PEOPLE) + 0.5) / PEOPLE)
    talent = xr.DataArray(np.repeat(levels, PEOPLE), dims="person")
    own = xr.DataArray(np.tile(levels, PEOPLE), dims="person")
    return technical_less_buying_time(world.beliefs, world.allocations, talent, own)


def fall_from(world: World, share_now: float) -> xr.DataArray:
    """By how much P(doom) falls when two researchers in a hundred more move."""
    return world.then(DOOM, {"researchers": share_now}) - world.then(DOOM, {"researchers": share_now + 0.02})


@check("C01", "essay")
def the_marginal_researcher_should_buy_time(world: World) -> list[Found]:
    """Two researchers in a hundred more lower P(doom)."""
    return [mean("change of P(doom) from f .20 to .22", world.change(DOOM, MARGIN), high=0)]


@check("C09", *BOTH)
def many_suit_buying_time_better(world: World) -> list[Found]:
    """More than half of people lower P(doom) more by buying time."""
    better = (drawn_people(world)["gap"] < 0).mean("person")
    return [mean("share of people who lower P(doom) more by buying time", better, MOST)]


@check("C16", "essay")
def about_half_of_researchers_should_buy_time(world: World) -> list[Found]:
    """P(doom) is lower at all of the recommended shares than now."""
    return [
        mean(
            f"change of P(doom) from f .20 to {share_then:.2f}", world.change(DOOM, {"researchers": share_then}), high=0
        )
        for share_then in (0.4, 0.5, 0.6)
    ]


@check("C17", *PATCHES)
def builders_who_buy_time(world: World) -> list[Found]:
    """Builders with their usual mix raise P(doom) by buying time; on evaluations they lower it."""
    evaluating = {"mix.builders.evaluations": 1.0, "mix.builders.outreach": 0.0, "mix.builders.convening": 0.0}
    told = mean("change of P(doom) from fc .10 to .30, default mix", world.change(DOOM, {"builders": 0.3}), low=0)
    other = mean(
        "change of P(doom) from fc .10 to .30, all in evaluations",
        world.change(DOOM, {"builders": 0.3} | evaluating),
        high=math.inf if world.name == "critic" else 0,
    )
    return [told, other]


@check("C19", *BOTH)
def most_of_the_benefit_is_time(world: World) -> list[Found]:
    """How much of the fall is lost when no time can be bought; under base bought time costs some of it."""
    usual, without = world.change(DOOM), world.given(NO_TIME).change(DOOM)
    if world.name == "base":
        return [ratio("share of the fall that bought time costs", without - usual, usual, low=0.25)]
    return [ratio("share of the fall that is lost without bought time", usual - without, usual, 0.4, 0.55)]


@check("C22", *BOTH)
def downside_risks_are_serious(world: World) -> list[Found]:
    """The move does harm in some draws, and more of it with more harmful work."""
    usual = world.change(DOOM)
    harmful = world.given("buying_time_harm*=4").change(DOOM)
    return [
        share("draws in which the move raises P(doom)", usual > 0, 0.02),
        mean("change of P(doom) with four times the harm, less the usual one", harmful - usual, low=0),
    ]


@check("C26", *BOTH)
def there_is_headroom(world: World) -> list[Found]:
    """What one more mover averts has not fallen to half since few moved."""
    return [ratio("marginal fall at f .20 over that at f .05", fall_from(world, 0.2), fall_from(world, 0.05), 0.5)]


@check("C47", *EVERY)
def likely_tail_people_should_stay(world: World) -> list[Found]:
    """The insight of the field is a reason for its best to stay."""
    gaps = world.once(two_people).sel(person="tail") > 0
    moving, blind = (
        share(f"draws in which moving the 99th percentile raises P(doom){what}", gaps[name])
        for name, what in (("gap", ""), ("without_insight", ", insight pinned"))
    )
    more = gaps["gap"].astype(float) - gaps["without_insight"]
    return [moving, blind, mean("the first share less the second", more, low=0)]


@check("C74", *PATCHES)
def papers_are_safer_than_outreach(world: World) -> list[Found]:
    """With papers in the place of outreach the bad end of the change is better."""
    papers, outreach = (
        quantile(name, world.change(DOOM, name), 0.95) for name in ("recommended_papers", "recommended")
    )
    return [apart("95th percentile of the change of P(doom), papers less outreach", papers, outreach, high=0)]


@check("C95", *EVERY)
def the_move_may_not_be_tractable(world: World) -> list[Found]:
    """An hour may buy less than one, and if reach takes five times the effort at least half of a fall is lost."""
    usual, harder = world.change(DOOM), world.given("half_effort*=5").change(DOOM)
    below = world.then(HOURS, MARGIN) < 1
    hours = [share("draws with less than one hour bought per hour", below)]
    if world.name in BOTH:
        hours += [sometimes("less than one hour bought", below), sometimes("one hour or more bought", ~below)]
    if averages.mean(usual) >= 0:
        return hours
    return [*hours, ratio("fall with five times the half_effort over the usual one", harder, usual, high=0.5)]


@check("C96", *PATCHES)
def trying_solves_problems(world: World) -> list[Found]:
    """If movers reached nobody, less research would be done and P(doom) would rise."""
    held = world.given("do(reach)=reference")
    return [
        share("research[no_pause] rises, reach pinned", held.change("research", **NO_PAUSE) > 0, high=0.01),
        share("P(doom) rises, reach pinned", held.change(DOOM) > 0, MOST),
    ]


@check("C98", *BOTH)
def bought_time_serves_existing_researchers(world: World) -> list[Found]:
    """Hours are bought even if the field does not grow."""
    hours = world.given("field_growth=0.0001").then(HOURS, MARGIN)
    return [share("hours bought above 0, field_growth near 0", hours > 0, MOST)]


@check("C101", *BOTH)
def there_is_an_over_correction(world: World) -> list[Found]:
    """The best share of researchers is inside the range, and nearly all is worse than half."""
    doom = {f: world.then(DOOM, {"researchers": f}) for f in GRID}
    best = min(GRID, key=lambda f: float(averages.mean(doom[f])))
    least, half, nearly_all, none = (doom[f] for f in (best, 0.5, 0.99, 0.0))
    return [
        mean(f"P(doom) at the least one, f {best:.2f}, less that at f 0", least - none, high=0),
        mean("the same less that at f .99", least - nearly_all, high=0),
        mean("P(doom) at f .99 less that at f .50", nearly_all - half, low=0),
    ]


@check("C104", "base")
def the_named_allocations_exist(world: World) -> list[Found]:
    """The essay's starting point and its recommendation are allocations."""
    named, story = world.allocations.only(["recommended"]).named, world.beliefs.case.story
    return [
        Found(f"researchers under {name}", named[name].at(story, "researchers"), 0.0, at, at)
        for name, at in (("status_quo", 0.2), ("recommended", 0.5))
    ]


@check("C105", *PATCHES)
def builders_who_move_no_longer_build(world: World) -> list[Found]:
    """The field grows more slowly when builders buy time."""
    found = world.given(pinned("concern")).change("field_growth_rate", {"builders": 0.3})
    return [always("the field grows more slowly at fc .30", found < 0)]


@check("C106", *BOTH)
def buying_time_is_a_better_path(world: World) -> list[Found]:
    """The median person lowers P(doom) by moving."""
    median = world.once(two_people)["gap"].sel(person="median")
    return [share("moving the median person lowers P(doom)", median < 0, MOST)]


@check("C109", "essay")
def an_hour_buys_several(world: World) -> list[Found]:
    """The mean of hours bought is in the essay's range."""
    return [mean("hours bought per hour, f .20 to .22", world.then(HOURS, MARGIN), 1.5, 5)]


@check("C110", *PATCHES)
def counting_heads_is_cautious(world: World) -> list[Found]:
    """Weighted by talent, those who stay are worth more of those who moved than by heads."""
    kept, lost = world.then("technical_effort", MARGIN), -world.change("technical_effort", MARGIN)
    heads = (1 - 0.22) / 0.02
    hours = world.then(HOURS, MARGIN)
    return [
        always("the talent-weighted hours are more", where(abs(hours * kept / lost / heads) > abs(hours), hours != 0))
    ]
