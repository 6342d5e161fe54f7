"""How well what was left out was predicted."""

import math
from dataclasses import dataclass

import numpy as np

from toc_model.aliases import Floats


@dataclass(frozen=True, slots=True)
class Score:
    """How well what was left out was predicted.

    Attributes
    ----------
    question : str
        The question, or the source where all answers of an expert are scored together.
    camp : str
        The camp that was left out; empty where one expert at a time was.
    answers : int
    total : float
        Expected log score: of each answer, summed, or of all that was left out together.
    crps : float
        Mean continuous ranked probability score of the answers, in the units of simulated answers;
        smaller is better, and NaN for answers together.
    worst_k : float
        The largest Pareto k of weights; NaN where there are none, for all rests on refits.
    above : int
        How many of the weights have a Pareto k above `toc_model.survey.validation.weights.MAX_K`.
    each : numpy.ndarray
        Log score of each answer; empty for a camp.
    refits : int
        How many fits without an expert or camp stand in for weights.
    """

    question: str
    camp: str
    answers: int
    total: float
    crps: float
    worst_k: float
    above: int
    each: Floats
    refits: int = 0


def difference(one: Score, other: Score) -> tuple[float, float]:
    """How much better one fit's score of the same answers is than another's, and its standard error."""
    each = one.each - other.each
    return float(each.sum()), float(np.sqrt(len(each)) * each.std(ddof=1)) if len(each) > 1 else math.nan
