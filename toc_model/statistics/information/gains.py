"""What choosing anew gains, by choices made from the same draws and by choices made from others.

A choice that is made from draws follows their noise. On the same draws it looks better than it is, and on others it is
worse than the best. To second order the two errors are alike (where expected losses are spread out about their ties),
so that the truth is about the middle; where options are tied over and over it may be anywhere between. Estimates are
the middle, and their intervals reach beyond both ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.statistics.averages import mean_of
from toc_model.statistics.information.estimates import REACH, Estimate
from toc_model.statistics.regression import FOLDS, Fit, folds_of
from toc_model.statistics.standard_errors import Design

type Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Gain:
    """What choosing anew, once something is known, saves over choosing now.

    Attributes
    ----------
    seen : float
        On average, by choices made from the same draws.
    unseen : array of shape (draws,)
        In each draw, by choices made without the draws of its fold.
    design : Design
        How the draws were made.
    """

    seen: float
    unseen: Floats
    design: Design

    @property
    def by_others(self) -> float:
        """On average, by choices made from other draws."""
        return float(self.design.mean(self.unseen))

    @property
    def middle(self) -> float:
        """Between what it is by the same draws and by others."""
        return (self.seen + self.by_others) / 2

    @property
    def estimate(self) -> Estimate:
        """The middle, or zero, with an interval that reaches a sampling error beyond either."""
        apart = abs(self.seen - self.by_others) / 2
        return Estimate(max(0.0, self.middle), float(self.design.error(self.unseen)) + apart / REACH)


def gain_of(fits: Sequence[Fit], design: Design) -> Gain:
    """What knowing gains that losses were regressed on.

    Parameters
    ----------
    fits : sequence of Fit
        One a paired difference of losses.
    design : Design
        How the draws were made.
    """
    losses, expected, held_out = (
        np.column_stack(list(columns))
        for columns in zip(*((fit.outcome, fit.expected, fit.held_out) for fit in fits), strict=True)
    )
    return gain_by(losses, expected, held_out, design)


def gain_by(losses: Floats, expected: Floats, held_out: Floats, design: Design) -> Gain:
    """What is gained by choosing what is expected to be least.

    Parameters
    ----------
    losses : array of shape (draws, allocations - 1)
        As they turn out, less those of one allocation.
    expected : array of shape (draws, allocations - 1)
        Their expectations given what is known, from all draws.
    held_out : array of shape (draws, allocations - 1)
        The same, for each draw from the draws of other folds.
    design : Design
        How the draws were made.
    """
    unseen = _of_choice(losses, _best_elsewhere(losses, design.weight)) - _of_choice(losses, _best(held_out))
    return Gain(float(design.mean(gains(expected, design.weight))), unseen, design)


def gain_of_all(losses: Floats, design: Design) -> Gain:
    """What knowing everything gains: only what is chosen now is chosen from draws.

    Parameters
    ----------
    losses : array of shape (draws, allocations - 1)
        Less those of one allocation.
    design : Design
        How the draws were made.
    """
    return gain_by(losses, losses, losses, design)


def gains(expected: Floats, weights: Floats | None = None) -> Floats:
    """What choosing anew saves in each draw, over the allocation that is best in the mean; shape (draws,).

    Parameters
    ----------
    expected : array of shape (draws, allocations - 1)
        Expected losses given what is known, less those of one allocation.
    weights : array of shape (draws,), optional
        How much each draw counts.
    """
    now = np.full(len(expected), _best(mean_of(expected, weights)[None])[0])
    return _of_choice(expected, now) - _of_choice(expected, _best(expected))


def _best(losses: Floats) -> Places:
    """The place of the least loss in each draw: 0 for the allocation that others are less of."""
    return np.asarray(_with_own(losses).argmin(axis=1))


def _best_elsewhere(losses: Floats, weights: Floats | None) -> Places:
    """For each draw, the place of what is best in the mean of the draws of other folds."""
    fold = folds_of(len(losses))
    others = [fold != left_out for left_out in range(FOLDS)]
    means = [mean_of(losses[here], None if weights is None else weights[here]) for here in others]
    return _best(np.stack(means))[fold]


def _of_choice(losses: Floats, chosen: Places) -> Floats:
    return np.asarray(np.take_along_axis(_with_own(losses), chosen[:, None], axis=1)[:, 0])


def _with_own(losses: Floats) -> Floats:
    return np.column_stack([np.zeros(len(losses)), losses])
