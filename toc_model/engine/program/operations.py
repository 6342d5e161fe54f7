"""The operations that laws are made of, each with how NumPy computes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats

TIMES = "times"

type Run = Callable[..., Any]
"""Computes into its last argument."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on numbers.

    Attributes
    ----------
    name : str
    plain : callable
        Of numbers or arrays, as the plain evaluation does it.
    run : callable
        The same, of arrays, into an array that is given last.
    is_test : bool
        Whether it gives a truth value.
    in_place : bool
        Whether its result may take the place of what goes in.
    """

    name: str
    plain: Callable[..., Any]
    run: Run
    is_test: bool = False
    in_place: bool = True


def _ufunc(name: str, function: Any, *, is_test: bool = False) -> Operation:
    return Operation(name, function, function, is_test)


def _unary(name: str, function: Any) -> Operation:
    return Operation(name, function, function)


def _logistic(x: Floats, out: Floats) -> None:
    np.negative(x, out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.divide(1.0, out, out)


def _logit(p: Floats, out: Floats) -> None:
    np.subtract(1.0, p, out)
    np.divide(p, out, out)
    np.log(out, out)


def times(effect: Any, x: Any) -> Any:
    """The product; an effect of 0 makes nothing of anything."""
    product = effect * x
    return np.where(np.equal(effect, 0) & np.isnan(product), 0.0, product)[()]


def without_effect(effect: Floats, x: Floats, out: Floats) -> None:
    """`times` into an array, where some effect may be 0."""
    np.multiply(effect, x, out)
    if np.isnan(out).any():
        np.copyto(out, 0.0, where=np.isnan(out) & (effect == 0))


def _where(test: Any, x: Any, y: Any) -> Any:
    return np.where(test, x, y)[()]


def _choose(test: Floats, x: Floats, y: Floats, out: Floats) -> None:
    np.copyto(out, y)
    np.copyto(out, x, where=test)


def _maximum(x: Floats, y: Floats, out: Floats) -> None:
    np.maximum(x, y, out=out)


def _minimum(x: Floats, y: Floats, out: Floats) -> None:
    np.minimum(x, y, out=out)


OPERATIONS: Mapping[str, Operation] = {
    one.name: one
    for one in (
        _ufunc("add", np.add),
        _ufunc("subtract", np.subtract),
        _ufunc("multiply", np.multiply),
        _ufunc("divide", np.divide),
        _unary("negative", np.negative),
        _unary("absolute", np.absolute),
        _unary("exp", np.exp),
        _unary("exp_less_1", np.expm1),
        _unary("log", np.log),
        Operation("logistic", special.expit, _logistic),
        Operation("logit", special.logit, _logit, in_place=False),
        _unary("normal_cdf", special.ndtr),
        _unary("normal_quantile", special.ndtri),
        _unary("arctan", np.arctan),
        Operation("smaller", np.minimum, _minimum),
        Operation("larger", np.maximum, _maximum),
        Operation(TIMES, times, without_effect, in_place=False),
        Operation("where", _where, _choose, in_place=False),
        _ufunc("equal", np.equal, is_test=True),
        _ufunc("less", np.less, is_test=True),
        _ufunc("less_equal", np.less_equal, is_test=True),
    )
}
"""All operations, by the name that the laws' operators have for them."""
