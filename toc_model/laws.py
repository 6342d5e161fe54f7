"""The few functional shapes of the story, and the operators under them.

Every function here takes plain floats, xarray objects and ``pymc.dims`` variables alike and broadcasts by the
names of dimensions, so that each law of the story is written once. PyTensor is imported only when a value of
its own comes in; the plain evaluation never pays for it.

Two conventions hold throughout. The dimension ``allocation`` has the status quo in its first place. A value
that lacks a dimension is the same everywhere along it, so a float has no change from the status quo.
"""

import math
from typing import Any, Protocol, cast

import numpy as np
import xarray as xr
from scipy import special


class Quantity(Protocol):
    """What a law computes with: a float, a DataArray or a ``pymc.dims`` variable."""

    def __add__(self, other: Any, /) -> Any: ...
    def __radd__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __rmul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __rtruediv__(self, other: Any, /) -> Any: ...
    def __neg__(self) -> Any: ...
    def __abs__(self) -> Any: ...


def _is_plain(*values: object) -> bool:
    return all(isinstance(value, float | int | np.ndarray | np.generic | xr.DataArray) for value in values)


def _symbolic() -> Any:
    import pytensor.xtensor.math

    return pytensor.xtensor.math


# Operators ------------------------------------------------------------------------------------------------------


def exp(x: Quantity) -> Quantity:
    """e to the power x."""
    return cast(Quantity, np.exp(cast(Any, x)) if _is_plain(x) else _symbolic().exp(x))


def log(x: Quantity) -> Quantity:
    """Natural logarithm."""
    return cast(Quantity, np.log(cast(Any, x)) if _is_plain(x) else _symbolic().log(x))


def power(base: Quantity, exponent: Quantity) -> Quantity:
    """``base`` (positive) to the power ``exponent``."""
    return exp(exponent * log(base))


def logistic(x: Quantity) -> Quantity:
    """1 / (1 + e^-x)."""
    return cast(Quantity, special.expit(x) if _is_plain(x) else _symbolic().sigmoid(x))


def logit(p: Quantity) -> Quantity:
    """Log odds of a probability."""
    return cast(Quantity, special.logit(p) if _is_plain(p) else _symbolic().log(p) - _symbolic().log1p(-p))


def normal_cdf(x: Quantity) -> Quantity:
    """Probability that a standard normal variable is below x."""
    return cast(Quantity, special.ndtr(x) if _is_plain(x) else 0.5 * _symbolic().erfc(-x / math.sqrt(2)))


def normal_quantile(p: Quantity) -> Quantity:
    """The inverse of `normal_cdf`."""
    return cast(Quantity, special.ndtri(p) if _is_plain(p) else -math.sqrt(2) * _symbolic().erfcinv(2 * p))


def smaller(x: Quantity, y: Quantity) -> Quantity:
    """The smaller of two quantities."""
    return cast(Quantity, np.minimum(cast(Any, x), y) if _is_plain(x, y) else _symbolic().minimum(x, y))


def larger(x: Quantity, y: Quantity) -> Quantity:
    """The larger of two quantities."""
    return cast(Quantity, np.maximum(cast(Any, x), y) if _is_plain(x, y) else _symbolic().maximum(x, y))


def where(test: object, x: Quantity, y: Quantity) -> Quantity:
    """x where the test holds, y elsewhere; the test is a bool, an array of bools or symbolic."""
    if not _is_plain(test, x, y):
        return cast(Quantity, _symbolic().where(test, x, y))
    if any(isinstance(value, xr.DataArray) for value in (test, x, y)):
        return cast(Quantity, xr.where(cast(Any, test), x, y))
    return cast(Quantity, np.where(cast(Any, test), cast(Any, x), cast(Any, y))[()])


def _is_zero(x: Quantity) -> object:
    return cast(Any, x) == 0 if _is_plain(x) else _symbolic().eq(x, 0)


def growth_factor(x: Quantity) -> Quantity:
    """(e^x - 1) / x, which is 1 at 0: how much a flow that grows by x in all yields, over a steady one."""
    divisor = where(_is_zero(x), 1.0, x)
    expm1 = np.expm1(cast(Any, divisor)) if _is_plain(divisor) else _symbolic().expm1(divisor)
    return where(_is_zero(x), 1.0, expm1 / divisor)


def ratio_or_nan(numerator: Quantity, denominator: Quantity) -> Quantity:
    """The ratio, and NaN where the denominator is exactly zero."""
    undefined = _is_zero(denominator)
    return where(undefined, math.nan, numerator / where(undefined, 1.0, denominator))


# Dimensions -----------------------------------------------------------------------------------------------------


def _dims(x: object) -> tuple[Any, ...]:
    return tuple(getattr(x, "dims", ()))


def total(x: Quantity, dim: str) -> Quantity:
    """Sum along a dimension; a value without the dimension is its own sum."""
    return cast(Quantity, cast(Any, x).sum(dim)) if dim in _dims(x) else x


def at(x: Quantity, **place: int) -> Quantity:
    """Take one place along a dimension, which is dropped; a value without the dimension is the same everywhere."""
    ((dim, position),) = place.items()
    return cast(Quantity, cast(Any, x).isel({dim: position})) if dim in _dims(x) else x


def status_quo(x: Quantity) -> Quantity:
    """The value under the status quo, the first allocation."""
    return at(x, allocation=0)


# Shapes ---------------------------------------------------------------------------------------------------------


def change(x: Quantity) -> Quantity:
    """Change from the status quo (``d`` in the design page)."""
    return cast(Quantity, x - status_quo(x))


def logit_change(p: Quantity) -> Quantity:
    """Change of the log odds from the status quo (``dl`` in the design page)."""
    return change(logit(p))


def moved(p: Quantity, logits: Quantity) -> Quantity:
    """A probability whose log odds are moved by so many logits."""
    return logistic(logit(p) + logits)


def saturating(effort: Quantity, half: Quantity) -> Quantity:
    """From -1 to 1: half of what can be achieved at ``effort == half``, and the same backwards for harm."""
    return cast(Quantity, effort / (half + abs(effort)))


def both_needed(x: Quantity, y: Quantity, complementarity: Quantity) -> Quantity:
    """CES mean of two fractions; the larger the complementarity, the nearer to the smaller of the two."""
    mean = (power(x, -complementarity) + power(y, -complementarity)) / 2
    return power(mean, -1 / complementarity)


def union(p: Quantity, q: Quantity) -> Quantity:
    """Probability that at least one of two independent things happens."""
    return cast(Quantity, p + (1 - p) * q)
