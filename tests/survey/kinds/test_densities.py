"""Densities that several kinds share, and natural scales."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tests.survey.surveys import values_of
from toc_model.survey.kinds import densities
from toc_model.survey.kinds.mood import MOODS, moods, split
from toc_model.survey.kinds.natural import FAR, SCALES, natural
from toc_model.survey.kinds.slips import OUTLIERS, log_with_slips


@given(st.floats(-50, 50))
def test_the_student_cdf_is_that_of_five_degrees(x: float) -> None:
    assert values_of(densities.student_cdf(x)) == pytest.approx(stats.t(densities.TAILS).cdf(x), abs=1e-12)


def test_log_densities_are_those_of_scipy() -> None:
    x = np.array([-3.0, 0.2, 5.0])
    np.testing.assert_allclose(values_of(densities.normal_log_density(x, 0.5, 1.7)), stats.norm(0.5, 1.7).logpdf(x))
    student = stats.t(densities.TAILS, 0.5, 1.7)
    np.testing.assert_allclose(values_of(densities.student_log_density(x, 0.5, 1.7)), student.logpdf(x))


def test_errors_and_biases_add_up_as_variances() -> None:
    assert values_of(densities.around(0.7, 0.3, 0.5)) == pytest.approx(np.hypot(0.7, np.exp(0.3) * 0.5))


def test_a_slip_may_be_any_answer() -> None:
    assert values_of(log_with_slips(0.3, 4)) == pytest.approx(np.log((1 - OUTLIERS) * 0.3 + OUTLIERS / 4))


def test_moods_are_standard_normal() -> None:
    places, log_weights = moods()
    weights = np.exp(log_weights)
    assert len(places) == MOODS
    np.testing.assert_allclose([weights @ places**power for power in range(5)], [1, 0, 1, 0, 3], atol=1e-12)


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_an_experts_own_bias_and_the_rest_add_up_to_the_deviation(loading: float, deviation: float) -> None:
    shift, residual = split({"loading": loading, "deviation": deviation}, 1.0)
    assert np.hypot(shift, residual) == pytest.approx(deviation)
    assert shift == pytest.approx(loading * residual)
    assert split({"loading": loading}, 0.5)[0] == pytest.approx(loading * split({"loading": loading}, 0.5)[1] / 2)
    assert np.hypot(*split({"loading": loading}, 1.0)) == pytest.approx(1)


@pytest.mark.parametrize(("scale", "value"), [("logit", 0.3), ("log", 7.0), ("identity", -2.0)])
def test_natural_scales_lead_back(scale: str, value: float) -> None:
    y = natural(value - 1, scale, shift=1.0)
    assert float(SCALES[scale].back(y)) == pytest.approx(value)
    assert float(y) == pytest.approx({"logit": special.logit(0.3), "log": np.log(7.0), "identity": -2.0}[scale])


def test_what_lies_off_the_scale_is_far_out() -> None:
    np.testing.assert_array_equal(natural([0.0, 1.0, 2.0], "logit"), [-FAR, FAR, -FAR])
    np.testing.assert_array_equal(natural([-1.0, 0.0, 1e30], "log"), [-FAR, -FAR, FAR])
    np.testing.assert_array_equal(natural([-41.0, 1e6], "identity"), [-41.0, 1e6])
