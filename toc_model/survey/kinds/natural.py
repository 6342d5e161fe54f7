"""Natural scales, on which people's beliefs about a quantity are spread: its logit, its logarithm, or itself."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toc_model.aliases import Floats
from toc_model.engine import laws

FAR = 40.0
"""Stands for infinity on a logit or logarithm, where gradients must stay finite."""
OPEN = 1e4
"""Stands for infinity as the end of an open cell, which even heavy tails don't reach."""
ROUNDED = {"logit": 0.005, "log": 0.5}
"""The end of a scale, when it is stated, stands for what rounds to it: half a per cent, or half of the unit."""


class Scale(NamedTuple):
    """A scale: the way to it, the way back, which values have a place on it, and what stands for infinity there."""

    to: Callable[[Any], Any]
    back: Callable[[Any], Any]
    values: str
    far: float = FAR


SCALES: dict[str, Scale] = {
    "logit": Scale(laws.logit, laws.logistic, "values between 0 and 1"),
    "log": Scale(laws.log, laws.exp, "positive values"),
    "identity": Scale(lambda x: x, lambda y: y, "finite values", math.inf),
}


def natural(values: Any, scale: str, shift: float = 0.0) -> Floats:
    """Put what was stated on a natural scale, no further out than what stands for infinity there.

    Parameters
    ----------
    values : float or array
        What lies off the scale counts as its lower end.
    scale : str
        One of `SCALES`.
    shift : float
        Number to add to the values first.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.asarray(SCALES[scale].to(np.asarray(values, float) + shift))
        return np.asarray(np.clip(np.nan_to_num(y, nan=-FAR), -SCALES[scale].far, SCALES[scale].far))


def off_scale(values: Any, scale: str, shift: float = 0.0) -> np.ndarray:
    """Mark what lies beyond an end of its scale, such as a negative number on a logarithm; the ends themselves don't.

    Parameters
    ----------
    values, scale, shift
        As `natural` takes them.
    """
    x = np.asarray(values, float) + shift
    return np.asarray((scale != "identity") & (x < 0) | (scale == "logit") & (x > 1))


def open_ends(values: Any, scale: str, shift: float = 0.0) -> tuple[Floats, Floats]:
    """Tell which of some values are an end of the scale, such as a 0 or 1 on a logit, and where that end begins.

    Parameters
    ----------
    values, scale, shift
        As `natural` takes them.

    Returns
    -------
    side : array
        -1 at the lower end, 1 at the upper end, 0 for a value that has a place on the scale.
    place : array
        The value on its natural scale; of an end, what still rounds to it. NaN for a number without bounds that is too
        large for its scale, for nothing says where its end begins.
    """
    y, far = natural(values, scale, shift), SCALES[scale].far
    side = np.where(y <= -far, -1.0, np.where(y >= far, 1.0, 0.0))
    step = ROUNDED.get(scale, math.nan)
    above = natural(1 - step, scale) if scale == "logit" else math.nan
    return side, np.where(side < 0, natural(step, scale), np.where(side > 0, above, y))


def bounds(answers: pd.DataFrame, scale: str, shift: float = 0.0) -> tuple[Floats, Floats]:
    """The columns ``lower`` and ``upper`` on a natural scale; open where there is none, or one at the end of the scale.

    Parameters
    ----------
    answers : pandas.DataFrame
    scale, shift
        As `natural` takes them.
    """
    found = []
    for name, end in (("lower", -OPEN), ("upper", OPEN)):
        side, _ = open_ends(answers[name], scale, shift)
        bound = np.where(side != 0, side * OPEN, natural(answers[name], scale, shift))
        found.append(np.where(answers[name].isna(), end, bound))
    return found[0], found[1]
