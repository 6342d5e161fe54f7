"""A distribution for what each expert said about each question; many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from toc_model.brief import Brief
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation import FAMILIES, METALOG, Fit, Judgements
from toc_model.statistics.elicitation.fitting import EXACT, fit
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import PROBABILITY, Said

AUTO = "auto"
CHOICES = (AUTO, *FAMILIES, METALOG)
WITHOUT = 1e-9
"""Probability beyond the support that a family may give and still count as keeping to it."""
NAMED_ONLY = ("student_t", "log_t", "mirror_log_t")
"""Families whose tails no three judgements can tell, and which may have no mean: taken where they are named."""
PARAMETERS = 2
"""Of the families that are chosen from, unless there are fewer judgements."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fitted(Brief):
    """The distribution of one expert about one question.

    Attributes
    ----------
    said : Said
    question : Question
    chosen : Fit or None
        None where no family fits, or the answer is the probability of an event.
    tried : mapping of str to float
        Misfits of the families with as many parameters that were chosen from, the best fit first.
    refused : str
        Why there is none.
    """

    said: Said
    question: Question
    chosen: Fit | None = None
    tried: Mapping[str, float] = MappingProxyType({})
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
            "tried": dict(self.tried),
            "refused": self.refused,
        }


def fit_all(panel: Panel, said: Sequence[Said], families: Mapping[str, str] | None = None) -> tuple[Fitted, ...]:
    """Fit what experts said, each to each question.

    Where no family is named, it is that with two parameters (one, for a lone judgement) that keeps to the support of
    the question and leaves the least squares; none of `NAMED_ONLY`.

    Parameters
    ----------
    panel : Panel
    said : sequence of Said
        As `toc_model.survey.panel.records.Records.latest` gives them.
    families : mapping of str to str, optional
        One of `CHOICES`, by question.

    Raises
    ------
    InputError
        If a family is named that can't be fitted, for a question that the panel does not have, or is unknown.
    """
    named = families or {}
    for name, family in named.items():
        panel.question(name)
        if family not in CHOICES:
            raise InputError(f"{name}: {unknown('family', family, CHOICES)}")
    found = [Fitted(one, panel.question(one.question)) for one in said]
    for k, one in enumerate(found):
        if (family := named.get(one.question.name, AUTO)) != AUTO and one.said.kind != PROBABILITY:
            found[k] = replace(one, chosen=fit(one.said.judgements(one.question), family))
    for places in _alike(found, named):
        for k, one in zip(places, _chosen([found[k] for k in places]), strict=True):
            found[k] = one
    return tuple(found)


def _alike(found: Sequence[Fitted], named: Mapping[str, str]) -> list[list[int]]:
    """Places of answers that are fitted together: equally many judgements on supports of one kind."""
    groups: dict[tuple[int, bool, bool], list[int]] = {}
    for k, one in enumerate(found):
        if one.said.kind != PROBABILITY and named.get(one.question.name, AUTO) == AUTO:
            low, high = np.isfinite(one.question.support)
            groups.setdefault((len(one.said.points), bool(low), bool(high)), []).append(k)
    return list(groups.values())


def _chosen(alike: Sequence[Fitted]) -> list[Fitted]:
    """The best family for each of several answers."""
    each = [one.said.judgements(one.question) for one in alike]
    values, probabilities, lower, upper = (
        np.stack([getattr(one, side) for one in each]) for side in ("values", "probabilities", "lower", "upper")
    )
    stacked = Judgements(values, probabilities, lower, upper, "panel")
    fits = [fit(stacked, name) for name in _candidates(stacked)]
    if not fits:
        refused = f"found {stacked.number} judgement; allowed: two or more, or a support with a lower bound"
        return [replace(one, refused=refused) for one in alike]
    outside = np.stack([np.abs(one.outside) > WITHOUT for one in fits])
    squares = np.stack([np.maximum(one.squares, EXACT) for one in fits])
    order = np.lexsort((squares, outside), axis=0)
    misfits = np.stack([one.misfit for one in fits])
    return [
        replace(
            one,
            chosen=_row(fits[order[0, k]], k, each[k]),
            tried=MappingProxyType({fits[j].name: float(misfits[j, k]) for j in order[:, k]}),
        )
        for k, one in enumerate(alike)
    ]


def _candidates(stacked: Judgements) -> list[str]:
    free = min(PARAMETERS, stacked.number)
    able = (name for name, one in FAMILIES.items() if one.free == free and name not in NAMED_ONLY)
    return [name for name in able if not FAMILIES[name].misses(stacked.lower, stacked.upper)]


def _row(fits: Fit, k: int, judgements: Judgements) -> Fit:
    return replace(fits, distribution=fits.distribution.at(k), judgements=judgements)
