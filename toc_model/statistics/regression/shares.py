"""How much of the variance of outcomes some of their inputs explain."""

import numpy as np

from toc_model.aliases import Floats
from toc_model.statistics.regression.fit import Fit
from toc_model.statistics.regression.smoothing import smooth
from toc_model.statistics.regression.threads import on_one_thread

BLOCKS = 50
RESAMPLES = 200


@on_one_thread
def explained(x: Floats, y: Floats, seed: int = 0) -> Floats:
    """Share of the variance of outcomes that a regression on some inputs explains, with resamples of it.

    Parameters
    ----------
    x : array of shape (n, k)
    y : array of shape (n, m)
    seed : int
        Of the resamples.

    Returns
    -------
    array of shape (m, 1 + RESAMPLES)
        The share, adjusted for the freedom of the regression, and the same in bootstrap samples of `BLOCKS` blocks of
        consecutive rows, so that posterior draws which depend on their predecessors are not taken for independent ones.
    """
    picked = np.random.default_rng(seed).multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), RESAMPLES)
    counts = np.vstack([np.ones(BLOCKS), picked])
    return np.stack([_share(fit, counts) for fit in smooth(x, y)])


def _share(fit: Fit, counts: Floats) -> Floats:
    """The explained share where each block of rows counts so many times; counts have the shape (resamples, blocks).

    Coefficients are moved by one step towards those of the resample, in which the terms are taken to be orthonormal
    still. What is left is least at the coefficients, so that more steps would change it little.
    """
    starts = np.linspace(0, len(fit.outcome), len(counts[0]) + 1).astype(int)[:-1]
    centred = fit.outcome - fit.outcome.mean()
    left = fit.outcome - fit.expected

    def resampled(rows: Floats) -> Floats:
        return np.asarray(counts @ np.add.reduceat(rows, starts))

    pull = resampled(fit.terms * left[:, None])
    step = fit.kept * (pull - pull[0])
    unexplained = resampled(left**2) - (step * (2 * pull - step)).sum(axis=1)
    rows = resampled(np.ones(len(left)))
    total = resampled(centred**2) - resampled(centred) ** 2 / rows
    freedom = (fit.kept * (2 - fit.kept)).sum()
    return np.asarray(1 - unexplained / total * (rows - 1) / (rows - freedom))
