"""What somebody said about one quantity, or many people about many: points of a cdf on a declared support."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """Points of a cumulative distribution that were judged; values rise, and lie inside the support.

    Attributes
    ----------
    values : array of shape (..., m)
    probabilities : array of shape (..., m)
        Of at most each value; above 0 and below 1.
    lower, upper : array of shape (...)
        Bounds of the support, infinite where there is none.
    where : str
        What the judgements are of, for messages.
    """

    values: Floats
    probabilities: Floats
    lower: Floats
    upper: Floats
    where: str = "judgements"

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array of sets of judgements; () for one."""
        return self.values.shape[:-1]

    @property
    def number(self) -> int:
        """How many judgements a set has."""
        return int(self.values.shape[-1])


def judged(
    values: Any, probabilities: Any, lower: Any = -np.inf, upper: Any = np.inf, where: str = "judgements"
) -> Judgements:
    """Check points of a cdf, given as values and the probabilities of at most each.

    Parameters
    ----------
    values : array of shape (..., m)
    probabilities : array of shape (m,) or (..., m)
        One of 0 at the lower bound and one of 1 at the upper bound say what the support says, and are left out.
    lower, upper : float or array of shape (...)
        Bounds of the support, in the unit of the values.
    where : str
        What the judgements are of, for messages.

    Raises
    ------
    InputError
        If there are none, or they are not in order, or one lies outside the support or is no probability.
    """
    x, p = (np.array(side, float) for side in np.broadcast_arrays(values, probabilities))
    if x.ndim == 0 or x.shape[-1] == 0:
        raise InputError(f"{where}: found no judgement; allowed: at least one value with its probability")
    low, high = (np.array(np.broadcast_to(side, x.shape[:-1]), float) for side in (lower, upper))
    found = Judgements(x, p, low, high, where)
    _fail_if_not_finite(found)
    _fail_if_outside(found)
    _fail_if_unordered(found)
    _fail_if_no_probability(found)
    said = _said_by_support(found).reshape(-1, x.shape[-1])
    if np.any(said.any(0) != said.all(0)):
        raise InputError(f"{where}: found a bound among the judgements of some sets; allowed: of all or of none")
    if said.all():
        raise InputError(f"{where}: found no judgement but the support; allowed: at least one value inside it")
    keep = ~said.all(0)
    return Judgements(x[..., keep], p[..., keep], low, high, where)


def quantiles(
    said: Mapping[float, float], lower: float = -np.inf, upper: float = np.inf, where: str = "judgements"
) -> Judgements:
    """Check quantiles of one quantity.

    Parameters
    ----------
    said : mapping of level to value
        Such as ``{0.25: 20, 0.5: 30, 0.75: 50}``.
    lower, upper : float
        Bounds of the support.
    where : str
        What the judgements are of, for messages.

    Raises
    ------
    InputError
        As `judged` does.
    """
    items = sorted(said.items())
    return judged([value for _, value in items], [level for level, _ in items], lower, upper, where)


def fail_if_units_differ(units: Sequence[str], where: str = "judgements") -> None:
    """Refuse judgements of one quantity in several units; they are never converted.

    Parameters
    ----------
    units : sequence of str
        As each judgement, or each expert, gave them.

    Raises
    ------
    InputError
        If not all are the same.
    """
    different = list(dict.fromkeys(units))
    if len(different) > 1:
        raise InputError(f"{where}: found the units {', '.join(map(repr, different))}; allowed: one unit for all")


def fail_if_incoherent(
    whole: float, condition: float, given: float, given_not: float, tolerance: float = 0.01, where: str = "judgements"
) -> None:
    """Refuse conditional probabilities that do not add up to the whole.

    Parameters
    ----------
    whole : float
        P(A), as it was judged by itself.
    condition : float
        P(B).
    given, given_not : float
        P(A | B) and P(A | not B).
    tolerance : float
        What rounding explains, in probability.

    Raises
    ------
    InputError
        If one is no probability, or P(B) P(A | B) + P(not B) P(A | not B) is not P(A).
    """
    named = {"P(A)": whole, "P(B)": condition, "P(A | B)": given, "P(A | not B)": given_not}
    for name, value in named.items():
        if not 0 <= value <= 1:
            raise InputError(f"{where}: found {name} = {value:g}; allowed: 0 to 1")
    implied = condition * given + (1 - condition) * given_not
    if abs(implied - whole) > tolerance + 1e-12:
        raise InputError(
            f"{where}: found P(A) = {whole:g} where the conditional probabilities make it {implied:.4g}; "
            f"allowed: {implied:.4g}, give or take {tolerance:g}"
        )


def _named(found: Judgements, place: tuple[int, ...]) -> str:
    """Which set of judgements, where there are several."""
    return found.where + (f" {list(map(int, place))}" if place else "")


def _first(bad: NDArray[np.bool_]) -> tuple[int, ...] | None:
    places = np.argwhere(bad)
    return tuple(places[0]) if len(places) else None


def _fail_if_not_finite(found: Judgements) -> None:
    for name, side in (("value", found.values), ("probability", found.probabilities)):
        if (place := _first(~np.isfinite(side))) is not None:
            raise InputError(
                f"{_named(found, place[:-1])}: found {side[place]:g} as a {name}; allowed: a finite number"
            )
    sides = np.isnan(found.lower) | np.isnan(found.upper) | ~(found.lower < found.upper)
    if (place := _first(sides)) is not None:
        raise InputError(
            f"{_named(found, place)}: found a support from {found.lower[place]:g} to {found.upper[place]:g}; "
            "allowed: a lower bound below the upper one"
        )


def _fail_if_no_probability(found: Judgements) -> None:
    p = found.probabilities
    if (place := _first((p < 0) | (p > 1))) is not None:
        raise InputError(
            f"{_named(found, place[:-1])}: found the probability {p[place]:g}; allowed: above 0 and below 1"
        )
    if (place := _first(((p == 0) | (p == 1)) & ~_said_by_support(found))) is not None:
        raise InputError(
            f"{_named(found, place[:-1])}: found the probability {p[place]:g} of at most {found.values[place]:g}; "
            "allowed: above 0 and below 1, for what is impossible is said by the support"
        )


def _said_by_support(found: Judgements) -> NDArray[np.bool_]:
    at_ends = (found.values == found.lower[..., None]) & (found.probabilities == 0)
    return np.asarray(at_ends | ((found.values == found.upper[..., None]) & (found.probabilities == 1)))


def _fail_if_outside(found: Judgements) -> None:
    low, high = found.lower[..., None], found.upper[..., None]
    outside = ((found.values <= low) | (found.values >= high)) & ~_said_by_support(found)
    if (place := _first(outside)) is not None:
        low, high = found.lower[place[:-1]], found.upper[place[:-1]]
        raise InputError(
            f"{_named(found, place[:-1])}: found {found.values[place]:g} at {100 * found.probabilities[place]:g} %; "
            f"allowed: {_between(low, high)}, the support"
        )


def _between(low: float, high: float) -> str:
    ends = (("above", low), ("below", high))
    return " and ".join(f"{side} {end:g}" for side, end in ends if np.isfinite(end)) or "any finite number"


def _fail_if_unordered(found: Judgements) -> None:
    x, p = found.values, found.probabilities
    wrong = (np.diff(x) <= 0) | (np.diff(p) < 0)
    if (place := _first(wrong)) is not None:
        after = (*place[:-1], place[-1] + 1)
        raise InputError(
            f"{_named(found, place[:-1])}: found {x[place]:g} at {100 * p[place]:g} % and {x[after]:g} at "
            f"{100 * p[after]:g} %; allowed: values that rise, and probabilities that don't fall"
        )
