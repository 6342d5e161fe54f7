"""What a kind of answers does for surveys that are only planned."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from toc_model.aliases import Floats

if TYPE_CHECKING:
    from toc_model.survey.kinds.kind import Circumstances, Form, Values

AT_ONCE = 50_000
"""Answers that are drawn at once, which fit in a processor's cache."""


class Planned(ABC):
    """Planned surveys of a kind: the circumstances of their answers, and summaries of what these may be."""

    def planned(self, targets: Floats, width: float = 1.0) -> "Circumstances":
        """The circumstances of answers to a survey that is only planned.

        Parameters
        ----------
        targets : array of shape (draws,)
            What the question is about, on its natural scale.
        width : float
            That of the question.
        """
        del targets, width
        return lambda _shape, _rng: {}

    @abstractmethod
    def simulated(self, form: "Form", centre: Floats, of: "Values", data: "Values", rng: np.random.Generator) -> Floats:
        """Draw answers."""

    @abstractmethod
    def summaries(self, form: "Form", answers: Floats) -> Floats:
        """What is kept of simulated answers: the same few numbers for every survey.

        Parameters
        ----------
        form : Form
        answers : array of shape (..., respondents), or (..., respondents, points)

        Returns
        -------
        array of shape (..., summaries)
        """

    def surveyed(
        self,
        form: "Form",
        centre: Floats,
        of: "Values",
        circumstances: "Circumstances",
        sizes: Sequence[int],
        rng: np.random.Generator,
    ) -> list[Floats]:
        """Draw summaries of surveys, the smaller of which are the first respondents of the larger.

        Kinds whose summaries have a law of their own draw these; others draw every answer.

        Parameters
        ----------
        form : Form
        centre : array of shape (surveys,)
            Centre of beliefs on the natural scale.
        of : mapping of name to array
            The parameters and ``reference``, each of shape (surveys,), or (surveys, labels).
        circumstances : callable
        sizes : sequence of int
            Numbers of respondents, rising.
        rng : numpy.random.Generator

        Returns
        -------
        list of array of shape (surveys, summaries)
            One for each size.
        """
        together = max(1, AT_ONCE // sizes[-1])
        found: list[list[Floats]] = [[] for _ in sizes]
        for start in range(0, len(centre), together):
            here = slice(start, start + together)
            each = {name: value[here] for name, value in of.items()}
            answers = self.answers(form, centre[here], each, circumstances, sizes[-1], rng)
            for size, rows in zip(sizes, found, strict=True):
                rows.append(self.summaries(form, answers[:, :size]))
        return [np.concatenate(rows) for rows in found]

    def answers(
        self,
        form: "Form",
        centre: Floats,
        of: "Values",
        circumstances: "Circumstances",
        many: int,
        rng: np.random.Generator,
    ) -> Floats:
        """Draw the answers of so many respondents to each survey, shape (surveys, many), or (surveys, many, points)."""
        shape = (len(centre), many)
        of_each = {name: np.asarray(value)[:, None] for name, value in of.items()}
        data = circumstances(shape, rng)
        return self.simulated(form, np.broadcast_to(centre[:, None], shape), of_each, data, rng)
