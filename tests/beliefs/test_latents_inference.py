"""What varies together or may be nil is the same in PyMC: draws, correlations, densities and slopes."""

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from tests.beliefs.village import STORY, copied, edit, read
from tests.toy import CASE
from toc_model.beliefs.levers import joined
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.pymc_model import build_model
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.model import build_survey_model
from toc_model.survey.learning.settings import Common

pytestmark = pytest.mark.slow

FAST = {"mode": "FAST_COMPILE"}
VILLAGE = Documents.of(CASE)
LEVERS = joined(VILLAGE.anchor(), VILLAGE.allocations().only(["plan"]).levers())
DRAWS = 20_000


@pytest.fixture(scope="module")
def priors(tmp_path_factory: pytest.TempPathFactory) -> Priors:
    """Factors, one of them with an entry that may be nil, another such entry, and one that varies with nothing."""
    folder = copied(tmp_path_factory.mktemp("shared"))
    edit(folder / "factors.toml", "sown_before = 0.5", '"watch_gain[hill]" = 0.5')
    edit(folder / "deer.toml", "[fence_gain]", "[fence_gain]\nnil = 0.4")
    return read(folder)


@pytest.fixture(scope="module")
def correlated(tmp_path_factory: pytest.TempPathFactory) -> Priors:
    folder = copied(tmp_path_factory.mktemp("correlated"))
    (folder / "factors.toml").unlink()
    return read(folder, "farmer")


def drawn_by_pymc(priors: Priors) -> xr.Dataset:
    """In the compiled mode: with so many draws it is faster than that without compilation."""
    model = build_model(STORY, priors, LEVERS)
    tree = pm.sample_prior_predictive(DRAWS, model=model, random_seed=7, var_names=list(STORY.parameters))
    draws: xr.Dataset = tree["prior"].to_dataset().isel(chain=0, drop=True)
    return draws


@pytest.fixture(scope="module")
def both(priors: Priors) -> tuple[xr.Dataset, xr.Dataset]:
    return drawn_by_pymc(priors), priors.draw(STORY, DRAWS, seed=3)


def by_entry(draws: xr.Dataset) -> dict[str, np.ndarray]:
    columns = {name: draws[name].values.reshape(DRAWS, -1) for name in STORY.parameters}
    return {
        entry: column[:, place]
        for name, column in columns.items()
        for place, entry in enumerate(STORY.entries_of(name))
    }


def assert_alike(priors: Priors, here: dict[str, np.ndarray], there: dict[str, np.ndarray]) -> None:
    for entry, prior in priors.entries.items():
        assert stats.ks_2samp(here[entry], there[entry]).pvalue > 0.001 / len(priors.entries), entry
        nil = prior.distribution.nil
        assert np.mean(here[entry] == 0) == pytest.approx(nil, abs=4 * np.sqrt(nil * (1 - nil) / DRAWS)), entry


def test_draws_of_every_entry_agree_in_distribution(priors: Priors, both: tuple[xr.Dataset, xr.Dataset]) -> None:
    assert_alike(priors, *map(by_entry, both))


def test_correlated_draws_agree_in_distribution(correlated: Priors) -> None:
    here, there = map(by_entry, (drawn_by_pymc(correlated), correlated.draw(STORY, DRAWS, seed=3)))
    assert_alike(correlated, here, there)
    assert stats.pearsonr(here["fence_gain"], here["toil"])[0] == pytest.approx(0.3, abs=0.03)


def test_entries_that_share_factors_correlate_alike(priors: Priors, both: tuple[xr.Dataset, xr.Dataset]) -> None:
    """As the products of their loadings; a regression on an entry that may be nil is not biased by leaving out nil."""
    for draws in map(by_entry, both):
        for one, other, value in (("jumped", "toil", 0.45), ("fence_gain", "toil", -0.48)):
            some = draws[one] != 0
            x, y = (priors[entry].distribution.to_latent(draws[entry][some]) for entry in (one, other))
            assert np.polyfit(x, y, 1)[0] == pytest.approx(value, abs=0.03)


def test_only_entries_that_vary_alone_have_a_density(priors: Priors) -> None:
    model = build_model(STORY, priors, LEVERS)
    assert {variable.name for variable in model.free_RVs} == {"sources", "sown_before", "watch_gain_valley"}
    assert list(model.coords["source"]) == ["fence_gain", "jumped", "watch_gain[hill]", "toil", "vigour", "wits"]
    prior = priors["sown_before"].distribution
    term = model.compile_logp(vars=[model["sown_before"]], sum=False, **FAST)
    point = {**model.initial_point(), "sown_before": np.array(43.0)}
    assert float(term(point)[0]) == pytest.approx(stats.norm(prior.location, prior.scale).logpdf(43.0))


def test_slopes_through_what_may_be_nil_are_finite(priors: Priors) -> None:
    model = build_model(STORY, priors, LEVERS, measured={"harvest": 1.0})
    model = pm.observe(model, {"harvest_measured": np.full(LEVERS.sizes["allocation"], 40.0)})
    slopes = model.compile_dlogp(**FAST)
    start = model.initial_point()
    names = list(model.coords["source"])
    nil = stats.norm.ppf(0.4)
    for z in (-8.0, nil - 1e-9, nil, nil + 1e-9, 0.0, 8.0):
        sources = np.zeros(len(names))
        sources[names.index("fence_gain")] = z
        assert np.isfinite(slopes({**start, "sources": sources})).all(), z


def test_a_survey_s_model_has_all_sources(priors: Priors) -> None:
    model = build_survey_model(CASE, priors, LEVERS, [], Common())
    assert list(model.coords["source"]) == list(priors.sources)
    assert [variable.name for variable in model.free_RVs] == ["sources"]
