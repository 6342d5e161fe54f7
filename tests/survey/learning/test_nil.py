"""Learning about what may be nil: the sampler meets a flat stretch and, beside it, a slope without bound."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
from pytensor import shared
from scipy import special, stats

from tests.shipped import load_priors
from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution
from toc_model.beliefs.pymc_model import value_at
from toc_model.survey.validation.recovery import RANKS

REPLICATIONS = 120


def add_density(name: str, log_density: Any) -> None:
    """Add a term to the log density of the open model."""
    pm.CustomDist(name, log_density.values, logp=lambda zero, term: term + 0 * zero, observed=np.zeros(()))


def refit(effect: Distribution, sd: float) -> Callable[[float, int], tuple[Floats, int]]:
    """Compile one measurement of an effect: from its value and a seed to draws of the source, and divergences."""
    nutpie: Any = importlib.import_module("nutpie")
    said = shared(np.array(0.0), name="said")
    with pm.Model() as model:
        source = pmd.Normal("source", mu=0, sigma=1)
        density = -((pmd.as_xtensor(said, dims=()) - value_at(effect, source)) ** 2) / (2 * sd**2)
        add_density("answer", density)
    compiled = nutpie.compile_pymc_model(model)

    def fit(value: float, seed: int) -> tuple[Floats, int]:
        how = {"draws": 800, "tune": 300, "chains": 1, "cores": 1, "target_accept": 0.95, "progress_bar": False}
        tree = nutpie.sample(compiled.with_data(said=np.array(value)), seed=seed, **how)
        return np.asarray(tree["posterior"]["source"].values.ravel()), int(tree["sample_stats"]["diverging"].sum())

    return fit


@pytest.mark.slow
def test_an_effect_that_may_be_nil_is_recovered() -> None:
    """Simulation-based calibration: ranks of the truth are even, and as many effects are nil as draws say.

    The sampler's slope is not that of the density just above the flat stretch; the draws are right all the same, and
    no step is thrown off.
    """
    effect = load_priors()["concern_gain[outreach]"].distribution
    assert effect.nil == 0.2
    sd = 0.5 * float(effect.given_some(0.5))
    fit, rng = refit(effect, sd), np.random.default_rng(1)
    ranks, nil, was_nil, thrown = [], [], [], 0
    for _ in range(REPLICATIONS):
        source = rng.standard_normal()
        truth = float(effect.from_latent(source))
        draws, divergences = fit(truth + sd * rng.standard_normal(), int(rng.integers(2**31)))
        thinned = draws[np.linspace(0, len(draws) - 1, RANKS - 1).astype(int)]
        ranks.append(int((thinned < source).sum()))
        nil.append(float(np.mean(effect.from_latent(draws) == 0)))
        was_nil.append(truth == 0)
        thrown += divergences
    assert thrown == 0
    counts = np.histogram(ranks, bins=10, range=(0, RANKS))[0]
    assert stats.chisquare(counts).pvalue > 0.01
    expected = np.array(nil)
    error = np.sqrt((expected * (1 - expected)).sum())
    assert sum(was_nil) == pytest.approx(expected.sum(), abs=3 * error)
    assert expected[was_nil].mean() > 2 * expected[~np.array(was_nil)].mean()


@pytest.mark.parametrize("entry", ["concern_gain[outreach]", "recruits_from_concern"])
def test_the_slope_that_a_sampler_follows_has_a_bound_and_no_value_is_changed(entry: str) -> None:
    effect = load_priors()[entry].distribution
    edge = float(special.ndtri(effect.nil))
    with pm.Model() as model:
        add_density("value", value_at(effect, pmd.Flat("score")))
    value, slope = model.compile_logp(mode="FAST_COMPILE"), model.compile_dlogp(mode="FAST_COMPILE")
    places = edge + np.array([-1.0, -1e-9, 1e-9, 1e-3, 0.02, 1.0, 3.0])
    values = [float(value({"score": place})) for place in places]
    slopes = [float(slope({"score": place})[0]) for place in places]
    np.testing.assert_allclose(values[3:], effect.from_latent(places)[3:], rtol=1e-8)
    assert 0 < values[2] < effect.given_some(1e-6)
    assert values[:2] == [0, 0]
    assert slopes[:4] == [0, 0, 0, 0]
    step = 1e-6
    exact = (effect.from_latent(places[4:] + step) - effect.from_latent(places[4:] - step)) / (2 * step)
    np.testing.assert_allclose(slopes[4:], exact, rtol=1e-5)
