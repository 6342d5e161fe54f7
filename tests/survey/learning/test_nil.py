"""Learning about what may be nil: the sampler meets a flat stretch and, beside it, an unbounded slope."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
from pytensor import shared
from scipy import stats

from tests.shipped import load_priors
from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution
from toc_model.survey.validation.recovery import RANKS

REPLICATIONS = 120


def refit(effect: Distribution, sd: float) -> Callable[[float, int], Floats]:
    """Compile one measurement of an effect, and give a function from its value and a seed to draws of the source."""
    nutpie: Any = importlib.import_module("nutpie")
    said = shared(np.array(0.0), name="said")
    with pm.Model() as model:
        source = pmd.Normal("source", mu=0, sigma=1)
        density = -((pmd.as_xtensor(said, dims=()) - effect.from_latent(source)) ** 2) / (2 * sd**2)
        pm.CustomDist("answer", density.values, logp=lambda zero, all_: all_ + 0 * zero, observed=np.zeros(()))
    compiled = nutpie.compile_pymc_model(model)

    def fit(value: float, seed: int) -> Floats:
        how = {"draws": 800, "tune": 300, "chains": 1, "cores": 1, "target_accept": 0.95, "progress_bar": False}
        tree = nutpie.sample(compiled.with_data(said=np.array(value)), seed=seed, **how)
        return np.asarray(tree["posterior"]["source"].values.ravel())

    return fit


@pytest.mark.slow
def test_an_effect_that_may_be_nil_is_recovered() -> None:
    """Simulation-based calibration: ranks of the truth are even, and as many effects are nil as draws say.

    A step that lands just above the flat stretch is thrown far by its slope and rejected, which the sampler counts as
    a divergence (in about one draw of 3,000); the ranks show that the draws are right all the same.
    """
    effect = load_priors()["concern_gain[outreach]"].distribution
    assert effect.nil == 0.2
    sd = 0.5 * float(effect.given_some(0.5))
    fit, rng = refit(effect, sd), np.random.default_rng(1)
    ranks, nil, was_nil = [], [], []
    for _ in range(REPLICATIONS):
        source = rng.standard_normal()
        truth = float(effect.from_latent(source))
        draws = fit(truth + sd * rng.standard_normal(), int(rng.integers(2**31)))
        thinned = draws[np.linspace(0, len(draws) - 1, RANKS - 1).astype(int)]
        ranks.append(int((thinned < source).sum()))
        nil.append(float(np.mean(effect.from_latent(draws) == 0)))
        was_nil.append(truth == 0)
    counts = np.histogram(ranks, bins=10, range=(0, RANKS))[0]
    assert stats.chisquare(counts).pvalue > 0.01
    expected = np.array(nil)
    error = np.sqrt((expected * (1 - expected)).sum())
    assert sum(was_nil) == pytest.approx(expected.sum(), abs=3 * error)
    assert expected[was_nil].mean() > 2 * expected[~np.array(was_nil)].mean()
