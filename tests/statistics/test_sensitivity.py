"""Sensitivity on plain tables: published indices, laws, and what can't be asked."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from toc_model import InputError
from toc_model.statistics.sensitivity.flip import flips
from toc_model.statistics.sensitivity.given_data import explained_together, first_order, shapley_effects
from toc_model.statistics.sensitivity.power import ALL, by_chance, diagnoses, log_prior, power_scaling
from toc_model.statistics.sensitivity.response import crossings, response_by_regression, response_by_setting, unmoved
from toc_model.statistics.sensitivity.sobol import saltelli_indices, sobol_indices

Model = Callable[[xr.DataArray], xr.DataArray]


def table(values: np.ndarray, names: str) -> xr.DataArray:
    return xr.DataArray(values, dims=("draw", "entry"), coords={"entry": names.split()})


def outcome(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values[:, None], dims=("draw", "outcome"), coords={"outcome": ["change"]})


def normals(draws: int, inputs: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((draws, inputs))


# Known answers ----------------------------------------------------------------------------------------------------

ISHIGAMI_FIRST = (0.313905, 0.442411, 0)
ISHIGAMI_TOTAL = (0.557589, 0.442411, 0.243684)
ISHIGAMI_SHAPLEY = (0.435747, 0.442411, 0.121842)


def ishigami(x: xr.DataArray) -> xr.DataArray:
    a, b, c = x.transpose("entry", "draw").values
    return outcome(np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))


def within_pi(u: np.ndarray) -> xr.DataArray:
    return table(np.pi * (2 * u - 1), "a b c")


def test_12_ishigami_by_sampling() -> None:
    found = sobol_indices(["a", "b", "c"], within_pi, ishigami, base_samples=4096).sel(outcome="change")
    np.testing.assert_allclose(found["first"], ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(found["total"], ISHIGAMI_TOTAL, atol=0.02)
    assert (found["first_low"] < found["first"]).all()
    assert (found["total_high"] > found["total"]).all()


def test_sobol_indices_and_their_intervals_are_those_of_salib() -> None:
    from SALib.analyze import sobol as analysis

    inputs, samples = 3, 64
    rows = np.random.default_rng(1).standard_normal((samples, 1, 2))
    y = (rows + normals(samples * (inputs + 2), 2).reshape(samples, -1, 2) / 2).reshape(-1, 2) * [1.0, 1e-4] + 7
    found = saltelli_indices(y, inputs, seed=3)
    problem = {"num_vars": inputs, "names": ["a", "b", "c"], "bounds": [[0, 1]] * inputs}
    for place, column in enumerate(y.T):
        known = analysis.analyze(problem, column, calc_second_order=False, num_resamples=100, conf_level=0.9, seed=3)
        for name, key in (("first", "S1"), ("total", "ST")):
            index, half = found[name]
            np.testing.assert_allclose(index[:, place], known[key], rtol=0, atol=1e-12)
            np.testing.assert_allclose(half[:, place], known[f"{key}_conf"], rtol=1e-9)


def test_12_ishigami_from_draws() -> None:
    x = within_pi(np.random.default_rng(1).random((8_000, 3)))
    found = first_order(x, ishigami(x)).sel(outcome="change")
    np.testing.assert_allclose(found["index"], ISHIGAMI_FIRST, atol=0.02)
    effects = shapley_effects(x, ishigami(x)).sel(outcome="change")
    np.testing.assert_allclose(effects["index"], ISHIGAMI_SHAPLEY, atol=0.02)
    assert float(effects["explained"]) == pytest.approx(1, abs=0.01)


def test_17_indices_hang_on_ranks_alone_and_cover_from_a_thousand_draws() -> None:
    u = np.random.default_rng(2).random((1000, 3))
    y = ishigami(within_pi(u))
    found, scored = (first_order(x, y).sel(outcome="change") for x in (within_pi(u), table(special.ndtri(u), "a b c")))
    xr.testing.assert_allclose(found, scored)
    assert ((found["low"] <= ISHIGAMI_FIRST) & (found["high"] >= ISHIGAMI_FIRST)).all()
    together = shapley_effects(within_pi(u), y).sel(outcome="change")
    assert float(together["explained"]) > 0.97


def test_17_a_g_function_of_eight_inputs() -> None:
    weights = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    u = np.random.default_rng(3).random((8000, 8))
    y = outcome(((abs(4 * u - 2) + weights) / (1 + weights)).prod(axis=1))
    found = first_order(table(u, "a b c d e f g h"), y).sel(outcome="change")
    exact = np.array([0.716192, 0.179048, 0.023676, 0.007162, 0, 0, 0, 0])
    np.testing.assert_allclose(found["index"], exact, atol=0.02)
    assert ((found["low"][:4] <= exact[:4]) & (exact[:4] <= found["high"][:4])).all()


def test_13_correlated_inputs() -> None:
    mixing = np.linalg.cholesky(np.array([[1.0, 1.0], [1.0, 4.0]]))
    x = table(normals(10_000, 2) @ mixing.T, "a b")
    y = outcome(x.values.sum(axis=1))
    first, effects = first_order(x, y).sel(outcome="change"), shapley_effects(x, y).sel(outcome="change")
    np.testing.assert_allclose(first["index"], (0.571429, 0.892857), atol=0.03)
    np.testing.assert_allclose(effects["index"], (0.339286, 0.660714), atol=0.03)
    for found, exact in ((first, (0.571429, 0.892857)), (effects, (0.339286, 0.660714))):
        assert ((found["low"] <= exact) & (exact <= found["high"])).all()


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """A wave, so that a straight line would not do; the share is known from a large sample."""
    held = []
    exact = 0.5 * (1 - np.exp(-2)) / (0.5 * (1 - np.exp(-2)) + 1)
    for seed in range(40):
        x = normals(1000, 2, seed)
        found = first_order(table(x, "a b"), outcome(np.sin(x[:, 0]) + x[:, 1])).sel(entry="a", outcome="change")
        held.append(bool(found["low"] <= exact <= found["high"]))
    assert 0.75 < np.mean(held) <= 1


@pytest.mark.parametrize("index", [first_order, shapley_effects])
def test_intervals_of_ishigami_on_normal_scores_cover(index: Callable[..., xr.Dataset]) -> None:
    exact = ISHIGAMI_FIRST if index is first_order else ISHIGAMI_SHAPLEY
    held = []
    for seed in range(20 if index is first_order else 5):
        u = np.random.default_rng(seed).random((1500, 3))
        found = index(table(special.ndtri(u), "a b c"), ishigami(within_pi(u))).sel(outcome="change")
        held += ((found["low"] <= exact) & (found["high"] >= exact)).values.tolist()
    assert np.mean(held) > 0.8


def test_what_all_explain_together_is_all_that_they_determine() -> None:
    x = normals(2000, 3)
    both = xr.concat(
        [
            outcome(x[:, 0] * x[:, 1] + np.sin(x[:, 2])).assign_coords(outcome=["determined"]),
            outcome(x[:, 0] + normals(2000, 1, seed=9)[:, 0]).assign_coords(outcome=["half"]),
        ],
        "outcome",
    )
    found = explained_together(table(x, "a b c"), both)
    assert float(found["index"].sel(outcome="determined")) > 0.99
    assert found["low"].sel(outcome="half") < 0.5 < found["high"].sel(outcome="half")


def test_draws_that_depend_on_their_predecessors_widen_the_interval() -> None:
    few = normals(200, 2)
    slow = np.repeat(few, 20, axis=0)
    wide, narrow = (
        first_order(table(x, "a b"), outcome(x.sum(axis=1))).sel(entry="a", outcome="change")
        for x in (slow, normals(4000, 2))
    )
    assert float(wide["high"] - wide["low"]) > 2 * float(narrow["high"] - narrow["low"])


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_shapley_effects_add_up(seed: int) -> None:
    x = normals(400, 3, seed) @ normals(3, 3, seed + 1)
    found = shapley_effects(table(x, "a b c"), outcome(x[:, 0] * x[:, 1] + x[:, 2]))
    assert float(found["index"].sum()) == pytest.approx(found["explained"].item(), abs=1e-10)


# Responses and flips ----------------------------------------------------------------------------------------------


def linear(x: xr.DataArray) -> xr.DataArray:
    return outcome(1 + x.sel(entry="a").values + 3 * x.sel(entry="b").values)


def test_both_ways_to_a_tornado_agree_on_independent_inputs() -> None:
    x = table(normals(4000, 3), "a b dead")
    by_setting, by_regression = response_by_setting(x, linear), response_by_regression(x, linear(x))
    swing = by_setting["swing"].sel(outcome="change")
    np.testing.assert_allclose(swing, np.array([1, 3, 0]) * 2 * 1.6449, atol=0.15)
    assert (abs(by_regression["swing"] - by_setting["swing"]) < 4 * by_regression["error"] + 1e-9).all()
    assert unmoved(x, linear) == ["dead"]


def test_on_correlated_inputs_only_the_regression_lets_the_others_move_along() -> None:
    z = normals(4000, 2)
    x = table(np.stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]], axis=-1), "a b")
    alone = float(response_by_setting(x, linear)["swing"].sel(entry="a", outcome="change"))
    along = float(response_by_regression(x, linear(x))["swing"].sel(entry="a", outcome="change"))
    assert alone == pytest.approx(3.29, rel=0.05)
    assert along == pytest.approx(3.29 * (1 + 3 * 0.8), rel=0.05)


def test_a_crossing_is_where_the_mean_is_zero() -> None:
    x = table(normals(20_000, 3), "a b dead")
    levels = (0.01, 0.25, 0.5, 0.75, 0.99)
    found = crossings(response_by_setting(x, linear, levels, rows=x.isel(draw=slice(4000))), 1.0, "change")
    assert set(found) == {"a", "b"}
    assert found["a"] == pytest.approx(-1, abs=0.1)
    assert found["b"] == pytest.approx(-1 / 3, abs=0.1)


def test_the_nearest_flip_of_a_plane_and_of_a_ball() -> None:
    start = xr.DataArray(np.zeros(3), dims="entry", coords={"entry": ["a", "b", "dead"]})
    origin, found = flips(start, linear, "change")
    assert origin == 1
    assert found[0].moved == {"b": pytest.approx(-1 / 3, abs=1e-3)}
    assert found[1].moved == pytest.approx({"b": -0.3, "a": -0.1}, abs=1e-3)
    assert found[-1].distance == pytest.approx(1 / np.sqrt(10), abs=1e-3)

    def ball(x: xr.DataArray) -> xr.DataArray:
        return outcome(4 - ((x.values - [1, 0, 0]) ** 2).sum(axis=1))

    _, found = flips(start, ball, "change")
    assert found[0].moved == {"a": pytest.approx(-1, abs=1e-3)}
    assert found[-1].distance == pytest.approx(1, abs=1e-3)


def test_there_may_be_no_flip() -> None:
    start = xr.DataArray(np.zeros(2), dims="entry", coords={"entry": ["a", "b"]})
    origin, found = flips(start, lambda x: outcome(10 + np.tanh(x.values.sum(axis=1))), "change")
    assert (origin, len(found)) == (10, 0)


def test_power_scaling_finds_the_prior_that_matters() -> None:
    z = normals(2000, 3)
    prior, hangs_on_a = log_prior(table(z, "a b c")), outcome(z[:, 0] ** 2 + 0.01 * z[:, 1])
    found = power_scaling("prior", prior, hangs_on_a)["sensitivity"].sel(outcome="change")
    assert float(found.sel(entry="a")) > 0.05
    assert float(found.sel(entry="c")) < 0.25 * float(found.sel(entry="a"))
    assert float(found.sel(entry=ALL)) > 0.05
    assert by_chance("prior", prior, hangs_on_a, seed=1)["change"] < 0.5 * float(found.sel(entry=ALL))


def test_densities_that_are_the_same_everywhere_move_nothing() -> None:
    """As those of answers that tell nothing of a level."""
    z = normals(500, 1)
    densities = xr.Dataset({"silent": ("draw", np.full(500, -3.0)), "telling": ("draw", -((z[:, 0] - 1) ** 2))})
    weighted = outcome(z[:, 0]).assign_coords(weight=("draw", np.exp(z[:, 0])))
    for outcomes in (outcome(z[:, 0]), weighted):
        found = power_scaling("likelihood", densities, outcomes)["sensitivity"].sel(outcome="change")
        assert float(found.sel(entry="silent")) == 0
        assert float(found.sel(entry="telling")) > 0.05


def test_chance_does_more_where_draws_are_autocorrelated() -> None:
    z = normals(2000, 2)
    sticky = np.repeat(z[:100], 20, axis=0)
    free, stuck = (
        by_chance("prior", log_prior(table(draws[:, :1], "a")), outcome(draws[:, 1]), seed=1)["change"]
        for draws in (z, sticky)
    )
    assert stuck > 2 * free


def conjugate(precision: float, said: float, draws: int = 4000) -> tuple[xr.DataArray, xr.Dataset]:
    """Posterior draws of a mean with a standard normal prior, and the log likelihood of what was said about it."""
    levels = np.random.default_rng(4).permutation((np.arange(draws) + 0.5) / draws)
    mean = precision * said / (1 + precision) + special.ndtri(levels) / np.sqrt(1 + precision)
    beside = normals(draws, 1, seed=5)[:, 0]
    densities = {"about": -precision * (said - mean) ** 2 / 2, "beside": -(beside**2) / 2}
    return table(mean[:, None], "mean"), xr.Dataset({name: ("draw", found) for name, found in densities.items()})


def sensitivities(precision: float, said: float) -> tuple[float, float, str]:
    mean, likelihood = conjugate(precision, said)
    prior, theta = log_prior(mean), outcome(mean.values[:, 0])
    by_prior = power_scaling("prior", prior, theta)["sensitivity"].sel(entry=ALL, outcome="change")
    by_answers = power_scaling("likelihood", likelihood, theta)["sensitivity"].sel(entry="about", outcome="change")
    return float(by_prior), float(by_answers), diagnoses(prior, likelihood[["about"]], theta)["change"]


def test_in_a_conjugate_normal_example_prior_and_answers_pull_equally_and_apart() -> None:
    """With equal precisions a doubling of either power moves the mean by as much, to and from what was said."""
    prior, likelihood, said = sensitivities(precision=1.0, said=4.0)
    assert likelihood == pytest.approx(prior, rel=0.05)
    assert likelihood > 0.2
    assert said == "potential prior-data conflict"
    assert sensitivities(1.0, 2.0)[1] == pytest.approx(likelihood / 2, rel=0.25)


def test_weak_answers_and_strong_ones_are_told_apart() -> None:
    prior, likelihood, said = sensitivities(precision=0.02, said=0.5)
    assert (prior > 0.05, likelihood < 0.05, said) == (True, True, "potential strong prior / weak likelihood")
    prior, likelihood, said = sensitivities(precision=50.0, said=0.5)
    assert (prior < 0.05, likelihood > 0.05, said) == (True, True, "no problem found")


def test_answers_that_have_nothing_to_do_with_an_outcome_leave_it_alone(caplog: pytest.LogCaptureFixture) -> None:
    mean, likelihood = conjugate(1.0, 4.0)
    theta = outcome(mean.values[:, 0])
    found = power_scaling("likelihood", likelihood, theta)["sensitivity"].sel(outcome="change")
    assert list(found["entry"].values) == [ALL, "about", "beside"]
    assert float(found.sel(entry="beside")) < by_chance("likelihood", likelihood[["beside"]], theta, seed=1)["change"]
    assert float(found.sel(entry=ALL)) == pytest.approx(float(found.sel(entry="about")), rel=0.1)
    diagnoses(log_prior(mean), likelihood, theta)
    assert caplog.text == ""


def test_base_samples_are_a_power_of_two() -> None:
    with pytest.raises(InputError, match="found 100 base samples; allowed: a power of two"):
        sobol_indices(["a", "b", "c"], within_pi, ishigami, base_samples=100)
