"""The few functional shapes of the story, and the operators under them.

Every function here takes plain floats, xarray objects and ``pymc.dims`` variables alike and broadcasts by the
names of dimensions, so that each law of the story is written once. PyTensor is imported only when a value of
its own comes in; the plain evaluation never pays for it.

Two conventions hold throughout. In a law the dimension ``allocation`` has the reference, the world that everything is
anchored to, in its first place. A value that lacks a dimension is the same everywhere along it, so a float has no
change from the reference.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import numpy as np
import xarray as xr
from scipy import special


class Quantity(Protocol):
    """What a law computes with: a float, a DataArray or a ``pymc.dims`` variable."""

    def __add__(self, other: Any, /) -> "Quantity": ...
    def __radd__(self, other: Any, /) -> "Quantity": ...
    def __sub__(self, other: Any, /) -> "Quantity": ...
    def __rsub__(self, other: Any, /) -> "Quantity": ...
    def __mul__(self, other: Any, /) -> "Quantity": ...
    def __rmul__(self, other: Any, /) -> "Quantity": ...
    def __truediv__(self, other: Any, /) -> "Quantity": ...
    def __rtruediv__(self, other: Any, /) -> "Quantity": ...
    def __neg__(self) -> "Quantity": ...
    def __abs__(self) -> "Quantity": ...


SQRT_2 = math.sqrt(2)
FARTHEST = 37.5
"""The normal score beyond which the probability is the smallest that numbers hold."""


class Carrier(ABC):
    """A value of another kind, which knows itself what the operators make of it."""

    __slots__ = ()

    @abstractmethod
    def operate(self, operation: str, values: Sequence[Any]) -> Any:
        """The result of an operator, by its name; the value is one of those that it is applied to."""

    @abstractmethod
    def join(self, values: Sequence[Any], dim: str) -> Any:
        """Values, of which it is one, one after another along a dimension."""


def operate(operation: str, plain: Callable[..., Any], symbolic: Callable[..., Any], *values: Any) -> Quantity:
    """Compute with NumPy, or with PyTensor (whose module is passed first) if any of the values is symbolic."""
    if all(isinstance(value, float | int | np.ndarray | np.generic | xr.DataArray) for value in values):
        result: Quantity = plain(*values)
    elif carriers := [value for value in values if isinstance(value, Carrier)]:
        result = carriers[0].operate(operation, values)
    else:
        import pytensor.xtensor.math

        result = symbolic(pytensor.xtensor.math, *values)
    return result


# Operators ------------------------------------------------------------------------------------------------------


def exp(x: Quantity) -> Quantity:
    """e to the power x."""
    return operate("exp", np.exp, lambda math, x: math.exp(x), x)


def exp_less_1(x: Quantity) -> Quantity:
    """e to the power x, less 1, also where x is small."""
    return operate("exp_less_1", np.expm1, lambda math, x: math.expm1(x), x)


def log(x: Quantity) -> Quantity:
    """Natural logarithm."""
    return operate("log", np.log, lambda math, x: math.log(x), x)


def power(base: Quantity, exponent: Quantity) -> Quantity:
    """``base`` (not negative) to the power ``exponent``; anything to the power 0 is 1."""
    return exp(times(exponent, log(base)))


def logistic(x: Quantity) -> Quantity:
    """1 / (1 + e^-x)."""
    return operate("logistic", special.expit, lambda math, x: math.sigmoid(x), x)


def logit(p: Quantity) -> Quantity:
    """Log odds of a probability."""
    return operate("logit", special.logit, lambda math, p: math.log(p) - math.log1p(-p), p)


def normal_cdf(x: Quantity) -> Quantity:
    """Probability that a standard normal variable is below x."""
    return operate("normal_cdf", special.ndtr, lambda math, x: math.erfc(x / -SQRT_2) / 2, x)


def normal_quantile(p: Quantity) -> Quantity:
    """The inverse of `normal_cdf`."""
    return operate("normal_quantile", special.ndtri, lambda math, p: -SQRT_2 * math.erfcinv(2 * p), p)


def arctan(x: Quantity) -> Quantity:
    """The inverse of the tangent, in radians."""
    return operate("arctan", np.arctan, lambda math, x: math.arctan(x), x)


def smaller(x: Quantity, y: Quantity) -> Quantity:
    """The smaller of two quantities."""
    return operate("smaller", np.minimum, lambda math, x, y: math.minimum(x, y), x, y)


def larger(x: Quantity, y: Quantity) -> Quantity:
    """The larger of two quantities."""
    return operate("larger", np.maximum, lambda math, x, y: math.maximum(x, y), x, y)


def where(test: Any, x: Quantity, y: Quantity) -> Quantity:
    """x where the test holds, y elsewhere; the test is a bool, an array of bools or symbolic."""
    return operate("where", _plain_where, lambda math, *values: math.where(*values), test, x, y)


def _plain_where(test: Any, x: Any, y: Any) -> Any:
    if any(isinstance(value, xr.DataArray) for value in (test, x, y)):
        return xr.where(test, x, y)
    return np.where(test, x, y)[()]


def _is_zero(x: Quantity) -> Quantity:
    return operate("equal", lambda x, zero: x == zero, lambda math, x, zero: math.eq(x, zero), x, 0.0)


def times(effect: Quantity, x: Quantity) -> Quantity:
    """The product; an effect of 0 makes nothing of anything, not even of what is infinite."""
    return operate("times", _plain_times, _symbolic_times, effect, x)


def _plain_times(effect: Any, x: Any) -> Any:
    product = effect * x
    if not np.isnan(product).any():
        return product
    return _plain_where(effect == 0, 0.0, product)


def _symbolic_times(math: Any, effect: Any, x: Any) -> Any:
    is_zero = math.eq(effect, 0)
    return math.where(is_zero, 0.0, effect * math.where(is_zero, 0.0, x))


def growth_factor(x: Quantity) -> Quantity:
    """(e^x - 1) / x, which is 1 at 0: how much a flow that grows by x in all yields, over a steady one."""
    divisor = where(_is_zero(x), 1.0, x)
    return where(_is_zero(x), 1.0, exp_less_1(divisor) / divisor)


def ratio_or(otherwise: Quantity, numerator: Quantity, denominator: Quantity) -> Quantity:
    """The ratio, and something else where the denominator is exactly zero."""
    undefined = _is_zero(denominator)
    return where(undefined, otherwise, numerator / where(undefined, 1.0, denominator))


# Dimensions -----------------------------------------------------------------------------------------------------


def _dims(x: object) -> tuple[Any, ...]:
    return tuple(getattr(x, "dims", ()))


def total(x: Quantity, dim: str) -> Quantity:
    """Sum along a dimension; a value without the dimension is its own sum."""
    array: Any = x
    if dim not in _dims(x):
        return x
    summed: Quantity = array.sum(dim, skipna=False) if isinstance(x, xr.DataArray) else array.sum(dim)
    return summed


def log_sum_exp(x: Quantity, dim: str) -> Quantity:
    """Logarithm of the sum of exponentials along a dimension, without overflow."""
    array: Any = x
    largest: Quantity = array.max(dim)
    return largest + log(total(exp(x - largest), dim))


def at(x: Quantity, **place: int) -> Quantity:
    """Take one place along a dimension, which is dropped; a value without the dimension is the same everywhere."""
    ((dim, position),) = place.items()
    array: Any = x
    return array.isel({dim: position}) if dim in _dims(x) else x


def joined(values: Sequence[Any], dim: str) -> Quantity:
    """Put values one after another along a dimension that all of them have; their other dimensions are alike."""

    def symbolic(_math: Any, *values: Any) -> Any:
        from pytensor.xtensor import concat

        return concat(values, dim=dim)

    for value in values:
        if isinstance(value, Carrier):
            return cast("Quantity", value.join(values, dim))
    return operate("join", lambda *values: xr.concat(values, dim), symbolic, *values)


def reference(x: Quantity) -> Quantity:
    """The value in the reference world, the first allocation of those that a law sees."""
    return at(x, allocation=0)


# Shapes ---------------------------------------------------------------------------------------------------------


def change(x: Quantity) -> Quantity:
    """Change from the reference (``d`` in the design page)."""
    return x - reference(x) if "allocation" in _dims(x) else 0.0


def logit_change(p: Quantity) -> Quantity:
    """Change of the log odds from the reference (``dl`` in the design page)."""
    return change(logit(p))


def logits_from(p: Quantity, point: Quantity) -> Quantity:
    """Log odds beyond those of a fixed point, at which experts were asked (``fr`` in the design page)."""
    return logit(p) - logit(point)


def moved(p: Quantity, logits: Quantity) -> Quantity:
    """A probability whose log odds are moved by so many logits."""
    return logistic(logit(p) + logits)


def saturating(effort: Quantity, half: Quantity) -> Quantity:
    """From -1 to 1: half of what can be achieved at ``effort == half``, and the same backwards for harm."""
    return effort / (half + abs(effort))


def both_needed(x: Quantity, y: Quantity, complementarity: Quantity) -> Quantity:
    """CES mean of two fractions; the larger the complementarity, the nearer to the smaller of the two.

    At a complementarity of 0 it is the geometric mean, its limit.
    """
    is_zero = _is_zero(complementarity)
    exponent = where(is_zero, 1.0, complementarity)
    log_x, log_y = log(x), log(y)
    mean = exp(log((exp(-exponent * log_x) + exp(-exponent * log_y)) / 2) / -exponent)
    return where(is_zero, exp((log_x + log_y) / 2), mean)


def union(p: Quantity, q: Quantity) -> Quantity:
    """Probability that at least one of two independent things happens."""
    return p + (1 - p) * q
