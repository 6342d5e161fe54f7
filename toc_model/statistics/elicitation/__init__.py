"""Judgements of experts as distributions: fitted families, shares that sum to one, and dependence.

What somebody said is a set of points of a cdf on a declared support (`Judgements`), whether it came as quantiles, as
probabilities or as chips in bins; nothing is repaired, and what can't be meant is refused.
"""

from toc_model.statistics.elicitation.chips import chips
from toc_model.statistics.elicitation.copula import Copula, concordance, copula, correlation
from toc_model.statistics.elicitation.dirichlet import SIZES, Dirichlet, dirichlet
from toc_model.statistics.elicitation.families import DEGREES, FAMILIES, Family, Member, family_named, member
from toc_model.statistics.elicitation.fitting import METALOG, SHAPES, Fit, Ranking, fit, rank
from toc_model.statistics.elicitation.judgements import (
    Judgements,
    fail_if_incoherent,
    fail_if_units_differ,
    judged,
    quantiles,
)
from toc_model.statistics.elicitation.metalog import Metalog, metalog

__all__ = [
    "DEGREES",
    "FAMILIES",
    "METALOG",
    "SHAPES",
    "SIZES",
    "Copula",
    "Dirichlet",
    "Family",
    "Fit",
    "Judgements",
    "Member",
    "Metalog",
    "Ranking",
    "chips",
    "concordance",
    "copula",
    "correlation",
    "dirichlet",
    "fail_if_incoherent",
    "fail_if_units_differ",
    "family_named",
    "fit",
    "judged",
    "member",
    "metalog",
    "quantiles",
    "rank",
]
