"""A story as a PyMC model; with `toc_model.survey.learning` the only place that opens one.

Every parameter is a random variable with the prior of its document, every node a deterministic with the dimensions
of the story. The laws are those of the plain evaluation; nothing is written twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor import concat
from pytensor.xtensor.math import floor
from scipy import special

from toc_model.beliefs.distributions import FAMILIES, Distribution, Shape
from toc_model.beliefs.families import KINDS
from toc_model.beliefs.latents import latents
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.random_variables import LogitNormal, LognormalAbove1
from toc_model.engine import laws
from toc_model.engine.inputs import anchored, story_inputs
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown

NATIVE = frozenset({"normal", "lognormal"})
"""Families of which PyMC has random variables of its own; those made here are scalar."""

BESIDE_NIL = 0.01
"""How near the score below which a value is nil its derivative is not followed, which is for 0.4 % of draws at most."""
STEPS = 2.0**40
"""Of a score of 1."""


def build_model(
    story: Story, priors: Priors, levers: xr.Dataset, *, measured: Mapping[str, float] | None = None
) -> pm.Model:
    """Build a story as a PyMC model.

    Parameters
    ----------
    story : Story
        Interventions on it are kept.
    priors : Priors
        A worldview's priors. Entries that vary together, may be nil, or have a family that is not normal on one scale
        are made of standard normal ``sources``.
    levers : xarray.Dataset
        Dims ``(allocation, ...)``, with the story's reference; they become data, which ``pm.set_data`` and ``pm.do``
        change.
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


def from_latent(story: Story, priors: Priors, name: str, z: dict[str, Any]) -> Any:
    """A parameter from the latent standard normal variables of its entries.

    Parameters
    ----------
    story : Story
    priors : Priors
    name : str
        Of the parameter.
    z : dict of str to ``pymc.dims`` variable
        By entry; constants have none.
    """
    places = [_place(entry, priors[entry].distribution, z) for entry in story.entries_of(name)]
    dims = story.parameters[name].dims
    return concat([place.expand_dims(dims[0]) for place in places], dim=dims[0]) if dims else places[0]


def value_at(distribution: Distribution, z: Any) -> Any:
    """Value of a distribution at a score, with a slope that a sampler can follow.

    Within `BESIDE_NIL` of the score at which the value becomes nil, where the slope grows without bound, it is given
    as 0, so that a step that ends so near is not thrown far off. What is sampled stays the same: a leapfrog step along
    any function of the place alone can be reversed and keeps volume, and which place is taken rests on the density.

    Parameters
    ----------
    distribution : Distribution
    z : ``pymc.dims`` variable
        Standard normal.
    """
    if not 0 < distribution.nil < 1 or distribution.family.lower < 0:
        return distribution.from_latent(z)
    near = float(special.ndtri(distribution.nil)) + BESIDE_NIL
    # Whole steps have no slope, and these are too small to change a value. PyMC takes markers of gradients out.
    in_steps = floor(z * STEPS) / STEPS
    return distribution.from_latent(laws.where(z > near, z, in_steps))


@contextmanager
def _opened(story: Story, priors: Priors, levers: xr.Dataset) -> Iterator[tuple[pm.Model, dict[str, Any]]]:
    """Open a model that has the data and the parameters, and give both."""
    priors.fail_if_differ(story)
    levers = anchored(story, levers)
    coords = {dim: list(places) for dim, places in story.dimensions.items()}
    with pm.Model(coords={"allocation": [str(name) for name in levers["allocation"].values], **coords}) as model:
        inputs: dict[str, Any] = {
            name: pmd.Data(name, values.values, dims=values.dims)
            for name, values in story_inputs(story, levers).items()
        }
        yield model, inputs | _parameters(story, priors)


def _registered(story: Story, name: str, value: Any) -> Any:
    dims = [dim for dim in story.nodes[name].dims if dim in value.dims]
    return pmd.Deterministic(name, value, dims=dims)


def _parameters(story: Story, priors: Priors) -> dict[str, Any]:
    latent = _latents(priors)
    return {name: _parameter(story, priors, name, latent) for name in story.parameters}


def _parameter(story: Story, priors: Priors, name: str, latent: Mapping[str, Any]) -> Any:
    """One random variable for a parameter whose places have one family that PyMC has; else one for each place."""
    entries = story.entries_of(name)
    dims = story.parameters[name].dims
    found = [priors[entry].distribution for entry in entries]
    alike = len({(distribution.family, distribution.is_constant) for distribution in found}) == 1
    alike = alike and (not dims or found[0].family.name in NATIVE)
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
        # A float of Python would become one of 32 bits where these hold it.
        return pmd.as_xtensor(np.float64(distribution.location))
    if entry in latent:
        _fail_if_given(entry, distribution.family)
        return value_at(distribution, latent[entry])
    name = entry.replace("[", "_").rstrip("]")
    return _variable(name, distribution.family, distribution.location, distribution.scale, ())


def _variable(name: str, family: Shape, location: Any, scale: Any, dims: tuple[str, ...]) -> Any:
    """A random variable of the family; its sampling space is the scale on which the family is normal."""
    variables = {
        "normal": pmd.Normal,
        "lognormal": pmd.LogNormal,
        "lognormal_above_1": LognormalAbove1,
        "logit_normal": LogitNormal,
    }
    _fail_if_given(name, family)
    return variables[family.name](name, *(pmd.as_xtensor(x, dims=dims) for x in (location, scale)))


def _fail_if_given(name: str, family: Shape) -> None:
    if family.name not in KINDS:
        raise InputError(f"{name}: a distribution that was given in Python is none that PyMC has here")


def _latents(priors: Priors) -> dict[str, Any]:
    """Scores of the entries that are no random variables.

    Those have a factor or a correlation, may be nil, or are of a family that is not normal on one scale.
    """
    correlated = {name for correlation in priors.correlations for name in correlation.between}
    loading = {name for factor in priors.factors for name in factor.loadings}
    found = {name: priors[name].distribution for name in priors.uncertain}
    made = {name for name, one in found.items() if one.nil or one.family.name not in FAMILIES}
    made |= (correlated | loading) & found.keys()
    needed = made | correlated | {factor.name for factor in priors.factors}
    names = [name for name in priors.sources if name in needed]
    if not names:
        return {}
    pm.modelcontext(None).add_coords({"source": names})
    sources = pmd.Normal("sources", mu=0, sigma=1, dims=("source",))
    by_name = {name: sources.isel(source=place) for place, name in enumerate(names)}
    return latents([name for name in priors.uncertain if name in made], by_name, priors.factors, priors.correlations)
