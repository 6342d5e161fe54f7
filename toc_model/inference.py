"""The story as a PyMC model: the only module that opens one.

Every parameter is a random variable with the prior of its document, every node a deterministic with the dimensions
of the story. The laws are those of the plain evaluation; nothing is written twice.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pymc.dims.distributions.core import DimDistribution
from pymc.dims.distributions.transforms import IntervalTransform, log_odds_transform
from pymc.distributions.distribution import SymbolicRandomVariable, _support_point
from pymc.logprob.abstract import _logprob
from pymc.pytensorf import normalize_rng_param
from pytensor.tensor.random.utils import normalize_size_param
from pytensor.xtensor import concat
from pytensor.xtensor.random import as_xrv

from toc_model import checks
from toc_model.distributions import FAMILIES, Distribution, Family
from toc_model.errors import InputError, unknown
from toc_model.evaluate import story_inputs
from toc_model.graph import Story
from toc_model.priors import Priors, correlation_matrix


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
    priors.fail_if_differ(story)
    coords = {dim: list(places) for dim, places in story.dimensions.items()}
    with pm.Model(coords={"allocation": [str(name) for name in levers["allocation"].values], **coords}) as model:
        inputs: dict[str, Any] = {
            name: pmd.Data(name, values.values, dims=values.dims)
            for name, values in story_inputs(story, levers).items()
        }
        inputs |= _parameters(story, priors)
        nodes = story.run(inputs, record=lambda name, value: _registered(story, name, value))
        for name, sd in (measured or {}).items():
            if name not in nodes:
                raise InputError(unknown("node", name, nodes))
            pmd.Normal(f"{name}_measured", mu=nodes[name], sigma=sd)
    return model


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


class _TransformedNormalRV(SymbolicRandomVariable):
    """A family of the prior documents for which PyMC has no named-dimension variable."""

    extended_signature = "[rng],[size],(),()->[rng],()"
    family: Family
    from_normal: Callable[[Any], Any]
    """`Family.from_normal`, for tensors without names."""
    to_normal: Callable[[Any], Any]
    log_slope: Callable[[Any], Any]
    """Logarithm of the derivative of ``to_normal``."""

    @classmethod
    def rv_op(cls, mu: Any, sigma: Any, *, size: Any = None, rng: Any = None) -> Any:
        rng, size = normalize_rng_param(rng), normalize_size_param(size)
        mu, sigma = pt.as_tensor(mu), pt.as_tensor(sigma)
        next_rng, normal = pt.random.normal(mu, sigma, size=size, rng=rng, return_next_rng=True)
        return cls(inputs=[rng, size, mu, sigma], outputs=[next_rng, cls.from_normal(normal)])(rng, size, mu, sigma)


@_support_point.register(_TransformedNormalRV)
def _median(op: _TransformedNormalRV, _: Any, *inputs: Any) -> Any:
    *_, mu, sigma = inputs
    return op.from_normal(pt.broadcast_arrays(mu, sigma)[0])


@_logprob.register(_TransformedNormalRV)
def _log_density(op: _TransformedNormalRV, values: Any, *inputs: Any, **_: Any) -> Any:
    (x,), (*_, mu, sigma) = values, inputs
    z = (op.to_normal(x) - mu) / sigma
    density = -(z**2) / 2 - pt.log(sigma) - np.log(2 * np.pi) / 2 + op.log_slope(x)
    return pt.switch(pt.gt(x, op.family.lower) & pt.lt(x, op.family.upper), density, -np.inf)


class _LogitNormalRV(_TransformedNormalRV):
    family = FAMILIES["logit_normal"]
    from_normal = staticmethod(pt.sigmoid)
    to_normal = staticmethod(lambda x: pt.log(x) - pt.log1p(-x))
    log_slope = staticmethod(lambda x: -pt.log(x) - pt.log1p(-x))
    _print_name = ("LogitNormal", "\\operatorname{LogitNormal}")


class _LognormalAbove1RV(_TransformedNormalRV):
    family = FAMILIES["lognormal_above_1"]
    from_normal = staticmethod(lambda y: 1 + pt.exp(y))
    to_normal = staticmethod(lambda x: pt.log(x - 1))
    log_slope = staticmethod(lambda x: -pt.log(x - 1))
    _print_name = ("LognormalAbove1", "\\operatorname{LognormalAbove1}")


class _TransformedNormal(DimDistribution):
    rv_type: type[_TransformedNormalRV]

    @classmethod
    def dist(cls, mu: Any, sigma: Any, **kwargs: Any) -> Any:
        return super().dist([mu, sigma], **kwargs)

    @classmethod
    def xrv_op(cls, mu: Any, sigma: Any, **kwargs: Any) -> Any:
        core = cls.rv_type.rv_op(pmd.as_xtensor(mu).values, pmd.as_xtensor(sigma).values).owner.op
        return as_xrv(core, name=cls.__name__)(mu, sigma, **kwargs)


class LogitNormal(_TransformedNormal):
    """A probability whose log odds are normal."""

    rv_type = _LogitNormalRV
    default_transform = log_odds_transform


class LognormalAbove1(_TransformedNormal):
    """A quantity whose excess over one is lognormal."""

    rv_type = _LognormalAbove1RV
    default_transform = IntervalTransform(1.0, np.inf)
