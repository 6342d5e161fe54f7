"""Priors changed in a program."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import toc_model as toc
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import Belief
from toc_model.errors import InputError

DRAWS = 400


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return toc.beliefs("almanac", draws=DRAWS, case=CASE)


def test_quantiles_are_those_of_the_new_prior_and_the_random_numbers_are_kept(beliefs: Beliefs) -> None:
    changed = beliefs.with_(fence_gain=toc.quantiles(1, 2, 3), reason="deer jump higher")
    distribution = changed.priors["fence_gain"].distribution
    assert [float(distribution.quantile(level)) for level in (0.05, 0.5, 0.95)] == pytest.approx([1, 2, 3], rel=0.02)
    old, new = beliefs.parameters["fence_gain"].values, changed.parameters["fence_gain"].values
    assert (np.argsort(old) == np.argsort(new)).all()
    assert changed.parameters.drop_vars("fence_gain").identical(beliefs.parameters.drop_vars("fence_gain"))


def test_levels_and_family_may_be_stated(beliefs: Beliefs) -> None:
    stated = toc.quantiles(1, 2, 4, levels=(0.1, 0.5, 0.9), family="lognormal")
    distribution = beliefs.with_(fence_gain=stated, reason="a test").priors["fence_gain"].distribution
    assert [float(distribution.quantile(level)) for level in (0.1, 0.5, 0.9)] == pytest.approx([1, 2, 4], rel=1e-6)


@pytest.mark.parametrize("frozen", [stats.gamma(3, scale=0.5), stats.uniform(1, 2), stats.norm(loc=2.0)])
def test_a_frozen_distribution_is_drawn_at_the_same_levels(beliefs: Beliefs, frozen: stats.rv_continuous) -> None:
    prior = beliefs.priors["fence_gain"].distribution
    drawn = beliefs.parameters["fence_gain"].values
    levels = stats.norm.cdf((prior.family.to_normal(drawn) - prior.location) / prior.scale)
    changed = beliefs.with_(fence_gain=frozen, reason="a test")
    np.testing.assert_allclose(changed.parameters["fence_gain"], frozen.ppf(levels), rtol=1e-6)


def test_draws_are_taken_by_their_labels(beliefs: Beliefs) -> None:
    mine = np.linspace(1.0, 2.0, DRAWS)
    labelled = xr.DataArray(mine, dims="draw", coords={"draw": beliefs.parameters["draw"]})[::-1]
    for given in (mine, labelled):
        changed = beliefs.with_(fence_gain=given, reason="a test")
        np.testing.assert_array_equal(changed.parameters["fence_gain"], mine)
    assert "400 draws of its own" in changed.rests_on()


def test_a_number_is_certain_and_a_place_is_named_by_its_entry(beliefs: Beliefs) -> None:
    changed = beliefs.with_({"watch_gain[hill]": 0.25}, reason="counted")
    gain = changed.parameters["watch_gain"]
    assert (gain.sel(field="hill") == 0.25).all()
    assert gain.sel(field="valley").identical(beliefs.parameters["watch_gain"].sel(field="valley"))


def test_every_output_says_what_was_changed_and_why(beliefs: Beliefs) -> None:
    changed = beliefs.with_(fence_gain=stats.gamma(3, scale=0.5), toil=0.5, reason="A walk around the fence")
    found = toc.run(changed)
    for said in ("fence_gain as gamma(3, scale=0.5)", "toil as 0.5", "A walk around the fence"):
        assert said in found.rests_on()
        assert said in " ".join(str(found).split())
    assert [(one["entry"], one["to"], one["reason"]) for one in found.to_dict()["provenance"]["changed"]] == [
        ("fence_gain", "gamma(3, scale=0.5)", "A walk around the fence"),
        ("toil", "0.5", "A walk around the fence"),
    ]


def test_what_was_changed_is_not_counted_as_elicited(beliefs: Beliefs) -> None:
    assert "of 6 elicited priors 3 are assumptions, 2 the village's own and 1 published; " in beliefs.rests_on()
    assert beliefs.priors["fence_gain"].entry.status == "village"
    said = beliefs.with_(fence_gain=toc.quantiles(1, 2, 3), reason="a test").rests_on()
    assert (
        "of 5 elicited priors 3 are assumptions, 1 the village's own and 1 published, beside 1 changed here; " in said
    )


def test_a_second_change_of_an_entry_replaces_the_first(beliefs: Beliefs) -> None:
    twice = beliefs.with_(toil=0.5, reason="first").with_(toil=0.6, reason="second")
    assert [(one.to, one.reason) for one in twice.changed] == [("0.6", "second")]
    assert (twice.parameters["toil"] == 0.6).all()


def test_overrides_are_kept() -> None:
    held = toc.beliefs("almanac", draws=DRAWS, overrides=["do(guarded)=2"], case=CASE)
    changed = held.with_(toil=0.5, reason="a test")
    assert [override.text for override in changed.overrides] == ["do(guarded)=2"]
    assert changed.story.edits


REFUSED: list[tuple[Belief, str, str]] = [
    (toc.quantiles(1, 2, 3), " ", "fence_gain: reason: found none; allowed: why it is changed"),
    (toc.quantiles(3, 2, 1), "a test", "fence_gain: "),
    (float("nan"), "a test", "fence_gain: found nan; allowed: a finite number"),
    (np.ones(3), "a test", r"fence_gain: found an array of shape \(3,\); allowed: \(400,\), a number a draw"),
    (np.full(DRAWS, np.inf), "a test", "fence_gain: found a value that is not a finite number"),
    ("much", "a test", "fence_gain: found str; allowed: "),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("belief", "reason", "message"), REFUSED)
def test_a_belief_that_no_parameter_can_have_is_refused(
    beliefs: Beliefs, belief: Belief, reason: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        beliefs.with_(fence_gain=belief, reason=reason)


@pytest.mark.parametrize(
    ("belief", "found"),
    [
        (90.0, "found 90; allowed: 0 to 1 (fraction); did you mean 0.9?"),
        (np.full(DRAWS, -0.1), "found -0.1; allowed: 0 to 1 (fraction)"),
        (stats.norm(0.5, 2), "values outside; allowed: 0 to 1 (fraction)"),
        (True, "found True; allowed: quantiles(...), a number, an array of draws or a frozen distribution"),
    ],
)
def test_a_belief_that_the_unit_can_not_have_is_refused_when_it_is_stated(
    beliefs: Beliefs, belief: Belief, found: str
) -> None:
    with pytest.raises(InputError) as refused:
        beliefs.with_(jumped=belief, reason="a test")
    assert str(refused.value).startswith("jumped: ")
    assert str(refused.value).endswith(found)


def test_unknown_entries_and_families_and_mixtures_are_refused(beliefs: Beliefs) -> None:
    with pytest.raises(InputError, match="unknown parameter 'fence_gian'"):
        beliefs.with_(fence_gian=1.0, reason="a test")
    with pytest.raises(InputError, match="family: found 'normall'; allowed: "):
        toc.quantiles(1, 2, 3, family="normall")
    mixed = toc.beliefs("0.5*almanac + 0.5*farmer", draws=DRAWS, case=CASE)
    with pytest.raises(InputError, match="allowed: the priors of one worldview"):
        mixed.with_(toil=0.5, reason="a test")
