"""Checks of chapter 5: whether research solves the problem, and whether a solution is adopted."""

from toc_model.essay.checks.shared import DOOM, EVERY, NO_PAUSE, PATCHES, pinned, raised, same, where
from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, always, mean, quantile

MANY = 0.30
"""The concern at which experts were asked about tolerance."""
BRANCHES = ("solved", "adopted", "overtaken")


@check("C08", *PATCHES)
def end_time_adds_serial_research(world: World) -> list[Found]:
    """If all research is serial, allocations that change neither time nor insight solve alike."""
    held = world.given(f"serial_weight=1; {pinned('agi_arrival', 'pause_length', 'insight')}")
    return [
        always(f"solved is the same under {name}", same(held.then("solved", name), held.now("solved")))
        for name in world.allocations.named
        if name != world.allocations.status_quo
    ]


@check("C25", "essay")
def alignment_is_hard(world: World) -> list[Found]:
    """Alignment by default and by current approaches is unlikely."""
    return [
        quantile("aligned_by_default, median", world.parameter("aligned_by_default"), 0.5, high=0.15),
        mean("solved without a pause", world.now("solved", **NO_PAUSE), high=0.5),
    ]


@check("C32", *PATCHES)
def serial_time_is_a_benefit(world: World) -> list[Found]:
    """If all research is serial, a later AGI makes a solution likelier."""
    early, late = (
        there.now("solved", **NO_PAUSE) for there in raised(world.given("serial_weight=1"), "agi_arrival", 10, 15)
    )
    return [always("solved rises with agi_arrival", late > early)]


@check("C66", *PATCHES)
def concern_pays_the_tax(world: World) -> list[Found]:
    """Labs that tolerate more, or face a lower tax, adopt more."""
    little, much = (world.given(f"tolerance_concern={size}").now("adopted", **NO_PAUSE) for size in (0.5, 1.5))
    cheap, dear = (there.now("adopted", **NO_PAUSE) for there in raised(world, "alignment_tax", 0.8, 1.2))
    return [
        always("adopted rises in tolerance_concern", where(much > little, world.now("concern") > MANY)),
        always("adopted falls in alignment_tax", dear < cheap),
    ]


@check("C67", *EVERY)
def measures_are_used_by_few(world: World) -> list[Found]:
    """A known solution is neither surely adopted nor hardly ever."""
    return [quantile("adopted without a pause, median", world.now("adopted", **NO_PAUSE), 0.5, 0.15, 0.6)]


@check("C68", *PATCHES)
def adoption_is_good(world: World) -> list[Found]:
    """The more adopted, the lower P(doom)."""
    low, high = (there.now(DOOM) for there in raised(world, "adopted", 0.3, 0.6))
    return [always("P(doom) falls with adopted", high < low)]


@check("C92", "essay")
def what_is_traded_for_what(world: World) -> list[Found]:
    """What the move changes in P(solved), P(adopted) and P(overtaken); no bound is claimed, the signs are told."""
    found = []
    for node in BRANCHES:
        now, then = (
            (branch * value).sum("branch")
            for branch, value in (
                (world.now("branch_probability"), world.now(node)),
                (world.then("branch_probability"), world.then(node)),
            )
        )
        found += [mean(f"{node}, now", now), mean(f"{node}, change", then - now)]
    return found
