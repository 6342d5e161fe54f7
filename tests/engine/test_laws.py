"""The shapes and operators under the story, on floats, named arrays and PyMC's variables alike."""

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import special

from toc_model.engine import laws

fractions = st.floats(1e-6, 1 - 1e-6)
probabilities = st.floats(0, 1)
complementarities = st.floats(0.05, 20) | st.floats(-0.95, -0.05)
efforts = st.floats(-1e6, 1e6)
halves = st.floats(1e-3, 1e6)


def number(x: Any) -> float:
    assert np.ndim(x) == 0
    return float(x)


# Operators --------------------------------------------------------------------------------------------------------


@given(fractions)
def test_logistic_undoes_logit(p: float) -> None:
    assert number(laws.logistic(laws.logit(p))) == pytest.approx(p, rel=1e-12)


@given(st.floats(-20, 15))
def test_logit_undoes_logistic(x: float) -> None:
    assert number(laws.logit(laws.logistic(x))) == pytest.approx(x, abs=1e-8)


def test_logit_is_the_log_of_the_odds() -> None:
    assert number(laws.logit(0.8)) == pytest.approx(math.log(4))


@given(fractions)
def test_normal_cdf_undoes_normal_quantile(p: float) -> None:
    assert number(laws.normal_cdf(laws.normal_quantile(p))) == pytest.approx(p, rel=1e-10)


@given(st.floats(-30, 5))
def test_normal_quantile_undoes_normal_cdf(x: float) -> None:
    assert number(laws.normal_quantile(laws.normal_cdf(x))) == pytest.approx(x, abs=1e-8)


@pytest.mark.parametrize(("x", "p"), [(0.0, 0.5), (1.959963984540054, 0.975), (-1.6448536269514722, 0.05)])
def test_normal_cdf_has_its_tabulated_values(x: float, p: float) -> None:
    assert number(laws.normal_cdf(x)) == pytest.approx(p, rel=1e-14)


@given(st.floats(0.01, 100), st.floats(-3, 3))
def test_power_is_that_of_floats(base: float, exponent: float) -> None:
    assert number(laws.power(base, exponent)) == pytest.approx(base**exponent, rel=1e-12)


@given(st.floats(-50, 50))
@example(0.0)
@example(5e-324)
@example(-1e-12)
def test_growth_factor_is_expm1_over_x_and_continuous_at_0(x: float) -> None:
    assert number(laws.growth_factor(x)) == pytest.approx(math.expm1(x) / x if x else 1.0, rel=1e-14)


def test_growth_factor_takes_zeros_among_other_places() -> None:
    found: Any = laws.growth_factor(xr.DataArray([0.0, 1.0], dims="draw"))
    np.testing.assert_allclose(found, [1.0, math.e - 1])


def test_ratio_is_something_else_only_where_the_denominator_is_zero() -> None:
    denominator = xr.DataArray([0.0, 4.0, -0.5], dims="allocation")
    found: Any = laws.ratio_or(7.0, 2.0, denominator)
    np.testing.assert_array_equal(found, [7.0, 0.5, -4.0])
    assert math.isnan(number(laws.ratio_or(math.nan, 0.0, 0.0)))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_times_is_the_product(effect: float, x: float) -> None:
    assert number(laws.times(effect, x)) == effect * x


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan])
def test_an_effect_of_nothing_makes_nothing_of_anything(x: float) -> None:
    assert number(laws.times(0.0, x)) == 0
    found: Any = laws.times(xr.DataArray([0.0, 2.0, 0.5], dims="draw"), xr.DataArray([x, 3.0, -8.0], dims="draw"))
    np.testing.assert_array_equal(found, [0.0, 6.0, -4.0])


def test_an_effect_hides_no_infinity() -> None:
    assert number(laws.times(2.0, -math.inf)) == -math.inf
    assert math.isnan(number(laws.times(2.0, math.nan)))


@np.errstate(divide="ignore", invalid="ignore")
@pytest.mark.parametrize("base", [0.0, 1.0, math.inf])
def test_anything_to_the_power_0_is_1(base: float) -> None:
    assert number(laws.power(base, 0.0)) == 1
    found: Any = laws.power(xr.DataArray([base, 2.0, 0.0], dims="draw"), xr.DataArray([0.0, 3.0, 2.0], dims="draw"))
    np.testing.assert_allclose(found, [1.0, 8.0, 0.0])


def test_a_choice_among_floats_is_a_number() -> None:
    assert number(laws.where(True, 1.0, 2.0)) == 1
    assert number(laws.where(False, 1.0, 2.0)) == 2


# Dimensions -------------------------------------------------------------------------------------------------------

GRID = xr.DataArray([[0.2, 0.4, 0.1], [0.5, 0.4, 0.3]], dims=("allocation", "branch"))


def test_at_takes_a_place_and_drops_the_dimension() -> None:
    xr.testing.assert_identical(laws.at(GRID, branch=2), xr.DataArray([0.1, 0.3], dims="allocation"))


@pytest.mark.parametrize("value", [0.3, GRID])
def test_a_value_without_the_dimension_is_the_same_everywhere_along_it(value: float | xr.DataArray) -> None:
    assert laws.at(value, pool=1) is value
    assert laws.total(value, "pool") is value


def test_total_sums_along_the_dimension() -> None:
    found: Any = laws.total(GRID, "branch")
    xr.testing.assert_allclose(found, xr.DataArray([0.7, 1.2], dims="allocation"))


def test_total_hides_no_nan() -> None:
    found: Any = laws.total(xr.DataArray([[math.nan, 1.0], [2.0, 1.0]], dims=("allocation", "branch")), "branch")
    np.testing.assert_array_equal(found, [math.nan, 3.0])


def test_log_sum_exp_is_the_log_of_the_sum_and_never_overflows() -> None:
    parts = xr.DataArray([[0.0, math.log(3)], [-1.0, 2000.0], [-2000.0, -2000.0]], dims=("allocation", "part"))
    expected = [math.log(4), 2000.0, -2000 + math.log(2)]
    summed: Any = laws.log_sum_exp(parts, "part")
    np.testing.assert_allclose(summed, expected, rtol=1e-15)


def test_arctan_is_the_angle_of_a_slope() -> None:
    assert laws.arctan(1.0) == math.pi / 4


def test_change_is_measured_from_the_first_allocation() -> None:
    found: Any = laws.change(GRID)
    xr.testing.assert_allclose(found, xr.DataArray([[0, 0, 0], [0.3, 0, 0.2]], dims=("allocation", "branch")))
    xr.testing.assert_identical(laws.reference(GRID), xr.DataArray([0.2, 0.4, 0.1], dims="branch"))


@given(fractions)
def test_a_float_does_not_change(p: float) -> None:
    assert laws.change(p) == 0
    assert laws.logit_change(p) == 0


def test_logit_change_is_the_log_of_the_odds_ratio() -> None:
    found: Any = laws.logit_change(xr.DataArray([0.2, 0.5], dims="allocation"))
    np.testing.assert_allclose(found, [0, math.log(4)])


@given(fractions)
def test_logits_from_a_point_are_none_there(p: float) -> None:
    assert number(laws.logits_from(p, p)) == 0
    assert number(laws.logits_from(p, 0.5)) == pytest.approx(number(laws.logit(p)), abs=1e-12)


def test_logits_from_a_point_do_not_depend_on_the_reference() -> None:
    found: Any = laws.logits_from(xr.DataArray([0.2, 0.5], dims="allocation"), 0.2)
    np.testing.assert_allclose(found, [0, math.log(4)], atol=1e-15)


# Shapes -----------------------------------------------------------------------------------------------------------


@given(st.floats(0.01, 0.99), st.floats(-5, 5))
def test_moved_adds_to_the_log_odds(p: float, logits: float) -> None:
    assert number(laws.logit(laws.moved(p, logits))) == pytest.approx(number(laws.logit(p)) + logits, abs=1e-9)


@given(efforts, halves)
def test_saturating_is_odd_and_bounded(effort: float, half: float) -> None:
    reached = number(laws.saturating(effort, half))
    assert number(laws.saturating(-effort, half)) == -reached
    assert abs(reached) < 1
    assert math.copysign(1, reached) == math.copysign(1, effort)


@given(halves, st.floats(0, 100))
def test_saturating_is_half_way_at_half_and_rises(half: float, more: float) -> None:
    assert number(laws.saturating(half, half)) == 0.5
    assert number(laws.saturating(half * (1 + more), half)) == pytest.approx((1 + more) / (2 + more))


@given(fractions, fractions, complementarities)
def test_both_needed_lies_between_the_two_and_is_symmetric(x: float, y: float, complementarity: float) -> None:
    mean = number(laws.both_needed(x, y, complementarity))
    assert min(x, y) * (1 - 1e-9) <= mean <= max(x, y) * (1 + 1e-9)
    assert number(laws.both_needed(y, x, complementarity)) == pytest.approx(mean, rel=1e-12)


@given(fractions, fractions, st.floats(0.05, 10), st.floats(0, 10))
def test_more_complementarity_never_raises_both_needed(x: float, y: float, less: float, more: float) -> None:
    assert number(laws.both_needed(x, y, less + more)) <= number(laws.both_needed(x, y, less)) * (1 + 1e-9)


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_both_needed_is_the_harmonic_mean_at_1_and_tends_to_the_smaller_one(x: float, y: float) -> None:
    assert number(laws.both_needed(x, y, 1.0)) == pytest.approx(2 * x * y / (x + y))
    assert number(laws.both_needed(x, y, 200.0)) == pytest.approx(min(x, y), rel=0.004)


@given(fractions, fractions)
def test_both_needed_is_the_geometric_mean_at_0_and_the_arithmetic_at_minus_1(x: float, y: float) -> None:
    assert number(laws.both_needed(x, y, 0.0)) == pytest.approx(math.sqrt(x * y), rel=1e-12)
    assert number(laws.both_needed(x, y, -1.0)) == pytest.approx((x + y) / 2, rel=1e-12)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_both_needed_is_continuous_at_0(x: float, y: float) -> None:
    near = [number(laws.both_needed(x, y, complementarity)) for complementarity in (-1e-5, 1e-5)]
    assert near == pytest.approx([number(laws.both_needed(x, y, 0.0))] * 2, rel=1e-4)


@given(probabilities, probabilities)
def test_union_is_one_less_the_chance_of_neither(p: float, q: float) -> None:
    either = number(laws.union(p, q))
    assert max(p, q) - 1e-15 <= either <= 1
    assert 1 - either == pytest.approx((1 - p) * (1 - q), abs=1e-15)
    assert number(laws.union(q, p)) == pytest.approx(either, abs=1e-15)


# Three kinds of value ---------------------------------------------------------------------------------------------

P, Q = (0.2, 1e-6, 0.97), (0.35, 0.6, 1 - 1e-6)
X, Y = (-1.5, 0.0, 30.0), (2.0, 0.25, -7.5)
PLACE_BY_PLACE: dict[str, tuple[Callable[..., Any], *tuple[tuple[float, ...], ...]]] = {
    "exp": (laws.exp, X),
    "log": (laws.log, P),
    "power": (laws.power, P, Y),
    "power of nothing": (laws.power, (0.0, math.inf, 0.0), (0.0, 0.0, 2.0)),
    "exp_less_1": (laws.exp_less_1, X),
    "logistic": (laws.logistic, X),
    "logit": (laws.logit, P),
    "normal_cdf": (laws.normal_cdf, (-8.0, 0.3, 6.0)),
    "normal_quantile": (laws.normal_quantile, P),
    "arctan": (laws.arctan, X),
    "smaller": (laws.smaller, X, Y),
    "larger": (laws.larger, X, Y),
    "growth_factor": (laws.growth_factor, X),
    "ratio_or": (laws.ratio_or, P, Y, X),
    "times": (laws.times, (0.0, 0.0, 2.0), (math.inf, -7.0, 1.5)),
    "logits_from": (laws.logits_from, P, Q),
    "moved": (laws.moved, P, Y),
    "saturating": (laws.saturating, Y, (1.0, 50.0, 0.1)),
    "both_needed": (laws.both_needed, P, Q, (0.7, 3.0, -0.5)),
    "both_needed at its limits": (laws.both_needed, P, Q, (0.0, -1.0, 0.0)),
    "union": (laws.union, P, Q),
}
ALONG_A_DIMENSION: dict[str, tuple[Callable[..., Any], *tuple[tuple[float, ...], ...]]] = {
    "total": (lambda x: laws.total(x, "allocation"), X),
    "log_sum_exp": (lambda x: laws.log_sum_exp(x, "allocation"), X),
    "at": (lambda x: laws.at(x, allocation=2), X),
    "reference": (laws.reference, X),
    "change": (laws.change, X),
    "logit_change": (laws.logit_change, P),
    "joined": (lambda x, y: laws.joined([x, y], "allocation"), X, Y),
    "where": (lambda x, y: laws.where(xr.DataArray([True, False, True], dims="allocation"), x, y), X, Y),
}


@np.errstate(divide="ignore", invalid="ignore")
@pytest.mark.parametrize("name", [*PLACE_BY_PLACE, *ALONG_A_DIMENSION])
def test_floats_arrays_and_pymc_variables_agree(name: str) -> None:
    from pytensor.xtensor import as_xtensor

    law, *columns = (PLACE_BY_PLACE | ALONG_A_DIMENSION)[name]
    named: Any = law(*(xr.DataArray(list(column), dims="allocation") for column in columns))
    symbolic = law(*(as_xtensor(np.array(column), dims=("allocation",)) for column in columns))
    assert tuple(symbolic.dims) == named.dims
    np.testing.assert_allclose(symbolic.eval(mode="FAST_COMPILE"), named.values, rtol=1e-12)
    if name in PLACE_BY_PLACE:
        plain = [number(law(*row)) for row in zip(*columns, strict=True)]
        np.testing.assert_allclose(plain, named.values, rtol=1e-12)


def test_the_package_opens_neither_pymc_nor_pytensor() -> None:
    code = "import toc_model, sys; assert not any(m.startswith(('pymc', 'pytensor')) for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_farthest_score_has_the_smallest_probability_that_is_held_in_full() -> None:
    assert special.ndtr(-laws.FARTHEST - 0.1) < np.finfo(float).tiny < special.ndtr(-laws.FARTHEST)
