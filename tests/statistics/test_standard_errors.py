"""Errors of figures from draws that are independent, of chains, in parts, or picked: what is stated is true."""

from collections.abc import Callable

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis.extra import numpy as npst
from scipy import stats

from tests.statistics.autoregressive import chains, labelled
from toc_model.statistics import decisions, standard_errors, verdicts
from toc_model.statistics.break_even import break_even, relative_change
from toc_model.statistics.information import evpi, evppi
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective
from toc_model.statistics.resamples import dominance_shares, frontier_shares, told
from toc_model.statistics.sensitivity.response import response_by_regression
from toc_model.statistics.standard_errors import Design, design_of, error_of_mean

Z90 = 1.6448536269514722
RUNS = 400
columns = npst.arrays(float, st.tuples(st.integers(2, 40), st.integers(1, 4)), elements=st.floats(-5, 5, width=32))


def covered(found: xr.DataArray, error: xr.DataArray, true: float) -> float:
    return float((abs(found - true) <= Z90 * error).mean())


# Independent draws ------------------------------------------------------------------------------------------------


@given(columns)
def test_errors_of_independent_draws_are_those_of_a_mean_to_the_last_digit(values: np.ndarray) -> None:
    x = xr.DataArray(values, dims=("draw", "allocation"))
    plain = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    np.testing.assert_array_equal(decisions.summary(x)["mcse"], plain)
    np.testing.assert_array_equal(design_of(x).error(values), plain)
    np.testing.assert_array_equal(design_of(x).inflation(values), 1.0)


# Chains -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [0.5, 0.9])
def test_intervals_of_chains_cover_what_they_say(rho: float) -> None:
    rng = np.random.default_rng(3)
    x = labelled(chains(rho, rng, RUNS), "run")
    found = decisions.summary(x)
    shares = {"mean": covered(found["mean"], found["mcse"], 0.0)}
    shares["cvar"] = covered(decisions.cvar(x), decisions.cvar_error(x), 2.062713)
    for level in (0.05, 0.5):
        errors = xr.DataArray(
            [standard_errors.quantile_error(x.isel(run=run), level) for run in range(RUNS)], dims="run"
        )
        at = x.quantile(level, "draw", keep_attrs=False)
        shares[f"q{level}"] = covered(at, errors, float(stats.norm.ppf(level)))
    pairs = xr.concat([x, x.copy(data=chains(rho, rng, RUNS)) + 0.1], dim="allocation")
    best = decisions.summary(decisions.is_best(pairs)).isel(allocation=0)
    shares["p_best"] = covered(best["mean"], best["mcse"], float(stats.norm.cdf(0.1 / np.sqrt(2))))
    known = [evpi(pairs.isel(run=run)) for run in range(RUNS)]
    worth = xr.DataArray([[one.value, one.se] for one in known], dims=("run", "what"))
    u = 0.1 / np.sqrt(2)
    true = np.sqrt(2) * (stats.norm.pdf(u) - u * stats.norm.sf(u))
    shares["evpi"] = covered(worth.isel(what=0), worth.isel(what=1), float(true))
    assert all(0.85 <= share <= 0.95 for share in shares.values()), shares
    unlabelled = decisions.summary(x.drop_vars("chain"))
    assert covered(unlabelled["mean"], unlabelled["mcse"], 0.0) < (0.75 if rho == 0.5 else 0.4)


def test_the_order_of_rows_is_not_that_of_a_chain_where_draws_have_labels() -> None:
    x = labelled(chains(0.9, np.random.default_rng(1), 1)[:, 0])
    shuffled = x.isel(draw=np.random.default_rng(2).permutation(len(x)))
    assert float(error_of_mean(shuffled)) == pytest.approx(float(error_of_mean(x)), rel=1e-12)
    assert float(error_of_mean(x)) > 3 * float(error_of_mean(x.drop_vars("chain")))


@pytest.mark.parametrize("scale", [1e-18, 1e-9, 1e9])
def test_errors_of_chains_have_the_unit_of_what_is_averaged(scale: float) -> None:
    x = labelled(chains(0.9, np.random.default_rng(1), 2, draws=300), "allocation")
    np.testing.assert_allclose(error_of_mean(scale * x), scale * error_of_mean(x), rtol=1e-6)
    np.testing.assert_array_equal(error_of_mean(0 * x), 0.0)


@pytest.mark.parametrize("sizes", [(1,), (3, 3), (2, 50, 300), (1, 1, 1, 1)])
def test_short_and_uneven_chains_have_errors_too(sizes: tuple[int, ...]) -> None:
    values = np.random.default_rng(3).standard_normal(sum(sizes) + 1)
    made = np.repeat(np.arange(len(sizes) + 1), [*sizes, 1])
    x = xr.DataArray(values, dims="draw", coords={"chain": ("draw", made)})
    assert float(error_of_mean(x)) >= 0


def test_every_error_of_chains_is_that_of_effective_draws() -> None:
    rng = np.random.default_rng(4)
    x = labelled(chains(0.9, rng, 1)[:, 0])
    y = x.copy(data=chains(0.9, rng, 1)[:, 0])
    pair = (
        xr.concat([x, y + 0.05], dim="allocation").transpose("draw", "allocation").assign_coords(allocation=["a", "b"])
    )
    bare = {"x": x.drop_vars("chain"), "y": y.drop_vars("chain"), "pair": pair.drop_vars("chain")}
    wider = {
        "mean": verdicts.mean("", x).error / verdicts.mean("", bare["x"]).error,
        "share": verdicts.share("", x > 0).error / verdicts.share("", bare["x"] > 0).error,
        "quantile": verdicts.quantile("", x, 0.5).error / verdicts.quantile("", bare["x"], 0.5).error,
        "ratio": verdicts.ratio("", x, y + 5).error / verdicts.ratio("", bare["x"], bare["y"] + 5).error,
        "break-even": break_even(x - 1, y + 5).error / break_even(bare["x"] - 1, bare["y"] + 5).error,
        "relative": relative_change(x + 5, y)[1] / relative_change(bare["x"] + 5, bare["y"])[1],
        "cvar": float(decisions.cvar_error(x) / decisions.cvar_error(bare["x"])),
        "evpi": evpi(pair).se / evpi(bare["pair"]).se,
        "evppi": evppi(pair, x.rename("x")).se / evppi(bare["pair"], bare["x"].rename("x")).se,
        "response": _swing_error(x, pair) / _swing_error(bare["x"], bare["pair"]),
    }
    assert all(2 < ratio < 7 for ratio in wider.values()), wider


def _swing_error(x: xr.DataArray, pair: xr.DataArray) -> float:
    found = response_by_regression(x.expand_dims(entry=["x"]), pair.rename(allocation="outcome"))
    return float(found["error"].sel(entry="x", outcome="b"))


class Ridge:
    """Losses that a point moves by what each draw says."""

    def __init__(self, slopes: np.ndarray) -> None:
        self.slopes = slopes

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(x[0] * (self.slopes + 0.05))

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        del x
        return np.array([(weights * (self.slopes + 0.05)).sum()])


def test_points_as_good_as_the_best_of_chains_reach_further() -> None:
    x = labelled(chains(0.9, np.random.default_rng(6), 1)[:, 0])
    losses, best = Ridge(x.values - float(x.mean())), np.array([0.0])

    def slack(design: Design | None) -> float:
        objective = Objective(losses, (Criterion("mean", design=design),))
        return float(NearOptimal(objective, best).slack(np.array([1.0]))[0])

    assert slack(None) == slack(design_of(x.drop_vars("chain")))
    assert slack(None) < 0 < slack(design_of(x))


# Parts and ranks --------------------------------------------------------------------------------------------------


def spread_over_stated(draw: "Draw", runs: int = 300) -> float:
    rng = np.random.default_rng(8)
    found = [decisions.summary(draw(rng)) for _ in range(runs)]
    means, errors = ([float(one[key]) for one in found] for key in ("mean", "mcse"))
    return float(np.std(means, ddof=1) / np.mean(errors))


type Draw = Callable[[np.random.Generator], xr.DataArray]


def of_parts(rng: np.random.Generator) -> xr.DataArray:
    """Parts far apart, in shares that are given."""
    part = rng.permutation(np.repeat([0, 1, 2], [200, 150, 50]))
    values = np.array([0.0, 10.0, -20.0])[part] + np.array([1.0, 3.0, 0.5])[part] * rng.standard_normal(400)
    return xr.DataArray(values, dims="draw", coords={"mixture_part": ("draw", part)})


def of_camps(rng: np.random.Generator) -> xr.DataArray:
    """Two camps that are spread over ranks in one order, which the second minds twice as much, and noise."""
    part, order = rng.permutation(np.repeat([0, 1], [200, 200])), rng.permutation(400)
    level = stats.norm.ppf((order + 0.5) / 400)
    values = np.where(part == 0, level, 5 + 2 * level) + 0.3 * rng.standard_normal(400)
    coords = {
        "mixture_part": ("draw", part),
        "camp_rank": ("draw", order),
        "pool_member": ("draw", np.arange(400)),
    }
    return xr.DataArray(values, dims="draw", coords=coords)


def of_a_small_pool(rng: np.random.Generator) -> xr.DataArray:
    """One camp, of whose pool most draws are picked several times."""
    order, picked = rng.permutation(400), rng.integers(0, 100, 400)
    values = rng.standard_normal(100)[picked]
    return xr.DataArray(values, dims="draw", coords={"camp_rank": ("draw", order), "pool_member": ("draw", picked)})


@pytest.mark.parametrize("draw", [of_parts, of_camps, of_a_small_pool])
def test_means_of_mixtures_and_camps_spread_as_far_as_is_stated(draw: "Draw") -> None:
    assert spread_over_stated(draw) == pytest.approx(1, abs=0.15)
    bare = spread_over_stated(lambda rng: draw(rng).reset_coords(drop=True), 100)
    assert bare < 0.7 or bare > 1.4


@given(columns)
def test_one_part_is_no_part(values: np.ndarray) -> None:
    x = xr.DataArray(values, dims=("draw", "allocation"))
    one = x.assign_coords(mixture_part=("draw", np.zeros(len(values), int)))
    np.testing.assert_allclose(error_of_mean(one), error_of_mean(x), rtol=1e-9, atol=1e-12)


def test_so_few_draws_that_parts_leave_nothing_have_the_error_of_independent_ones() -> None:
    x = xr.DataArray([1.0, 2.0, 4.0], dims="draw", coords={"mixture_part": ("draw", [0, 1, 2])})
    assert float(error_of_mean(x)) == pytest.approx(float(error_of_mean(x.reset_coords(drop=True))))


# Resamples --------------------------------------------------------------------------------------------------------


def test_resamples_of_parts_keep_their_shares_and_those_of_chains_keep_neighbours_together() -> None:
    part = np.repeat([0, 1], [30, 10])
    counts = Design(40, mixture_part=part).resamples(np.zeros((40, 1)), 50, 1)
    assert (counts[:, :30].sum(axis=1) == 30).all()
    assert (counts[:, 30:].sum(axis=1) == 10).all()
    x = labelled(chains(0.9, np.random.default_rng(1), 2), "allocation")
    counts = design_of(x).resamples(x.values, 50, 1)
    assert (counts.sum(axis=1) == 4000).all()
    alike = np.mean(counts[:, 1:] == counts[:, :-1])
    assert alike > 0.95
    plain = design_of(x.drop_vars("chain")).resamples(x.values, 50, 1)
    np.testing.assert_array_equal(plain, np.random.default_rng(1).multinomial(4000, np.full(4000, 1 / 4000), 50))


def test_means_of_resampled_chains_spread_as_their_error_says() -> None:
    x = labelled(chains(0.9, np.random.default_rng(2), 1), "allocation")
    counts = design_of(x).resamples(x.values, 400, 3)
    spread = float((counts @ x.values / len(x)).std())
    assert spread == pytest.approx(float(error_of_mean(x)[0]), rel=0.3)


def test_two_samples_of_one_distribution_are_not_told_apart_more_often_where_they_are_chains() -> None:
    rng, apart, bare = np.random.default_rng(9), 0, 0
    for _ in range(60):
        x = labelled(chains(0.9, rng, 2, draws=100), "allocation").assign_coords(allocation=["a", "b"])
        several = dominance_shares(x)["dominated"].values.ravel().tolist()
        apart += any(told(share) == "yes" for share in several) or _is_told(frontier_shares(x))
        bare += _is_told(frontier_shares(x.drop_vars("chain")))
    assert apart <= 5
    assert bare >= 10


def _is_told(shares: xr.DataArray) -> bool:
    return any(told(share) == "no" for share in shares.values.tolist())
