"""Checks of chapter 1: who has which talent, and what is lost when people move."""

import numpy as np
import xarray as xr
from scipy import special

from toc_model.essay.checks.shared import BOTH, DOOM, EVERY, HALF, MOST, PATCHES, but, same, where
from toc_model.essay.dimensions import INTERVENTIONS
from toc_model.essay.talent import buying_time_benefit, technical_impact
from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, always, apart, mean, quantile, share

NOT_EVALUATIONS = tuple(name for name in INTERVENTIONS if name != "evaluations")
SPREAD = "technical_talent_spread"
LATENT_99TH = 2.326


def researchers_mix(world: World) -> xr.DataArray:
    """How researchers who buy time divide over interventions under the status quo, dims ``(intervention,)``."""
    mix: xr.DataArray = world.allocations.only([]).levers()["mix"].isel(allocation=0, drop=True)
    return mix.sel(pool="researchers", drop=True)


def benefit(world: World, talent: float) -> xr.DataArray:
    """Benefit of a person of this latent talent who buys time, over the researchers' mix, before harm."""
    each: xr.DataArray = buying_time_benefit(  # type: ignore[assignment]
        xr.DataArray(talent), world.parameter(SPREAD), world.parameter("buying_time_spread_ratio")
    )
    return (each * researchers_mix(world)).sum("intervention")


def harm(world: World) -> xr.DataArray:
    """Harm of a person who buys time, over the researchers' mix."""
    return (world.parameter("buying_time_harm") * researchers_mix(world)).sum("intervention")


def technical(world: World, talent: float) -> xr.DataArray:
    """Technical impact of a person of this latent talent."""
    found: xr.DataArray = technical_impact(  # type: ignore[assignment]
        xr.DataArray(talent), world.parameter(SPREAD), world.parameter("technical_harm")
    )
    return found


def lost(world: World) -> xr.DataArray:
    """Share of technical effort that is lost when half of the researchers buy time."""
    return -world.change("technical_effort", HALF) / world.now("technical_effort")


@check("C05", *PATCHES)
def backfire_costs_trust(world: World) -> list[Found]:
    """Outreach that backfires more leaves less coordination."""
    little, much = (world.given(f"outreach_backfire={size}").then("coordination") for size in (0.1, 0.5))
    rises = world.change("reach", intervention="outreach") > 0
    return [always("coordination is lower with a larger backfire", where(much < little, rises))]


@check("C10", *PATCHES)
def heavier_tails_favour_the_move(world: World) -> list[Found]:
    """Of a heavier tail, less is lost by the same move."""
    heavier = world.given(f"{SPREAD}*=1.2; buying_time_spread_ratio*={1 / 1.2!r}")
    return [
        always("a smaller share of technical effort is lost with a heavier tail", lost(heavier) < lost(world)),
        mean(
            "change of P(doom) at f .50 with a heavier tail, less that without",
            heavier.change(DOOM, HALF) - world.change(DOOM, HALF),
            high=0,
        ),
    ]


@check("C13", *EVERY)
def technical_talent_has_the_heavier_tail(world: World) -> list[Found]:
    """Impact in buying time is spread less than technical impact."""
    ratios = world.parameter("buying_time_spread_ratio")
    bounds = dict.fromkeys(NOT_EVALUATIONS, 0.85) | {"evaluations": 0.6}
    return [
        share(f"spread of {name} below technical", ratios.sel(intervention=name) < 1, low)
        for name, low in bounds.items()
    ]


@check("C15", *PATCHES)
def both_curves_go_below_zero(world: World) -> list[Found]:
    """People of the first percentile do harm in both kinds of work."""
    first = float(special.ndtri(0.01))
    return [
        share("technical impact of the first percentile below 0", technical(world, first) < 0, MOST),
        share("buying-time impact of the first percentile below 0", benefit(world, first) < harm(world), MOST),
    ]


@check("C23", *PATCHES)
def harm_lowers_reach(world: World) -> list[Found]:
    """Work that does more harm reaches less, and backfires where it is harmful on balance."""
    reach, harmful = world.now("reach"), world.given("buying_time_harm*=2").now("reach")
    return [
        always("every reach is lower with twice the harm", harmful < reach),
        always(
            "reach is below 0 where the effort is, and only there",
            (reach < 0) == (world.now("intervention_effort") < 0),
        ),
    ]


@check("C37", *PATCHES)
def movers_cost_technical_effort(world: World) -> list[Found]:
    """Technical effort falls when researchers move."""
    return [share("technical effort falls from f .20 to .50", world.change("technical_effort", HALF) < 0, 0.95)]


@check("C40", *BOTH)
def many_can_buy_time_and_few_do_great_research(world: World) -> list[Found]:
    """Most people have an impact above zero in buying time; the top tenth has most of the technical impact."""
    spread = world.parameter(SPREAD)
    own = spread * world.parameter("buying_time_spread_ratio")
    needed = (np.log(world.parameter("buying_time_harm")) + own * own / 2) / own
    able = (xr.apply_ufunc(special.ndtr, -needed) * researchers_mix(world)).sum("intervention")
    top = xr.apply_ufunc(special.ndtr, spread - special.ndtri(0.9))
    return [
        mean("share of people whose buying time does good", able, MOST),
        mean("share of gross technical impact of the top tenth", top, MOST),
    ]


@check("C41", "essay")
def the_tail_is_far_above_the_median(world: World) -> list[Found]:
    """Researchers of the 99th percentile are worth 50 to 100 of the median."""
    ratios: xr.DataArray = np.exp(LATENT_99TH * world.parameter(SPREAD))  # type: ignore[assignment]
    return [quantile("99th percentile over median, median", ratios, 0.5, 50, 100)]


@check("C42", *PATCHES)
def other_skills_are_needed(world: World) -> list[Found]:
    """The two talents are not one, and where they are one, those who move bring less."""
    bring = [
        (there.now("gross_effort") - there.now("harm_done")).sum(["pool", "intervention"])
        for there in (world.given(f"talent_correlation={size}") for size in (0, 1))
    ]
    return [
        always("talent_correlation is below 1", world.parameter("talent_correlation") < 1),
        always("effort is lower at a correlation of 1 than of 0", bring[1] < bring[0]),
    ]


@check("C45", *PATCHES)
def some_skills_are_shared(world: World) -> list[Found]:
    """The two talents have something in common."""
    return [always("talent_correlation is above 0", world.parameter("talent_correlation") > 0)]


@check("C46", *BOTH)
def talent_shows_in_part(world: World) -> list[Found]:
    """A signal of talent has some validity, and with more of it the same move loses less."""
    weak, strong = (lost(world.given(f"screening_validity={size}")) for size in (0.4, 0.7))
    return [
        quantile("screening_validity, median", world.parameter("screening_validity"), 0.5, 0.5, 0.7),
        always("less is lost at a higher validity", strong < weak),
    ]


@check("C48", "base")
def buying_time_may_have_heavy_tails_too(world: World) -> list[Found]:
    """The spread of buying time may exceed the technical one, but hardly does."""
    ratios = world.parameter("buying_time_spread_ratio")
    return [
        share(f"spread of {name} above technical", ratios.sel(intervention=name) > 1, 0, 0.1)
        for name in NOT_EVALUATIONS
    ]


@check("C49", *BOTH)
def the_median_person_can_buy_time(world: World) -> list[Found]:
    """The median person does good by buying time."""
    return [share("the median person's buying-time impact is above 0", benefit(world, 0.0) > harm(world), MOST)]


@check("C50", *PATCHES)
def the_median_person_does_little_research(world: World) -> list[Found]:
    """The median person's technical impact is far below the mean."""
    spread = world.parameter(SPREAD)
    average = np.exp(spread * spread / 2) * (1 - world.parameter("technical_harm"))
    return [share("median technical impact below .4 of the mean", technical(world, 0.0) < 0.4 * average, MOST)]


@check("C51", *PATCHES)
def evaluations_have_the_heaviest_tail(world: World) -> list[Found]:
    """Evaluations are spread more than other work that buys time."""
    medians = {
        name: quantile(name, world.parameter("buying_time_spread_ratio", intervention=name), 0.5)
        for name in INTERVENTIONS
    }
    hardest = medians["evaluations"]
    return [
        apart(f"median spread of evaluations less that of {name}", hardest, medians[name], low=0)
        for name in NOT_EVALUATIONS
    ]


@check("C52", *BOTH)
def each_of_three_interventions_helps(world: World) -> list[Found]:
    """Outreach, evaluations and papers each lower P(doom) if their reach alone moves."""
    held = "do(technical_effort)=reference; do(insight)=reference; do(activity)=reference"
    return [
        mean(
            f"change of P(doom) by the reach of {name} alone",
            world.given(f"{but(name)}; {held}").change(DOOM, HALF),
            high=0,
        )
        for name in ("outreach", "evaluations", "grounding_papers")
    ]


@check("C99", *PATCHES)
def those_with_ideas_stay(world: World) -> list[Found]:
    """Who moves matters: without a signal more is lost, with a perfect one only the lowest leave."""
    blind, perfect = world.given("screening_validity=0"), world.given("screening_validity=1; technical_harm=0")
    spread = world.parameter(SPREAD)
    kept = xr.apply_ufunc(special.ndtr, spread - special.ndtri(0.5))
    expected = world.parameter("researchers_now") * np.exp(spread * spread / 2) * kept
    return [
        mean("P(doom) if recommended without a signal, less that with it", blind.then(DOOM) - world.then(DOOM), low=0),
        always("with a perfect signal only the lowest have left", same(perfect.then("technical_effort"), expected)),
    ]


@check("C100", "base")
def the_top_can_not_be_ranked(_: World) -> list[Found]:
    """Inside the top tenth by signal, a signal of validity .6 says little of talent (in every worldview alike)."""
    validity, cutoff = 0.6, float(special.ndtri(0.9))
    above = float(np.exp(-cutoff * cutoff / 2) / np.sqrt(2 * np.pi) / 0.1)
    left = 1 + cutoff * above - above * above
    found = validity * np.sqrt(left / (validity * validity * left + 1 - validity * validity))
    return [Found("correlation of signal and talent inside the top tenth", float(found), 0.0, high=validity / 2)]
