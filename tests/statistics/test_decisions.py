"""Comparing allocations: known answers 8 to 10 of the design page, laws, and losses of a user's own."""

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis.extra import numpy as npst
from scipy import stats

from toc_model import InputError
from toc_model.statistics import decisions, standard_errors
from toc_model.statistics.dominance import dominance, mean_variance


def losses(values: np.ndarray) -> xr.DataArray:
    names = ["status_quo", *(f"option_{i}" for i in range(1, values.shape[1]))]
    return xr.DataArray(values, dims=("draw", "allocation"), coords={"allocation": names})


any_losses = npst.arrays(
    float, st.tuples(st.integers(2, 30), st.integers(1, 5)), elements=st.floats(-5, 5).map(lambda x: round(x, 1))
).map(losses)


def test_p_best_and_opportunity_loss_of_three_normal_pay_offs() -> None:
    rng = np.random.default_rng(1)
    pay_offs = np.array([0, 0.5, 0.25]) + np.array([1, 1, 2]) * rng.standard_normal((400_000, 3))
    found = losses(-pay_offs)
    np.testing.assert_allclose(decisions.p_best(found), [0.212819, 0.395492, 0.391689], atol=0.003)
    lost = decisions.expected_opportunity_loss(found)
    assert float(lost.min()) == pytest.approx(0.947176, rel=0.01)
    assert lost.idxmin("allocation").item() == "option_1"


def test_minimax_regret_of_three_options() -> None:
    pay_offs = xr.DataArray(
        [[200.0, 100.0, 0.0], [-180.0, -20.0, 0.0]],
        dims=("worldview", "allocation"),
        coords={"worldview": ["good", "bad"], "allocation": ["a", "b", "c"]},
    )
    found = decisions.regret_across(-pay_offs)
    assert found["largest"].values.tolist() == [180.0, 100.0, 200.0]
    assert found["worst_worldview"].values.tolist() == ["bad", "good", "good"]
    assert found["mean"].values.tolist() == [90.0, 60.0, 100.0]
    weighted = decisions.regret_across(-pay_offs, [3, 1])
    assert weighted["mean"].values.tolist() == [45.0, 80.0, 150.0]


def test_cvar_of_a_normal_loss() -> None:
    quantiles = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert float(decisions.cvar(losses(quantiles[:, None]), 0.95)[0]) == pytest.approx(2.062713, abs=1e-4)


def test_cvar_counts_the_last_draw_in_part() -> None:
    found = losses(np.arange(10.0)[:, None])
    assert float(decisions.cvar(found, 0.85)[0]) == pytest.approx((9 + 0.5 * 8) / 1.5)
    assert float(decisions.cvar(found, 0)[0]) == pytest.approx(4.5)
    assert float(decisions.cvar(found, 0.95)[0]) == pytest.approx(9)


def test_dominance_is_of_three_kinds() -> None:
    base = np.array([0.0, 1.0, 2.0, 3.0])
    shifted, shuffled, spread = base + 0.5, base[::-1] + 0.5, np.array([-1.0, 1.0, 2.0, 4.0])
    found = dominance(losses(np.stack([base, shifted, shuffled, spread], axis=1)))
    by = found.sel(allocation="status_quo")
    assert by["statewise"].values.tolist() == [False, True, False, False]
    assert by["first_order"].values.tolist() == [False, True, True, False]
    assert by["second_order"].values.tolist() == [False, True, True, True]
    assert not found.sel(allocation="option_3").to_array().any()


def test_the_frontier_leaves_out_what_is_worse_and_riskier() -> None:
    columns = [np.array([0.0, 2.0]), np.array([1.0, 3.0]), np.array([-3.0, 4.0]), np.array([1.0, 1.0])]
    found = mean_variance(losses(np.stack(columns, axis=1)))
    assert found["efficient"].values.tolist() == [False, False, True, True]
    assert found["mean"].values.tolist() == [1.0, 2.0, 0.5, 1.0]


def test_the_curve_goes_from_the_best_to_the_cheapest() -> None:
    rng = np.random.default_rng(2)
    found = losses(np.array([0.0, -0.3, -0.5]) + 0.1 * rng.standard_normal((1000, 3)))
    cost = xr.DataArray([0.0, 1.0, 2.0], dims="allocation", coords={"allocation": found["allocation"]})
    curve = decisions.p_best_curve(found, cost, [0.0, 1.0])
    np.testing.assert_allclose(curve.sel(price=0.0), decisions.p_best(found))
    assert float(curve.sel(price=0.0, allocation="option_2")) > 0.8
    assert float(curve.sel(price=1.0, allocation="status_quo")) > 0.99


@given(any_losses)
def test_p_best_adds_up_to_one_even_with_ties(found: xr.DataArray) -> None:
    assert float(decisions.p_best(found).sum()) == pytest.approx(1)


@given(any_losses)
def test_the_regret_of_the_best_choice_is_what_perfect_information_is_worth(found: xr.DataArray) -> None:
    perfect = found.mean("draw").min() - found.min("allocation").mean()
    assert float(decisions.expected_opportunity_loss(found).min()) == pytest.approx(float(perfect), abs=1e-12)


@given(any_losses)
def test_kinds_of_dominance_imply_each_other(found: xr.DataArray) -> None:
    kinds = dominance(found)
    assert not (kinds["statewise"] & ~kinds["first_order"]).any()
    assert not (kinds["first_order"] & ~kinds["second_order"]).any()
    assert not (kinds["second_order"] & kinds["second_order"].values.T).any()


@given(any_losses, st.floats(0, 0.99), st.floats(0, 0.99))
def test_cvar_grows_with_the_level_from_the_mean_to_the_largest(found: xr.DataArray, one: float, other: float) -> None:
    low, high = decisions.cvar(found, min(one, other)), decisions.cvar(found, max(one, other))
    assert (low <= high + 1e-9).all()
    assert (found.mean("draw") <= low + 1e-9).all()
    assert (high <= found.max("draw") + 1e-9).all()


def test_changes_are_paired() -> None:
    rng = np.random.default_rng(3)
    common = rng.standard_normal((500, 1))
    found = losses(np.hstack([common, common - 0.1]))
    change = decisions.paired_effect(decisions.paired_change(found, "status_quo")).sel(allocation="option_1")
    assert float(change["mean"]) == pytest.approx(-0.1)
    assert float(change["mcse"]) < 1e-12
    assert float(change["share_better"]) == 1


def test_the_error_of_cvar_is_that_of_repeated_samples() -> None:
    rng = np.random.default_rng(4)
    samples = losses(rng.standard_normal((2000, 200)))
    spread = float(decisions.cvar(samples, 0.9).std())
    assert float(decisions.cvar_error(samples, 0.9).mean()) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize("level", [-0.1, 1.0, 2.0])
def test_cvar_refuses_levels_without_a_tail(level: float) -> None:
    with pytest.raises(InputError, match="from 0 to below 1"):
        decisions.cvar(losses(np.zeros((5, 2))), level)


# Figures ----------------------------------------------------------------------------------------------------------


def test_a_summary_of_evenly_spread_draws() -> None:
    x = xr.DataArray(
        np.stack([np.arange(101.0), 2 * np.arange(101.0)]),
        dims=("allocation", "draw"),
        coords={"allocation": ["one", "two"], "draw": np.arange(101)},
    )
    found = decisions.summary(x)
    assert found.to_dataframe().T.to_dict() == {
        "one": {"mean": 50, "q05": 5, "q95": 95, "mcse": pytest.approx(np.sqrt(101 * 102 / 12 / 101))},
        "two": {"mean": 100, "q05": 10, "q95": 190, "mcse": pytest.approx(2 * np.sqrt(101 * 102 / 12 / 101))},
    }
    assert decisions.row(found, allocation="two")["q95"] == 190
    assert decisions.figures(x.sel(allocation="one")) == decisions.row(found, allocation="one")


def test_an_effect_is_a_paired_change_and_how_often_it_is_a_fall() -> None:
    values = np.array([[1.0, 0.5, 1.0], [1.0, 1.0, 0.0], [1.0, 1.5, 1.0], [1.0, 0.5, 1.0]])
    change = decisions.paired_change(losses(values), "status_quo")
    assert set(change.coords) == {"allocation"}
    np.testing.assert_array_equal(change, values - 1)
    found = decisions.effect_figures(decisions.paired_effect(change), allocation="option_1")
    assert found["share_better"] == 0.5
    assert found["change"]["mean"] == -0.125
    assert found["change"] == decisions.figures(change.sel(allocation="option_1"))


def test_a_baseline_is_one_of_the_allocations() -> None:
    found = losses(np.zeros((3, 2)))
    with pytest.raises(InputError, match=r"baseline: unknown allocation 'option_2'; did you mean 'option_1'"):
        decisions.paired_change(found, "option_2")
    with pytest.raises(InputError, match="loss: found the allocation a twice"):
        decisions.paired_change(found.assign_coords(allocation=["a", "a"]), "a")


def test_as_good_as_the_best_is_within_that_many_errors_of_the_paired_difference() -> None:
    """A difference of +-1 around m in 100 draws has the error 1 / sqrt(99), 1.96 of which are .19698."""
    signs = np.where(np.arange(100) % 2, 1.0, -1.0)
    common = np.random.default_rng(1).standard_normal(100)
    found = np.stack([common + gap + part * signs for gap, part in ((0.199, 1), (0, 0), (0.195, 1), (0, 0), (0.1, 0))])
    loss = xr.DataArray(found, dims=("share", "draw"), coords={"share": [0.0, 0.1, 0.2, 0.3, 0.4]})
    good = decisions.as_good_as_best(loss, "share")
    assert good.values.tolist() == [False, True, True, True, False]
    assert set(good.coords) == {"share"}
    assert decisions.still_as_good(2.0, 0.5) == pytest.approx(2.979982)


def test_a_price_makes_what_is_cheap_the_best() -> None:
    found = losses(np.array([[1.0, 0.0, 0.5]] * 4))
    cost = xr.DataArray([0.0, 2.0, 0.5], dims="allocation")
    curve = decisions.p_best_curve(found, cost, [0.0, 0.4, 1.5])
    assert curve["price"].values.tolist() == [0.0, 0.4, 1.5]
    np.testing.assert_array_equal(curve, [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    ties = decisions.is_best(losses(np.array([[1.0, 1.0, 2.0]])))
    np.testing.assert_array_equal(ties, [[0.5, 0.5, 0]])


def test_weights_of_worldviews_go_by_their_labels() -> None:
    means = xr.DataArray(
        [[0.0, 4.0], [8.0, 0.0]], dims=("worldview", "allocation"),
        coords={"worldview": ["u", "v"], "allocation": ["a", "b"]},
    )  # fmt: skip
    weights = xr.DataArray([1.0, 3.0], dims="worldview", coords={"worldview": ["v", "u"]})
    assert decisions.regret_across(means, weights)["mean"].values.tolist() == [2.0, 3.0]
    with pytest.raises(InputError, match="weights: found the worldview w; allowed: the worldviews of the table"):
        decisions.regret_across(means, weights.assign_coords(worldview=["v", "w"]))


# Edges of risk ----------------------------------------------------------------------------------------------------


def test_cvar_of_one_draw_is_that_draw_and_keeps_no_label_of_it() -> None:
    one = losses(np.array([[3.0, 4.0]])).assign_coords(draw=[7])
    found = decisions.cvar(one)
    assert found.values.tolist() == [3.0, 4.0]
    assert set(found.coords) == {"allocation"}
    many = losses(np.random.default_rng(5).standard_normal((40, 2)))
    np.testing.assert_array_equal(decisions.cvar(many.T), decisions.cvar(many, 0.95))


def test_the_error_of_the_whole_is_that_of_the_mean() -> None:
    found = losses(np.random.default_rng(6).standard_normal((50, 3)) - 2)
    np.testing.assert_allclose(decisions.cvar_error(found, 0.0), decisions.summary(found)["mcse"])
    assert decisions.cvar_error(losses(np.ones((5, 1)))).item() == 0


def test_equal_means_leave_the_choice_to_the_spread_and_the_other_way_round() -> None:
    columns = {"base": [0.0, 2.0], "wider": [-1.0, 3.0], "higher": [1.0, 3.0], "same": [1e-13, 2.0], "both": [0.0, 4.0]}
    found = mean_variance(losses(np.array(list(columns.values())).T))
    assert found["efficient"].values.tolist() == [True, False, False, True, False]
    np.testing.assert_allclose(found["sd"], np.sqrt(2) * np.array([1, 2, 1, 1, 2]))


def test_dominance_needs_one_draw_that_is_better_by_more_than_rounding() -> None:
    columns = [np.array([0.0, 1.0, 5.0]), np.array([0.0, 2.0, 5.0]), np.array([1e-13, 1.0, 5.0])]
    kinds = dominance(losses(np.stack(columns, axis=1)).T)
    expected = [[False, True, False], [False, False, False], [False, True, False]]
    for kind in ("statewise", "first_order", "second_order"):
        assert kinds[kind].values.tolist() == expected
    assert kinds["other"].values.tolist() == ["status_quo", "option_1", "option_2"]


def test_risk_decides_by_the_mean_of_the_worst_whatever_the_best_are() -> None:
    safe, risky = np.array([2.0, 2.0, 2.0]), np.array([0.0, 1.0, 6.0])
    kinds = dominance(losses(np.stack([safe, risky], axis=1)))
    assert kinds["second_order"].values.tolist() == [[False, True], [False, False]]
    assert not kinds["first_order"].any()
    worse_on_average = dominance(losses(np.stack([safe, risky - 1], axis=1)))
    assert not worse_on_average["second_order"].any()


def test_the_error_of_a_quantile_is_that_of_its_rank_in_the_unit_of_the_draws() -> None:
    x = xr.DataArray(10.0 * np.arange(101), dims="draw")
    step = np.sqrt(0.3 * 0.7 / 101)
    assert standard_errors.quantile_error(x, 0.3) == pytest.approx(1000 * step, rel=1e-9)
    assert standard_errors.quantile_error(x + 7, 0.3) == pytest.approx(1000 * step, rel=1e-9)
    assert standard_errors.quantile_error(x, 0.001) == pytest.approx(
        1000 * (0.001 + np.sqrt(0.001 * 0.999 / 101)) / 2, rel=1e-9
    )
    chained = x.isel(draw=slice(100)).assign_coords(chain=("draw", np.repeat([0, 1], 50)))
    assert standard_errors.quantile_error(chained, 0.3) > 2 * standard_errors.quantile_error(
        x.isel(draw=slice(100)), 0.3
    )


def test_the_error_of_cvar_is_that_of_what_each_draw_adds() -> None:
    x = np.random.default_rng(1).standard_normal(200)
    beyond = np.quantile(x, 0.8) + np.maximum(x - np.quantile(x, 0.8), 0) / 0.2
    plain = beyond.std(ddof=1) / np.sqrt(200)
    assert float(decisions.cvar_error(losses(x[:, None]), 0.8)[0]) == pytest.approx(plain, rel=1e-12)
    slow = losses(np.sort(x)[:, None]).assign_coords(chain=("draw", np.zeros(200, int)))
    assert float(decisions.cvar_error(slow, 0.8)[0]) > 3 * plain
