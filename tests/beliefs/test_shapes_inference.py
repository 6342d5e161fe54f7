"""Gamma, beta and metalog entries in PyMC: the values of the plain evaluation, slopes that are theirs, and samples."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pymc as pm
import pytest
from pytensor import function, grad
from pytensor import tensor as pt
from pytensor.graph.rewriting.utils import rewrite_graph
from pytensor.xtensor import as_xtensor
from scipy import stats

from tests.beliefs.bounded import with_families
from tests.beliefs.village import STORY, edit, read
from tests.toy import CASE
from tests.toy.conftest import printed
from toc_model.aliases import Floats
from toc_model.beliefs.changed import as_family
from toc_model.beliefs.distributions import Distribution, Shape, with_nil
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.pymc_model import build_model, value_at
from toc_model.beliefs.shapes import Beta, Gamma, MetalogShape
from toc_model.beliefs.shipped import Documents
from toc_model.engine.evaluate import evaluate
from toc_model.errors import InputError
from toc_model.questions.update import update
from toc_model.statistics.averages import mean
from toc_model.survey.learning.model import build_survey_model
from toc_model.survey.learning.settings import Common, Settings

pytestmark = pytest.mark.slow

ANSWERS = Path(__file__).parents[1] / "toy" / "answers.csv"
VILLAGE = Documents.of(CASE)
LEVERS = joined(VILLAGE.anchor(), VILLAGE.allocations().only(["plan"]).levers())
SHAPES: list[Shape] = [
    Gamma(0.3, 2.0),
    Gamma(2.35525, 0.0644657),
    Gamma(900.0, 3.0, -5.0),
    Beta(0.2, 0.7),
    Beta(5.45213, 11.6056, 0.0, 100.0),
    Beta(700.0, 20.0),
    MetalogShape((5.0, 2.275598, 2.275598)),
    MetalogShape((1.5, 0.5, 0.2), lower=0.0),
    MetalogShape((1.5, 0.5, 0.2, 0.1), upper=9.0),
    MetalogShape((0.3, 0.5), 0.0, 1.0),
]
SCORES = np.array([-9.0, -6.3, -3.0, -1.2, -1e-9, 0.0, 0.3, 1.7, 3.0, 5.5, 7.0])


def compiled(found: Distribution, scores: Floats) -> tuple[Floats, Floats]:
    """Values at scores, and slopes there."""
    z = pt.vector("z")
    value = value_at(found, as_xtensor(z, dims=("score",))).values
    lowered = rewrite_graph(value, include=("lower_xtensor", "canonicalize"))
    values, slopes = function([z], [lowered, grad(lowered.sum(), z)], mode="FAST_COMPILE")(scores)
    return values, slopes


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.words)
@pytest.mark.parametrize("nil", [0.0, 0.3])
def test_values_and_slopes_are_those_of_the_plain_evaluation(shape: Shape, nil: float) -> None:
    found = Distribution(shape, 0.0, 1.0, "")
    if nil and not shape.lower <= 0 <= shape.upper:
        return
    found = with_nil(found, nil)
    values, slopes = compiled(found, SCORES)
    np.testing.assert_allclose(values, found.from_latent(SCORES), rtol=1e-9, atol=1e-300)
    step = 1e-6
    away = abs(found.from_latent(SCORES + 2 * step)) * abs(found.from_latent(SCORES - 2 * step)) > 0
    rise = (found.from_latent(SCORES + step) - found.from_latent(SCORES - step)) / (2 * step)
    size = 1e-15 * np.abs(values) / step
    assert np.isfinite(slopes).all()
    np.testing.assert_array_less(abs(slopes - rise)[away], (2e-5 * abs(rise) + 4 * size + 1e-290)[away])


def test_scores_far_out_have_finite_values_and_slopes() -> None:
    for shape in SHAPES:
        values, slopes = compiled(
            Distribution(shape, 0.0, 1.0, ""), np.array([-300.0, -38.0, -37.0, 37.0, 38.0, 300.0])
        )
        assert np.isfinite(values).all(), shape.words
        assert np.isfinite(slopes).all(), shape.words
        assert slopes[[0, -1]].tolist() == [0, 0], shape.words


@pytest.fixture(scope="module")
def priors(tmp_path_factory: pytest.TempPathFactory) -> Priors:
    return read(with_families(tmp_path_factory.mktemp("bounded")))


def test_entries_of_such_families_are_made_of_sources(priors: Priors) -> None:
    model = build_model(STORY, priors, LEVERS)
    made = ["fence_gain", "jumped", "watch_gain[hill]", "watch_gain[valley]", "sown_before", "toil", "hunger"]
    assert list(model.coords["source"]) == made
    assert [variable.name for variable in model.free_RVs] == ["sources"]
    survey = build_survey_model(CASE, priors, LEVERS, [], Common())
    assert list(survey.coords["source"]) == list(priors.sources)


def test_an_entry_beside_those_keeps_its_random_variable(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = with_families(tmp_path_factory.mktemp("beside"))
    edit(folder / "grain.toml", 'family = "gamma"\nlower = 10.0', 'family = "normal"')
    model = build_model(STORY, read(folder), LEVERS)
    assert {variable.name for variable in model.free_RVs} == {"sources", "sown_before"}


def test_what_was_given_in_a_program_is_still_none_that_pymc_has(priors: Priors) -> None:
    given = Distribution(as_family(stats.gamma(3.0)), 0.0, 1.0, "as given")
    changed = replace(priors, entries={**priors.entries, "toil": replace(priors["toil"], distribution=given)})
    with pytest.raises(InputError, match="toil: a distribution that was given in Python"):
        build_model(STORY, changed, LEVERS)


def test_nuts_recovers_the_quantiles_of_priors(priors: Priors) -> None:
    """Without answers the posterior is the prior; with shares below its quantiles as far off as sampling explains."""
    model = build_model(STORY, priors, LEVERS)
    tree = pm.sample(
        500, tune=500, chains=2, cores=1, nuts_sampler="nutpie", random_seed=4, progressbar=False, model=model
    )
    found = tree["posterior"].to_dataset()
    assert int(tree["sample_stats"]["diverging"].sum()) == 0
    for entry in priors.uncertain:
        name, _, place = entry.rstrip("]").partition("[")
        drawn = (found[name].sel(field=place) if place else found[name]).values.ravel()
        for level, value in priors[entry].quantiles.items():
            nil, said = priors[entry].distribution.nil, priors[entry].probabilities[level]
            below = nil + (1 - nil) * said
            assert np.mean(drawn < value) == pytest.approx(below, abs=0.07), (entry, level)


def test_a_normal_node_learns_about_a_gamma_as_by_weights(priors: Priors) -> None:
    """A measured harvest moves the gamma as reweighted draws of the prior say."""
    model = build_model(STORY, priors, LEVERS, measured={"harvest": 2.0})
    seen = np.full(LEVERS.sizes["allocation"], 50.0)
    drawn = priors.draw(STORY, 40_000, seed=2)
    harvest = evaluate(STORY, drawn, LEVERS, ["harvest"])["harvest"]
    weights = np.exp(-(((harvest - 50.0) / 2.0) ** 2).sum("allocation").values / 2)
    weights /= weights.sum()
    observed = pm.observe(model, {"harvest_measured": seen})
    tree = pm.sample(
        500, tune=500, chains=2, cores=1, nuts_sampler="nutpie", random_seed=4, progressbar=False, model=observed
    )
    sampled = tree["posterior"]["sown_before"].values
    mean = float(weights @ drawn["sown_before"].values)
    sd = float(np.sqrt(weights @ (drawn["sown_before"].values - mean) ** 2))
    assert sampled.mean() == pytest.approx(mean, abs=0.25 * sd)
    assert sampled.std() == pytest.approx(sd, rel=0.15)


def test_nuts_learns_from_answers_what_weights_learn(tmp_path: Path) -> None:
    """Neighbours say that more deer jump than a beta does."""
    folder, answers = with_families(tmp_path), tmp_path / "long.csv"
    printed("survey", "import", "neighbours", ANSWERS, "--out", answers, "--priors", folder)
    prior = load_beliefs(CASE, draws=400, priors=folder)
    by_weights = update(prior, [answers], settings=Settings(draws=8000, sampler="weights")).learned.posterior
    by_nuts = update(
        prior, [answers], settings=Settings(draws=1600, tune=600, chains=2, sampler="nuts")
    ).learned.posterior
    one, other = by_weights.parameters, by_nuts.parameters
    for name in ("jumped", "fence_gain", "sown_before"):
        sd = float(np.sqrt(mean((one[name] - mean(one[name])) ** 2)))
        assert float(mean(other[name])) == pytest.approx(float(mean(one[name])), abs=0.2 * sd), name
