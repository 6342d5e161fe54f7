"""Probabilities stated for thresholds."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from tests.survey.kinds.test_quantile import stated
from tests.survey.surveys import question, values_of, variables
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.cdf_point import KNOTS, knots

KIND = KINDS["cdf_point"]
FORM = question("cdf_point", scale="log", unit="years", shift=1.0)
THRESHOLDS = np.log([11.0, 21.0, 41.0])


def exact(said: list[float], centre: float, of: dict[str, float]) -> float:
    """Log density by dense quadrature."""
    middle = np.linspace(-8, 14, 200_001)
    each = [
        stats.norm.logpdf(p, stats.norm.cdf((t - middle) / of["spread"]), of["noise"])
        for p, t in zip(said, THRESHOLDS, strict=True)
        if np.isfinite(p)
    ]
    scale = np.hypot(of["deviation"], np.exp(of["overconfidence"]) * of["spread"])
    return float(np.log(np.trapezoid(np.exp(sum(each)) * stats.norm.pdf(middle, centre, scale), middle)))


def test_points_are_probabilities_whatever_the_quantity_may_be() -> None:
    assert KIND.possible(5.0, 80.0, ()) == (0.0, 1.0)


@pytest.mark.parametrize(
    "said", [[0.1, 0.5, 0.9], [0.05, 0.2, 0.6], [0.3, 0.4, 0.5], [0.0, 0.2, 0.7], [0.2, np.nan, 0.6]]
)
@pytest.mark.parametrize(("spread", "noise"), [(0.7, 0.07), (1.2, 0.03)])
def test_cdf_points_agree_with_dense_quadrature(said: list[float], spread: float, noise: float) -> None:
    levels = (10.0, 20.0, 40.0)
    someone = {10.0: 0.5, 20.0: 0.5, 40.0: 0.5}
    asked = stated(dict(zip(levels, said, strict=True)), someone, kind="cdf_point")
    of: dict[str, Any] = {"deviation": 0.8, "overconfidence": 0.1, "spread": spread, "noise": noise}
    place = int(asked.members["r0"])
    found = values_of(KIND.log_density(FORM, 3.0, of, variables(asked.data)))[place]
    assert found == pytest.approx(exact(said, 3.0, of), abs=0.02)
    moved = values_of(KIND.density(FORM, 2.9, 0.1, of, variables(asked.data)))[place]
    assert moved == pytest.approx(found, abs=0.02)


def test_points_are_read_by_threshold_and_falling_ones_left_out() -> None:
    asked = stated({10.0: 0.1, 20.0: 0.4}, {10.0: 0.2, 40.0: 0.2}, {10.0: 0.3, 40.0: 0.2}, kind="cdf_point")
    data = asked.data
    assert asked.left_out == {"incoherent": 1}
    np.testing.assert_allclose(data["threshold"], np.tile(THRESHOLDS, (2, 1)))
    np.testing.assert_array_equal(data["given"], [[1, 1, 0], [1, 0, 1]])
    np.testing.assert_array_equal(KIND.observed(data), [[0.1, 0.4, np.nan], [0.2, np.nan, 0.2]])
    np.testing.assert_allclose(data["probit"], special.ndtri([[0.1, 0.4, 0.5], [0.2, 0.5, 0.2]]))
    np.testing.assert_allclose(data["slope"], stats.norm.pdf(data["probit"]))


def test_certain_points_have_a_finite_place() -> None:
    data = stated({10.0: 0.0, 20.0: 1.0}, kind="cdf_point").data
    np.testing.assert_allclose(data["probit"], special.ndtri([[0.005, 0.995]]))


def test_what_is_stated_is_not_clipped_on_the_axis_of_probability() -> None:
    of = {"deviation": np.array(0.1), "overconfidence": np.array(0.0), "spread": np.array(0.1), "noise": np.array(0.05)}
    data = {"threshold": np.array([-9.0, 9.0])}
    found = KIND.simulated(FORM, np.zeros(50_000), of, data, np.random.default_rng(1))
    assert found.shape == (50_000, 2)
    np.testing.assert_allclose(found.mean(axis=0), [0, 1], atol=0.001)
    np.testing.assert_allclose(found.std(axis=0), 0.05, rtol=0.02)


def test_a_planned_survey_asks_where_the_model_spreads() -> None:
    data = KIND.planned(np.arange(101.0))((3,), np.random.default_rng(1))
    assert set(data) == set(KIND.circumstances)
    np.testing.assert_allclose(data["threshold"], [25, 50, 75])
    np.testing.assert_allclose(KIND.summaries(FORM, np.array([[0.1, 0.3], [-0.1, 0.5]])), [0.0, 0.4], atol=1e-12)


def test_knots_integrate_a_function_near_to_a_normal_density() -> None:
    places, log_weights = knots()
    assert len(places) == KNOTS
    whole = np.exp(log_weights + stats.norm.logpdf(places))
    np.testing.assert_allclose([whole @ places**power for power in range(5)], [1, 0, 1, 0, 3], atol=1e-10)
    assert xr.DataArray(stats.norm.logpdf(places, 0.3, 0.9) + log_weights).pipe(special.logsumexp) == pytest.approx(
        0, abs=1e-3
    )
