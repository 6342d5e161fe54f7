"""The integral of a density in parts, each so narrow that quadrature is exact but for rounding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics.elicitation.numeric import OUTERMOST, nodes_between

MOST = 48
"""Panels to begin with, for experts however many."""
SPLITS = 60
"""How often a panel is halved at the most."""
FAR = 4.0
"""Times as far from an end as its lower edge is the upper edge of a panel that is halved by its distances."""
ACCURACY = 1e-13
"""Of a panel's integral, as a share of the whole."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Panels(Brief):
    """Where a density was integrated, and the parts of its integral; of one density or an array of them.

    Attributes
    ----------
    edges : array of shape (..., n + 1)
    cumulative : array of shape (..., n + 1)
        The probability below each edge.
    log_integral : array of shape (...)
        Of what the density was before it was scaled.
    """

    edges: Floats
    cumulative: Floats
    log_integral: Floats

    def below(self, x: Floats, density: Callable[[Floats], Floats]) -> Floats:
        """The probability of at most x, of shape (..., n), by a density that integrates to one."""
        x = np.broadcast_to(x, np.broadcast_shapes(x.shape, (*self.edges.shape[:-1], 1)))
        within = np.clip(x, self.edges[..., :1], self.edges[..., -1:])
        place = np.clip((self.edges[..., None, :] <= within[..., None]).sum(-1) - 1, 0, self.edges.shape[-1] - 2)
        start = np.take_along_axis(self.edges, place, -1)
        nodes, widths = nodes_between(start, within)
        flat = density(nodes.reshape(*nodes.shape[:-2], -1)).reshape(nodes.shape)
        part = (flat * widths).sum(-1)
        found = np.take_along_axis(self.cumulative, place, -1) + part
        return np.where(x < self.edges[..., -1:], np.clip(found, 0.0, 1.0), 1.0)

    def bracket(self, level: Floats) -> tuple[Floats, Floats]:
        """The edges next to quantiles, of shape (..., n)."""
        level = np.broadcast_to(level, np.broadcast_shapes(level.shape, (*self.edges.shape[:-1], 1)))
        above = (self.cumulative[..., None, :] <= level[..., None]).sum(-1)
        place = np.clip(above, 1, self.edges.shape[-1] - 1)
        return np.take_along_axis(self.edges, place - 1, -1), np.take_along_axis(self.edges, place, -1)

    def moments(self, density: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        """Mean and standard deviation, of shape (...) each."""
        nodes, widths = nodes_between(self.edges[..., :-1], self.edges[..., 1:])
        x = nodes.reshape(*nodes.shape[:-2], -1)
        mass = density(x) * widths.reshape(x.shape)
        x = np.where(mass > 0, x, 0.0)
        mean = (mass * x).sum(-1)
        with np.errstate(over="ignore", invalid="ignore"):
            return mean, np.sqrt((mass * (x - mean[..., None]) ** 2).sum(-1))


def panels(log_density: Callable[[Floats], Floats], quantiles: Sequence[Callable[[Floats], Floats]]) -> Panels:
    """Integrate a density that may not be scaled.

    Parameters
    ----------
    log_density : callable
        Of values of shape (..., n).
    quantiles : sequence of callable
        Quantile functions of distributions, outside whose ranges there is nothing of the density; their shapes say
        how fine the first panels are.

    Raises
    ------
    InputError
        If the density is 0 everywhere.
    """
    levels = special.ndtr(np.linspace(-OUTERMOST, OUTERMOST, 33))
    found = np.concatenate([quantile(levels) for quantile in quantiles], -1)
    # What lies beyond numbers, at the ends of very heavy tails, is left out.
    largest = np.where(np.isfinite(found), found, -np.inf).max(-1, keepdims=True)
    least = np.where(np.isfinite(found), found, np.inf).min(-1, keepdims=True)
    edges = np.sort(np.clip(found, least, largest), -1)
    step = -(-edges.shape[-1] // MOST)
    edges = np.concatenate([edges[..., :-1:step], edges[..., -1:]], -1)
    scale, parts = _integrals(log_density, edges)
    for _ in range(SPLITS):
        halved = np.stack([edges[..., :-1], _middles(edges)], -1).reshape(*edges.shape[:-1], -1)
        halved = np.concatenate([halved, edges[..., -1:]], -1)
        finer_scale, finer = _integrals(log_density, halved)
        whole = finer.sum(-1, keepdims=True)
        pairs = finer[..., ::2] + finer[..., 1::2]
        rough = parts * np.exp(scale - finer_scale)[..., None]
        coarse = (np.abs(pairs - rough) > ACCURACY * whole).any(axis=tuple(range(edges.ndim - 1)))
        if not coarse.any():
            break
        # Halves are kept where they were needed, and the rest stays as it is.
        keep = np.ones(halved.shape[-1], bool)
        keep[1::2] = coarse
        edges = halved[..., keep]
        scale, parts = _integrals(log_density, edges)
    whole = parts.sum(-1)
    below = np.cumsum(parts, -1) / whole[..., None]
    cumulative = np.concatenate([np.zeros_like(below[..., :1]), below], -1)
    return Panels(edges, cumulative, scale + np.log(whole))


def _middles(edges: Floats) -> Floats:
    """Where panels are halved: by the distance to either end of all where it varies much, as in a heavy tail."""
    low, high, first, last = edges[..., :-1], edges[..., 1:], edges[..., :1], edges[..., -1:]
    from_first = first + np.sqrt(low - first) * np.sqrt(high - first)
    from_last = last - np.sqrt(last - low) * np.sqrt(last - high)
    grows = (low > first) & (high - first > FAR * (low - first))
    falls = (high < last) & (last - low > FAR * (last - high))
    return np.where(grows, from_first, np.where(falls, from_last, low + (high - low) / 2))


def _integrals(log_density: Callable[[Floats], Floats], edges: Floats) -> tuple[Floats, Floats]:
    """The largest logarithm of what a node stands for, and the panels' integrals over its exponential."""
    nodes, widths = nodes_between(edges[..., :-1], edges[..., 1:])
    with np.errstate(divide="ignore"):
        logs = log_density(nodes.reshape(*nodes.shape[:-2], -1)).reshape(nodes.shape) + np.log(widths)
    scale = logs.max((-2, -1))
    if not np.isfinite(scale).all():
        raise InputError("members: found no value that all experts hold possible; allowed: supports that overlap")
    return scale, np.exp(logs - scale[..., None, None]).sum(-1)
