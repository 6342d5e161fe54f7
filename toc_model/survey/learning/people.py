"""Who said what: all answers of each respondent to all questions of a source, those who said the same together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.engine.laws import joined, total
from toc_model.survey.learning.questions import Asked

NONE = -1
"""Stands for a question that was not answered."""


@dataclass(frozen=True, slots=True)
class People:
    """The respondents to a source.

    Attributes
    ----------
    source_id : str
    questions : tuple of str
        One a column; a question is there twice if somebody answered it under two framings.
    patterns : numpy.ndarray
        Place of the answer's pattern, or `NONE`; shape ``(people, questions)``.
    counts : numpy.ndarray
        How many gave these answers.
    names : numpy.ndarray
        One of them.
    """

    source_id: str
    questions: tuple[str, ...]
    patterns: np.ndarray
    counts: np.ndarray
    names: np.ndarray

    @property
    def together(self) -> tuple[str, ...]:
        """Questions that somebody answered beside another one."""
        given = self.patterns[(self.patterns != NONE).sum(axis=1) > 1] != NONE
        return tuple(dict.fromkeys(np.array(self.questions)[given.any(axis=0)].tolist()))

    def columns(self, question: str) -> list[int]:
        """Columns with answers to a question."""
        return [place for place, name in enumerate(self.questions) if name == question]

    def only(self, questions: Sequence[str]) -> "People":
        """Their answers to some questions alone; who answered none of these is left out."""
        places = [place for place, name in enumerate(self.questions) if name in questions]
        some = self.patterns[:, places]
        given = (some != NONE).any(axis=1)
        patterns, first, which = np.unique(some[given], axis=0, return_index=True, return_inverse=True)
        return replace(
            self,
            questions=tuple(self.questions[place] for place in places),
            patterns=patterns,
            counts=np.bincount(which.ravel(), self.counts[given]).astype(int),
            names=self.names[given][first],
        )

    def alone(self, place: int) -> "People":
        """Those who gave the same answers as one of them, and the questions that they answered."""
        some = slice(place, place + 1)
        found = replace(self, patterns=self.patterns[some], counts=self.counts[some], names=self.names[some])
        asked = (found.patterns != NONE)[0]
        return found.only([name for name, answered in zip(self.questions, asked, strict=True) if answered])

    def rows(self, sizes: Sequence[int]) -> np.ndarray:
        """Places of everybody's answers in the patterns of all questions, one question after another.

        Parameters
        ----------
        sizes : sequence of int
            How many patterns each question has.

        Returns
        -------
        array of int, shape (people, most answers)
            The place behind the last pattern stands for no answer.
        """
        names = list(dict.fromkeys(self.questions))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        start = starts[[names.index(name) for name in self.questions]]
        placed = np.where(self.patterns == NONE, starts[-1], self.patterns + start)
        most = int((self.patterns != NONE).sum(axis=1).max())
        return np.asarray(np.sort(placed, axis=1)[:, :most])

    def sample(self, many: int, rng: np.random.Generator) -> "People":
        """So many of them at random, each counted once; all if there are no more."""
        if self.counts.sum() <= many:
            return self
        whole = np.repeat(np.arange(len(self.counts)), self.counts)
        places, counts = np.unique(rng.choice(whole, many, replace=False), return_counts=True)
        return replace(self, patterns=self.patterns[places], counts=counts, names=self.names[places])


def answers_together(people: People, densities: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    """Log density of all answers of each expert, given their mood where the densities are.

    Parameters
    ----------
    people : People
    densities : mapping of question name to value
        Log density of each pattern, dims ``(pattern, ...)``.
    sizes : mapping of question name to int
        How many patterns each question has.

    Returns
    -------
    dims ``(expert, ...)``
    """
    names = list(dict.fromkeys(people.questions))
    tables = [densities[name] for name in names]
    nothing = 0.0 * tables[0].isel(pattern=slice(0, 1))
    whole: Any = joined([*tables, nothing], "pattern")
    rows = xr.DataArray(people.rows([sizes[name] for name in names]), dims=("expert", "answer"))
    return total(whole.isel(pattern=rows), "answer")


def people_of(asked: Sequence[Asked]) -> list[People]:
    """Bring together what each respondent answered, source by source."""
    sources = dict.fromkeys(question.source_id for question in asked)
    return [_people(source, [question for question in asked if question.source_id == source]) for source in sources]


def _people(source: str, asked: Sequence[Asked]) -> People:
    columns: dict[tuple[str, int], pd.Series[int]] = {}
    for question in asked:
        turns = question.members.groupby(level=0).cumcount()
        columns |= {(question.name, int(turn)): question.members[turns == turn] for turn in sorted(set(turns))}
    table = pd.DataFrame(columns).fillna(NONE).astype(int)
    patterns, first, counts = np.unique(table.to_numpy(), axis=0, return_index=True, return_counts=True)
    return People(source, tuple(name for name, _ in columns), patterns, counts, table.index.to_numpy()[first])
