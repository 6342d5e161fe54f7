"""Errors of figures from weighted draws say how far they are from what is known."""

from collections.abc import Callable

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis.extra import numpy as npst
from scipy import stats

from tests.statistics.autoregressive import chains, labelled
from toc_model.statistics import averages, decisions, verdicts
from toc_model.statistics.information import evpi, evppi
from toc_model.statistics.sensitivity.given_data import first_order
from toc_model.statistics.sensitivity.power import power_scaling
from toc_model.statistics.sensitivity.response import response_by_regression
from toc_model.statistics.standard_errors import Design, design_of, error_of_mean, quantile_error

Z90 = 1.6448536269514722
RUNS, DRAWS = 300, 500
WIDER = 1.6
"""Standard deviation that draws have, of what has one by their weights."""

type Draw = Callable[[np.random.Generator], xr.DataArray]


def reweighed(values: np.ndarray, mean: float = 0.0, sd: float = 1.0) -> np.ndarray:
    """Weights that make normal draws, `WIDER` times as wide, normal of some mean and spread; any scale."""
    z = (values - mean) / sd
    return np.asarray(7.0 * np.exp(-(z**2) * (1 - 1 / WIDER**2) / 2))


def normal(rng: np.random.Generator, draws: int = DRAWS) -> xr.DataArray:
    values = WIDER * rng.standard_normal(draws)
    return xr.DataArray(values, dims="draw", coords={"weight": ("draw", reweighed(values))})


def known_seven(rng: np.random.Generator, draws: int) -> tuple[xr.DataArray, xr.Dataset]:
    """Known answer 7: options 0 and p1 - p2, in losses, from draws that are wider than what they stand for."""
    p1, p2 = 1 + WIDER * rng.standard_normal(draws), 2 * WIDER * rng.standard_normal(draws)
    weight = {"weight": ("draw", reweighed(p1, 1.0) * reweighed(p2, 0.0, 2.0))}
    loss = xr.DataArray(np.column_stack([np.zeros(draws), p2 - p1]), dims=("draw", "allocation"), coords=weight)
    return loss, xr.Dataset({"p1": ("draw", p1), "p2": ("draw", p2)})


def test_intervals_of_reweighed_draws_cover_what_they_say() -> None:
    rng = np.random.default_rng(0)
    covered: dict[str, list[bool]] = {}
    for _ in range(RUNS):
        x = normal(rng)
        mean, sd = float(averages.mean(x)), float(averages.sd(x))
        found = {
            "mean": (mean, float(error_of_mean(x)), 0.0),
            "sd": (sd, float(error_of_mean((x - mean) ** 2)) / (2 * sd), 1.0),
            "median": (averages.quantile(x, 0.5), quantile_error(x, 0.5), 0.0),
            "q95": (averages.quantile(x, 0.95), quantile_error(x, 0.95), Z90),
            "cvar": (float(decisions.cvar(x, 0.9)), float(decisions.cvar_error(x, 0.9)), 1.754983),
            "share": ((one := verdicts.share("x", x > 1)).value, one.error, float(stats.norm.sf(1))),
            "ratio": ((two := verdicts.ratio("x", x + 2, x**2 + 1)).value, two.error, 1.0),
        }
        loss, _ = known_seven(rng, DRAWS)
        known = evpi(loss)
        found["evpi"] = known.value, known.se, 0.4798107
        for name, (value, error, true) in found.items():
            covered.setdefault(name, []).append(abs(value - true) <= Z90 * error)
    shares = {name: float(np.mean(several)) for name, several in covered.items()}
    assert all(0.85 <= share <= 0.96 for share in shares.values()), shares


def test_weights_that_say_nothing_of_values_cost_draws_in_effect() -> None:
    rng, covered, bare = np.random.default_rng(3), 0, 0
    for _ in range(RUNS):
        weight = rng.gamma(0.3, size=DRAWS)
        x = xr.DataArray(rng.standard_normal(DRAWS), dims="draw", coords={"weight": ("draw", weight)})
        found = decisions.figures(x)
        covered += abs(found["mean"]) <= Z90 * found["mcse"]
        bare += abs(found["mean"]) <= Z90 * float(error_of_mean(x.drop_vars("weight")))
    assert 0.85 <= covered / RUNS <= 0.95
    assert bare / RUNS < 0.7


def test_known_values_are_found_from_reweighed_draws() -> None:
    """Cases 7 and 13, the latter of independent inputs."""
    loss, parameters = known_seven(np.random.default_rng(1), 8000)
    assert evpi(loss).value == pytest.approx(0.4798107, rel=0.06)
    for name, true in (("p1", 0.0833155), ("p2", 0.3955931)):
        found = evppi(loss, parameters[name])
        assert found.value == pytest.approx(true, abs=Z90 * 1.5 * found.se)
        assert found.se < 0.2 * max(true, 0.2)
    together = evppi(loss, parameters)
    assert together.value == pytest.approx(0.4798107, rel=0.06)
    x = parameters.to_dataarray("entry").transpose("draw", "entry").assign_coords(draw=np.arange(8000))
    y = (x.sum("entry").expand_dims(outcome=["y"])).transpose("draw", "outcome")
    y = y.assign_coords(weight=("draw", loss["weight"].values))
    np.testing.assert_allclose(first_order(x, y)["index"].values.ravel(), [0.2, 0.8], atol=0.04)
    swing = response_by_regression(x, y)["swing"].values.ravel()
    np.testing.assert_allclose(swing, 2 * Z90 * np.array([1.0, 2.0]), rtol=0.08)


def test_power_scaling_of_reweighed_draws_is_that_of_draws_of_what_they_stand_for() -> None:
    rng, places = np.random.default_rng(2), {"draw": np.arange(6000)}
    wide, narrow = WIDER * rng.standard_normal(6000), rng.standard_normal(6000)
    tables = [xr.DataArray(x[:, None], dims=("draw", "outcome"), coords={"outcome": ["y"]}) for x in (wide, narrow)]
    tables[0] = tables[0].assign_coords(places | {"weight": ("draw", reweighed(wide))})
    found, expected = (
        power_scaling("prior", xr.Dataset({"x": -(table.isel(outcome=0, drop=True) ** 2) / 2}), table)["sensitivity"]
        for table in tables
    )
    np.testing.assert_allclose(found, expected, rtol=0.12)


def test_a_spread_that_is_stated_is_that_of_means() -> None:
    for draw in (normal, of_parts, of_camps, of_chains):
        rng = np.random.default_rng(8)
        found = [decisions.figures(draw(rng)) for _ in range(RUNS)]
        means, errors = ([one[key] for one in found] for key in ("mean", "mcse"))
        assert float(np.std(means, ddof=1) / np.mean(errors)) == pytest.approx(1, abs=0.17), draw.__name__


def of_parts(rng: np.random.Generator) -> xr.DataArray:
    """Parts far apart, in shares that are given, each with weights of its own that say nothing of shares."""
    part = rng.permutation(np.repeat([0, 1, 2], [200, 150, 50]))
    z = WIDER * rng.standard_normal(400)
    weight = reweighed(z)
    for one in range(3):
        weight[part == one] /= weight[part == one].mean()
    values = np.array([0.0, 10.0, -20.0])[part] + np.array([1.0, 3.0, 0.5])[part] * z
    return xr.DataArray(values, dims="draw", coords={"mixture_part": ("draw", part), "weight": ("draw", weight)})


def of_camps(rng: np.random.Generator) -> xr.DataArray:
    """Two camps spread over ranks in one order, with noise, and weights that hang on what is noise alone."""
    part, order = rng.permutation(np.repeat([0, 1], [200, 200])), rng.permutation(400)
    level = stats.norm.ppf((order + 0.5) / 400)
    noise = WIDER * rng.standard_normal(400)
    weight = reweighed(noise)
    for one in range(2):
        weight[part == one] /= weight[part == one].mean()
    values = np.where(part == 0, level, 5 + 2 * level) + 2 * noise
    coords = {
        "mixture_part": ("draw", part),
        "camp_rank": ("draw", order),
        "pool_member": ("draw", np.arange(400)),
        "weight": ("draw", weight),
    }
    return xr.DataArray(values, dims="draw", coords=coords)


def of_chains(rng: np.random.Generator) -> xr.DataArray:
    x = labelled(WIDER * chains(0.6, rng, 1)[:, 0])
    return x.assign_coords(weight=("draw", reweighed(x.values)))


# What follows from the rule ---------------------------------------------------------------------------------------

columns = npst.arrays(float, st.tuples(st.integers(3, 40), st.integers(1, 4)), elements=st.floats(-5, 5, width=32))


@given(columns, st.integers(0, 99))
def test_the_error_is_that_of_self_normalised_importance_sampling(values: np.ndarray, seed: int) -> None:
    weight = np.random.default_rng(seed).gamma(1.0, size=len(values))
    x = xr.DataArray(values, dims=("draw", "allocation"), coords={"weight": ("draw", weight)})
    mean = weight @ values / weight.sum()
    plain = np.sqrt(weight**2 @ (values - mean) ** 2) / weight.sum() * np.sqrt(len(values) / (len(values) - 1))
    np.testing.assert_allclose(error_of_mean(x), plain, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(averages.mean(x), mean, rtol=1e-9, atol=1e-12)
    assert design_of(x).effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    one = x.assign_coords(mixture_part=("draw", np.zeros(len(values), int)))
    if len(values) > 3:
        np.testing.assert_allclose(error_of_mean(one), plain, rtol=1e-9, atol=1e-12)


@given(columns)
def test_draws_that_count_for_nothing_change_nothing_but_their_number(values: np.ndarray) -> None:
    weight = np.r_[np.random.default_rng(1).gamma(1.0, size=len(values)), np.zeros(5)]
    more = np.r_[values, np.full((5, values.shape[1]), 1e3)]
    x = xr.DataArray(more, dims=("draw", "allocation"), coords={"weight": ("draw", weight)})
    own = x.isel(draw=slice(len(values)))
    sized = np.sqrt((1 - 1 / len(values)) / (1 - 1 / len(more)))
    np.testing.assert_allclose(error_of_mean(x), sized * error_of_mean(own), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(averages.quantiles(x, [0.1, 0.5, 1]), averages.quantiles(own, [0.1, 0.5, 1]))


@given(st.integers(2, 300), st.integers(0, 999))
def test_a_share_of_all_is_one_to_the_last_digit(draws: int, seed: int) -> None:
    weight = np.random.default_rng(seed).gamma(0.5, size=draws)
    so = xr.DataArray(np.ones((2, draws), bool), dims=("place", "draw"), coords={"weight": ("draw", weight)})
    assert (averages.mean(so) == 1).all()
    assert (averages.mean(~so) == 0).all()
    assert averages.mean(0.3 * so.rename("x")).name == "x"


def test_draws_that_are_missing_or_count_for_nothing_are_left_out_of_means() -> None:
    weight = np.array([2.0, 1.0, 0.0, 3.0])
    values = np.array([[1.0, np.nan, np.nan], [4.0, 2.0, np.nan], [np.inf, 7.0, np.nan], [2.0, 6.0, np.nan]])
    x = xr.DataArray(values, dims=("draw", "place"), coords={"weight": ("draw", weight)})
    np.testing.assert_allclose(averages.mean(x.isel(place=[0])), 2.0)
    np.testing.assert_allclose(averages.mean(x.isel(draw=[0, 1, 3])), [2.0, 5.0, np.nan])
    np.testing.assert_array_equal(averages.mean_of(values, np.zeros(4)), 0.0)


def test_a_nearly_single_draw_has_nearly_one_in_effect() -> None:
    x = xr.DataArray(np.arange(100.0), dims="draw", coords={"weight": ("draw", np.r_[1.0, np.full(99, 1e-9)])})
    assert design_of(x).effective == pytest.approx(1, abs=1e-6)
    assert float(averages.mean(x)) == pytest.approx(0, abs=1e-5)


# Resamples --------------------------------------------------------------------------------------------------------


def test_means_of_resampled_weighted_draws_spread_as_their_error_says() -> None:
    for draw in (normal, of_parts, of_chains):
        x = draw(np.random.default_rng(2))
        counted = design_of(x).resamples(x.values[:, None], 500, 3)
        np.testing.assert_allclose(counted.sum(axis=1), x.size)
        means = counted @ x.values / x.size
        assert float(means.std()) == pytest.approx(float(error_of_mean(x)), rel=0.25)
        assert float(means.mean()) == pytest.approx(float(averages.mean(x)), abs=float(error_of_mean(x)))


def test_blocks_of_chains_are_as_long_as_draws_hang_together_however_few_count() -> None:
    x = labelled(np.random.default_rng(1).standard_normal(4000))
    weight = np.where(np.arange(4000) % 20 == 0, 1.0, 1e-3)
    assert Design(4000, chain=design_of(x).chain, weight=weight / weight.mean())._block(x.values) <= 3
    slow = labelled(chains(0.9, np.random.default_rng(1), 1)[:, 0])
    assert design_of(slow.assign_coords(weight=("draw", reweighed(slow.values))))._block(slow.values) > 5


def test_resamples_of_weighted_parts_keep_what_parts_weigh() -> None:
    part, weight = np.repeat([0, 1], [30, 10]), np.random.default_rng(0).gamma(1.0, size=40)
    weight /= weight.mean()
    counted = Design(40, mixture_part=part, weight=weight).resamples(np.zeros((40, 1)), 50, 1)
    np.testing.assert_allclose(counted[:, part == 1].sum(axis=1), weight[part == 1].sum())


def test_resamples_that_pick_no_weight_are_of_the_draws_as_they_are() -> None:
    weight = np.r_[40.0, np.zeros(39)]
    counted = Design(40, weight=weight).resamples(np.zeros((40, 1)), 50, 1)
    np.testing.assert_allclose(counted, np.tile(weight, (50, 1)))
