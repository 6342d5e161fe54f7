"""Families of the prior documents for which PyMC has no random variable with named dimensions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pymc.dims as pmd
import pytensor.tensor as pt
from pymc.dims.distributions.core import DimDistribution
from pymc.dims.distributions.transforms import IntervalTransform, log_odds_transform
from pymc.distributions.distribution import SymbolicRandomVariable, _support_point
from pymc.logprob.abstract import _logprob
from pymc.pytensorf import normalize_rng_param
from pytensor.tensor.random.utils import normalize_size_param
from pytensor.xtensor.random import as_xrv

from toc_model.beliefs.distributions import FAMILIES, Family


class _TransformedNormalRV(SymbolicRandomVariable):
    """A smooth function of a normal variable."""

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
    *_rest, mu, sigma = inputs
    return op.from_normal(pt.broadcast_arrays(mu, sigma)[0])


@_logprob.register(_TransformedNormalRV)
def _log_density(op: _TransformedNormalRV, values: Any, *inputs: Any, **_: Any) -> Any:
    (x,) = values
    *_rest, mu, sigma = inputs
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
