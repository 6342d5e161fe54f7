"""Stated numbers, some censored."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.survey.surveys import question, read, values_of
from toc_model.survey.kinds import KINDS

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


@pytest.mark.parametrize(
    ("lower", "upper", "flags", "expected"),
    [
        (np.nan, np.nan, (), (0, np.inf)),
        (2.0, 9.0, (), (2, 9)),
        (-5.0, np.nan, (), (-5, np.inf)),
        (6.0, 9.0, ("censored",), (0, np.inf)),
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
    assert KIND.summaries(FORM, np.array([1.0, 2.0, 6.0])) == [3.0, pytest.approx(np.std([1, 2, 6]))]
    assert KIND.planned(np.zeros(3))(5, np.random.default_rng(1)) == {}
