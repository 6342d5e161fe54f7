"""Bars of a histogram, or cells of a table: how many people's answers lie between two bounds."""

import numpy as np
import pandas as pd

from toc_model.survey.kinds.interval import Interval
from toc_model.survey.kinds.kind import Form
from toc_model.survey.kinds.patterns import Collected, people


class Count(Interval):
    """How many people's answers lie between two bounds; the same as so many of them who each state an `Interval`.

    Data: as of `Interval`; ``count`` is the number of people, so that whoever leaves one person out leaves one of these
    out.
    """

    name = "count"
    of_many = True

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Bounds, each as often as there are people between them."""
        many = people(answers).astype(int)
        return super().read(answers.loc[np.repeat(answers.index, many)].reset_index(drop=True), form)

    def people(self, answers: pd.DataFrame) -> int:
        """All of all bars."""
        return int(people(answers).sum())
