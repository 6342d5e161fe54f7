"""What `toc_model.engine.scores` computes, for PyTensor, with slopes of its own.

By the chain rule a slope in a tail would be a number next to infinity times one next to 0; here it is the normal
density over that of the distribution, by logarithms. Imported only when a ``pymc.dims`` variable comes in.
"""

import math
from collections.abc import Callable
from typing import Any

import pytensor.tensor as pt
from pytensor.compile.builders import OpFromGraph
from pytensor.xtensor import as_xtensor

from toc_model.engine.laws import FARTHEST, SQRT_2

LOG_SQRT_2_PI = math.log(2 * math.pi) / 2
TINY = 1e-300


def gamma_at(z: Any, shape: float) -> Any:
    """As `toc_model.engine.scores.gamma_at`."""

    def value(z: Any) -> Any:
        below, above = _halves(z)
        return pt.switch(z <= 0, pt.gammaincinv(shape, below), pt.gammainccinv(shape, above))

    def log_density(_z: Any, x: Any) -> Any:
        return (shape - 1) * _log(x) - x - math.lgamma(shape)

    return _sloped(z, value, log_density)


def beta_at(z: Any, a: float, b: float) -> Any:
    """As `toc_model.engine.scores.beta_at`."""
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    def both(z: Any) -> tuple[Any, Any]:
        """The value and what it lacks to 1."""
        below, above = _halves(z)
        low, high = pt.betaincinv(a, b, below), pt.betaincinv(b, a, above)
        return pt.switch(z <= 0, low, 1 - high), pt.switch(z <= 0, 1 - low, high)

    def log_density(z: Any, _x: Any) -> Any:
        x, rest = both(z)
        return (a - 1) * _log(x) + (b - 1) * _log(rest) - log_beta

    return _sloped(z, lambda z: both(z)[0], log_density)


def log_odds_at(z: Any) -> Any:
    """As `toc_model.engine.scores.log_odds_at`."""

    def value(z: Any) -> Any:
        near = _near(z)
        return _log_cdf(near) - _log_cdf(-near)

    def log_density(z: Any, _x: Any) -> Any:
        near = _near(z)
        return _log_cdf(near) + _log_cdf(-near)

    return _sloped(z, value, log_density)


def _sloped(z: Any, value: Callable[[Any], Any], log_density: Callable[[Any, Any], Any]) -> Any:
    """A value of a normal score with the normal density over its own as slope."""
    inner = z.values.type()

    def slope(inputs: list[Any], outputs: list[Any], given: list[Any]) -> list[Any]:
        (score,), (x,), (by_value,) = inputs, outputs, given
        near = _near(score)
        steep = pt.exp(-(near**2) / 2 - LOG_SQRT_2_PI - log_density(near, x))
        return [by_value * pt.switch(pt.eq(near, score), steep, 0.0)]

    made = OpFromGraph([inner], [value(inner)], pullback=slope)
    return as_xtensor(made(z.values), dims=z.dims)


def _near(z: Any) -> Any:
    return pt.clip(z, -FARTHEST, FARTHEST)


def _halves(z: Any) -> tuple[Any, Any]:
    """Probabilities below a score that is not above 0, and above one that is not below; 1/2 for others."""
    near = _near(z)
    return pt.erfc(-pt.minimum(near, 0.0) / SQRT_2) / 2, pt.erfc(pt.maximum(near, 0.0) / SQRT_2) / 2


def _log_cdf(z: Any) -> Any:
    low, high = pt.minimum(z, 0.0), pt.maximum(z, 0.0)
    below = pt.log(pt.erfcx(-low / SQRT_2) / 2) - low**2 / 2
    return pt.switch(z < 0, below, pt.log1p(-pt.erfc(high / SQRT_2) / 2))


def _log(x: Any) -> Any:
    return pt.log(pt.maximum(x, TINY))
