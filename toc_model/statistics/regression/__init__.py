"""The one regression of this house: outcomes on some of their inputs, as smooth as the draws say."""

from toc_model.statistics.regression.fit import Fit
from toc_model.statistics.regression.folds import FOLDS, blocks_of, folds_of
from toc_model.statistics.regression.scores import normal_scores
from toc_model.statistics.regression.shares import Explained, explained
from toc_model.statistics.regression.smoothing import smooth
from toc_model.statistics.regression.threads import on_one_thread

__all__ = [
    "FOLDS",
    "Explained",
    "Fit",
    "blocks_of",
    "explained",
    "folds_of",
    "normal_scores",
    "on_one_thread",
    "smooth",
]
