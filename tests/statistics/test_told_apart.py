"""What is told of samples: two of one distribution are seldom told apart, and a clear difference always is."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from toc_model import InputError
from toc_model.statistics import decisions
from toc_model.statistics.firsts import first_shares, rivals
from toc_model.statistics.resamples import dominance_shares, frontier_shares, told
from toc_model.statistics.signs import direction

DRAWS = 60
SAMPLES = 500
MOST = 0.06


def sample(seed: int, *, apart: float = 0.0, many: int = 2) -> xr.DataArray:
    """Losses of some options, independent, each so much more than the one before."""
    values = np.random.default_rng(seed).normal(size=(DRAWS, many)) + apart * np.arange(many)
    names = [f"option {place}" for place in range(many)]
    return xr.DataArray(values, dims=("draw", "allocation"), coords={"allocation": names})


def mean_is_told(loss: xr.DataArray) -> bool:
    return int(decisions.as_good_as_best(loss).sum()) == 1


def sign_is_told(loss: xr.DataArray) -> bool:
    return bool(direction(decisions.figures(loss[:, 0] - loss[:, 1])))


def dominance_is_told(loss: xr.DataArray) -> bool:
    share = dominance_shares(loss)["share"].sel(kind="second_order").values
    return "yes" in {told(float(share[0, 1])), told(float(share[1, 0]))}


def frontier_is_told(loss: xr.DataArray) -> bool:
    return "no" in map(told, frontier_shares(loss).values.tolist())


def regret_is_told(loss: xr.DataArray) -> bool:
    """Of the largest one over three worldviews that share their draws but for the scale."""
    shares = first_shares([loss, 2 * loss, loss + 1], [1, 1, 2])
    return not rivals(shares["mean"]) and not rivals(shares["largest"])


TOLD = [mean_is_told, dominance_is_told, frontier_is_told, regret_is_told, sign_is_told]
"""The last is the first for two options."""


@pytest.mark.parametrize("is_told", TOLD[:-1])
def test_two_samples_of_one_distribution_are_seldom_told_apart(is_told: Callable[[xr.DataArray], bool]) -> None:
    assert np.mean([is_told(sample(seed)) for seed in range(SAMPLES)]) <= MOST


@pytest.mark.parametrize("is_told", TOLD)
def test_a_clear_difference_is_told(is_told: Callable[[xr.DataArray], bool]) -> None:
    def of_several(seed: int) -> xr.DataArray:
        return sample(seed, apart=2.0) * np.array([1.0, 3.0])

    assert all(is_told(of_several(seed)) for seed in range(20))


def test_the_first_by_regret_and_its_rivals() -> None:
    """Four options, two of which are alike and better than the others; the last is the worst."""
    loss = sample(1, many=4) * 0.5 + np.array([0.0, 0.02, 1.0, 3.0])
    shares = first_shares([loss, loss], [1, 3])
    for found in shares.values():
        assert float(found.sum()) == pytest.approx(1)
        assert found.values[2:].tolist() == [0, 0]
        first = str(found.idxmax("allocation").item())
        assert [first, *rivals(found)] in (["option 0", "option 1"], ["option 1", "option 0"])
    assert rivals(first_shares([loss[:, [0, 2, 3]]], [1])["mean"]) == []


def test_regrets_are_weighed_and_each_is_that_of_its_own_worldview() -> None:
    """Regrets of 0 and 3 under one, of 2 and 0 under the other, whose losses are larger by ten."""
    rows = [[0.0, 3.0], [12.0, 10.0]]
    names = {"allocation": ["a", "b"]}
    losses = [xr.DataArray([row] * 9, dims=("draw", "allocation"), coords=names) for row in rows]
    assert first_shares(losses, [1, 1])["mean"].values.tolist() == [1, 0]
    assert first_shares(losses, [1, 3])["mean"].values.tolist() == [0, 1]
    assert first_shares(losses, [1, 3])["largest"].values.tolist() == [1, 0]


def test_a_first_that_is_not_told_has_a_rival() -> None:
    shares = xr.DataArray([0.02, 0.97, 0.01], dims="allocation", coords={"allocation": ["a", "b", "c"]})
    assert rivals(shares) == ["a"]


def test_what_is_the_same_but_for_rounding_is_never_told_apart() -> None:
    loss = sample(3, many=1)
    twin = xr.concat([loss, (loss * 3 / 3 + 0.1 - 0.1).assign_coords(allocation=["twin"])], "allocation")
    found = first_shares([twin], [1])
    np.testing.assert_allclose(found["mean"], 0.5)
    assert rivals(found["mean"]) == ["twin"]
    assert decisions.as_good_as_best(twin).all()
    assert set(map(told, dominance_shares(twin)["share"].values.ravel().tolist())) == {"no"}


def test_worldviews_go_together_by_the_names_of_options_and_may_have_other_numbers_of_draws() -> None:
    one, other = sample(1, apart=0.1, many=3), sample(2, apart=0.2, many=3)
    expected = first_shares([one, other[:40]], [1, 2])
    xr.testing.assert_allclose(first_shares([one, other[:40, [2, 0, 1]]], [1, 2]), expected)
    with pytest.raises(InputError, match="weights: found 1; allowed: one for each of 2 worldviews"):
        first_shares([one, other], [1])
    with pytest.raises(InputError, match="found the allocation strange; allowed: the allocations of the first"):
        first_shares([one, other.assign_coords(allocation=["option 0", "option 1", "strange"])], [1, 1])
