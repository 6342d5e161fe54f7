"""How much of the variance of outcomes some of their inputs explain."""

from dataclasses import dataclass

import numpy as np

from toc_model.aliases import Floats
from toc_model.statistics.averages import mean_of
from toc_model.statistics.regression.fit import Fit
from toc_model.statistics.regression.smoothing import smooth
from toc_model.statistics.regression.threads import on_one_thread


@dataclass(frozen=True, slots=True)
class Explained:
    """Shares of variance that a regression explains, of one or more outcomes.

    Attributes
    ----------
    share : array of shape (outcomes,)
        The middle between what the regression explains of draws that it has seen, which is too much by about what its
        terms follow of the noise, and of draws that it has not, which is too little by about as much.
    optimism : array of shape (outcomes,)
        Half of how far these two are apart.
    influence : array of shape (outcomes, draws)
        What each draw adds to the share, to first order, of mean zero: the error of the share is that of its mean.
    """

    share: Floats
    optimism: Floats
    influence: Floats


@on_one_thread
def explained(x: Floats, y: Floats, weights: Floats | None = None) -> Explained:
    """Share of the variance of outcomes that a regression on some inputs explains.

    Parameters
    ----------
    x : array of shape (draws, inputs)
    y : array of shape (draws, outcomes)
        Each of which varies.
    weights : array of shape (draws,), optional
        How much each draw counts, with a mean of 1.

    Notes
    -----
    The share is one less the mean square of what is left over the variance, whose influence does not hang on the
    coefficients to first order, for they are where the mean square is least (Williamson et al. 2021,
    doi:10.1111/biom.13392).
    """
    centred = y - mean_of(y, weights)
    fits = smooth(x, centred / np.abs(centred).max(axis=0), weights)
    shares, optimism, influence = zip(*(_share(fit) for fit in fits), strict=True)
    return Explained(np.array(shares), np.array(optimism), np.stack(influence))


def _share(fit: Fit) -> tuple[float, float, Floats]:
    squares = (fit.outcome - fit.mean(fit.outcome)) ** 2
    total = float(fit.mean(squares))
    seen, unseen = (fit.outcome - fit.expected) ** 2, (fit.outcome - fit.held_out) ** 2
    left = (seen + unseen) / 2
    unexplained = float(fit.mean(left)) / total
    optimism = float(fit.mean(unseen) - fit.mean(seen)) / 2 / total
    return 1 - unexplained, optimism, fit.weighed(unexplained * squares - left) / total
