"""Checks of chapter 7: what P(doom) is made of."""

from toc_model.essay.checks.shared import DOOM
from toc_model.questions.claims.world import World, check
from toc_model.statistics.verdicts import Found, ratio


@check("C91", "essay")
def most_doom_is_for_want_of_a_solution(world: World) -> list[Found]:
    """Most of P(doom) comes from having no solution."""
    return [ratio("part of P(doom) without a solution", world.now("doom_no_solution"), world.now(DOOM), 0.5)]
