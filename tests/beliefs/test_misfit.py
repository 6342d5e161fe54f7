"""Misfit in probability, where it matters: at what was said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toc_model as toc
from tests.shipped import load_beliefs
from toc_model.beliefs import misfit
from toc_model.beliefs.distributions import FAMILIES, Distribution, Family, constant, fit, with_nil

LOGNORMAL = FAMILIES["lognormal"]
families = st.sampled_from(sorted(FAMILIES)).map(FAMILIES.__getitem__)


@pytest.mark.parametrize(
    ("said", "given_instead"),
    [
        ({0.05: 3.0, 0.5: 8.0, 0.95: 2045.0}, (0.385, 0.5, 0.95)),
        ({0.1: 0.2, 0.5: 1.0, 0.9: 750.0}, (0.378, 0.5, 0.9)),
        ({0.1: 3.0, 0.5: 10.0, 0.9: 200.0}, (0.298, 0.496, 0.9)),
        ({0.1: 5.0, 0.5: 15.0, 0.9: 100.0}, (0.212, 0.486, 0.9)),
        ({0.05: 4.3, 0.5: 10.0, 0.95: 30.0}, (0.076, 0.5, 0.969)),
    ],
)
def test_what_skewed_quantiles_are_fitted_with(said: dict[float, float], given_instead: tuple[float, ...]) -> None:
    found = fit(LOGNORMAL, said)
    probabilities = misfit.probabilities(found, said)
    assert tuple(probabilities.values()) == pytest.approx(given_instead, abs=5e-4)
    off = abs(given_instead[0] - min(said))
    assert misfit.largest(probabilities) == pytest.approx(off, abs=1e-3)
    assert bool(misfit.missed_in_words(found, said)) == (off >= misfit.MISSED)


@given(families, st.floats(-3, 3), st.floats(0.1, 2), st.floats(0.01, 0.99))
def test_the_probability_below_a_quantile_is_its_level(
    family: Family, location: float, scale: float, level: float
) -> None:
    found = Distribution(family, location, scale, "")
    assert found.below_given_some(float(found.given_some(level))) == pytest.approx(level, abs=1e-6)


@given(families, st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3, unique=True))
def test_what_the_rule_takes_for_rounding_is_not_called_a_miss(family: Family, places: list[float]) -> None:
    values = family.from_normal(4 * np.sort(places) - 2)
    if np.min(np.diff(values)) <= 1e-9:
        return
    said = dict(zip((0.05, 0.5, 0.95), values.tolist(), strict=True))
    found = fit(family, said)
    if found.method == "median and spread":
        assert misfit.missed_in_words(found, said) == ""


def test_constants_and_what_may_be_nil() -> None:
    assert misfit.probabilities(constant(3.0), {}) == {}
    assert misfit.largest({}) == 0.0
    said = {0.05: 3.0, 0.5: 8.0, 0.95: 2045.0}
    plain = fit(LOGNORMAL, said)
    assert misfit.probabilities(with_nil(plain, 0.4), said) == misfit.probabilities(plain, said)


def test_beliefs_of_a_program_say_what_their_fit_misses() -> None:
    found = load_beliefs("base", draws=50).with_(agi_year=toc.quantiles(3, 8, 2045), reason="a calendar year")
    assert "(the fit has 38.5 % below 3 where 5 % was said)" in found.rests_on()
    met = load_beliefs("base", draws=50).with_(agi_year=toc.quantiles(4, 8, 16), reason="sooner")
    assert "the fit has" not in met.rests_on()
    assert "far from what was said" not in load_beliefs(draws=50).rests_on()
