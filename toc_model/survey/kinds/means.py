"""The mean of people's answers, by the central limit theorem, beside order statistics of the same people.

The error of the mean is Student-t with as many degrees of freedom as there are people: normal near its middle, and not
far out, where the theorem says nothing.

Order statistics cut people into strata of known shares. Given where the cuts are, the mean is that of the strata, and
its error comes from within them; where a cut is not known exactly, because it was rounded, from how far it may be off,
too. Without order statistics there is one stratum, and this is the plain theorem.
"""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import exp, larger, log, log_sum_exp, power, smaller, total
from toc_model.survey.kinds.beliefs import Law
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.kind import Values
from toc_model.survey.kinds.natural import SCALES

NODES = 24
"""Places of the quadrature in each stratum."""
NARROWEST = 1e-15
"""Keeps places finite where people hardly differ, and a stratum lies beyond all of them."""


class Strata(NamedTuple):
    """Mean and variance of the mean of all people, given the cuts."""

    mean: Any
    variance: Any


def mean_data() -> xr.Dataset:
    """Places and weights of the quadrature, dims ``(node,)``, as `strata` takes them."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return xr.Dataset({"node": ("node_place", nodes), "log_node": ("node_place", np.log(weights))})


def strata(
    law: Law, scale: str, middle: Any, deviation: Any, cuts: list[Any], errors: list[Any], data: Values
) -> Strata:
    """Mean and variance of the mean of people's answers.

    Parameters
    ----------
    law : Law
        Of beliefs.
    scale : str
        One of `toc_model.survey.kinds.natural.SCALES`.
    middle, deviation : dims ``(pattern, ...)``
        Centre and scale of beliefs.
    cuts, errors : list of values
        Where order statistics are on the natural scale, by rising rank, and how far they may be off, as variances.
    data : mapping of name to array
        As `mean_data` has them; ``many``, how many people there are; and as `shares` has them.
    """
    ends = [-1.0, *(_bounded((cut - middle) / deviation) for cut in cuts), 1.0]
    parts = [_part(law, scale, middle, deviation, both, data) for both in pairwise(ends)]
    mean, within = (sum(data[f"share{j}"] * part[k] for j, part in enumerate(parts)) for k in range(2))
    mean = mean + sum(data[f"own{j}"] * _said(scale, cut) for j, cut in enumerate(cuts))
    variance = within / data["many"]
    for j, (cut, error) in enumerate(zip(cuts, errors, strict=True)):
        slope = (parts[j + 1][0] - parts[j][0]) * exp(law.log_density(cut, middle, deviation))
        variance = variance + slope * slope * error
    return Strata(mean, variance)


def shares(between: Floats, many: Floats) -> dict[str, Floats]:
    """Which share of all people is in each stratum, and at each cut.

    Parameters
    ----------
    between : array of shape (..., cuts + 1)
        Gaps between ranks, as `toc_model.survey.kinds.order.gaps` has them; 0 behind the last.
    many : array of shape (...)
        How many people there are.

    Returns
    -------
    dict of str to array of shape (...)
        For each stratum j its ``sharej``, and for each cut j its ``ownj``; they add up to one.
    """
    found = {f"share{j}": np.maximum(between[..., j] - 1, 0.0) / many for j in range(between.shape[-1])}
    return found | {f"own{j}": (between[..., j + 1] > 0) / many for j in range(between.shape[-1] - 1)}


def _said(scale: str, belief: Any) -> Any:
    return SCALES[scale].back(smaller(belief, SCALES[scale].far))


def _bounded(z: Any) -> Any:
    """From the line to (-1, 1), where a few places see all of a distribution with tails."""
    return z * power(TAILS + z * z, -0.5)


def _part(law: Law, scale: str, middle: Any, deviation: Any, ends: tuple[Any, Any], data: Values) -> tuple[Any, Any]:
    """Mean and variance of the answers of a stratum."""
    low, high = ends
    y = (low + high) / 2 + (high - low) / 2 * data["node"]
    narrow = larger(1 - y * y, NARROWEST)
    z = math.sqrt(TAILS) * y * power(narrow, -0.5)
    # The length of the stratum is left out: it is the same at all its places, and nothing where there is none.
    log_weight = law.log_density(z, 0.0, 1.0) - 1.5 * log(narrow) + data["log_node"]
    weight = exp(log_weight - log_sum_exp(log_weight, "node_place"))
    said = _said(scale, middle + deviation * z)
    mean = total(weight * said, "node_place")
    apart = said - mean
    return mean, total(weight * apart * apart, "node_place")
