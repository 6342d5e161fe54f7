"""Leaving out experts and camps."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.survey.validation.known import known
from toc_model.questions.survey.validation import Validated
from toc_model.survey.learning.pointwise import centres, density, pointwise
from toc_model.survey.validation.camps import camp_density, leave_one_camp_out
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K, chosen_draws, left_out_weights, log_sum_exp_of
from toc_model.survey.validation.whole import Validation


def test_draws_are_chosen_by_their_weights() -> None:
    log_weights = np.log(np.array([[0.1, 0.7], [0.9, 0.3]]))
    chosen = chosen_draws(log_weights, 1000, np.random.default_rng(1))
    np.testing.assert_allclose(chosen.mean(axis=1), [0.9, 0.3], atol=0.01)


def test_weights_leave_out() -> None:
    """Draws of a standard normal mean given five answers, weighted, are those given the four others."""
    said, rng = np.array([0.3, -0.8, 1.1, 0.2, 2.4]), np.random.default_rng(7)
    precision, left = len(said) + 1, len(said)
    mean = said.sum() / precision + rng.standard_normal(40_000) / precision**0.5
    density = xr.DataArray(stats.norm.logpdf(said, mean[:, None]), dims=("draw", "place"))
    weights, k = left_out_weights(density)
    others = (said.sum() - said) / left
    np.testing.assert_allclose(np.exp(weights.values).sum(axis=0), 1)
    np.testing.assert_allclose(mean @ np.exp(weights.values), others, atol=0.03)
    exact = stats.norm.logpdf(said, others, (1 + 1 / left) ** 0.5)
    np.testing.assert_allclose(log_sum_exp_of(weights + density), exact, atol=0.03)
    assert (k < MAX_K).all()


def test_a_camp_is_integrated_out() -> None:
    """Against plain quadrature over a wide range, for a camp of few people."""
    fit = known(4)
    item = fit.asked[0]
    wide = fit.draws["s_q1_camp"] + 0.7 * np.random.default_rng(0).standard_normal(fit.draws["s_q1_camp"].shape)
    fit = replace(fit, draws=fit.draws.assign(s_q1_camp=wide))
    one = fit.draws.isel(draw=[0])
    patterns = np.flatnonzero(item.data["group"].values == 0)
    shared = xr.DataArray(np.linspace(-12, 12, 2001), dims="step")
    centre = xr.full_like(centres(fit, item).isel(draw=[0], pattern=patterns), -1.0)
    answers = density(item, centre + shared, one, patterns)
    counts = xr.DataArray(item.data["count"].values[patterns], dims="pattern")
    whole = np.exp((counts * answers).sum("pattern")) * stats.norm.pdf(shared.values, 0, 1.2)
    expected = np.log(whole.values.sum() * 24 / 2000)
    assert float(camp_density(fit, item)[0, 0]) == pytest.approx(expected, abs=0.01)


def test_camps_that_are_all_but_alike_are_integrated_out() -> None:
    """Where they share next to nothing, their answers are those of everybody."""
    fit = known(4)
    (item,) = fit.asked
    alike = replace(fit, draws=fit.draws.assign(s_q1_camp_sd=1e-5 * fit.draws["s_q1_camp_sd"]))
    centre = xr.full_like(centres(fit, item), -1.0)
    answers = density(item, centre, alike.draws) * xr.DataArray(item.data["count"].values, dims="pattern")
    for place, camp in enumerate(item.groups):
        expected = answers.isel(pattern=np.flatnonzero(item.data["group"].values == place)).sum("pattern")
        np.testing.assert_allclose(camp_density(alike, item).sel(camp=camp), expected, atol=0.02)


def test_weights_without_a_tail_are_not_trusted() -> None:
    far = xr.DataArray(np.array([-3e5, *np.linspace(-40, -39, 399)])[:, None], dims=("draw", "place"))
    assert left_out_weights(far)[1][0] > MAX_K
    score = Score("q", "", 1, -1.0, 0.1, np.inf, 1, np.empty(0))
    found = Validated(Validation([score], {}, [], [], [], []))
    assert found.to_dict()["experts"][0]["worst_k"] is None
    assert "q: Pareto k is above 0.7" in str(found)


def test_leaving_out_scores_every_answer_and_camp() -> None:
    fit = known(40, draws=400)
    item = fit.asked[0]
    rng = np.random.default_rng(4)
    (score,) = leave_one_expert_out(fit, rng).scores
    assert score.answers == 80
    assert 0 < score.crps < 0.3
    assert score.above == 0
    exact = pointwise(fit, item).mean("draw").values @ item.data["count"].values
    assert score.total == pytest.approx(exact, abs=0.1)
    camps = [score for camp in leave_one_camp_out(fit, rng) for score in camp.scores]
    assert [(camp.camp, camp.answers) for camp in camps] == [("high", 40), ("low", 40)]
