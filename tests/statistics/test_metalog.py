"""Metalogs: Keelin's definitions, four kinds of bounds, and which are no distributions."""

import numpy as np
import pytest
from scipy import integrate, stats

from toc_model import InputError
from toc_model.statistics.elicitation import Metalog, fit, judged, metalog, quantiles

SAID = {0.1: 2.0, 0.5: 5.0, 0.9: 12.0}
BOUNDS = [(-np.inf, np.inf), (0.0, np.inf), (-np.inf, 20.0), (0.0, 20.0)]


def of(*coefficients: float, lower: float = -np.inf, upper: float = np.inf) -> Metalog:
    return Metalog(np.array(coefficients), np.array(lower), np.array(upper))


def test_three_quantiles_give_keelins_coefficients() -> None:
    found = fit(quantiles(SAID), "metalog")
    assert list(found.parameters.values()) == pytest.approx([5, 2.275598, 2.275598], rel=1e-6)
    assert found.distribution.quantile([0.1, 0.5, 0.9]) == pytest.approx([2, 5, 12])
    assert float(found.misfit) < 1e-12


def test_a_lower_bound_makes_it_one_of_logarithms() -> None:
    found = metalog(quantiles(SAID, 0.0))
    assert found.quantile([0.05, 0.95]) == pytest.approx([1.45954, 16.10629], rel=1e-6 * 5)
    assert found.quantile([0.05, 0.95]) == pytest.approx([1.4595430, 16.1062914], rel=1e-7)


def test_terms_are_those_of_keelin() -> None:
    """M(y) = a1 + a2 L + a3 (y - .5) L + a4 (y - .5) + a5 (y - .5)^2 + a6 (y - .5)^2 L + a7 (y - .5)^3, ..."""
    y = np.array([0.03, 0.4, 0.8])
    odds, middle = np.log(y / (1 - y)), y - 0.5
    columns = [np.ones(3), odds, middle * odds, middle]
    for power in (2, 3, 4):
        columns += [middle**power, middle**power * odds]
    for k, column in enumerate(columns):
        coefficients = [0.0] * k + [1.0]
        assert of(*coefficients).quantile(y) == pytest.approx(column), k


@pytest.mark.parametrize(("lower", "upper"), BOUNDS)
@pytest.mark.parametrize("terms", [2, 3, 4, 5])
def test_every_kind_of_bounds_is_a_distribution(lower: float, upper: float, terms: int) -> None:
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    found = metalog(judged([2, 4, 5, 6.5, 9], levels, lower, upper), terms)
    own = np.array([1e-9, 0.01, 0.4, 0.99, 1 - 1e-9])
    assert found.cdf(found.quantile(own)) == pytest.approx(own, rel=1e-9)
    low, high = (float(found.quantile(level)) for level in (0.2, 0.8))
    assert integrate.quad(lambda x: float(found.density(x)), low, high)[0] == pytest.approx(0.6, abs=1e-8)
    assert found.cdf([lower, upper]).tolist() == [0, 1]
    if np.isfinite(lower):
        assert found.density(lower - 1) == 0
    if terms == 5:
        assert found.quantile(levels) == pytest.approx([2, 4, 5, 6.5, 9])
    draws = found.quantile((np.arange(100_000) + 0.5) / 100_000)
    assert found.moments() == pytest.approx((draws.mean(), draws.std()), rel=0.01)


def test_two_terms_are_a_logistic_and_its_kin() -> None:
    x = np.array([0.5, 2.0, 7.0])
    assert of(1, 2).cdf(x) == pytest.approx(stats.logistic(1, 2).cdf(x))
    assert of(1, 0.5, lower=0).cdf(x) == pytest.approx(stats.fisk(2, 0, np.e).cdf(x))
    assert of(1, 2).moments() == pytest.approx((1, 2 * np.pi / np.sqrt(3)), rel=1e-6)


def test_heavy_tails_have_no_moments() -> None:
    """A log-logistic whose scale is s has moments of an order below 1 / s."""
    assert of(0, 0.3, lower=0).moments() == pytest.approx((stats.fisk(1 / 0.3).mean(), stats.fisk(1 / 0.3).std()), 1e-3)
    mean, sd = of(0, 0.7, lower=0).moments()
    assert np.isfinite(mean)
    assert np.isinf(sd)
    assert np.isposinf(of(0, 1.2, lower=0).moments()).all()
    assert np.isneginf(of(0, 1.2, upper=0).moments()[0])
    assert np.isfinite(of(0, 1.2, lower=0, upper=1).moments()).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_feasible_are_those_of_keelins_limit(sign: int) -> None:
    """With three terms, the third may be 1.66711 times the second."""
    assert of(0, 1, sign * 1.6671).is_feasible
    assert not of(0, 1, sign * 1.6672).is_feasible
    assert not of(0, -1, 0).is_feasible
    assert of(0, 0, 0, 1).is_feasible
    assert not of(0, 1, 0, -4.1).is_feasible
    # Only the 0.0001 % farthest out tell these two apart.
    assert of(0, 1, sign * 1.99999, 30).is_feasible
    assert not of(0, 1, sign * 2.00001, 30).is_feasible


@pytest.mark.parametrize(("lower", "upper"), [(-np.inf, np.inf), (0.0, np.inf)])
def test_an_infeasible_one_is_refused(lower: float, upper: float) -> None:
    with pytest.raises(InputError, match="whose density is not positive everywhere"):
        metalog(quantiles({0.1: 2, 0.5: 2.1, 0.9: 12}, lower, upper))
    both = judged([[2, 5, 12], [2, 2.1, 12]], [0.1, 0.5, 0.9], lower, upper, "delay")
    with pytest.raises(InputError, match=r"^delay \[1\]: found metalog"):
        metalog(both)


@pytest.mark.parametrize(
    ("terms", "message"), [(1, "found a metalog of 1 terms; allowed: 2 to 10"), (4, "found 3 judgements for a metalog")]
)
def test_terms_are_as_many_as_judgements_at_the_most(terms: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(quantiles(SAID), "metalog", terms=terms)
