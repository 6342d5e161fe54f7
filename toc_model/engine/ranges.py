"""What a quantity can be, and what is said of a value that it can't be."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from toc_model.errors import InputError

PER_CENT = 100.0
FEWEST = 1.1
"""Per cent that somebody is taken to have meant; what is less is rather a share that came out a little too large."""


class Range(NamedTuple):
    """Least and largest possible value, both possible themselves; infinite where there is none."""

    lower: float = -math.inf
    upper: float = math.inf

    @property
    def is_share(self) -> bool:
        """Whether it is that of a probability or a fraction, which people also state in per cent."""
        return self == (0.0, 1.0)

    @property
    def words(self) -> str:
        """Such as "0 to 1" or "0 or more"."""
        if math.isfinite(self.lower) and math.isfinite(self.upper):
            return f"{self.lower:g} to {self.upper:g}"
        if math.isfinite(self.lower):
            return f"{self.lower:g} or more"
        return f"{self.upper:g} or less" if math.isfinite(self.upper) else "any finite number"

    @property
    def inside(self) -> str:
        """The same without its ends, such as "above 0 and below 1"."""
        ends = (("above", self.lower), ("below", self.upper))
        return " and ".join(f"{side} {end:g}" for side, end in ends if math.isfinite(end)) or self.words

    def covers(self, other: "Range") -> bool:
        """Whether all of another range lies in it."""
        return self.lower <= other.lower and other.upper <= self.upper

    def surrounds(self, x: float) -> bool:
        """Whether a value lies in it and is none of its ends."""
        return bool(self.lower < x < self.upper)

    def both(self, other: "Range") -> "Range":
        """What lies in two ranges."""
        return Range(max(self.lower, other.lower), min(self.upper, other.upper))

    def refusal(self, found: float, unit: str = "") -> str:
        """What is said of a value outside."""
        return f"found {self.shown(found)}; {self.allowed(unit)}{self.meant(found)}"

    def shown(self, found: float) -> str:
        """A value outside, to as many digits as tell it from the end that it is beyond."""
        short = f"{found:.6g}"
        return repr(float(found)) if self.lower <= float(short) <= self.upper else short

    def allowed(self, unit: str) -> str:
        """The part of a message that says what may be."""
        return f"allowed: {self.words} ({unit})" if unit and unit != "-" else f"allowed: {self.words}"

    def meant(self, found: float) -> str:
        """A question whether per cent were written where a share was asked for; empty where that is unlikely."""
        return f"; did you mean {found / PER_CENT:g}?" if self.is_share and FEWEST <= found <= PER_CENT else ""


ANYTHING = Range()


def fail_if_outside(values: ArrayLike, allowed: Range, where: str, unit: str = "") -> None:
    """Fail if a value is not a finite number, or lies outside a range.

    Parameters
    ----------
    values : array-like
    allowed : Range
    where : str
        What they are, for the message.
    unit : str

    Raises
    ------
    InputError
        If they are no numbers, or with the value that lies furthest outside, and how many do if not all are the same.
    """
    found = np.asarray(values)
    if found.dtype.kind not in "biuf":
        raise InputError(f"{where}: found values of the type {found.dtype}; allowed: numbers")
    if not found.size or (allowed.lower <= found.min() and found.max() <= allowed.upper and np.isfinite(found).all()):
        return
    if not np.isfinite(found).all():
        raise InputError(f"{where}: found a value that is not a finite number")
    over = np.maximum(found - allowed.upper, allowed.lower - found)
    worst = float(found.ravel()[over.argmax()])
    if found.min() == found.max():
        raise InputError(f"{where}: {allowed.refusal(worst, unit)}")
    outside = f"{int((over > 0).sum())} of {found.size} values outside"
    raise InputError(f"{where}: found {worst:.6g}, with {outside}; {allowed.allowed(unit)}")
