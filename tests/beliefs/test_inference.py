"""The PyMC model is the story: same values, same priors, and interventions that work."""

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from pytensor.graph.traversal import ancestors
from scipy import stats

from tests.conftest import Golden
from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from toc_model.beliefs.levers import joined
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.pymc_model import build_model
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import do, pin
from toc_model.engine.story import Story
from toc_model.errors import InputError

pytestmark = pytest.mark.slow

FAST = {"mode": "FAST_COMPILE"}
LEVERS = joined(DOCUMENTS.anchor(), load_allocations().only(["recommended"]).levers())
"""Of the reference, the status quo and the recommendation."""
CORRELATED = """
description = "Two correlations, for tests."
[[correlations]]
between = ["detection_now", "heeding_reference"]
value = 0.7
reason = "a test"
[[correlations]]
between = ["complementarity", "detection_now"]
value = -0.5
reason = "a test"
"""


@pytest.fixture(scope="module")
def correlated(tmp_path_factory: pytest.TempPathFactory) -> Priors:
    path = tmp_path_factory.mktemp("worldviews") / "correlated.toml"
    path.write_text(CORRELATED)
    return load_priors(str(path))


def prior_draws(model: pm.Model, draws: int, names: list[str] | None = None) -> xr.Dataset:
    tree = pm.sample_prior_predictive(draws, model=model, random_seed=5, var_names=names, compile_kwargs=FAST)
    drawn: xr.Dataset = tree["prior"].to_dataset().isel(chain=0, drop=True)
    return drawn


def assert_nodes_agree(story: Story, priors: Priors) -> None:
    drawn = prior_draws(build_model(story, priors, LEVERS), 40)
    plain = evaluate(story, drawn[list(story.parameters)], LEVERS)
    for name in story.nodes:
        np.testing.assert_allclose(drawn[name], plain[name].transpose(*drawn[name].dims), rtol=1e-10, err_msg=name)


@pytest.mark.parametrize("worldview", ["base", "essay", "critic"])
def test_node_values_agree_with_the_plain_evaluation(worldview: str) -> None:
    assert_nodes_agree(STORY, load_priors(worldview))


def test_node_values_agree_under_correlations_and_interventions(correlated: Priors) -> None:
    story = pin(pin(do(do(STORY, "race", 0.5), "reach[outreach]", 0.2), "reach[convening]"), "deployment_risk")
    assert_nodes_agree(story, correlated)


def test_prior_draws_agree_in_distribution(correlated: Priors) -> None:
    names = [*STORY.parameters, "p_doom", "agi_arrival", "hours_bought_per_hour"]
    drawn = prior_draws(build_model(STORY, correlated, LEVERS), 1500, names)
    parameters = correlated.draw(STORY, 4000, seed=8)
    plain = xr.merge([parameters, evaluate(STORY, parameters, LEVERS, names[-3:])])
    for name in names:
        here = drawn[name].isel(allocation=-1) if "allocation" in drawn[name].dims else drawn[name]
        there = plain[name].isel(allocation=-1) if "allocation" in plain[name].dims else plain[name]
        for place in range(here.sizes.get("intervention", 1)):
            one, other = (x.isel(intervention=place) if "intervention" in x.dims else x for x in (here, there))
            assert stats.ks_2samp(one, other).pvalue > 1e-4, name


def test_correlations_are_those_of_the_latent_scale(correlated: Priors) -> None:
    drawn = prior_draws(
        build_model(STORY, correlated, LEVERS), 2000, ["detection_now", "heeding_reference", "complementarity"]
    )
    assert stats.spearmanr(drawn["detection_now"], drawn["heeding_reference"])[0] == pytest.approx(0.68, abs=0.06)
    assert stats.spearmanr(drawn["detection_now"], drawn["complementarity"])[0] == pytest.approx(-0.48, abs=0.06)


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return build_model(STORY, load_priors(), LEVERS, measured={"p_doom": 0.05, "race": 0.1})


def test_the_log_density_is_that_of_the_priors(model: pm.Model) -> None:
    """On its sampling space every parameter is normal, so the density at the medians is known; so are all sources."""
    priors = load_priors()
    sources = [str(name) for name in model.coords["source"]]
    alone = [priors[name].distribution for name in priors.uncertain if name not in sources]
    assert {name for name in priors.uncertain if priors[name].distribution.nil} <= set(sources)
    expected = sum(stats.norm(0, entry.scale).logpdf(0) for entry in alone) + len(sources) * stats.norm.logpdf(0)
    parameters = [variable for variable in model.free_RVs if not variable.name.endswith("_measured")]
    point = {model.rvs_to_values[v].name: location_of(v.name, model) for v in model.free_RVs}
    terms = model.compile_logp(vars=parameters, sum=False, mode="FAST_COMPILE")(point)
    assert sum(term.sum() for term in terms) == pytest.approx(expected, abs=1e-6)


def location_of(name: str, model: pm.Model) -> np.ndarray:
    priors = load_priors()
    if name in priors.entries:
        return np.array(priors[name].distribution.location)
    names = [f"{name}[{place}]" for place in STORY.dimensions["intervention"]]
    places = {entry.replace("[", "_").rstrip("]"): entry for entry in priors.entries}
    if name in places:
        return np.array(priors[places[name]].distribution.location)
    if name in STORY.parameters:
        return np.array([priors[entry].distribution.location for entry in names])
    return np.zeros([len(model.coords[dim]) for dim in model.named_vars_to_dims[name]])


@pytest.mark.parametrize("name", [*STORY.nodes, "severity", "concern_gain", "architecture_multiplier"])
def test_pm_do_works_on_every_node(model: pm.Model, name: str) -> None:
    shape = [len(model.coords[dim]) for dim in model.named_vars_to_dims.get(name, ())]
    changed = pm.do(model, {name: np.full(shape, 0.37)})
    assert name not in {variable.name for variable in [*changed.free_RVs, *changed.deterministics]}
    for child in STORY.children(name):
        assert changed[name] in ancestors([changed[child]]), child


def test_pm_do_on_a_node_is_a_node_that_is_known_everywhere(model: pm.Model) -> None:
    free = [variable.name for variable in model.free_RVs]
    drawn = prior_draws(model, 30, [*free, *STORY.parameters])
    held = pm.do(model, {"concern": np.array([0.3, 0.6, 0.8])})
    outcome = pm.compute_deterministics(
        drawn[free].expand_dims("chain"), model=held, var_names=["p_doom"], progressbar=False, compile_kwargs=FAST
    )["p_doom"].isel(chain=0)
    known = xr.Dataset({"concern": ("allocation", [0.3, 0.6, 0.8])})
    plain = evaluate(STORY, drawn[list(STORY.parameters)], LEVERS, ["p_doom"], known=known)["p_doom"]
    np.testing.assert_allclose(outcome, plain, rtol=1e-10)


def test_pm_observe_works_on_parameters_and_measured_nodes(model: pm.Model) -> None:
    priors = load_priors()
    unchecked, lead, architecture = (
        priors[name].distribution for name in ("deployment_unchecked", "lead_now", "architecture_multiplier")
    )
    race = float(priors["race_now"].distribution.quantile(0.5))
    expected = {
        "deployment_unchecked": stats.norm(unchecked.location, unchecked.scale).logpdf(np.log(0.6 / 0.4))
        - np.log(0.6 * 0.4),
        "lead_now": stats.lognorm(lead.scale, 0, np.exp(lead.location)).logpdf(12),
        "architecture_multiplier": stats.lognorm(architecture.scale, 1, np.exp(architecture.location)).logpdf(1.5),
        "race_measured": stats.norm(race, 0.1).logpdf(0.9),
    }
    race_levels = np.array([0.9, 0.8, 0.7])
    values = {
        "deployment_unchecked": 0.6,
        "lead_now": 12.0,
        "architecture_multiplier": 1.5,
        "race_measured": race_levels,
    }
    observed = pm.observe(model, values)
    assert {variable.name for variable in observed.observed_RVs} == set(values)
    at_medians = {observed.rvs_to_values[v].name: location_of(v.name, observed) for v in observed.free_RVs}
    variables = [observed[name] for name in values]
    terms = observed.compile_logp(vars=variables, sum=False, mode="FAST_COMPILE")(at_medians)
    for name, term in zip(values, terms, strict=True):
        assert np.ravel(term)[0] == pytest.approx(expected[name]), name


def test_unknown_measured_nodes_are_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'race'"):
        build_model(STORY, load_priors(), LEVERS, measured={"rase": 0.1})


def parents(model: pm.Model, name: str) -> list[str]:
    """The variables of a model that one is computed from, without others between."""
    named = {variable: other for other, variable in model.named_vars.items()}
    met, ahead = {model[name]}, [model[name]]
    while ahead:
        variable = ahead.pop()
        inputs = variable.owner.inputs if variable.owner and (variable not in named or named[variable] == name) else []
        ahead += [parent for parent in inputs if parent not in met]
        met.update(inputs)
    return sorted(named[variable] for variable in met if variable in named and named[variable] != name)


def test_the_graph_of_the_model_is_golden(golden: Golden) -> None:
    """Each variable with its dimensions and what it is made of. (PyMC's own drawing takes half a minute.)"""
    model = build_model(STORY, load_priors(), LEVERS)
    random = {variable.name: variable for variable in model.free_RVs}
    lines = []
    for name in sorted(model.named_vars):
        otherwise = "node" if name in STORY.nodes else "given"
        kind = type(random[name].owner.op.core_op).__name__.strip("_") if name in random else otherwise
        dims = ", ".join(model.named_vars_to_dims.get(name, ()))
        lines.append(f"{name}({dims}) {kind}: {', '.join(parents(model, name))}".rstrip(": "))
    golden("model.txt", "\n".join(lines) + "\n")
