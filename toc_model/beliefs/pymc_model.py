"""The story as a PyMC model: the only module that opens one.

Every parameter is a random variable with the prior of its document, every node a deterministic with the dimensions
of the story. The laws are those of the plain evaluation; nothing is written twice.
"""

import importlib
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor import shared
from pytensor.xtensor import concat

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution, Family
from toc_model.beliefs.priors import Priors, correlated, correlation_matrix
from toc_model.beliefs.random_variables import LogitNormal, LognormalAbove1
from toc_model.engine import checks
from toc_model.engine.evaluate import story_inputs
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.survey.learning.asking import allocation_place, conditioned, needed_nodes, value_of
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.questions import Asked


def build_model(
    story: Story, priors: Priors, levers: xr.Dataset, *, measured: Mapping[str, float] | None = None
) -> pm.Model:
    """Build a story as a PyMC model.

    Parameters
    ----------
    story : Story
        Interventions on it are kept.
    priors : Priors
        A worldview's priors. Correlated entries share a multivariate normal ``latent``.
    levers : xarray.Dataset
        Dims ``(allocation, ...)``, the status quo first; they become data, which ``pm.set_data`` and ``pm.do`` change.
    measured : mapping of str to float, optional
        Nodes that something is known about, with the standard deviation of that knowledge in the node's unit. Each
        gets a normal variable ``NODE_measured`` around the node, which ``pm.observe`` can observe.

    Returns
    -------
    pm.Model
        Coordinates ``allocation`` and those of the story. ``pm.do`` works on every node and parameter;
        ``pm.observe`` on every parameter that is a random variable and on every ``NODE_measured``.

    Raises
    ------
    InputError
        If priors and story differ, or a measured node is unknown.
    """
    with _opened(story, priors, levers) as (model, inputs):
        nodes = story.run(inputs, record=lambda name, value: _registered(story, name, value))
        for name, sd in (measured or {}).items():
            if name not in nodes:
                raise InputError(unknown("node", name, nodes))
            pmd.Normal(f"{name}_measured", mu=nodes[name], sigma=sd)
    return model


def build_survey_model(
    story: Story,
    priors: Priors,
    levers: xr.Dataset,
    asked: Sequence[Asked],
    *,
    common_bias: bool = True,
    shared_bias: bool = False,
) -> pm.Model:
    """Build a story with what was answered about it.

    All priors are one vector of standard normal variables, ``latent``, and nodes are not registered: parameters and
    nodes are exact functions of it, which the plain evaluation computes from the draws in less time than PyMC needs
    to compile them.

    Parameters
    ----------
    story : Story
    priors : Priors
    levers : xarray.Dataset
        With every allocation that a question is about.
    asked : sequence of Asked
    common_bias : bool
        Whether respondents may share a bias.
    shared_bias : bool
        Whether all answers of one respondent share a bias.
    """
    priors.fail_if_differ(story)
    entries = uncertain_entries(priors)
    with pm.Model(coords={"entry": entries}) as model:
        z = pmd.Normal("latent", mu=0, sigma=1, dims=("entry",))
        parameters = _from_latent(story, priors, {name: z.isel(entry=place) for place, name in enumerate(entries)})
        targets = {question.name: _asked_value(story, question, parameters, levers) for question in asked}
        observe_answers(asked, targets, common_bias=common_bias, shared_bias=shared_bias)
    return model


def uncertain_entries(priors: Priors) -> list[str]:
    """Entries of the priors that are no constants, in the order of ``latent``."""
    return [name for name, prior in priors.entries.items() if not prior.distribution.is_constant]


def _from_latent(story: Story, priors: Priors, z: dict[str, Any]) -> dict[str, Any]:
    mixed = correlated(z, priors.correlations)
    return {name: _joined(story, priors, name, mixed) for name in story.parameters}


def _joined(story: Story, priors: Priors, name: str, z: dict[str, Any]) -> Any:
    places = [_place(entry, priors[entry].distribution, z) for entry in checks.entries_of(story, name)]
    dims = story.parameters[name].dims
    return concat([place.expand_dims(dims[0]) for place in places], dim=dims[0]) if dims else places[0]


def _asked_value(story: Story, question: Asked, parameters: dict[str, Any], levers: xr.Dataset) -> Any:
    """What the model says to a question. Where that is about the status quo, nothing else is computed."""
    if question.truth is not None:
        return pmd.as_xtensor(np.asarray(question.truth))
    target, place = question.mapping.target, allocation_place(levers, question.mapping)
    changed = conditioned(story, question.mapping)
    about = levers.isel(allocation=[0, place]) if place else levers.isel(allocation=0, drop=True)
    inputs = {name: pmd.as_xtensor(v.values, dims=v.dims) for name, v in story_inputs(changed, about).items()}
    nodes = changed.run({**inputs, **parameters}, needed_nodes(story, target))
    value = value_of(story, target, {**parameters, **nodes}, allocation=min(place, 1))
    return question.natural(value)


@contextmanager
def _opened(story: Story, priors: Priors, levers: xr.Dataset) -> Iterator[tuple[pm.Model, dict[str, Any]]]:
    """Open a model that has the data and the parameters, and give both."""
    priors.fail_if_differ(story)
    coords = {dim: list(places) for dim, places in story.dimensions.items()}
    with pm.Model(coords={"allocation": [str(name) for name in levers["allocation"].values], **coords}) as model:
        inputs: dict[str, Any] = {
            name: pmd.Data(name, values.values, dims=values.dims)
            for name, values in story_inputs(story, levers).items()
        }
        yield model, inputs | _parameters(story, priors)


def _registered(story: Story, name: str, value: Any) -> Any:
    if story.nodes[name].held_at is not None:
        return value
    dims = [dim for dim in story.nodes[name].dims if dim in value.dims]
    return pmd.Deterministic(name, value, dims=dims)


def _parameters(story: Story, priors: Priors) -> dict[str, Any]:
    latent = _correlated_latent(priors)
    return {name: _parameter(story, priors, name, latent) for name in story.parameters}


def _parameter(story: Story, priors: Priors, name: str, latent: Mapping[str, Any]) -> Any:
    """One random variable for a parameter whose places have one family; one for each place where they differ."""
    entries = checks.entries_of(story, name)
    dims = story.parameters[name].dims
    found = [priors[entry].distribution for entry in entries]
    alike = len({(distribution.family, distribution.is_constant) for distribution in found}) == 1
    if alike and not found[0].is_constant and not latent.keys() & entries:
        location = np.array([distribution.location for distribution in found])
        scale = np.array([distribution.scale for distribution in found])
        return _variable(
            name, found[0].family, location.reshape(-1 if dims else ()), scale.reshape(-1 if dims else ()), dims
        )
    places: list[Any] = [
        _place(entry, distribution, latent) for entry, distribution in zip(entries, found, strict=True)
    ]
    value = concat([place.expand_dims(dims[0]) for place in places], dim=dims[0]) if dims else places[0]
    return pmd.Deterministic(name, value, dims=dims)


def _place(entry: str, distribution: Distribution, latent: Mapping[str, Any]) -> Any:
    if distribution.is_constant:
        return pmd.as_xtensor(distribution.location)
    if entry in latent:
        return distribution.from_latent(latent[entry])
    name = entry.replace("[", "_").rstrip("]")
    return _variable(name, distribution.family, distribution.location, distribution.scale, ())


def _variable(name: str, family: Family, location: Any, scale: Any, dims: tuple[str, ...]) -> Any:
    """A random variable of the family; its sampling space is the scale on which the family is normal."""
    variables = {
        "normal": pmd.Normal,
        "lognormal": pmd.LogNormal,
        "lognormal_above_1": LognormalAbove1,
        "logit_normal": LogitNormal,
    }
    return variables[family.name](name, *(pmd.as_xtensor(x, dims=dims) for x in (location, scale)))


def _correlated_latent(priors: Priors) -> dict[str, Any]:
    names, matrix = correlation_matrix(priors.correlations)
    if not names:
        return {}
    pm.modelcontext(None).add_coords({"correlated": names, "correlated_": names})
    chol = pmd.as_xtensor(np.linalg.cholesky(matrix), dims=("correlated", "correlated_"))
    latent = pmd.MvNormal(
        "latent",
        mu=pmd.as_xtensor(np.zeros(len(names)), dims=("correlated",)),
        chol=chol,
        core_dims=("correlated", "correlated_"),
    )
    return {name: latent.isel(correlated=place) for place, name in enumerate(names)}


MAX_RHAT = 1.01
MIN_ESS = 400


def sample(
    model: pm.Model, *, draws: int, tune: int, chains: int, seed: int, target_accept: float, progress: bool
) -> xr.DataTree:
    """Sample a model by NUTS (nutpie).

    Returns
    -------
    xarray.DataTree
        ``posterior`` and ``sample_stats``, dims ``(chain, draw, ...)``.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        tree: xr.DataTree = pm.sample(
            draws,
            tune=tune,
            chains=chains,
            cores=min(chains, os.cpu_count() or 1),
            random_seed=seed,
            nuts_sampler="nutpie",
            nuts={"target_accept": target_accept},
            progressbar=progress,
            compute_convergence_checks=False,
            quiet=not progress,
            model=model,
        )
    return tree


def problems(tree: xr.DataTree, names: Sequence[str]) -> list[str]:
    """Why a run can't be called good: divergences, R-hat above 1.01, or an effective sample size below 400.

    Parameters
    ----------
    tree : xarray.DataTree
    names : sequence of str
        Variables to check, in ``posterior``.

    Returns
    -------
    list of str
        What is wrong and what to do; empty for a good run.
    """
    az: Any = importlib.import_module("arviz")
    draws = tree["posterior"].to_dataset()[list(names)]
    found: list[str] = []
    divergent = int(tree["sample_stats"]["diverging"].sum())
    if divergent:
        found.append(f"{divergent} divergences; allowed: none; raise --target-accept")
    found += _beyond("R-hat", az.rhat(draws), MAX_RHAT, "take more --tune")
    for kind in ("bulk", "tail"):
        found += _beyond(f"{kind} ESS", -az.ess(draws, method=kind), -MIN_ESS, "take more --draws")
    return found


def _beyond(what: str, table: xr.Dataset, limit: float, advice: str) -> list[str]:
    """Say which variable is worst, if it is beyond the limit; what should be large comes in with its sign changed."""
    worst = {str(name): float(np.max(values.values)) for name, values in table.data_vars.items()}
    name = max(worst, key=lambda key: worst[key] if np.isfinite(worst[key]) else np.inf)
    if worst[name] <= limit:
        return []
    return [f"{what} of {name} is {abs(worst[name]):.4g}; allowed: {abs(limit):g}; {advice}"]


ANSWERED = ("count", "lower", "upper", "at_spike")
"""Data that differ from answer to answer and that the likelihood of a probability takes."""


def compile_refit(
    asked: Sequence[Asked], prior: Distribution, *, draws: int, tune: int, common_bias: bool
) -> Callable[[Sequence[Asked], int], Floats]:
    """Compile the observation model of probability questions about one normal quantity, to fit it many times.

    Parameters
    ----------
    asked : sequence of Asked
        Questions whose data have the shape that all answers will have.
    prior : Distribution
        Of the quantity, on the questions' natural scale.
    draws, tune : int
        Of the one chain of each fit.
    common_bias : bool

    Returns
    -------
    callable
        From answers (of the same shape) and a seed to draws of the quantity on its natural scale.
    """
    nutpie: Any = importlib.import_module("nutpie")
    open_asked = [replace(question, data=cast(xr.Dataset, _Refilled(question))) for question in asked]
    with pm.Model() as model:
        target = pmd.Normal("target", mu=prior.location, sigma=prior.scale)
        observe_answers(open_asked, {question.name: target for question in asked}, common_bias=common_bias)
    compiled = nutpie.compile_pymc_model(model)

    def fit(answers: Sequence[Asked], seed: int) -> Floats:
        tree = nutpie.sample(
            compiled.with_data(**_answered(answers)),
            draws=draws,
            tune=tune,
            chains=1,
            cores=1,
            seed=seed,
            progress_bar=False,
        )
        return np.asarray(tree["posterior"]["target"].values.ravel())

    return fit


class _Refilled:
    """Stands for the data of a question: variables that later fits give other values."""

    def __init__(self, question: Asked) -> None:
        self._data = question.data
        self.data_vars = {str(key): _Array(values, question.name) for key, values in question.data.data_vars.items()}

    def __getitem__(self, name: str) -> xr.DataArray:
        return self._data[name]


class _Array:
    def __init__(self, values: xr.DataArray, question: str) -> None:
        self.dims = tuple(str(dim) for dim in values.dims)
        refilled = "pattern" in self.dims
        self.values = (
            shared(values.values.astype(float), name=f"{question}_{values.name}") if refilled else values.values
        )


def _answered(asked: Sequence[Asked]) -> dict[str, Floats]:
    return {
        f"{question.name}_{name}": question.data[name].values.astype(float) for question in asked for name in ANSWERED
    }
