"""A distribution for what each expert said about each question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.errors import InputError
from toc_model.statistics.elicitation import FAMILIES, METALOG, Fit, Ranking, rank
from toc_model.statistics.elicitation.fitting import fit
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import PROBABILITY, Said

AUTO = "auto"
CHOICES = (AUTO, *FAMILIES, METALOG)
WITHOUT = 1e-9
"""Probability beyond the support that a family may give and still count as keeping to it."""
PARAMETERS = 2
"""Of the families that are chosen from, unless there are fewer judgements."""
NAMED_ONLY = ("student_t", "log_t", "mirror_log_t")
"""Families whose tails no three judgements can tell, and which may have no mean: taken where they are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The distribution of one expert about one question.

    Attributes
    ----------
    said : Said
    question : Question
    chosen : Fit or None
        None where no family fits, or the answer is the probability of an event.
    ranking : Ranking or None
        All families that were tried.
    refused : str
        Why there is none.
    """

    said: Said
    question: Question
    chosen: Fit | None
    ranking: Ranking | None = None
    refused: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON."""
        return {
            "expert": self.said.expert,
            "question": self.said.question,
            "round": self.said.round,
            "kind": self.said.kind,
            "said": [list(point) for point in self.said.ordered],
            "fit": self.chosen.to_dict() if self.chosen else None,
            "tried": self.ranking.to_dict() if self.ranking else None,
            "refused": self.refused,
        }


def fit_said(said: Said, question: Question, family: str = AUTO) -> Fitted:
    """Fit a family to what one expert said.

    Parameters
    ----------
    said : Said
    question : Question
    family : str
        One of `CHOICES`. "auto" is the family with two parameters (one, for a lone judgement) that keeps to the
        support of the question and leaves the least squares; none of `NAMED_ONLY`.

    Raises
    ------
    InputError
        If the family is named and can't be fitted.
    """
    if said.kind == PROBABILITY:
        return Fitted(said, question, None)
    judgements = said.judgements(question)
    if family != AUTO:
        return Fitted(said, question, fit(judgements, family))
    try:
        ranking = rank(judgements)
    except InputError as error:
        return Fitted(said, question, None, refused=str(error))
    return Fitted(said, question, _best(ranking), ranking)


def _best(ranking: Ranking) -> Fit:
    """The best fit with as many parameters as are chosen from, that keeps to the support if one does."""
    free = PARAMETERS if PARAMETERS in ranking.fits else min(ranking.fits)
    fits = [one for one in ranking.fits[free] if one.name not in NAMED_ONLY]
    within = [one for one in fits if float(np.abs(one.outside)) <= WITHOUT]
    return (within or fits)[0]


def fit_all(panel: Panel, said: Sequence[Said], families: Mapping[str, str] | None = None) -> tuple[Fitted, ...]:
    """Fit what experts said, each to each question.

    Parameters
    ----------
    panel : Panel
    said : sequence of Said
        As `toc_model.survey.panel.records.Records.latest` gives them.
    families : mapping of str to str, optional
        By question; "auto" where none is named.

    Raises
    ------
    InputError
        If a family is named that can't be fitted, for a question that the panel does not have, or is unknown.
    """
    named = families or {}
    for name in named:
        panel.question(name)
    return tuple(fit_said(one, panel.question(one.question), named.get(one.question, AUTO)) for one in said)
