"""Channels: they cover all paths, add up, and say under which worldview time matters."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.shipped import DEFAULT_MIX, STORY, anchored, levers, load_allocations, load_beliefs, load_priors
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.engine.declare import Channel
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import do
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.present.words import isolated
from toc_model.questions.channels import channels, words
from toc_model.questions.channels.attribution import attribute as attribute_any

CHANNELS, TIME = ESSAY.channels, ESSAY.groups[0].channels

RECOMMENDED = anchored(load_allocations().levers().sel(allocation=["recommended"]))
shares = st.floats(0.01, 0.95)


@pytest.fixture(scope="module")
def village() -> Beliefs:
    """A case of which more is better."""
    return load_any_beliefs(CASE, draws=100)


def attribute(
    story: Story, parameters: xr.Dataset, moved: xr.Dataset, channels: Sequence[Channel] = CHANNELS
) -> xr.Dataset:
    """What each of the essay's channels contributes to the change of P(doom)."""
    return attribute_any(story, parameters, moved, channels, "p_doom")


@cache
def attributed(worldview: str) -> xr.Dataset:
    return attribute(STORY, load_priors(worldview).draw(STORY, 1500, seed=1), RECOMMENDED)


def allocation(f: float, fc: float, order: list[int]) -> xr.Dataset:
    return levers(
        ["reference", "other"], np.array([[0.2, 0.1], [f, fc]]), np.stack([DEFAULT_MIX, DEFAULT_MIX[:, order]])
    )


@settings(max_examples=8)
@given(shares, shares, st.permutations(range(4)), st.integers(0, 100))
def test_channels_cover_every_path_and_attributions_add_up(f: float, fc: float, order: list[int], seed: int) -> None:
    parameters = load_priors(("base", "essay", "critic")[seed % 3]).draw(STORY, 8, seed)
    moved = allocation(f, fc, order)
    found = attribute(STORY, parameters, moved)
    np.testing.assert_allclose(found["uncovered"], 0, atol=1e-15)
    np.testing.assert_allclose(found["attribution"].sum("channel"), found["change"], rtol=0, atol=1e-10)
    p_doom = evaluate(STORY, parameters, moved, ["p_doom"])["p_doom"]
    np.testing.assert_allclose(found["change"], p_doom[:, 1] - p_doom[:, 0], rtol=0, atol=1e-14)


def test_without_one_channel_a_path_is_left_open() -> None:
    parameters = load_priors().draw(STORY, 20, seed=2)
    for channel in CHANNELS:
        others = [other for other in CHANNELS if other != channel]
        found = attribute(STORY, parameters, RECOMMENDED, others)
        assert float(abs(found["uncovered"]).max()) > 1e-6, channel.name


def test_the_allocation_that_is_compared_goes_by_its_name() -> None:
    """The place of an allocation says nothing; a third one, or none that changes are measured from, is refused."""
    parameters = load_priors().draw(STORY, 20, seed=1)
    turned = attribute(STORY, parameters, RECOMMENDED.isel(allocation=[1, 0]))
    xr.testing.assert_identical(turned, attribute(STORY, parameters, RECOMMENDED))
    three = levers(["reference", "one", "other"], np.array([[0.2, 0.1], [0.5, 0.3], [0.6, 0.3]]))
    with pytest.raises(InputError, match="found 2 allocations beside 'reference'; allowed: 1"):
        attribute(STORY, parameters, three)
    with pytest.raises(InputError, match="found no allocation 'reference' among one, other"):
        attribute(STORY, parameters, three.isel(allocation=[1, 2]))


def test_a_change_between_two_others_is_the_difference_of_theirs() -> None:
    """Measured from an allocation that is not the reference, channels still cover all paths and add up."""
    parameters = load_priors().draw(STORY, 20, seed=1)
    three = levers(["other", "reference", "one"], np.array([[0.6, 0.3], [0.2, 0.1], [0.4, 0.2]]))
    found = attribute_any(STORY, parameters, three, CHANNELS, "p_doom", baseline="one")
    p_doom = evaluate(STORY, parameters, three, ["p_doom"])["p_doom"]
    np.testing.assert_allclose(
        found["change"], p_doom.sel(allocation="other") - p_doom.sel(allocation="one"), atol=1e-14
    )
    np.testing.assert_allclose(found["uncovered"], 0, atol=1e-15)
    np.testing.assert_allclose(found["attribution"].sum("channel"), found["change"], rtol=0, atol=1e-10)


def test_nothing_goes_through_a_node_that_is_held() -> None:
    """Held under both allocations: the reference world is not, so that holding the node is a change from there."""
    parameters = load_priors().draw(STORY, 20, seed=2)
    held, both = do(STORY, "eventual_deployment", 0.5), anchored(load_allocations().only(["recommended"]).levers())
    found = attribute_any(held, parameters, both, CHANNELS, "p_doom", baseline="status_quo")
    assert float(abs(found["attribution"].sel(channel="deployment")).max()) == 0
    assert float(abs(found["uncovered"]).max()) == 0
    assert float(abs(found["change"]).max()) > 0
    severe = parameters.assign(severity=xr.zeros_like(parameters["severity"]))
    assert float(abs(attribute(STORY, severe, RECOMMENDED)["change"]).max()) == 0


def test_9_net_of_the_lead_that_it_spends_time_is_most_of_the_fall_under_the_essay_alone() -> None:
    def share(worldview: str, names: tuple[str, ...]) -> float:
        mean = attributed(worldview)["attribution"].mean("draw")
        return float(mean.sel(channel=list(names)).sum() / mean.sum())

    assert float(attributed("essay")["change"].mean()) < 0
    assert share("essay", (*TIME, "race_and_lead")) > 0.5
    assert float(attributed("base")["change"].mean()) < 0
    assert share("base", (*TIME, "race_and_lead")) < 0.4
    assert share("base", ("adoption", "deployment")) > 0.7
    assert float(attributed("critic")["change"].mean()) > 0
    assert abs(share("critic", TIME)) < 0.15


def test_the_signs_of_what_can_only_help_or_harm() -> None:
    mean = attributed("base")["attribution"].mean("draw")
    assert float(mean.sel(channel="lost_research")) > 0
    assert float(mean.sel(channel="adoption")) < 0
    assert float(mean.sel(channel="deployment")) < 0


def test_the_command(toc: Toc, tmp_path: Path) -> None:
    picture = tmp_path / "channels.svg"
    code, text, err = toc("channels", "--worldview", "essay", "--draws", 200, "--out", picture)
    assert (code, err) == (0, "")
    flat = " ".join(text.split())
    assert "The essay worldview was tuned towards its statements" in flat
    assert "no evidence" in flat
    assert "no evidence" in picture.read_text(encoding="utf-8")
    code, printed, _ = toc("channels", "--worldview", "essay", "--draws", 200, "--json")
    found = json.loads(printed)
    total = sum(row["attribution"]["mean"] for row in found["channels"].values())
    assert total == pytest.approx(found["change"]["mean"], abs=1e-10)
    assert f"{100 * found['change']['mean']:+.2f}" in text
    assert found["provenance"]["draws"] == 200
    assert found["uncovered"] == 0


def test_several_worldviews_stand_side_by_side() -> None:
    results = [channels(load_beliefs(name, draws=60), load_allocations()) for name in ("base", "essay")]
    told = words.section(results, pictures=True)
    parts, *more = told.tables
    assert list(parts.headings) == ["channel", "base", "essay"]
    assert [table.folded for table in more] == [
        *(f"Each channel alone, and cut, under {isolated(name)}" for name in ("base", "essay")),
        "",
    ]
    assert [picture.name for picture in told.pictures] == ["channels"]
    assert "Left of zero is better" in told.pictures[0].caption


def test_a_case_without_channels_says_so() -> None:
    beliefs = load_beliefs("base", draws=20)
    bare = replace(beliefs.documents, case=replace(ESSAY, channels=(), groups=()))
    with pytest.raises(InputError, match="the case 'essay' declares none"):
        channels(replace(beliefs, documents=bare), load_allocations())


def test_where_more_is_better_the_right_side_is(village: Beliefs) -> None:
    told = words.section([channels(village, village.documents.allocations())], pictures=True)
    assert "Right of zero is better" in told.pictures[0].caption
    assert "tonnes" in told.tables[0].caption
    assert "percentage" not in str(told)
