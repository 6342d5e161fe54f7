"""What varies together or may be nil is the same in PyMC: draws, correlations, densities and slopes."""

from pathlib import Path

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from tests.beliefs.village import STORY, copied, edit, read, write
from tests.toy import CASE
from toc_model.beliefs.levers import joined
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.pymc_model import build_model
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.model import build_survey_model

pytestmark = pytest.mark.slow

FAST = {"mode": "FAST_COMPILE"}
VILLAGE = Documents.of(CASE)
LEVERS = joined(VILLAGE.anchor(), VILLAGE.allocations().only(["plan"]).levers())
DRAWS = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture
def priors(folder: Path) -> Priors:
    """A factor with a nil entry, another nil, a correlation, and one entry that varies with nothing."""
    edit(folder / "factors.toml", "sown_before = 0.5", '"watch_gain[hill]" = 0.5')
    edit(folder / "deer.toml", "[fence_gain]", "[fence_gain]\nnil = 0.4")
    return read(folder, write(folder, "one", ""))


@pytest.fixture
def correlated(folder: Path) -> Priors:
    (folder / "factors.toml").unlink()
    return read(folder, "farmer")


def drawn(priors: Priors) -> tuple[xr.Dataset, xr.Dataset]:
    model = build_model(STORY, priors, LEVERS)
    tree = pm.sample_prior_predictive(
        DRAWS, model=model, random_seed=7, var_names=list(STORY.parameters), compile_kwargs=FAST
    )
    return tree["prior"].to_dataset().isel(chain=0, drop=True), priors.draw(STORY, DRAWS, seed=3)


def by_entry(draws: xr.Dataset) -> dict[str, np.ndarray]:
    columns = {name: draws[name].values.reshape(DRAWS, -1) for name in STORY.parameters}
    return {
        entry: column[:, place]
        for name, column in columns.items()
        for place, entry in enumerate(STORY.entries_of(name))
    }


@pytest.mark.parametrize("which", ["priors", "correlated"])
def test_draws_of_every_entry_agree_in_distribution(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    here, there = (by_entry(draws) for draws in drawn(found))
    for entry in found.entries:
        assert stats.ks_2samp(here[entry], there[entry]).pvalue > 0.001 / len(found.entries), entry
        nil = found[entry].distribution.nil
        assert np.mean(here[entry] == 0) == pytest.approx(nil, abs=4 * np.sqrt(nil * (1 - nil) / DRAWS)), entry


def test_entries_that_share_factors_correlate_alike(priors: Priors) -> None:
    """By ranks, where the value is not nil in either; of the rest the scores themselves are compared."""
    for draws in map(by_entry, drawn(priors)):
        for one, other, value in (("jumped", "toil", 0.45), ("fence_gain", "toil", -0.48)):
            both = (draws[one] != 0) & (draws[other] != 0)
            scores = [priors[entry].distribution.to_latent(draws[entry][both]) for entry in (one, other)]
            if both.all():
                assert np.corrcoef(scores)[0, 1] == pytest.approx(value, abs=0.03)
            else:
                # Regression on the entry that is truncated is not biased by the truncation.
                slope = np.polyfit(scores[0], scores[1], 1)[0]
                assert slope == pytest.approx(value, abs=0.03)


def test_only_entries_that_vary_alone_have_a_density(priors: Priors) -> None:
    model = build_model(STORY, priors, LEVERS)
    assert {variable.name for variable in model.free_RVs} == {"sources", "sown_before", "watch_gain_valley"}
    assert list(model.coords["source"]) == ["fence_gain", "jumped", "watch_gain[hill]", "toil", "vigour", "wits"]
    prior = priors["sown_before"].distribution
    term = model.compile_logp(vars=[model["sown_before"]], sum=False, **FAST)
    point = {variable.name: value for variable, value in zip(model.value_vars, start_of(model), strict=True)}
    point["sown_before"] = np.array(43.0)
    assert float(term(point)[0]) == pytest.approx(stats.norm(prior.location, prior.scale).logpdf(43.0))


def start_of(model: pm.Model) -> list[np.ndarray]:
    point = model.initial_point()
    return [np.asarray(point[variable.name]) for variable in model.value_vars]


def test_slopes_through_what_may_be_nil_are_finite(priors: Priors) -> None:
    model = pm.observe(
        build_model(STORY, priors, LEVERS, measured={"harvest": 1.0}), {"harvest_measured": [40.0, 41.0]}
    )
    slopes = model.compile_dlogp(**FAST)
    start = model.initial_point()
    names = list(model.coords["source"])
    nil = stats.norm.ppf(0.4)
    for z in (-8.0, nil - 1e-9, nil, nil + 1e-9, 0.0, 8.0):
        sources = np.zeros(len(names))
        sources[names.index("fence_gain")] = z
        assert np.isfinite(slopes({**start, "sources": sources})).all(), z


def test_a_survey_s_model_has_all_sources(priors: Priors) -> None:
    model = build_survey_model(CASE, priors, LEVERS, [])
    assert list(model.coords["source"]) == list(priors.sources)
    assert [variable.name for variable in model.free_RVs] == ["sources"]
