"""Distributions of one quantity by several experts, as one distribution.

References
----------
Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and an annotated bibliography.
Statistical Science 1(1), 114-135.
Vincent, S. B. (1912). The functions of the vibrissae in the behavior of the white rat. Behavior Monographs 1(5).
Lichtendahl, K. C., Grushka-Cockayne, Y. and Winkler, R. L. (2013). Is it better to average probabilities or quantiles?
Management Science 59(7), 1594-1611.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics.elicitation.families import Member, along
from toc_model.statistics.elicitation.metalog import Metalog
from toc_model.statistics.elicitation.numeric import checked, inverse, moments
from toc_model.statistics.pooling.panels import Panels, panels
from toc_model.statistics.pooling.weights import shares

FURTHEST = 36.0
"""Log odds of the levels between which an average of quantiles is inverted; beyond, a level can't be told from 1."""


type Distribution = Member | Metalog
"""What is pooled: one distribution, or an array of them of some shape.

Values and levels that go into a pool have that shape and one more axis, or none, or the last alone, as with members.
"""
type Groups = tuple[tuple[Distribution, Floats], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pool(Brief, ABC):
    """What several experts believe, in common.

    Attributes
    ----------
    members : tuple of Distribution
        Of the experts that count, of the same shape.
    weights : array of shape (members,)
        They sum to one.
    groups : tuple of pair of Distribution and array
        The members with one more axis in front, those of a kind together, so that they are computed at once; and what
        they count for.
    """

    members: tuple[Distribution, ...]
    weights: Floats
    groups: Groups

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array of distributions; () for one."""
        return self.members[0].shape

    def density(self, x: Any) -> Floats:
        """Probability density at x."""
        return np.exp(self.log_density(x))

    @abstractmethod
    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x; minus infinity outside the support."""

    @abstractmethod
    def cdf(self, x: Any) -> Floats:
        """The probability of at most x."""

    @abstractmethod
    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels between 0 and 1."""

    @abstractmethod
    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation; infinite where there is none, NaN for the mean where both tails have none."""

    def _mean_of(self, figure: Callable[[Distribution], Floats]) -> Floats:
        """The weighted mean of a figure over experts."""
        return np.asarray(sum(np.tensordot(share, figure(group), 1) for group, share in self.groups))

    def _each(self, figure: Callable[[Distribution], Floats]) -> Floats:
        """A figure of each expert, along a first axis."""
        return np.concatenate([figure(group) for group, _ in self.groups])

    def _bracket(self, level: Floats) -> tuple[Floats, Floats]:
        """The least and the largest of the experts' quantiles, between which those of means lie."""
        found = self._each(lambda group: group.quantile(level))
        return found.min(0), found.max(0)

    def _moments(self) -> tuple[Floats, Floats]:
        """Means and standard deviations of the experts, along a first axis."""
        return self._each(lambda group: group.moments()[0]), self._each(lambda group: group.moments()[1])


class LinearPool(Pool):
    """The mean of densities: what a draw of one expert, and then of what that expert believes, is like."""

    __slots__ = ()

    def cdf(self, x: Any) -> Floats:
        """The probability of at most x."""
        return self._mean_of(lambda group: group.cdf(x))

    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x; minus infinity outside the support."""
        parts = self._each(lambda group: group.log_density(x))
        weights = np.concatenate([share for _, share in self.groups]).reshape(-1, *(1,) * (parts.ndim - 1))
        with np.errstate(divide="ignore"):
            return np.asarray(special.logsumexp(parts, axis=0, b=weights))

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels between 0 and 1."""
        level = checked(level)
        if level.ndim == 0:
            return self.quantile(level[None])[..., 0]
        return inverse(self.cdf, level, *self._bracket(level))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation; infinite where there is none."""
        means, sds = self._moments()
        share = np.concatenate([share for _, share in self.groups])
        with np.errstate(invalid="ignore"):
            mean = np.tensordot(share, means, 1)
        finite = np.isfinite(means).all(0) & np.isfinite(sds).all(0)
        away = np.where(finite, means - np.where(finite, mean, 0.0), 0.0)
        variance = np.tensordot(share, np.where(finite, sds, 0.0) ** 2 + away**2, 1)
        return np.asarray(mean), np.where(finite, np.sqrt(variance), np.inf)


class QuantilePool(Pool):
    """The mean of quantiles (Vincent), which keeps to the family of a location and a scale."""

    __slots__ = ()

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels between 0 and 1."""
        return self._mean_of(lambda group: group.quantile(level))

    def cdf(self, x: Any) -> Floats:
        """The probability of at most x."""
        x = np.asarray(x, float)
        if x.ndim == 0:
            return self.cdf(x[None])[..., 0]
        start = np.zeros(np.broadcast_shapes(x.shape, (*self.shape, 1)))
        log_odds = inverse(lambda z: self.quantile(special.expit(z)), x, start - FURTHEST, start + FURTHEST)
        return np.asarray(special.expit(log_odds))

    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x; minus infinity outside the support."""
        x = np.asarray(x, float)
        if x.ndim == 0:
            return self.log_density(x[None])[..., 0]
        level = self.cdf(x)
        low, high = self.quantile(np.array(special.expit([-FURTHEST, FURTHEST]))).swapaxes(0, -1)
        with np.errstate(divide="ignore"):
            slope = self._mean_of(lambda group: 1 / group.density(group.quantile(level)))
            return np.where((x >= along(low.T, x)) & (x <= along(high.T, x)), -np.log(slope), -np.inf)

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation; infinite where there is none."""
        finite = np.isfinite(self._moments()[1]).all(0)
        with np.errstate(over="ignore", invalid="ignore"):
            sd = np.where(finite, moments(self.quantile)[1], np.inf)
            return self._mean_of(lambda group: group.moments()[0]), sd


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogPool(Pool):
    """The geometric mean of densities, scaled to be one: what all believe possible, in common.

    Attributes
    ----------
    panels : Panels
        The integral of the geometric mean, in parts.
    """

    panels: Panels

    @property
    def overlap(self) -> Floats:
        """The integral of the geometric mean before it is scaled, of shape (...): 1 where all experts agree."""
        return np.exp(self.panels.log_integral)

    def log_density(self, x: Any) -> Floats:
        """Logarithm of the probability density at x; minus infinity outside the support."""
        x = np.asarray(x, float)
        return self._mean_of(lambda group: group.log_density(x)) - along(self.panels.log_integral, x)

    def cdf(self, x: Any) -> Floats:
        """The probability of at most x."""
        x = np.asarray(x, float)
        if x.ndim == 0:
            return self.cdf(x[None])[..., 0]
        return self.panels.below(x, self.density)

    def quantile(self, level: Any) -> Floats:
        """Quantiles at levels between 0 and 1."""
        level = checked(level)
        if level.ndim == 0:
            return self.quantile(level[None])[..., 0]
        return inverse(self.cdf, level, *self.panels.bracket(level))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation; infinite where they are for every expert."""
        mean, sd = self.panels.moments(self.density)
        means, sds = self._moments()
        no_mean, no_sd = (~np.isfinite(side).any(0) for side in (means, sds))
        return np.where(no_mean, means[0], mean), np.where(no_sd, np.inf, sd)


def linear(members: Sequence[Distribution], weights: Any = None) -> LinearPool:
    """Pool distributions by the mean of their densities.

    Parameters
    ----------
    members : sequence of Distribution
        One an expert, of one quantity each, or of equally many.
    weights : array of shape (members,), optional
        What each expert counts for; all alike where they are left out.

    Raises
    ------
    InputError
        If there is none, their shapes differ, or the weights are not to be used.
    """
    return LinearPool(*_counted(members, weights))


def quantile_average(members: Sequence[Distribution], weights: Any = None) -> QuantilePool:
    """Pool distributions by the mean of their quantiles. Parameters and errors are those of `linear`."""
    return QuantilePool(*_counted(members, weights))


def logarithmic(members: Sequence[Distribution], weights: Any = None) -> LogPool:
    """Pool distributions by the geometric mean of their densities. Parameters are those of `linear`.

    Raises
    ------
    InputError
        If no value is possible for all experts, or as `linear` does.
    """
    counted, share, groups = _counted(members, weights)

    def log_product(x: Floats) -> Floats:
        return np.asarray(sum(w * member.log_density(x) for w, member in zip(share, counted, strict=True)))

    return LogPool(counted, share, groups, panels(log_product, [member.quantile for member in counted]))


METHODS: Mapping[str, Callable[[Sequence[Distribution], Any], Pool]] = {
    "linear": linear,
    "quantile_average": quantile_average,
    "logarithmic": logarithmic,
}
"""Ways to pool."""


def _counted(members: Sequence[Distribution], weights: Any) -> tuple[tuple[Distribution, ...], Floats, Groups]:
    """The experts that count, their shares, and both by groups."""
    share = shares(weights, len(members))
    if len(sizes := {member.shape for member in members}) > 1:
        raise InputError(f"members: found arrays of the shapes {', '.join(map(str, sorted(sizes)))}; allowed: one")
    kept = tuple(member for member, w in zip(members, share, strict=True) if w > 0)
    share = share[share > 0]
    places: dict[Hashable, list[int]] = {}
    for k, member in enumerate(kept):
        places.setdefault(member.kind, []).append(k)
    return kept, share, tuple((_stacked([kept[k] for k in at]), share[at]) for at in places.values())


def _stacked(alike: list[Distribution]) -> Distribution:
    """Distributions of one kind with one more axis in front."""
    if isinstance(alike[0], Metalog):
        return Metalog.stacked(cast("list[Metalog]", alike))
    return Member.stacked(cast("list[Member]", alike))
