"""Stated numbers, some censored."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tests.survey.surveys import question, read, values_of, variables
from toc_model.survey.kinds import KINDS, duration
from toc_model.survey.kinds.densities import log_normal_between
from toc_model.survey.learning.questions import Asked

KIND = KINDS["duration"]
FORM = question("duration", scale="log", unit="years", shift=1.0)


def test_censored_durations_count_as_longer() -> None:
    durations = {
        "stated": xr.DataArray([1.0, 1.0], dims="pattern"),
        "censored": xr.DataArray([0.0, 1.0], dims="pattern"),
    }
    found = values_of(KIND.log_density(FORM, 0.5, {"deviation": 2.0}, durations))
    np.testing.assert_allclose(found, [stats.norm(0.5, 2).logpdf(1), stats.norm(0.5, 2).logsf(1)])
    np.testing.assert_allclose(values_of(KIND.density(FORM, 0.2, 0.3, {"deviation": 2.0}, durations)), found)


def test_an_impossible_time_has_a_finite_density() -> None:
    durations = {"stated": xr.DataArray([1000.0], dims="pattern"), "censored": xr.DataArray([1.0], dims="pattern")}
    (found,) = values_of(KIND.log_density(FORM, 0.0, {"deviation": 1.0}, durations))
    assert found == pytest.approx(np.log(1e-300))


def test_a_censored_time_is_read_as_its_lower_bound() -> None:
    rows = {"flags": ["", "censored", ""], "lower": [0.0, 6.0, 0.0]}
    asked = read("duration", [4.0, 9.0, 4.0], scale="log", unit="years", shift=1.0, rows=rows)
    np.testing.assert_allclose(asked.data["stated"], np.log([5, 7]))
    np.testing.assert_array_equal(asked.data["censored"], [0, 1])
    np.testing.assert_array_equal(asked.data["count"], [2, 1])
    np.testing.assert_allclose(KIND.observed(asked.data), [np.log(5), np.nan])


NAN = np.nan


def censored(*bounds: tuple[float, float], values: Sequence[float] = (), **changes: Any) -> Asked:
    rows = {"flags": "censored", "lower": [low for low, _ in bounds], "upper": [high for _, high in bounds]}
    return read("duration", values or [NAN] * len(bounds), rows=rows, **({"scale": "log", "unit": "years"} | changes))


def test_whatever_is_known_between_bounds_is_one_law() -> None:
    asked = censored((1, 2), (NAN, 3), (4, NAN), (0, 3))
    found = values_of(KIND.log_density(FORM, 0.5, {"deviation": 0.8}, variables(asked.data)))
    law = stats.norm(0.5, 0.8)
    between = np.log(law.cdf(np.log(2)) - law.cdf(0))
    expected = [between, law.logcdf(np.log(3)), law.logsf(np.log(4)), law.logcdf(np.log(3))]
    np.testing.assert_allclose(found[list(asked.members)], expected)
    assert np.isnan(KIND.observed(asked.data)).all()


@given(st.floats(-30, 30), st.floats(1e-3, 40))
def test_log_probabilities_are_exact_in_both_tails(lower: float, width: float) -> None:
    found = float(values_of(log_normal_between(np.float64(lower), np.float64(lower + width))))
    low, high = sorted([-abs(lower), -abs(lower + width)]) if lower * (lower + width) > 0 else (lower, lower + width)
    exact = special.logsumexp([special.log_ndtr(high), special.log_ndtr(low)], b=[1, -1])
    assert found == pytest.approx(exact, rel=1e-6, abs=1e-9)


def test_a_stated_end_of_the_scale_is_what_rounds_to_it() -> None:
    asked = read("duration", [0.0, 4.0], scale="log", unit="years")
    found = values_of(KIND.log_density(FORM, 0.5, {"deviation": 0.8}, variables(asked.data)))
    law = stats.norm(0.5, 0.8)
    np.testing.assert_allclose(found[list(asked.members)], [law.logcdf(np.log(0.5)), law.logpdf(np.log(4))])
    (one,) = read("duration", [1.0]).data["stated"].values
    assert one == pytest.approx(special.logit(0.995))


def test_bounds_that_say_nothing_are_left_out() -> None:
    asked = censored((1, 2), (0, NAN), (NAN, NAN), (NAN, 0), (-3, -1), values=[NAN, 5, 5, NAN, NAN])
    assert asked.left_out == {duration.NOTHING_SAID: 1, duration.NO_BOUND: 1, duration.OFF_SCALE: 2}
    assert read("duration", [5.0, 1e30], scale="log", unit="years").left_out == {duration.TOO_LARGE: 1}
    assert censored((1, 2), (12, 14), upper=10.0).left_out == {"impossible": 1}


@pytest.mark.parametrize(
    ("lower", "upper", "flags", "expected"),
    [
        (np.nan, np.nan, (), (0, np.inf)),
        (2.0, 9.0, (), (2, 9)),
        (-5.0, np.nan, (), (-5, np.inf)),
        (6.0, 9.0, ("censored",), (6, 9)),
        (6.0, np.nan, ("censored",), (6, np.inf)),
    ],
)
def test_what_times_are_possible(
    lower: float, upper: float, flags: tuple[str, ...], expected: tuple[float, float]
) -> None:
    assert KIND.possible(lower, upper, flags) == expected


def test_quantities_may_be_negative_unless_the_question_says_otherwise() -> None:
    assert KINDS["quantile"].possible(np.nan, 3.0, ()) == (-np.inf, 3.0)
    assert KINDS["quantile"].possible(1.0, np.nan, ()) == (1.0, np.inf)


def test_mean_and_spread_are_kept() -> None:
    np.testing.assert_allclose(KIND.summaries(FORM, np.array([1.0, 2.0, 6.0])), [3.0, np.std([1, 2, 6])])
    assert KIND.planned(np.zeros(3))((5,), np.random.default_rng(1)) == {}
