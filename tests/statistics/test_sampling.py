"""The net benefit of a study: known answer 19, the best size where its slope is zero, and guards."""

import math
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from toc_model import InputError
from toc_model.statistics.information import Estimate, evsi_regression, in_units_of_cost
from toc_model.statistics.sampling import Sampling, Study, enbs

TRIAL = Study(population=46_000, periods=10, discount=0.035, fixed=7.5e6, each=35_000)


def exactly(value: float) -> Estimate:
    return Estimate(value, 0.0)


def known(size: float, prior_sd: float = 300.0, mean: float = -60.0, noise_sd: float = 1800.0) -> float:
    """Value of asking about a normal gain over doing nothing, per person: the unit-normal loss of what is learnt."""
    sd = prior_sd * math.sqrt(prior_sd**2 / (prior_sd**2 + noise_sd**2 / size))
    return float(sd * stats.norm.pdf(mean / sd) + mean * stats.norm.cdf(mean / sd)) - max(0.0, mean)


def test_the_net_benefit_of_a_trial() -> None:
    """Known answer 19, after the R package voi: value x 46,000 x discounted years, less the cost."""
    years = (1 - math.exp(-0.035 * 10)) / 0.035
    assert TRIAL.discounted == pytest.approx(years, rel=1e-12)
    assert TRIAL.net_benefit(exactly(0), 50).value == -9_250_000
    assert TRIAL.net_benefit(exactly(60), 200).value == pytest.approx(60 * 46_000 * years - 14.5e6, rel=1e-12)
    found = TRIAL.net_benefit(Estimate(60, 2), 200)
    assert found.se == pytest.approx(2 * 46_000 * years)


def test_the_best_size_is_where_the_slope_is_zero() -> None:
    found = enbs({size: exactly(known(size)) for size in range(1, 2001)}, TRIAL)
    best: Any = optimize.minimize_scalar(
        lambda size: -TRIAL.net_benefit(exactly(known(size)), size).value, bounds=(1, 2000), method="bounded"
    )
    assert found.best == pytest.approx(best.x, abs=1)
    assert found.benefits[found.best].value == pytest.approx(-best.fun, rel=1e-4)
    slope = 46_000 * TRIAL.discounted * (known(found.best + 0.5) - known(found.best - 0.5)) - 35_000
    assert abs(slope) < 0.02 * 35_000
    assert list(found.likely) == [found.best] * 2
    assert found.pays == 1
    assert not found.at_end
    near = [size for size, one in found.benefits.items() if one.value >= 0.95 * found.benefits[found.best].value]
    assert found.near == (min(near), max(near))


def test_errors_of_values_make_the_best_size_uncertain() -> None:
    sizes = [10, 50, 100, 200, 400, 800]
    sure = enbs({size: Estimate(known(size), 0.01) for size in sizes}, TRIAL)
    unsure = enbs({size: Estimate(known(size), 3.0) for size in sizes}, TRIAL)
    assert sure.best == unsure.best
    assert list(sure.likely) == [sure.best] * 2
    assert unsure.likely[0] <= unsure.best <= unsure.likely[1]
    assert unsure.likely[1] > unsure.likely[0]
    assert 0.5 < unsure.pays <= 1


def test_a_study_that_costs_more_than_it_is_worth_does_not_pay() -> None:
    dear = Study(population=10, periods=1, discount=0.0, fixed=1e6, each=1)
    found = enbs({size: exactly(known(size)) for size in (10, 100)}, dear)
    assert found.benefits[found.best].value < 0
    assert (found.pays, found.at_end) == (0.0, True)


def test_estimates_from_draws_give_the_known_net_benefit() -> None:
    """A normal gain, asked about with noise; losses in another unit than costs."""
    rng = np.random.default_rng(1)
    gain = -60 + 300 * rng.standard_normal(20_000)
    loss = xr.DataArray(
        np.stack([np.zeros(20_000), -gain / 1000], axis=1),
        dims=("draw", "allocation"),
        coords={"allocation": ["not", "do"]},
    )
    values: dict[int, Estimate] = {}
    for size in (20, 100, 400):
        answers = gain + 1800 / math.sqrt(size) * rng.standard_normal(20_000)
        estimate = evsi_regression(loss, xr.DataArray(answers, dims="draw", name="answers"))
        values[size] = in_units_of_cost(estimate, 1 / 1000)
    found = enbs(values, TRIAL)
    for many, one in found.benefits.items():
        expected = TRIAL.net_benefit(exactly(known(many)), many).value
        assert abs(one.value - expected) < 4 * one.se + 0.02 * abs(expected)


numbers = st.floats(0.1, 1e4)


@given(st.dictionaries(st.integers(1, 500), numbers, min_size=1, max_size=6), numbers, st.floats(0, 0.5), numbers)
def test_a_fixed_cost_moves_no_size_and_discount_never_adds(
    values: dict[int, float], fixed: float, discount: float, periods: float
) -> None:
    def found(fixed: float, discount: float) -> Sampling:
        study = Study(population=1000, periods=periods, discount=discount, fixed=fixed, each=1)
        return enbs({size: exactly(value) for size, value in values.items()}, study)

    free, dear = found(0, discount), found(fixed, discount)
    assert free.best == dear.best
    assert free.benefits[free.best].value - dear.benefits[free.best].value == pytest.approx(fixed, abs=1e-3)
    undiscounted = found(0, 0)
    assert all(free.benefits[size].value <= undiscounted.benefits[size].value + 1e-6 for size in values)


def test_a_decision_that_stands_for_ever() -> None:
    forever = Study(population=1, periods=math.inf, discount=0.04, fixed=0, each=0)
    assert forever.discounted == pytest.approx(25)
    assert Study(population=1, periods=7, discount=0, fixed=0, each=0).discounted == 7


def test_figures_are_ready_for_json() -> None:
    found = enbs({10: Estimate(60, 1), 20: Estimate(61, 1)}, TRIAL).to_dict()
    assert set(found["net_benefit"]) == {"10", "20"}
    assert found["best"]["size"] in (10, 20)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"population": 0}, "population: found 0; allowed: more than 0"),
        ({"population": math.inf}, "population: found inf"),
        ({"periods": -1}, "periods: found -1; allowed: more than 0"),
        ({"periods": math.nan}, "periods: found nan"),
        ({"discount": 3.5}, "discount: found 3.5; allowed: a rate from 0 to below 1; did you mean 0.035?"),
        ({"discount": -0.1}, "discount: found -0.1; allowed: 0 or more"),
        ({"fixed": math.nan}, "fixed: found nan"),
        ({"each": -5}, "each: found -5; allowed: 0 or more"),
        (
            {"periods": math.inf, "discount": 0},
            "periods: found inf; allowed: a number of them where nothing is discounted",
        ),
    ],
)
def test_what_is_no_study_is_refused(change: dict[str, float], message: str) -> None:
    about = {"population": 1.0, "periods": 1.0, "discount": 0.035, "fixed": 1.0, "each": 1.0, **change}
    with pytest.raises(InputError) as error:
        Study(**about)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "values: found none; allowed: one or more sizes of a study"),
        ({0: exactly(1)}, "size: found 0; allowed: more than 0 respondents"),
        ({-3: exactly(1)}, "size: found -3"),
        ({5: exactly(math.nan)}, "value at size 5: found nan"),
        ({5: Estimate(1, math.inf)}, "value at size 5: found 1 ±inf"),
    ],
)
def test_what_is_no_value_is_refused(values: dict[int, Estimate], message: str) -> None:
    with pytest.raises(InputError) as error:
        enbs(values, TRIAL)
    assert message in str(error.value)
