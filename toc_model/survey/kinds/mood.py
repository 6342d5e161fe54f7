"""What all answers of one expert share, if they share a bias: a standard normal variable, the mood.

Each question has its own ``loading``: how large the expert's bias is beside what is left of the deviation.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.engine.laws import exp, log

MOODS = 7
"""Places of the quadrature over moods."""


def moods() -> tuple[Floats, Floats]:
    """Places and log weights for the integral of a function of a standard normal variable."""
    places, weights = np.polynomial.hermite_e.hermegauss(MOODS)
    return places, np.log(weights / weights.sum())


def split(of: Mapping[str, Any], mood: Any) -> tuple[Any, Any]:
    """What an expert's own bias adds to the centre, and what is left of the deviation.

    Their variances add up to the square of ``deviation`` (1 for ordered answers), whatever the ``loading``.
    """
    whole = exp(log(1 + of["loading"] * of["loading"]) / -2)
    residual = of.get("deviation", 1.0) * whole
    return of["loading"] * residual * mood, residual
