"""Partial information by nested simulation: slow, without a regression, and so a check on one."""

from collections.abc import Callable
from itertools import chain

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics.averages import weights_of
from toc_model.statistics.draws import fail_if_no_draws
from toc_model.statistics.information.columns import FEWEST
from toc_model.statistics.information.estimates import Estimate
from toc_model.statistics.information.gains import gains
from toc_model.statistics.standard_errors import Design

LIKE = ("losses", "the first table")


def evppi_nested(losses_given: Callable[[int], xr.DataArray], outer: int) -> Estimate:
    """Expected value of perfect information about some parameters, by nested Monte Carlo.

    Parameters
    ----------
    losses_given : callable
        Given i, simulates losses, dims ``(draw, allocation)``, lower is better, with the parameters held at their i-th
        value and all others drawn anew. The values are independent draws, and so are the losses.
    outer : int
        How many values of the parameters.

    Returns
    -------
    Estimate
        Choosing on noisy means looks better than it is. Twice as many inner draws halve that bias, so what halves of
        the inner draws give too much over the whole is taken off.

    Raises
    ------
    InputError
        If there are fewer than 100 outer values or two inner draws, draws that count unequally, or losses are of
        different allocations.
    """
    if outer < FEWEST:
        raise InputError(f"outer: found {outer}; allowed: {FEWEST} or more")
    first = losses_given(0)
    others = (aligned(losses_given(place), first, LIKE, ["allocation"]) for place in range(1, outer))
    means = np.stack([_means(loss) for loss in chain([first], others)])
    differences = means[:, :, 1:] - means[:, :, :1]
    one, other = differences[:, 0], differences[:, 1]
    gain = 2 * gains((one + other) / 2) - (gains(one) + gains(other)) / 2
    return Estimate(max(0.0, float(gain.mean())), float(Design(len(gain)).error(gain)))


def _means(loss: xr.DataArray) -> Floats:
    """Mean losses of either half of inner draws, shape (2, allocations)."""
    fail_if_no_draws(loss, "losses_given", "allocation")
    if weights_of(loss) is not None:
        raise InputError(
            "losses_given: found draws with weights; allowed: draws that count alike, as simulated ones do"
        )
    values = loss.transpose("draw", "allocation").values
    half = len(values) // 2
    if half < 1:
        raise InputError(f"losses_given: found {len(values)} inner draws; allowed: two or more")
    return np.stack([values[:half].mean(axis=0), values[half : 2 * half].mean(axis=0)])
