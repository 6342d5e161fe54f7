"""Gamma, beta and metalog distributions on normal scores: laws that hold for all of them, and known values."""

import math
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special
from scipy.integrate import trapezoid

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution, with_nil
from toc_model.beliefs.shapes import Beta, Gamma, MetalogShape
from toc_model.engine import scores

type Own = Gamma | Beta | MetalogShape
SCORES = np.linspace(-7.5, 7.5, 61)
sizes = st.floats(0.2, 300)
ends = st.floats(-50, 50)


def metalog(coefficients: list[float], sides: tuple[float, float]) -> MetalogShape:
    found = MetalogShape(tuple(coefficients), *sides)
    assume(bool(found.member.is_feasible))
    return found


gammas = st.builds(Gamma, sizes, st.floats(0.01, 100), ends)
betas = st.builds(lambda a, b, low, width: Beta(a, b, low, low + width), sizes, sizes, ends, st.floats(0.1, 100))
sides = st.sampled_from([(-math.inf, math.inf), (0.0, math.inf), (-math.inf, 9.0), (0.0, 1.0), (-5.0, 100.0)])
coefficients = st.tuples(st.floats(-2, 2), st.floats(0.2, 1), *[st.floats(-0.3, 0.3)] * 3).map(list)
metalogs = st.builds(metalog, coefficients, sides)
shapes = st.one_of(gammas, betas, metalogs)


def on(shape: Own) -> Distribution:
    return Distribution(shape, 0.0, 1.0, "")


# Laws -------------------------------------------------------------------------------------------------------------


@given(shapes)
def test_values_rise_with_scores_inside_the_support(shape: Own) -> None:
    values = on(shape).from_latent(SCORES)
    assert (np.diff(values) >= 0).all()
    middle = values[abs(SCORES) < 1.5]
    assert (np.diff(middle) > 0).all()
    assert ((shape.lower <= values) & (values <= shape.upper)).all()
    assert shape.lower < middle.min()
    assert middle.max() < shape.upper


def resolved(shape: Own, values: Floats) -> Floats:
    """Where neighbouring scores are told apart by what numbers can hold beside the bounds."""
    known = [abs(values - end) > 1e-6 * (abs(end) + abs(values)) for end in (shape.lower, shape.upper) if end]
    return np.asarray(np.logical_and.reduce([np.isfinite(values) & (abs(values) > 1e-290), *known]))


@given(shapes)
def test_scores_of_values_come_back(shape: Own) -> None:
    values = on(shape).from_latent(SCORES)
    told = resolved(shape, values)
    np.testing.assert_allclose(on(shape).to_latent(values)[told], SCORES[told], atol=1e-6)


@given(shapes)
def test_quantiles_are_those_of_statistics(shape: Own) -> None:
    levels = np.array([1e-6, 0.01, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999])
    found = on(shape)
    np.testing.assert_allclose(found.quantile(levels), shape.member.quantile(levels), rtol=1e-7, atol=1e-12)
    for value in shape.member.quantile(levels[1:-1]):
        assert found.below_given_some(value) == pytest.approx(float(shape.member.cdf(value)), abs=1e-9)


@given(shapes)
def test_the_density_is_that_of_statistics(shape: Own) -> None:
    values = on(shape).quantile(np.array([0.001, 0.05, 0.5, 0.9, 0.999]))
    np.testing.assert_allclose(on(shape).density(values), shape.member.density(values), rtol=1e-5)


@given(shapes, st.floats(0.01, 0.9))
def test_what_may_be_nil_is_so_as_often_as_said(shape: Own, nil: float) -> None:
    if not shape.lower <= 0 <= shape.upper or shape.upper == 0:
        return
    found = with_nil(on(shape), nil)
    values = found.quantile((np.arange(5000) + 0.5) / 5000)
    assert np.mean(values == 0) == pytest.approx(nil, abs=1e-3)
    assert (np.diff(values) >= 0).all()
    assert found.given_some(0.7) == pytest.approx(float(on(shape).quantile(0.7)), rel=1e-9, abs=1e-12)


@given(shapes)
def test_shapes_are_compared_by_value_and_pickled(shape: Own) -> None:
    found = on(shape)
    back = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert back == found
    assert hash(back) == hash(found)
    np.testing.assert_array_equal(back.from_latent(SCORES), found.from_latent(SCORES))


@given(shapes)
def test_numbers_arrays_and_labelled_arrays_have_the_same_values(shape: Own) -> None:
    values = on(shape).from_latent(SCORES)
    labelled = on(shape).from_latent(xr.DataArray(SCORES, dims="draw", coords={"draw": np.arange(len(SCORES))}))
    assert labelled.dims == ("draw",)
    np.testing.assert_array_equal(labelled, values)
    for place in (3, 30, 50):
        assert float(on(shape).from_latent(float(SCORES[place]))) == pytest.approx(values[place], rel=1e-14)


# Tails ------------------------------------------------------------------------------------------------------------

FAR = np.array([-30.0, -12.0, -9.0, -1.0, 0.0, 1.0, 9.0, 12.0, 30.0])


def test_both_tails_of_a_gamma_are_exact_where_it_is_exponential() -> None:
    np.testing.assert_allclose(on(Gamma(1.0, 2.0)).from_latent(FAR)[3:], -special.log_ndtr(-FAR[3:]) / 2, rtol=1e-12)
    np.testing.assert_allclose(on(Gamma(1.0, 2.0)).from_latent(FAR[:3]), special.ndtr(FAR[:3]) / 2, rtol=1e-12)
    np.testing.assert_allclose(on(Gamma(1.0, 2.0)).to_latent(on(Gamma(1.0, 2.0)).from_latent(FAR)), FAR, rtol=1e-12)


def test_both_tails_of_a_beta_are_exact_where_it_is_a_power() -> None:
    lower = on(Beta(3.0, 1.0)).from_latent(FAR)
    np.testing.assert_allclose(np.log(lower), special.log_ndtr(FAR) / 3, rtol=1e-12, atol=1e-15)
    upper = on(Beta(1.0, 40.0)).from_latent(FAR)
    np.testing.assert_allclose(np.log1p(-upper)[:8], special.log_ndtr(-FAR)[:8] / 40, rtol=1e-9, atol=1e-15)


def test_both_tails_of_a_metalog_are_exact_where_it_is_logistic() -> None:
    """Also where a level can't be told from 1."""
    found = on(MetalogShape((0.0, 2.0)))
    np.testing.assert_allclose(
        found.from_latent(FAR), 2 * (special.log_ndtr(FAR) - special.log_ndtr(-FAR)), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(found.to_latent(found.from_latent(FAR)), FAR, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [Gamma(0.01, 1.0), Beta(0.01, 0.02), MetalogShape((0.0, 3.0, 1.0), 0.0, 1.0)])
def test_values_that_numbers_can_not_tell_from_a_bound_have_finite_scores(shape: Own) -> None:
    values = on(shape).from_latent(np.array([-300.0, -8.0, 8.0, 300.0]))
    assert np.isfinite(values).all()
    assert np.isfinite(on(shape).to_latent(values)).all()
    assert np.isfinite(on(shape).to_latent(np.array([shape.lower, min(shape.upper, 1e300)]))).all()


@given(st.floats(-37, 37))
def test_log_odds_of_a_score_come_back(z: float) -> None:
    assert float(scores.score_of_log_odds(scores.log_odds_at(z))) == pytest.approx(z, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("shape", [Gamma(2.3, 0.06), Beta(5.4, 11.6, 0.0, 100.0), MetalogShape((5.0, 2.3, 2.2))])
def test_densities_integrate_to_1(shape: Own) -> None:
    x = on(shape).from_latent(np.linspace(-6, 6, 20_001))
    assert trapezoid(on(shape).density(x), x) == pytest.approx(1, abs=1e-5)


# Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (Gamma(2.35525, 0.0644657), "gamma above 0 (shape 2.355, rate 0.06447)"),
        (Beta(5.45213, 11.6056, 0.0, 100.0), "beta above 0 and below 100 (a 5.452, b 11.61)"),
        (MetalogShape((5.0, 2.5)), "metalog without bounds (a1 5, a2 2.5)"),
        (MetalogShape((5.0, 2.5), upper=9.0), "metalog below 9 (a1 5, a2 2.5)"),
    ],
)
def test_shapes_say_what_is_particular_to_them(shape: Own, words: str) -> None:
    assert shape.words == words
