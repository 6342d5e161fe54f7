"""Sensitivity: published indices, laws, what can't be asked, and what the command shows."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from tests.conftest import Toc
from tests.test_cli_input import assert_refused
from toc_model import InputError, load_allocations, load_priors
from toc_model.beliefs.beliefs import Beliefs, load_beliefs
from toc_model.beliefs.priors import Evidence
from toc_model.questions.sensitivity.analyses import METHODS
from toc_model.questions.sensitivity.subject import Subject, subject_of
from toc_model.questions.sensitivity.words import sensitivity_text
from toc_model.statistics.sensitivity.flip import flips
from toc_model.statistics.sensitivity.given_data import first_order, shapley_effects
from toc_model.statistics.sensitivity.power import ALL, by_chance, diagnoses, log_prior, power_scaling
from toc_model.statistics.sensitivity.response import crossings, response_by_regression, response_by_setting, unmoved
from toc_model.statistics.sensitivity.sobol import sobol_indices

Model = Callable[[xr.DataArray], xr.DataArray]


def table(values: np.ndarray, names: str) -> xr.DataArray:
    return xr.DataArray(values, dims=("draw", "entry"), coords={"entry": names.split()})


def outcome(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values[:, None], dims=("draw", "outcome"), coords={"outcome": ["change"]})


def normals(draws: int, inputs: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((draws, inputs))


def evidence() -> tuple[Evidence, ...]:
    return (Evidence(source_id="test", digest="none"),)


@cache
def beliefs(worldview: str = "neutral", draws: int = 400) -> Beliefs:
    return load_beliefs(worldview, draws=draws)


def subject(found: Beliefs) -> Subject:
    return subject_of(found, load_allocations(), "recommended")


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


def test_12_ishigami_from_draws() -> None:
    x = within_pi(np.random.default_rng(1).random((8_000, 3)))
    found = first_order(x, ishigami(x)).sel(outcome="change")
    np.testing.assert_allclose(found["index"], ISHIGAMI_FIRST, atol=0.02)
    effects = shapley_effects(x, ishigami(x)).sel(outcome="change")
    np.testing.assert_allclose(effects["index"], ISHIGAMI_SHAPLEY, atol=0.02)
    assert float(effects["explained"]) == pytest.approx(1, abs=0.01)


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
    found = crossings(response_by_setting(x, linear, levels, rows=x.isel(draw=slice(4000))), x, 1.0)
    assert set(found) == {"a", "b"}
    assert found["a"] == pytest.approx(-1, abs=0.1)
    assert found["b"] == pytest.approx(-1 / 3, abs=0.1)


def test_the_nearest_flip_of_a_plane_and_of_a_ball() -> None:
    start = xr.DataArray(np.zeros(3), dims="entry", coords={"entry": ["a", "b", "dead"]})
    origin, found = flips(start, linear)
    assert origin == 1
    assert found[0].moved == {"b": pytest.approx(-1 / 3, abs=1e-3)}
    assert found[1].moved == pytest.approx({"b": -0.3, "a": -0.1}, abs=1e-3)
    assert found[-1].distance == pytest.approx(1 / np.sqrt(10), abs=1e-3)

    def ball(x: xr.DataArray) -> xr.DataArray:
        return outcome(4 - ((x.values - [1, 0, 0]) ** 2).sum(axis=1))

    _, found = flips(start, ball)
    assert found[0].moved == {"a": pytest.approx(-1, abs=1e-3)}
    assert found[-1].distance == pytest.approx(1, abs=1e-3)


def test_there_may_be_no_flip() -> None:
    start = xr.DataArray(np.zeros(2), dims="entry", coords={"entry": ["a", "b"]})
    origin, found = flips(start, lambda x: outcome(10 + np.tanh(x.values.sum(axis=1))))
    assert (origin, len(found)) == (10, 0)


# This story -------------------------------------------------------------------------------------------------------


def test_the_model_of_the_table_is_that_of_the_run() -> None:
    asked = subject(beliefs())
    p_doom = asked.beliefs.outcome(asked.levers).values
    found = asked.model(asked.inputs)
    np.testing.assert_array_equal(found.sel(outcome="p_doom"), p_doom[:, 0])
    np.testing.assert_array_equal(found.sel(outcome="change"), p_doom[:, 1] - p_doom[:, 0])
    assert asked.inputs.sizes["entry"] == 80


def test_levels_give_the_quantiles_of_the_priors_and_keep_overrides() -> None:
    asked = subject(load_beliefs(draws=50, overrides=["tax_now*=2", "severity=0.5"]))
    names = list(asked.inputs["entry"].values)
    assert "severity" not in names
    found = asked.from_uniform(np.full((1, len(names)), 0.95))
    priors = load_priors()
    assert float(found.sel(entry="tax_now")[0]) == pytest.approx(2 * priors["tax_now"].distribution.quantile(0.95))
    assert float(found.sel(entry="agi_year")[0]) == pytest.approx(priors["agi_year"].distribution.quantile(0.95))


def test_scores_are_those_of_the_prior_and_come_back() -> None:
    asked = subject(beliefs())
    scores = asked.scores(asked.inputs)
    np.testing.assert_allclose(asked.from_scores(scores), asked.inputs, rtol=1e-9)
    np.testing.assert_allclose(scores.std("draw"), 1, atol=0.2)


def test_no_parameter_is_dead_and_one_that_is_not_above_the_outcome_is() -> None:
    asked = subject(beliefs())
    assert unmoved(asked.inputs, asked.model) == []
    held = subject(load_beliefs(draws=60, overrides=["do(solved)=0.5"]))
    dead = unmoved(held.inputs, held.model)
    above = set(held.beliefs.story.needed_for(["p_doom"]))
    alone = {
        name
        for name, parameter in held.beliefs.story.parameters.items()
        if not any(name in held.beliefs.story.nodes[node].parents for node in above & set(parameter.used_by))
    }
    assert {"solved_elasticity", "solved_by_reference", "serial_weight"} == alone
    assert alone == set(dead)


def test_indices_of_what_p_doom_does_not_descend_from_are_zero_within_their_interval() -> None:
    """The status quo does not descend from gains and harms of what changes from it."""
    asked = subject(beliefs(draws=2000))
    without = [name for name in map(str, asked.inputs["entry"].values) if "gain" in name or "harm[" in name]
    y = asked.outcomes.sel(outcome=["p_doom"])
    found = first_order(asked.inputs.sel(entry=without), y).sel(outcome="p_doom")
    assert len(without) > 10
    assert float(((found["low"] <= 0) & (found["high"] >= 0)).mean()) > 0.8
    assert float(abs(found["index"]).max()) < 0.01
    names = list(asked.inputs["entry"].values)
    sampled = sobol_indices(names, asked.from_uniform, asked.model, base_samples=64).sel(
        outcome="p_doom", entry=without
    )
    np.testing.assert_allclose(sampled["total"], 0, atol=1e-12)


def test_an_analysis_agrees_with_the_run_whatever_draws_it_thins_to() -> None:
    found = METHODS["tornado"](subject(beliefs(draws=2500)), None)
    middle = found.table["expected"].sel(outcome="p_doom", entry="hype").mean()
    assert float(middle) == pytest.approx(float(found.subject.outcomes.sel(outcome="p_doom").mean()), abs=1e-9)


# Dependent parameters ---------------------------------------------------------------------------------------------


@pytest.fixture
def correlated(tmp_path: Path) -> Path:
    document = tmp_path / "correlated.toml"
    pair = 'between = ["detection_now", "heeding_now"]\nvalue = 0.9\nreason = "A test."'
    document.write_text(f'description = "A test."\n[[correlations]]\n{pair}\n')
    return document


def as_posterior(found: Beliefs) -> Beliefs:
    return replace(found, evidence=evidence())


def test_sobol_sampling_is_refused_where_parameters_depend_on_each_other(toc: Toc, correlated: Path) -> None:
    for worldview, why in ((str(correlated), "correlations"), ("0.5*neutral + 0.5*outside", "a mixture")):
        result = toc("sensitivity", "--draws", 300, "--worldview", worldview, "--method", "sobol")
        assert_refused(result, "sobol", why, "independent", "--method given-data")
    with pytest.raises(InputError, match=r"is a posterior, and Sobol' sampling .* given-data"):
        METHODS["sobol"](subject(as_posterior(beliefs())), None)


def test_a_tornado_of_correlated_parameters_says_that_others_move_along(correlated: Path) -> None:
    free, tied = (
        METHODS["tornado"](subject(load_beliefs(worldview, draws=3000)), None).table["swing"].sel(outcome="change")
        for worldview in ("neutral", str(correlated))
    )
    assert float(tied.sel(entry="heeding_now")) < float(free.sel(entry="heeding_now")) - 0.002
    found = METHODS["tornado"](subject(load_beliefs(str(correlated), draws=300)), None)
    assert "by regression" in sensitivity_text(found, 3)


def test_power_scaling_finds_the_prior_that_matters() -> None:
    z = normals(2000, 3)
    prior, hangs_on_a = log_prior(table(z, "a b c")), outcome(z[:, 0] ** 2 + 0.01 * z[:, 1])
    found = power_scaling("prior", prior, hangs_on_a)["sensitivity"].sel(outcome="change")
    assert float(found.sel(entry="a")) > 0.05
    assert float(found.sel(entry="c")) < 0.25 * float(found.sel(entry="a"))
    assert float(found.sel(entry=ALL)) > 0.05
    assert by_chance("prior", prior, hangs_on_a, seed=1)["change"] < 0.5 * float(found.sel(entry=ALL))


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


def test_power_scaling_wants_a_posterior_with_independent_priors(correlated: Path) -> None:
    with pytest.raises(InputError, match="power-scaling: neutral is no posterior"):
        METHODS["power-scaling"](subject(beliefs()), None)
    with pytest.raises(InputError, match="priors of correlated are correlated"):
        METHODS["power-scaling"](subject(as_posterior(load_beliefs(str(correlated), draws=50))), None)
    text = sensitivity_text(METHODS["power-scaling"](subject(as_posterior(beliefs())), None), 3)
    assert "no log likelihood; run toc update again" in " ".join(text.split())
    assert "ArviZ's diagnosis" not in text
    assert "neutral + test" in text


def test_power_scaling_shows_priors_and_answers_side_by_side() -> None:
    found = beliefs()
    p_doom = subject(found).outcomes.sel(outcome="p_doom", drop=True)
    answers = xr.Dataset(
        {"survey_doom": -20 * p_doom, "survey_nothing": ("draw", normals(found.draws, 1)[:, 0])},
    )
    analysis = METHODS["power-scaling"](subject(replace(as_posterior(found), log_likelihood=answers)), None)
    figures = analysis.to_dict()
    assert list(figures["likelihood"]) == [ALL, "survey_doom", "survey_nothing"]
    whole, alone, nothing = (values["sensitivity"]["p_doom"] for values in figures["likelihood"].values())
    assert whole == pytest.approx(alone, rel=0.2)
    assert nothing < figures["by_chance"]["likelihood"]["p_doom"] < whole
    assert set(figures["by_chance"]) == {"prior", "likelihood"}
    text = " ".join(sensitivity_text(analysis, 3).split())
    for fragment in ("survey_doom", *figures["diagnosis"].values(), "By chance alone (all) would reach"):
        assert fragment in text


# The command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_the_same_figures_as_text_and_json(toc: Toc, tmp_path: Path) -> None:
    picture = tmp_path / "tornado.png"
    words = ("sensitivity", "--draws", 300, "--top", 3)
    code, text, err = toc(*words, "--out", picture)
    assert (code, err) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "No parameter is dead" in text
    assert "These figures rest on the worldview 'neutral'" in text
    code, printed, _ = toc(*words, "--json")
    found = json.loads(printed)
    first = max(found["entries"], key=lambda name: abs(found["entries"][name]["swing"]["change"]))
    row = next(line for line in text.splitlines() if line.strip().startswith(first))
    assert f"{100 * found['entries'][first]['swing']['change']:+.2f}" in row
    assert found["provenance"]["draws"] == 300
    assert found["provenance"]["allocations"]
    assert found["unmoved"] == []


def test_given_data_prints_a_table_and_json() -> None:
    found = METHODS["given-data"](subject(beliefs()), None)
    text = " ".join(sensitivity_text(found, 4).split())
    explained = found.to_dict()["explained"]["change"]
    assert f"divide the {100 * explained:.0f} % of the variance" in text
    assert "worldview 'neutral'" in text
    assert "nan" not in text
    shared = found.to_dict()["shapley"].values()
    assert sum(row["index"]["change"] for row in shared) == pytest.approx(explained, abs=1e-10)


def test_a_flip_of_the_recommendation_is_one() -> None:
    asked = subject(beliefs(draws=200))
    found = METHODS["flip"](asked, None)
    start = asked.scores(asked.inputs).median("draw")
    origin = found.to_dict()["change_at_medians"]
    assert origin < 0
    distances = []
    for one in found.to_dict()["flips"]:
        moves = xr.DataArray([one["moved"].get(str(name), 0.0) for name in start["entry"].values], dims="entry")
        beyond = start + 1.02 * moves.assign_coords(entry=start["entry"])
        change = asked.model(asked.from_scores(beyond.expand_dims("draw"))).sel(outcome="change")
        assert float(change[0]) > 0
        distances.append(one["distance"])
    assert len(distances) >= 3
    assert distances == sorted(distances, reverse=True)
    text = " ".join(sensitivity_text(found, 4).split())
    assert f"{distances[0]:.2f}" in text
    assert "All that is not named stays at its median" in text
    assert "Single parameters that flip the mean change" in text


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("sensitivity --method sobel", ["'sobel'", "'sobol'"]),
        ("sensitivity --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("sensitivity --allocation status_quo", ["'status_quo'", "changes are measured from it"]),
        ("sensitivity --out tornado.pdf", ["tornado.pdf", "'.svg' or '.png'"]),
        ("sensitivity --method flip --out flip.png", ["flip.png", "--method flip has no picture"]),
        ("sensitivity --top 0", ["'--top'"]),
        ("sensitivity --draws 50 --method given-data", ["found 50 draws", "200 or more"]),
        ("sensitivity --draws 300 --method given-data --override severity=0", ["p_doom: the same in all draws"]),
        ("sensitivity --draws 50 --method flip --worldview 0.5*neutral+0.5*outside", ["mixture of worldviews"]),
        ("sensitivity --draws 50 --method power-scaling", ["neutral is no posterior"]),
        ("channels --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("channels --allocation status_quo", ["'status_quo'"]),
        ("channels --out channels.pdf", ["channels.pdf", "'.svg' or '.png'"]),
    ],
)
def test_bad_input_gets_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc(*words.split()), *fragments)


def test_base_samples_are_a_power_of_two() -> None:
    with pytest.raises(InputError, match="found 100 base samples; allowed: a power of two"):
        sobol_indices(["a", "b", "c"], within_pi, ishigami, base_samples=100)
