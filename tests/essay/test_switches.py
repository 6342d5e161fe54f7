"""Switches close channels under some allocations, as cutting their arrows does."""

import numpy as np
import pytest

from tests.shipped import STORY, anchored, load_allocations, load_priors
from toc_model.engine.declare import Channel
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import cut, pin, switched
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.dimensions import DIMENSIONS

CHANNELS = ESSAY.channels
RECOMMENDED = anchored(load_allocations().levers().sel(allocation=["recommended"]))


def closed(channel: Channel) -> Story:
    """A channel closed by hand; a cause that only goes into accounts, which can't be cut, is pinned instead."""
    story = STORY
    into_accounts = {cause for cause, effect in channel.arrows if STORY.nodes[effect].instead}
    for cause in into_accounts:
        assert {effect for by, effect in channel.arrows if by == cause} == set(STORY.children(cause))
        story = pin(story, cause)
    for cause, effect in channel.arrows:
        story = story if cause in into_accounts else cut(story, cause, effect)
    return story


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_a_switch_does_what_cutting_does(channel: Channel) -> None:
    parameters = load_priors().draw(STORY, 20, seed=2)
    story = switched(STORY, "off", channel.arrows)
    for off, plain in ((0.0, STORY), (1.0, closed(channel))):
        moved = RECOMMENDED.assign(off=("allocation", [0.0, off]))
        found = evaluate(story, parameters, moved, ["p_doom"])["p_doom"]
        np.testing.assert_array_equal(found, evaluate(plain, parameters, RECOMMENDED, ["p_doom"])["p_doom"])


def test_a_switch_may_cut_one_place_of_a_cause() -> None:
    parameters = load_priors().draw(STORY, 20, seed=2)
    place = f"reach[{DIMENSIONS['intervention'][0]}]"
    story = switched(STORY, "off", [(place, "concern"), ("concern", "response"), ("solutions", "response")])
    by_hand = cut(cut(cut(STORY, place, "concern"), "concern", "response"), "solutions", "response")
    moved = RECOMMENDED.assign(off=("allocation", [0.0, 1.0]))
    found = evaluate(story, parameters, moved, ["p_doom"])["p_doom"]
    np.testing.assert_array_equal(found, evaluate(by_hand, parameters, RECOMMENDED, ["p_doom"])["p_doom"])


def test_switches_that_can_not_be() -> None:
    with pytest.raises(InputError, match="'race', which is a name of the story already"):
        switched(STORY, "race", [("agi_arrival", "research")])
    with pytest.raises(InputError, match="unknown cause"):
        switched(STORY, "off", [("race", "research")])
