"""Elicited quantiles become distributions."""

import copy
import math
from collections.abc import Mapping

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy.integrate import trapezoid

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import (
    FAMILIES,
    Distribution,
    constant,
    fit,
    quantile_level,
    quantile_name,
    support,
    with_nil,
)
from toc_model.errors import InputError

LEVELS = (0.05, 0.5, 0.95)
Z95 = 1.6448536269514722
families = st.sampled_from(sorted(FAMILIES))
locations = st.floats(-4, 4)
scales = st.floats(0.05, 2)


def member(family: str, location: float, scale: float) -> Distribution:
    return Distribution(FAMILIES[family], location, scale, "")


# Fitting ----------------------------------------------------------------------------------------------------------


@given(families, locations, scales)
def test_compatible_quantiles_are_met(family: str, location: float, scale: float) -> None:
    elicited = {level: float(member(family, location, scale).quantile(level)) for level in LEVELS}
    fitted = fit(FAMILIES[family], elicited)
    assert fitted.method == "median and spread"
    assert {level: float(fitted.quantile(level)) for level in LEVELS} == pytest.approx(elicited, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("family", "values", "location", "scale"),
    [
        ("normal", (-2.0, 1.0, 5.0), 1.0, 7 / (2 * Z95)),
        ("lognormal", (155.0, 300.0, 580.0), math.log(300), math.log(580 / 155) / (2 * Z95)),
        ("lognormal_above_1", (1.5, 3.0, 10.0), math.log(2), math.log(9 / 0.5) / (2 * Z95)),
        ("logit_normal", (0.02, 0.07, 0.19), math.log(7 / 93), math.log(19 / 81 * 98 / 2) / (2 * Z95)),
    ],
)
def test_median_and_spread_are_those_of_the_design(
    family: str, values: tuple[float, float, float], location: float, scale: float
) -> None:
    fitted = fit(FAMILIES[family], dict(zip(LEVELS, values, strict=True)))
    assert fitted.method == "median and spread"
    assert (fitted.location, fitted.scale) == pytest.approx((location, scale), rel=1e-12)


@pytest.mark.parametrize(("median", "method"), [(4.01, "median and spread"), (3.99, "least squares")])
def test_a_misfit_of_a_tenth_of_the_spread_is_the_most_that_rounding_explains(median: float, method: str) -> None:
    assert fit(FAMILIES["normal"], {0.05: 0.0, 0.5: median, 0.95: 10.0}).method == method


def test_least_squares_for_the_normal_is_the_closed_form() -> None:
    fitted = fit(FAMILIES["normal"], {0.05: 0.0, 0.5: 1.0, 0.95: 10.0})
    assert fitted.method == "least squares"
    assert fitted.location == pytest.approx(11 / 3, rel=1e-6)
    assert fitted.scale == pytest.approx(10 * Z95 / (2 * Z95**2), rel=1e-6)


INCOMPATIBLE = [
    ("normal", {0.1: -3.0, 0.5: 0.0, 0.9: 20.0}),
    ("lognormal", {0.05: 1.0, 0.5: 2.0, 0.95: 50.0}),
    ("lognormal_above_1", {0.05: 1.1, 0.5: 1.2, 0.95: 30.0}),
    ("logit_normal", {0.05: 0.1, 0.5: 0.8, 0.95: 0.9}),
    ("logit_normal", {0.1: 0.1, 0.25: 0.4, 0.75: 0.5, 0.9: 0.9}),
]


def squared_error(found: Distribution, quantiles: Mapping[float, float]) -> float:
    return sum((float(found.quantile(level)) - value) ** 2 for level, value in quantiles.items())


@pytest.mark.parametrize(("family", "quantiles"), INCOMPATIBLE)
def test_least_squares_can_not_be_bettered_nearby(family: str, quantiles: dict[float, float]) -> None:
    fitted = fit(FAMILIES[family], quantiles)
    assert fitted.method == "least squares"
    least = squared_error(fitted, quantiles)
    for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        location, scale = fitted.location + 1e-3 * np.cos(angle), fitted.scale + 1e-3 * np.sin(angle)
        assert squared_error(member(family, location, scale), quantiles) > least


@given(families, locations, scales, st.sampled_from([(0.05, 0.95), (0.25, 0.75), (0.1, 0.5), (0.5, 0.99)]))
def test_two_quantiles_are_met(family: str, location: float, scale: float, levels: tuple[float, float]) -> None:
    elicited = {level: float(member(family, location, scale).quantile(level)) for level in levels}
    fitted = fit(FAMILIES[family], elicited)
    assert {level: float(fitted.quantile(level)) for level in levels} == pytest.approx(elicited, rel=1e-6)


def test_the_order_in_which_quantiles_are_given_does_not_matter() -> None:
    in_order, shuffled = {0.05: 1.0, 0.5: 3.0, 0.95: 9.0}, {0.95: 9.0, 0.05: 1.0, 0.5: 3.0}
    assert fit(FAMILIES["lognormal"], shuffled) == fit(FAMILIES["lognormal"], in_order)


@pytest.mark.parametrize(
    ("family", "quantiles", "fragments"),
    [
        ("normal", {0.05: 2.0, 0.5: 1.0, 0.95: 3.0}, ["q05 = 2", "q50 = 1", "rise with the level"]),
        ("normal", {0.05: 1.0, 0.5: 3.0, 0.95: 3.0}, ["q50 = 3", "q95 = 3", "rise with the level"]),
        ("lognormal", {0.05: 0.0, 0.5: 1.0}, ["q05 = 0", "allowed for lognormal", "above 0"]),
        ("lognormal_above_1", {0.05: 1.0, 0.5: 2.0}, ["q05 = 1", "allowed for lognormal_above_1", "above 1"]),
        ("logit_normal", {0.5: 0.5, 0.975: 1.0}, ["q97.5 = 1", "allowed for logit_normal", "above 0 and below 1"]),
        ("logit_normal", {0.05: -0.1, 0.5: 0.5}, ["q05 = -0.1"]),
        ("normal", {0.05: 0.0, 0.5: math.nan}, ["q50 = nan"]),
        ("normal", {0.05: 0.0, 0.95: math.inf}, ["q95 = inf"]),
        ("normal", {0.5: 1.0}, ["found 1 quantile", "at least two"]),
        ("normal", {}, ["found 0 quantile", "at least two"]),
    ],
)
def test_impossible_quantiles_are_refused(family: str, quantiles: dict[float, float], fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        fit(FAMILIES[family], quantiles)
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


# Distributions ----------------------------------------------------------------------------------------------------


@given(families, locations, scales)
def test_density_integrates_to_1(family: str, location: float, scale: float) -> None:
    found = member(family, location, scale)
    x = found.quantile(special.ndtr(np.linspace(-5, 5, 4001)))
    assert trapezoid(found.density(x), x) == pytest.approx(1, abs=1e-3)


def slope_of_cdf(found: Distribution, z: Floats) -> Floats:
    step = 1e-4
    rise = special.ndtr(z + step) - special.ndtr(z - step)
    return np.asarray(rise / (found.from_latent(z + step) - found.from_latent(z - step)))


@given(families, locations, scales)
def test_density_is_the_slope_of_the_cdf(family: str, location: float, scale: float) -> None:
    found, z = member(family, location, scale), np.linspace(-2.5, 2.5, 11)
    np.testing.assert_allclose(found.density(found.from_latent(z)), slope_of_cdf(found, z), rtol=1e-3)


@pytest.mark.parametrize(
    ("family", "quantiles"),
    [
        ("logit_normal", {0.05: 0.5, 0.5: 0.9999, 0.95: 0.99999999}),
        ("lognormal_above_1", {0.05: 1.0000001, 0.5: 1.0001, 0.95: 1.1}),
    ],
)
def test_density_is_right_close_to_the_end_of_the_support(family: str, quantiles: dict[float, float]) -> None:
    found, z = fit(FAMILIES[family], quantiles), np.linspace(-1.6, 1.6, 11)
    np.testing.assert_allclose(found.density(found.from_latent(z)), slope_of_cdf(found, z), rtol=1e-3)


@pytest.mark.parametrize(
    ("family", "inside", "outside"),
    [
        ("normal", [-1e300, 0.0], [math.inf, math.nan]),
        ("lognormal", [1e-300, 1e300], [0.0, -1.0, math.inf]),
        ("lognormal_above_1", [1.0000001, 50.0], [1.0, 0.5]),
        ("logit_normal", [1e-300, 0.5, 1 - 1e-15], [0.0, 1.0, 1.5]),
    ],
)
def test_supports_are_open(family: str, inside: list[float], outside: list[float]) -> None:
    assert all(support(FAMILIES[family]).surrounds(x) for x in inside)
    assert not any(support(FAMILIES[family]).surrounds(x) for x in outside)


# Effects that may be nil -------------------------------------------------------------------------------------------

able = st.sampled_from(["normal", "lognormal", "logit_normal"])
nils = st.floats(0.01, 0.95)


@given(able, locations, scales, nils)
def test_the_mass_at_nil_is_its_probability(family: str, location: float, scale: float, nil: float) -> None:
    found = with_nil(member(family, location, scale), nil)
    levels = (np.arange(20_000) + 0.5) / 20_000
    values = found.quantile(levels)
    assert np.mean(values == 0) == pytest.approx(nil, abs=1e-4)
    assert (np.diff(values) >= 0).all()
    inside = values[values != 0]
    assert len(inside) == 0 or (found.support.surrounds(inside.min()) and found.support.surrounds(inside.max()))


@given(st.sampled_from(["lognormal", "logit_normal"]), locations, scales, nils)
def test_values_rise_from_nil_without_a_jump(family: str, location: float, scale: float, nil: float) -> None:
    """Just above the threshold they are those that nearly all of the family exceed."""
    found = with_nil(member(family, location, scale), nil)
    assert found.from_latent(special.ndtri(nil) - 1e-9) == 0
    assert 0 < found.from_latent(special.ndtri(nil) + 1e-9) < found.given_some(1e-8 / (1 - nil))


@given(locations, st.floats(0.2, 2), nils)
def test_values_on_both_sides_of_0_rise_through_nil(location: float, scale: float, nil: float) -> None:
    found = with_nil(member("normal", location, scale), nil)
    values = found.from_latent(np.linspace(-3, 3, 200_001))
    share = float(special.ndtr(-location / scale))
    assert np.abs(np.diff(values)).max() < 0.01 or min(share, 1 - share) < 1e-3
    assert found.from_latent(special.ndtri((1 - nil) * share + nil / 2)) == 0


@given(able, locations, scales, nils, st.floats(0.001, 0.999))
def test_given_some_effect_the_quantiles_are_those_elicited(
    family: str, location: float, scale: float, nil: float, level: float
) -> None:
    """Counted from above, which every family does alike where it lies above 0."""
    found, plain = with_nil(member(family, location, scale), nil), member(family, location, scale)
    wanted = float(plain.quantile(level))
    assert found.given_some(level) == pytest.approx(wanted, rel=1e-9)
    if wanted > 0:
        assert found.from_latent(-special.ndtri((1 - nil) * (1 - level))) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@given(able, locations, scales, nils)
def test_scores_of_values_that_are_not_nil_come_back(family: str, location: float, scale: float, nil: float) -> None:
    found, z = with_nil(member(family, location, scale), nil), np.linspace(-4, 4, 41)
    values = found.from_latent(z)
    back, some = found.to_latent(values), (values != 0) & (np.abs(values) != 1)
    inner = abs((np.asarray(found.family.to_normal(values[some])) - location) / scale) < 5
    np.testing.assert_allclose(back[some][inner], z[some][inner], atol=1e-4)
    level = special.ndtr(back[values == 0])
    assert np.isclose(level, level[:1]).all()
    assert (found.from_latent(back[values == 0]) == 0).all()


def test_the_upper_tail_is_accurate() -> None:
    found = with_nil(member("lognormal", 0.0, 1.0), 0.5)
    assert math.log(found.from_latent(30.0)) == pytest.approx(float(-special.ndtri(2 * special.ndtr(-30.0))), rel=1e-12)


@pytest.mark.parametrize("z", [0.3, np.array([-9.0, 0.0, 9.0]), xr.DataArray([-1.0, 2.0], dims="draw")])
def test_an_effect_that_is_surely_nil_is_0(z: float | Floats | xr.DataArray) -> None:
    found = with_nil(member("lognormal", 0.0, 1.0), 1.0)
    assert not found.is_constant
    assert np.shape(found.from_latent(z)) == np.shape(z)
    assert np.all(found.from_latent(z) == 0)
    assert found.quantile(0.99) == 0
    assert not np.signbit(np.asarray(found.from_latent(z))).any()


def test_the_density_of_what_may_be_nil_integrates_to_the_rest() -> None:
    found = with_nil(member("lognormal", 0.0, 0.5), 0.3)
    x = np.linspace(1e-6, 30, 100_001)
    assert trapezoid(found.density(x), x) == pytest.approx(0.7, abs=1e-6)


@pytest.mark.parametrize(
    ("found", "nil", "fragments"),
    [
        (constant(1.0), 0.2, ["nil: found 0.2 for a constant", "allowed: 0"]),
        (member("lognormal_above_1", 0.0, 1.0), 0.2, ["lognormal_above_1", "normal, lognormal, logit_normal"]),
        (member("lognormal", 0.0, 1.0), 1.1, ["nil: found 1.1", "found 1.1; allowed: 0 to 1"]),
        (member("lognormal", 0.0, 1.0), math.nan, ["nil: found nan"]),
    ],
)
def test_what_can_not_be_nil_is_refused(found: Distribution, nil: float, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        with_nil(found, nil)
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


def test_a_constant_has_one_value() -> None:
    found = constant(-3.0)
    assert found.is_constant
    np.testing.assert_array_equal(found.from_latent(np.array([-2.0, 0.0, 5.0])), -3.0)
    assert not member("normal", 0.0, 1e-9).is_constant


def test_a_distribution_can_be_copied() -> None:
    found = fit(FAMILIES["logit_normal"], {0.05: 0.2, 0.95: 0.7})
    assert copy.deepcopy(found) == found


# Names of quantiles -----------------------------------------------------------------------------------------------


@given(st.integers(1, 999))
def test_names_of_quantiles_give_their_levels_back(thousandth: int) -> None:
    level = thousandth / 1000
    assert quantile_level(quantile_name(level)) == level


@pytest.mark.parametrize(
    ("name", "level"), [("q05", 0.05), ("q50", 0.5), ("q97.5", 0.975), ("q02.5", 0.025), ("q99.9", 0.999)]
)
def test_quantiles_have_their_usual_names(name: str, level: float) -> None:
    assert quantile_level(name) == level
    assert quantile_name(level) == name


@pytest.mark.parametrize(
    "name", ["", "q", "50", "p50", "Q50", "qq50", "q0", "q100", "q-5", "q101", "qnan", "qinf", "q 5", "q9_5", "median"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"found quantile .*; allowed: q and a percentage, such as q05, q50 or q97\.5"):
        quantile_level(name)
