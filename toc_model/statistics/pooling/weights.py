"""What each expert counts for."""

from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.errors import InputError


def shares(weights: Any, number: int) -> Floats:
    """Weights that sum to one.

    Parameters
    ----------
    weights : array of shape (experts,) or None
        At least 0 each, in any unit; None for experts who count alike.
    number : int
        How many experts there are.

    Raises
    ------
    InputError
        If there are no experts, not as many weights as experts, one is negative or no number, or all are 0.
    """
    if number == 0:
        raise InputError("found no experts; allowed: at least one")
    if weights is None:
        return np.full(number, 1 / number)
    found = np.asarray(weights, float)
    if found.shape != (number,):
        raise InputError(f"weights: found {found.size}; allowed: {number}, one for each expert")
    if (bad := found[~(np.isfinite(found) & (found >= 0))]).size:
        raise InputError(f"weights: found {bad[0]:g}; allowed: numbers from 0")
    if not found.any():
        raise InputError("weights: found 0 for all experts; allowed: at least one above 0")
    # So that nothing overflows, and equal weights are equal shares.
    scaled = found / found.max()
    return np.asarray(scaled / scaled.sum())


def effective_number(experts: int, correlation: float) -> float:
    """How many independent experts so many are worth whose errors are correlated.

    Parameters
    ----------
    experts : int
        At least 1.
    correlation : float
        Of the errors of any two.

    Returns
    -------
    float
        n / (1 + (n - 1) r), that is, the variance of one expert's error over that of the mean's.

    Raises
    ------
    InputError
        If there are no experts, or that many can't have such a correlation.

    References
    ----------
    Clemen, R. T. and Winkler, R. L. (1985). Limits for the precision and value of information from dependent sources.
    Operations Research 33(2), 427-442.
    """
    if experts < 1:
        raise InputError(f"experts: found {experts}; allowed: at least 1")
    least = -1 / (experts - 1) if experts > 1 else -1.0
    if not least < correlation <= 1:
        raise InputError(f"correlation: found {correlation:g}; allowed: above {least:.4g} and up to 1")
    return experts / (1 + (experts - 1) * correlation)
