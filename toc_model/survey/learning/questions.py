"""Answers, grouped by question and made ready for the likelihoods of their kinds."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.brief import Brief
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.usable import SUPERSEDED, tidy, verdicts
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.natural import SCALES, natural
from toc_model.survey.kinds.patterns import PEOPLE, people


@dataclass(frozen=True, slots=True, repr=False)
class Asked(Brief):
    """One question with all answers of one kind.

    Attributes
    ----------
    name : str
        ``SOURCE_QUESTION``, and the kind where framings ask for different kinds.
    source_id : str
    kind : str
        Kind of the answers, one of `toc_model.survey.kinds.KINDS`.
    mapping : Question
        What the question asks of the model, and its scale.
    bias : str
        Questions with the same name here share their common bias, each on its own scale: ``population:topic``, across
        sources, or a group or question of one source.
    framings, groups : tuple of str
        Labels of the places that ``framing`` and ``group`` in ``data`` point to; the place behind the last group
        stands for respondents without a camp, who share nothing but what all share.
    data : xarray.Dataset
        Dims ``(pattern, ...)``: what the likelihood of the kind takes, with ``count``, ``framing`` and ``group``.
    members : pandas.Series
        For each answer, by respondent, the place of its pattern.
    left_out : dict of str to int
        How many respondents do not, by the first reason.
    """

    name: str
    source_id: str
    kind: str
    mapping: Question
    bias: str
    framings: tuple[str, ...]
    groups: tuple[str, ...]
    data: xr.Dataset
    members: "pd.Series[int]"
    left_out: dict[str, int]

    @property
    def respondents(self) -> int:
        """How many answers count, as respondents; of summaries, the people whom they summarise."""
        return int((self.data["count"] * self.data.get(PEOPLE, 1)).sum())

    @property
    def truth(self) -> float | None:
        """For a seed question, the true value on the natural scale."""
        known = self.mapping.resolved
        return None if known is None else float(natural(known, self.mapping.scale, self.mapping.shift))

    def natural(self, value: Any) -> Any:
        """A value of the node on its natural scale."""
        return SCALES[self.mapping.scale].to(value)

    def from_natural(self, y: Any) -> Any:
        """A value on the natural scale, in the node's unit."""
        return SCALES[self.mapping.scale].back(y)

    def without(self, gone: np.ndarray) -> "Asked":
        """The same question without some of its answers, also where none is left.

        Patterns, framings and groups stay, so that all stays that is unknown of the question.

        Parameters
        ----------
        gone : array of bool, shape (answers,)
            Which of the `members`.
        """
        lost = np.bincount(self.members[gone], minlength=self.data.sizes["pattern"])
        return replace(self, data=self.data.assign(count=self.data["count"] - lost), members=self.members[~gone])


def prepare(answers: pd.DataFrame, mapping: SurveyMapping) -> list[Asked]:
    """Group the answers of one source by question and kind.

    Parameters
    ----------
    answers : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping
        The document that says what the questions ask of the model; answers to other questions are not used.

    Returns
    -------
    list of Asked
        In the order of the document; questions without a usable answer are left out.

    Raises
    ------
    InputError
        If somebody answered in several rounds of which nothing says which came first.
    """
    asked = []
    answers = tidy(answers)
    judged = answers.assign(verdict=verdicts(answers, {mapping.source_id: mapping}))
    for name, question in mapping.questions.items():
        rows = judged[judged["question_id"] == name]
        kinds = list(dict.fromkeys(rows["kind"]))
        for kind in kinds:
            of_kind = rows[rows["kind"] == kind]
            suffix = f"_{kind}" if len(kinds) > 1 else ""
            if (of_kind["verdict"] == "").any():
                asked.append(_asked(mapping.source_id, f"{name}{suffix}", kind, question, of_kind, name))
    return asked


def _asked(source_id: str, name: str, kind: str, question: Question, rows: pd.DataFrame, identifier: str) -> Asked:
    good = rows[rows["verdict"] == ""]
    framings, camps = (tuple(sorted(good[column].unique())) for column in ("framing", "group"))
    groups = tuple(camp for camp in camps if camp) or ("",)
    places = {camp: place for place, camp in enumerate((*groups, ""))} if groups != ("",) else {"": 0}
    placed = good.assign(framing=good["framing"].map(framings.index), group=good["group"].map(places))
    found = KINDS[kind].read(placed, question)
    return Asked(
        name=f"{source_id}_{name}",
        source_id=source_id,
        kind=kind,
        mapping=question,
        bias=question.bias_group if ":" in question.bias_group else f"{source_id}_{question.bias_group or identifier}",
        framings=framings,
        groups=groups,
        data=found.data,
        members=_nobodies(name, found.members) if KINDS[kind].of_many else found.members,
        left_out=_left_out(rows, good),
    )


def _nobodies(question: str, members: "pd.Series[int]") -> "pd.Series[int]":
    """People of whom nobody knows who they are, each under a name of their own."""
    return members.set_axis([f"{question} {place}" for place in range(len(members))])


def _left_out(rows: pd.DataFrame, good: pd.DataFrame) -> dict[str, int]:
    """How many respondents none of whose answers count, by the first reason."""
    is_lost = ~rows["respondent_id"].isin(good["respondent_id"]) & (rows["respondent_id"] != "")
    lost = rows[is_lost & (rows["verdict"] != SUPERSEDED)].drop_duplicates("respondent_id")
    many = people(lost).groupby(lost["verdict"], sort=False).sum()
    return {str(reason): int(each) for reason, each in many.items()}
