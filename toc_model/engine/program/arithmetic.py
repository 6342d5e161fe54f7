"""Operators of values that laws compute with and that are no numbers: each is told to the value by its name."""

from typing import Any, NoReturn, Self, cast

import numpy as np

from toc_model.engine.laws import Carrier
from toc_model.errors import InputError

UNIVERSAL: dict[Any, str] = {
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.true_divide: "divide",
    np.negative: "negative",
    np.absolute: "absolute",
    np.exp: "exp",
    np.expm1: "exp_less_1",
    np.log: "log",
    np.arctan: "arctan",
    np.minimum: "smaller",
    np.maximum: "larger",
}
"""NumPy's own functions that laws may use."""


class CannotRecordError(InputError):
    """A law does what can't be written down as operations on numbers."""


class Arithmetic(Carrier):
    """A carrier with the operators of Python, and those of NumPy's own functions that laws may use."""

    __array_priority__ = 1000
    __slots__ = ()

    def _made(self, operation: str, values: tuple[Any, ...]) -> Self:
        return cast("Self", self.operate(operation, values))

    def __add__(self, other: Any) -> Self:
        return self._made("add", (self, other))

    def __radd__(self, other: Any) -> Self:
        return self._made("add", (other, self))

    def __sub__(self, other: Any) -> Self:
        return self._made("subtract", (self, other))

    def __rsub__(self, other: Any) -> Self:
        return self._made("subtract", (other, self))

    def __mul__(self, other: Any) -> Self:
        return self._made("multiply", (self, other))

    def __rmul__(self, other: Any) -> Self:
        return self._made("multiply", (other, self))

    def __truediv__(self, other: Any) -> Self:
        return self._made("divide", (self, other))

    def __rtruediv__(self, other: Any) -> Self:
        return self._made("divide", (other, self))

    def __pow__(self, other: Any) -> Self:
        if not isinstance(other, int) or not 1 <= other <= 8:
            raise CannotRecordError(f"found the power {other!r}; allowed: whole ones, or laws.power")
        found = self
        for _ in range(other - 1):
            found = found * self
        return found

    def __neg__(self) -> Self:
        return self._made("negative", (self,))

    def __abs__(self) -> Self:
        return self._made("absolute", (self,))

    def __lt__(self, other: Any) -> Self:
        return self._made("less", (self, other))

    def __le__(self, other: Any) -> Self:
        return self._made("less_equal", (self, other))

    def __gt__(self, other: Any) -> Self:
        return self._made("less", (other, self))

    def __ge__(self, other: Any) -> Self:
        return self._made("less_equal", (other, self))

    def __eq__(self, other: object) -> Self:  # type: ignore[override]
        return self._made("equal", (self, other))

    __hash__ = None  # type: ignore[assignment]

    def __array_ufunc__(self, function: Any, method: str, *values: Any, **how: Any) -> Self:
        if method != "__call__" or how or function not in UNIVERSAL:
            raise CannotRecordError(f"found numpy.{function.__name__}; allowed: the operators of toc_model.engine.laws")
        return self._made(UNIVERSAL[function], values)

    def __bool__(self) -> NoReturn:
        raise CannotRecordError("found a branch on a value; allowed: laws.where")

    __float__ = __int__ = __index__ = __len__ = __iter__ = __array__ = __bool__
