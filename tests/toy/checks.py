"""How the village's behaviour shows two of its claims: one holds everywhere, the other under the almanac alone."""

from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, mean, share


@check("T1", "almanac", "forester")
def a_longer_fence_spares_grain(world: World) -> list[Found]:
    """More is spared by the plan than today."""
    return [share("draws in which spared rises", world.change("spared") > 0, 0.5)]


@check("T5", "almanac", "forester")
def the_plan_brings_in_more(world: World) -> list[Found]:
    """The plan's harvest is larger than today's on average."""
    return [mean("change of the harvest by the plan, tonnes", world.change("harvest"), 0)]
