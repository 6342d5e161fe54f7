"""Frontiers and acceptability: known answer 16, ties, laws, and how sure a status is."""

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis.extra import numpy as npst

from toc_model import InputError
from toc_model.statistics import decisions
from toc_model.statistics.cost_effectiveness import acceptability, frontier, frontier_shares
from toc_model.statistics.resamples import told

OPTIONS = ["E", "D", "C", "B", "A", "UC"]
COSTS, EFFECTS = [55_000.0, 35_000, 25_000, 10_000, 12_000, 5_000], [5.0, 4, 3, 2, 1.5, 1]


def of_options(values: Any, names: list[str] | None = None) -> xr.DataArray:
    names = names or [f"o{place}" for place in range(len(values))]
    return xr.DataArray(np.array(values, dtype=float), dims="allocation", coords={"allocation": names})


def figures(cost: Any, effect: Any, names: list[str] | None = None) -> xr.Dataset:
    return frontier(-of_options(effect, names), of_options(cost, names))


def in_draws(effect: Any, spread: float, draws: int = 500, seed: int = 0) -> xr.DataArray:
    """Losses whose draws have these means."""
    means = of_options(effect)
    noise = np.random.default_rng(seed).standard_normal((draws, len(effect)))
    away = xr.DataArray(spread * noise, dims=("draw", "allocation"))
    return (away - means).transpose("draw", "allocation")


def test_the_error_of_a_ratio_is_that_of_two_means_of_the_same_draws() -> None:
    rng = np.random.default_rng(2)
    more = rng.normal(2, 1, 400)
    dearer = 10 + 3 * more + rng.normal(size=400)
    none = np.zeros(400)
    loss, cost = (
        xr.DataArray(np.column_stack([none, one]), dims=("draw", "allocation"), coords={"allocation": ["a", "b"]})
        for one in (-more, dearer)
    )
    found = frontier(loss, cost).sel(allocation="b")
    ratio = dearer.mean() / more.mean()
    assert float(found["ratio"]) == pytest.approx(ratio)
    assert float(found["ratio_mcse"]) == pytest.approx((dearer - ratio * more).std(ddof=1) / 20 / more.mean())


def test_the_frontier_of_six_options() -> None:
    """Known answer 16, from dampack."""
    found = figures(COSTS, EFFECTS, OPTIONS)
    assert dict(zip(OPTIONS, found["status"].values.tolist(), strict=True)) == {
        "E": "ND", "D": "ND", "C": "ED", "B": "ND", "A": "D", "UC": "ND",
    }  # fmt: skip
    assert found["ratio"].sel(allocation=["B", "D", "E"]).values.tolist() == [5_000, 12_500, 20_000]
    assert found["after"].sel(allocation=["UC", "B", "D", "E"]).values.tolist() == ["", "UC", "B", "D"]
    assert np.isnan(found["ratio"].sel(allocation=["UC", "C", "A"])).all()


def test_costs_go_with_effects_by_name() -> None:
    turned = of_options(COSTS, OPTIONS).isel(allocation=slice(None, None, -1))
    assert frontier(-of_options(EFFECTS, OPTIONS), turned).equals(figures(COSTS, EFFECTS, OPTIONS))
    with pytest.raises(InputError, match="cost: found the allocation F; allowed: the allocations of the loss"):
        frontier(-of_options(EFFECTS, OPTIONS), of_options(COSTS, ["F", *OPTIONS[1:]]))
    with pytest.raises(InputError, match="cost: found 5 allocations; allowed: 6"):
        frontier(-of_options(EFFECTS, OPTIONS), of_options(COSTS[1:], OPTIONS[1:]))


@pytest.mark.parametrize(
    ("cost", "effect", "status"),
    [
        ([1, 2], [3, 3], ["ND", "D"]),  # the same effect for more
        ([2, 2], [1, 3], ["D", "ND"]),  # less effect for the same
        ([2, 2], [3, 3], ["ND", "ND"]),  # the same altogether
        ([0, 1, 1, 3], [0, 2, 2, 3], ["ND", "ND", "ND", "ND"]),
        ([0, 1, 2], [0, 1, 2], ["ND", "ND", "ND"]),  # on one line
        ([0, 0.1 + 0.2, 0.6], [0, 0.3, 0.6], ["ND", "ND", "ND"]),  # on one line but for rounding
        ([0.3, 0.1 + 0.2], [1, 1], ["ND", "ND"]),  # the same but for rounding
        ([0, 0.3, 0.1 + 0.2, 0.3], [0, 1, 1, 0.5], ["ND", "ND", "ND", "D"]),  # with another between them
        ([-5, -10, 0], [2, 1, 1.5], ["ND", "ND", "D"]),  # what saves
        ([-5, -10, 0], [-2, -1, -3], ["D", "ND", "D"]),  # what harms and costs more
        ([7], [1], ["ND"]),
        ([0, 2, 1, 3], [0, 1, 0.4, 3], ["ND", "ED", "ED", "ND"]),
    ],
)
def test_ties_and_signs(cost: list[float], effect: list[float], status: list[str]) -> None:
    found = figures(cost, effect)
    assert found["status"].values.tolist() == status
    turned = figures(cost[::-1], effect[::-1])
    assert turned["status"].values.tolist() == status[::-1]


def test_what_is_the_same_but_for_rounding_has_the_same_ratio() -> None:
    found = figures([0, 0.3, 0.1 + 0.2, np.nextafter(0.3, 1)], [0, 1, 1, 0.5])
    assert found["after"].values.tolist() == ["", "o0", "o0", ""]
    assert found["ratio"].values[1:3] == pytest.approx(0.3)


def test_ratios_where_costs_are_negative() -> None:
    found = figures([-5, -10], [2, 1])
    assert found["ratio"].values.tolist()[0] == 5
    assert found["extra_cost"].values.tolist()[0] == 5


pairs = st.integers(1, 7).flatmap(
    lambda many: st.tuples(*[npst.arrays(float, many, elements=st.integers(-4, 4).map(float))] * 2)
)


@given(pairs)
def test_the_frontier_is_what_is_best_at_some_price(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """By brute force over prices, ratios of the frontier and what lies between them among these."""
    cost, effect = pair
    found = figures(cost, effect)
    ratios = np.unique(found["ratio"].values[~np.isnan(found["ratio"].values)])
    prices = np.unique([0.0, *ratios, *(ratios * 1.01), *(ratios * 0.99), 1e4])
    net = np.multiply.outer(prices, effect) - cost
    best = (net >= net.max(axis=1, keepdims=True) - 1e-9).any(axis=0)
    dominated = found["status"].values == "D"
    assert not best[found["status"].values == "ED"].any()
    assert best[~dominated & (found["status"].values == "ND")].all()
    worse = (cost[:, None] >= cost) & (effect[:, None] <= effect)
    strictly = (cost[:, None] > cost) | (effect[:, None] < effect)
    np.testing.assert_array_equal(dominated, (worse & strictly).any(axis=1))


@given(pairs, st.randoms(), st.floats(0.1, 1000), st.floats(-100, 100))
def test_neither_order_nor_units_nor_an_option_named_twice_change_a_status(
    pair: tuple[np.ndarray, np.ndarray], random: Any, factor: float, more: float
) -> None:
    cost, effect = pair
    found = figures(cost, effect)
    order = random.sample(range(len(cost)), len(cost))
    other = figures(factor * cost[order] + more, effect[order] / factor)
    assert other["status"].values.tolist() == found["status"].values[order].tolist()
    twice = figures([*cost, cost[0]], [*effect, effect[0]])["status"].values.tolist()
    assert twice == [*found["status"].values.tolist(), found["status"].values[0]]
    np.testing.assert_allclose(other["ratio"].values, factor**2 * found["ratio"].values[order], rtol=1e-6)


@given(pairs)
def test_each_unit_more_costs_more_along_the_frontier(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = figures(*pair)
    on = found.isel(allocation=np.flatnonzero(found["status"].values == "ND")).sortby(["cost", "effect"])
    ratios = on["ratio"].values[~np.isnan(on["ratio"].values)]
    assert (np.diff(ratios) >= -1e-9).all()
    assert (ratios > 0).all()


# Draws ------------------------------------------------------------------------------------------------------------


def test_ratios_have_the_error_of_a_quotient() -> None:
    """Over many samples the ratio varies as its Monte Carlo error says."""
    cost = of_options([0, 10])
    found = [frontier(in_draws([0, 2], 1.0, 200, seed), cost) for seed in range(200)]
    ratios = [float(one["ratio"][1]) for one in found]
    assert np.std(ratios) == pytest.approx(np.mean([float(one["ratio_mcse"][1]) for one in found]), rel=0.15)
    assert float(figures([0, 10], [0, 2])["ratio_mcse"][1]) == 0


def test_a_status_that_the_seed_turns_is_not_told() -> None:
    cost = of_options([0, 1, 1])
    shares = frontier_shares(in_draws([0, 1.0, 1.01], 1.0), cost)
    np.testing.assert_allclose(shares.sum("status"), 1)
    assert told(float(shares.sel(status="ND", allocation="o0"))) == "yes"
    assert [told(float(shares.sel(status="D", allocation=name))) for name in ("o1", "o2")] == ["not told apart"] * 2
    clear = frontier_shares(in_draws([0, 1.0, 2.0], 1.0), cost)
    assert clear.sel(status="D").values.tolist() == [0, 1, 0]


def test_two_samples_of_one_distribution_are_seldom_told_apart() -> None:
    cost = of_options([1, 1])
    verdicts = [
        told(float(frontier_shares(in_draws([0, 0], 1.0, 100, seed), cost).sel(status="D", allocation="o0")))
        for seed in range(150)
    ]
    assert sum(one != "not told apart" for one in verdicts) <= 15


def test_costs_may_have_draws() -> None:
    loss = in_draws([0, 1, 2], 0.1)
    cost = xr.DataArray(np.abs(np.random.default_rng(1).standard_normal((500, 3))), dims=("draw", "allocation"))
    found = frontier(loss, cost)
    np.testing.assert_allclose(found["cost"], cost.mean("draw"))
    same = cost.isel(draw=[0] * 500)
    fixed = frontier(loss, same.isel(draw=0))
    np.testing.assert_allclose(frontier(loss, same)["ratio"], fixed["ratio"])
    np.testing.assert_allclose(frontier_shares(loss, same), frontier_shares(loss, same.isel(draw=0)))


@given(pairs.filter(lambda pair: len(pair[0]) > 1), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_the_best_at_a_willingness_is_where_ratios_cross_it(pair: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    cost, loss = of_options(pair[0]), in_draws(pair[1], 0.5, 60, seed)
    found = frontier(loss, cost)
    ratios = found["ratio"].values[~np.isnan(found["ratio"].values)]
    willingness = [0.0, *(0.999 * ratios), *(1.001 * ratios)]
    chosen = acceptability(loss, cost, willingness)
    for price, best in zip(willingness, chosen["best"].values.tolist(), strict=True):
        worth = price * found["effect"] - found["cost"]
        assert float(worth.sel(allocation=best)) == pytest.approx(float(worth.max()), abs=1e-9)
        assert str(found["status"].sel(allocation=best).item()) != "D" or price == 0
    np.testing.assert_allclose(chosen["p_best"].sum("allocation"), 1)
    least = chosen["opportunity_loss"].min("allocation").values
    np.testing.assert_allclose(least, [evpi(price * loss + cost) for price in willingness], atol=1e-9)


def evpi(net: xr.DataArray) -> float:
    return float(net.mean("draw").min() - net.min("allocation").mean())


def test_acceptability_is_the_same_curve_by_prices_of_cost() -> None:
    cost, loss = of_options(COSTS[:4]), in_draws(EFFECTS[:4], 0.5)
    found = acceptability(loss, cost, [5_000, 16_000])
    curve = decisions.p_best_curve(loss, cost, [1 / 5_000, 1 / 16_000])
    np.testing.assert_allclose(found["p_best"], curve)
    expected = found["p_best"].sel(willingness=16_000, allocation=found["best"].sel(willingness=16_000).item())
    assert float(found["p_frontier"].sel(willingness=16_000)) == float(expected)
    p = float(expected)
    assert float(found["p_frontier_mcse"].sel(willingness=16_000)) == pytest.approx((p * (1 - p) / 499) ** 0.5)


def test_where_nothing_is_paid_for_effects_the_cheapest_is_best() -> None:
    found = acceptability(in_draws([0, 5], 1.0), of_options([0, 1]), [0])
    assert found["best"].values.tolist() == ["o0"]
    assert found["p_best"].values.tolist() == [[1, 0]]


LOSS, COST = in_draws([0, 1], 1.0, 20), of_options([0, 1])


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: frontier(LOSS, COST * np.nan), "cost: found a value that is not a finite number"),
        (lambda: frontier(LOSS * np.inf, COST), "loss: found a value that is not a finite number"),
        (
            lambda: frontier(LOSS, COST.isel(allocation=0, drop=True)),
            "cost: found no dims; allowed: the dim allocation",
        ),
        (lambda: frontier(LOSS.expand_dims("place"), COST), "loss: found place, draw, allocation; allowed: the dim"),
        (lambda: frontier(LOSS.mean("draw"), LOSS), "cost: found draws; allowed: none"),
        (lambda: frontier(LOSS, LOSS[1:]), "cost: found 19 draws; allowed: 20"),
        (lambda: frontier(LOSS, COST * 1e300), "cost: found 1e+300; allowed: up to 1e+60"),
        (lambda: frontier_shares(LOSS.mean("draw"), COST), "loss: found no draws"),
        (lambda: acceptability(LOSS, COST, [-1]), "willingness: found -1; allowed: 0 or more"),
        (lambda: acceptability(LOSS, COST, [float("nan")]), "willingness: found nan"),
        (lambda: acceptability(LOSS, COST, []), "found none; allowed: one or more"),
        (lambda: decisions.p_best_curve(LOSS, COST, []), "prices: found none; allowed: one or more"),
        (lambda: figures([1, 2], [1, 2], ["a", "a"]), "loss: found the allocation a twice"),
    ],
)
def test_what_is_no_cost_or_effect_is_refused(ask: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        ask()
    assert message in str(error.value)
