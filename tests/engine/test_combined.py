"""Changes from several sources: factors multiply, equal values count once, what contradicts is refused."""

from itertools import permutations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tests.toy import CASE
from toc_model.engine.combined import combined
from toc_model.engine.overrides import Override, apply_overrides, parse_overrides
from toc_model.errors import InputError

STORY = CASE.story


def texts(*parts: str) -> list[str]:
    return [override.text for override in joined(*parts)]


def joined(*parts: str) -> tuple[Override, ...]:
    return combined(STORY, {f"source {place}": parse_overrides([part]) for place, part in enumerate(parts)})


def applied(*parts: str) -> xr.Dataset:
    """Parameters that are all 2, changed by the sources together."""
    twos = {
        name: xr.DataArray(np.full([len(STORY.dimensions[dim]) for dim in about.dims], 2.0), dims=about.dims)
        for name, about in STORY.parameters.items()
    }
    return apply_overrides(STORY, xr.Dataset(twos), joined(*parts))[1]


def test_factors_multiply_even_if_they_are_equal() -> None:
    assert texts("toil*=5", "toil*=3") == ["toil*=5", "toil*=3"]
    assert float(applied("toil*=5", "toil*=3", "toil*=3")["toil"]) == 2 * 45


def test_a_factor_of_one_place_multiplies_that_of_all() -> None:
    found = applied("watch_gain*=5", "watch_gain[valley]*=3")["watch_gain"]
    assert dict(zip(STORY.dimensions["field"], found.values.tolist(), strict=True)) == {"hill": 10.0, "valley": 30.0}


@pytest.mark.parametrize("text", ["toil=1", "do(sown)=3", "do(sown)=before", "cut(fence->sown)", "watch_gain[hill]=1"])
def test_what_two_sources_say_alike_counts_once(text: str) -> None:
    assert texts(text, text) == [text]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("watch_gain=0", "watch_gain[hill]=0"),
        ("watch_gain[valley]=1", "watch_gain[hill]=0"),
        ("watch_gain[valley]*=2", "watch_gain[hill]=0"),
        ("do(guarded[valley])=1", "do(guarded[hill])=before"),
        ("toil=0.20", "toil=0.2"),
        ("cut(fence->sown)", "cut(fence->spared)"),
        ("cut(fence->sown)", "do(sown)=3"),
        ("toil=1", "jumped=0.5"),
        ("toil=1", "do(sown)=3"),
    ],
)
def test_what_does_not_contradict_is_kept(one: str, other: str) -> None:
    assert texts(one, other) == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("toil=1", "toil=2"),
        ("toil=1", "toil*=2"),
        ("watch_gain=0", "watch_gain[hill]=1"),
        ("watch_gain*=2", "watch_gain[hill]=1"),
        ("watch_gain[hill]=0", "watch_gain[hill]=1"),
        ("do(sown)=3", "do(sown)=4"),
        ("do(sown)=3", "do(sown)=before"),
        ("do(guarded)=3", "do(guarded[hill])=before"),
    ],
)
def test_what_contradicts_is_refused_in_any_order(one: str, other: str) -> None:
    with pytest.raises(InputError) as refusal:
        joined("jumped=0.5", one, other)
    assert str(refusal.value) == f"source 1 says {one}, source 2 says {other}"
    with pytest.raises(InputError):
        joined(other, one)


def test_one_source_may_change_a_thing_twice_in_its_own_order() -> None:
    assert float(applied("toil=3; toil*=2", "jumped=0.5")["toil"]) == 6
    with pytest.raises(InputError, match=r"source 0 says toil\*=2, source 1 says toil=3"):
        joined("toil=3; toil*=2", "toil=3")


FACTORS = st.sampled_from(["toil*=2", "toil*=0.3", "watch_gain*=4", "watch_gain[hill]*=3", "jumped=0.5", "late*=7"])


@given(st.lists(FACTORS, min_size=2, max_size=4))
def test_the_order_of_sources_does_not_matter(parts: list[str]) -> None:
    first = applied(*parts)
    for other in permutations(parts):
        xr.testing.assert_allclose(applied(*other), first, rtol=1e-12)
